//! What a webspace holds, counted in memory.
//!
//! Invariants: what is visible plus what is being written never exceeds the quota, however many
//! write at once; what is being written alone does not either, so the disk holds at most twice the
//! quota (the file to be replaced stays until the new one is complete). Whoever changes the visible
//! tree holds the [turn](Space::turn) meanwhile. When an act breaks off halfway the count is in
//! doubt, and the next change counts anew.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, Timestamp};

use crate::embedded::files::beneath::{self, Folder, Root};
use crate::embedded::files::hands::Doors;
use crate::embedded::files::tree;
use crate::embedded::touched::Touched;

/// The most files and folders that a webspace may hold.
pub const ENTRIES_MAX: i64 = 200_000;

/// A count older than this is made anew, in case something else wrote into the folder.
const COUNT_HOLDS_SECONDS: i64 = 86_400;
/// The same where applications run, which write there all the time.
const COUNT_HOLDS_RUN_SECONDS: i64 = 900;

/// What the process knows of one webspace.
pub(super) struct Space {
    doors: Arc<dyn Doors>,
    web: WebspaceId,
    touched: Touched,
    /// Whether applications run.
    runs: AtomicBool,
    turn: Arc<tokio::sync::Mutex<()>>,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    /// Which folder was counted, and when; none when the count is in doubt.
    counted: Option<((u64, u64), Timestamp)>,
    /// Leftovers of an earlier process are gone from the staging folder.
    cleared: bool,
    /// Visible bytes, and those in the temporary folder.
    used: Bytes,
    /// Visible files, folders and links.
    entries: i64,
    /// Bytes being written that nothing is credited for.
    held: Bytes,
    /// All bytes being written.
    staged: Bytes,
}

/// What one unfinished file has taken of the quota.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// The size of the file that it will replace.
    credit: Bytes,
    held: Bytes,
    staged: Bytes,
}

impl Claim {
    pub(super) fn replacing(credit: Bytes) -> Self {
        Self {
            credit,
            ..Self::default()
        }
    }
}

impl Space {
    pub(super) fn new(doors: Arc<dyn Doors>, web: WebspaceId, touched: Touched) -> Self {
        Self {
            doors,
            web,
            touched,
            runs: AtomicBool::new(false),
            turn: Arc::default(),
            tally: Mutex::default(),
        }
    }

    pub(super) fn open(&self) -> Result<Root, ContentError> {
        Root::enter(&self.doors.open(self.web)?)
    }

    /// Says whether applications run, which write without asking.
    pub(super) fn note_runs(&self, runs: bool) {
        self.runs.store(runs, Ordering::Relaxed);
    }

    /// Waits until nobody else changes the tree.
    pub(super) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// The same on a thread that may block.
    pub(super) fn blocking_turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.turn).blocking_lock_owned()
    }

    /// Counts where needed; only with the turn held.
    pub(super) fn count(&self, root: &Root, now: Timestamp) -> Result<(), ContentError> {
        let identity = beneath::handle(root.files())?.identity;
        let (counted, cleared) = {
            let tally = self.tally();
            (tally.counted, tally.cleared)
        };
        if !cleared {
            tree::clear(&root.staging()?)?;
            self.tally().cleared = true;
        }
        let seconds = if self.runs.load(Ordering::Relaxed) {
            COUNT_HOLDS_RUN_SECONDS
        } else {
            COUNT_HOLDS_SECONDS
        };
        let holds = counted
            .is_some_and(|(folder, at)| folder == identity && now.seconds_since(at) < seconds);
        if !holds {
            let extent = tree::measure(root.files())?;
            let kept = kept_beside(root);
            let mut tally = self.tally();
            tally.used = extent.bytes.saturating_add(kept);
            tally.entries = extent.entries;
            tally.counted = Some((identity, now));
        }
        Ok(())
    }

    /// Lets the next change count anew.
    pub(super) fn doubt(&self) {
        self.tally().counted = None;
    }

    /// Visible bytes and entries.
    pub(super) fn usage(&self) -> (Bytes, i64) {
        let tally = self.tally();
        (tally.used, tally.entries)
    }

    /// Bytes that may still be written.
    pub(super) fn free(&self, quota: Bytes) -> Bytes {
        let tally = self.tally();
        quota
            .saturating_sub(tally.used.saturating_add(tally.held))
            .max(0)
    }

    /// Lets an unfinished file have `size` bytes.
    ///
    /// Errors: `OverQuota`; the claim stays as it was.
    pub(super) fn stage(
        &self,
        claim: &mut Claim,
        size: Bytes,
        quota: Bytes,
    ) -> Result<(), ContentError> {
        let mut tally = self.tally();
        let held = size.saturating_sub(claim.credit).max(0);
        let all_held = tally.held.saturating_sub(claim.held).saturating_add(held);
        let all_staged = tally
            .staged
            .saturating_sub(claim.staged)
            .saturating_add(size);
        let over = held > claim.held && tally.used.saturating_add(all_held) > quota;
        if over || (size > claim.staged && all_staged > quota) {
            return Err(ContentError::OverQuota { quota });
        }
        tally.held = all_held;
        tally.staged = all_staged;
        claim.held = held;
        claim.staged = size;
        Ok(())
    }

    /// Gives back what an unfinished file had taken.
    pub(super) fn release(&self, claim: &mut Claim) {
        let mut tally = self.tally();
        tally.held = tally.held.saturating_sub(claim.held);
        tally.staged = tally.staged.saturating_sub(claim.staged);
        *claim = Claim::default();
    }

    /// Turns a claim into visible bytes and entries, or changes them without a claim.
    ///
    /// Errors: `OverQuota`, `Refused("too-many-files")`; nothing is changed then.
    pub(super) fn change(
        &self,
        claim: &mut Claim,
        by: Change,
        quota: Bytes,
    ) -> Result<(), ContentError> {
        let mut tally = self.tally();
        let held = tally.held.saturating_sub(claim.held);
        let used = tally.used.saturating_add(by.bytes);
        let entries = tally.entries.saturating_add(by.entries);
        if by.bytes > 0 && used.saturating_add(held) > quota {
            return Err(ContentError::OverQuota { quota });
        }
        if by.entries > 0 && entries > ENTRIES_MAX {
            return Err(ContentError::Refused("too-many-files"));
        }
        tally.held = held;
        tally.staged = tally.staged.saturating_sub(claim.staged);
        tally.used = used;
        tally.entries = entries;
        *claim = Claim::default();
        drop(tally);
        self.touched.tell(&self.web);
        Ok(())
    }

    /// Takes away what is gone; cannot fail.
    pub(super) fn shrink(&self, bytes: Bytes, entries: i64) {
        let mut tally = self.tally();
        tally.used = tally.used.saturating_sub(bytes).max(0);
        tally.entries = tally.entries.saturating_sub(entries).max(0);
        drop(tally);
        self.touched.tell(&self.web);
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What applications keep in their temporary folder. What cannot be read there keeps nobody from their files.
fn kept_beside(root: &Root) -> Bytes {
    let measured = root.temporary().and_then(|folder| {
        let measure = |folder: Folder| tree::measure(&folder);
        folder.map(measure).transpose()
    });
    match measured {
        Ok(extent) => extent.unwrap_or_default().bytes,
        Err(fault) => {
            tracing::warn!(?fault, "a temporary folder is not counted");
            0
        }
    }
}

/// By how much the visible tree grows; negative when it shrinks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) bytes: Bytes,
    pub(super) entries: i64,
}
