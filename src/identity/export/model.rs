//! Such a file, and how far it is.

use wabe_access::words;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ApprovalId, CustomerId, ExportId, UserId};
use wabe_store::export::holdings;

/// How long one is kept once it is ready. Source: ADR 0021.
pub const KEPT_DAYS: i64 = 3;
/// What is not ready after so long is given up.
pub const MADE_DAYS: i64 = 1;
/// The kind of the job that makes it.
pub const JOB: &str = "customer.export";

words! {
    /// How one ended.
    Ending {
        /// It was there for its days, or until the next one was ready.
        Removed = "removed",
        /// It could not be made.
        Failed = "failed",
    }
}

/// What follows on the tables.
const RECORD: &str = "record";

/// On whose word one is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct New {
    pub(crate) id: ExportId,
    pub(crate) customer: CustomerId,
    /// An owner, or whoever of the hoster asked.
    pub(crate) by: UserId,
    /// What two people agreed to, and who was the second.
    pub(crate) approval: Option<(ApprovalId, UserId)>,
    pub(crate) at: Timestamp,
}

/// How far one is: at which table, behind which key, and what there is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) place: i64,
    pub(crate) after: String,
    pub(crate) parts: i64,
    pub(crate) lines: i64,
    pub(crate) bytes: i64,
}

impl Progress {
    /// What comes at its place in the order of the file: a table, or the record.
    pub(crate) fn stands_at(&self) -> &'static str {
        let at = usize::try_from(self.place).unwrap_or(usize::MAX);
        holdings().get(at).map_or(RECORD, |holding| holding.table)
    }
}

/// One that is being made.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    pub(crate) id: ExportId,
    pub(crate) customer: CustomerId,
    pub(crate) asked_at: Timestamp,
    pub(crate) progress: Progress,
    /// What came at that place when it was left; nothing before the first part.
    pub(crate) left_at: String,
}

impl Work {
    /// Whether the tables are in another order than when it was left.
    pub(crate) fn is_outdated(&self) -> bool {
        self.progress.parts > 0 && self.left_at != self.progress.stands_at()
    }
}

/// One as its owners see it.
#[derive(Debug, Clone)]
pub struct Export {
    /// Which one.
    pub id: ExportId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Whether the hoster asked, and two of its people agreed.
    pub by_hoster: bool,
    /// The table that is next.
    pub place: i64,
    /// Its parts.
    pub parts: i64,
    /// Rows of tables.
    pub lines: i64,
    /// Its size.
    pub bytes: i64,
    /// When it was ready, and until when it is there.
    pub ready: Option<(Timestamp, Timestamp)>,
    /// How and when it ended.
    pub ended: Option<(Ending, Timestamp)>,
}

impl Export {
    /// Whether it is being made.
    #[must_use]
    pub const fn is_underway(&self) -> bool {
        self.ready.is_none() && self.ended.is_none()
    }

    /// Whether it could not be made.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.ended
            .is_some_and(|(ending, _)| ending == Ending::Failed)
    }

    /// Whether it can be downloaded.
    #[must_use]
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.ready.is_some_and(|(_, until)| now < until)
    }

    /// Until when it is there, or was.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        let ended = self.ended.map(|(_, at)| at);
        let ready = self.ready.map(|(_, until)| until);
        ended.or(ready).unwrap_or(self.asked_at)
    }

    /// How much of it is made, from 0 to 100.
    #[must_use]
    pub fn percent(&self) -> i64 {
        let all = i64::try_from(holdings().len()).unwrap_or(i64::MAX).max(1);
        (self.place.saturating_mul(100) / all).clamp(0, 100)
    }
}
