//! What is written about a change, and what is read back.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use wabe_kernel::id::{
    ChangeId, ConsentId, CustomerId, InstallationId, InstructionId, TicketId, TokenId, UserId,
};
use wabe_kernel::{Problem, Timestamp};

/// A change as the gate hands it over.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whose data.
    pub customer: CustomerId,
    /// The number of the change within the customer; counts from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// In which capacity somebody acted.
    pub actor_kind: &'static str,
    /// The person, if any.
    pub actor_user: Option<UserId>,
    /// The API token, if any.
    pub actor_token: Option<TokenId>,
    /// The installation of a plugin, if one acted; the person is then who granted its rights.
    pub actor_installation: Option<InstallationId>,
    /// Why staff acted; sealed with the payload.
    pub purpose: Option<String>,
    /// On whose authority: `customer`, `instructed`, `consented`, `ticket` or `hoster`.
    pub authority: &'static str,
    /// The ticket in which staff acted on the customer's behalf.
    pub ticket: Option<TicketId>,
    /// The instruction that they acted on.
    pub instruction: Option<InstructionId>,
    /// The consent that a sensitive act stood on besides.
    pub consent: Option<ConsentId>,
    /// The command, such as `mailbox.create`.
    pub command: &'static str,
    /// The noun it is about.
    pub object_kind: &'static str,
    /// The id it is about.
    pub object_id: String,
    /// What people call it; sealed with the payload.
    pub object_name: String,
    /// The object before; null when it was not there.
    pub before: Value,
    /// The object after; null when it is gone.
    pub after: Value,
}

impl Entry {
    /// Which of the four kinds of activity this is.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        if self.command.rsplit('.').next() == Some("copy") {
            return ChangeKind::Copy;
        }
        match (self.before.is_null(), self.after.is_null()) {
            (true, false) => ChangeKind::Create,
            (false, true) => ChangeKind::Delete,
            _ => ChangeKind::Change,
        }
    }
}

/// The four kinds of activity that are recorded. Source: control MIN-II.2-06.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Something came to be.
    Create,
    /// Something is different now.
    Change,
    /// Something came to be from something else.
    Copy,
    /// Something is gone.
    Delete,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Create, Self::Change, Self::Copy, Self::Delete];

    /// The word in the record and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Copy => "copy",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ChangeKind {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.iter().find(|kind| kind.word() == text);
        found.copied().ok_or(Problem::new("not-a-choice"))
    }
}

/// A recorded change, its payload opened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ChangeRecord {
    /// Which one.
    pub id: ChangeId,
    /// Whose.
    pub customer: CustomerId,
    /// Its number within the customer.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// In which capacity somebody acted.
    pub actor_kind: String,
    /// The person, if any.
    pub actor_user: Option<UserId>,
    /// The API token, if any.
    pub actor_token: Option<TokenId>,
    /// The installation of a plugin, if one acted; the person is then who granted its rights.
    pub actor_installation: Option<InstallationId>,
    /// Why staff acted.
    pub purpose: Option<String>,
    /// The ticket in which staff acted on the customer's behalf.
    pub ticket: Option<TicketId>,
    /// The instruction that they acted on.
    pub instruction: Option<InstructionId>,
    /// The consent that a sensitive act stood on besides.
    pub consent: Option<ConsentId>,
    /// The command.
    pub command: String,
    /// The noun it is about.
    pub object_kind: String,
    /// The id it is about.
    pub object_id: String,
    /// What people called it; empty once erased.
    pub object_name: String,
    /// Which kind of activity.
    pub kind: ChangeKind,
    /// The object before; null when it was not there, or erased.
    pub before: Value,
    /// The object after; null when it is gone, or erased.
    pub after: Value,
    /// True when the payload was destroyed; the skeleton and its proof remain.
    pub erased: bool,
    /// Its place in the hash tree; absent for up to a second.
    pub leaf_index: Option<i64>,
}

/// Which changes are wanted; everything when all is `None`.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// Only this noun.
    pub object_kind: Option<String>,
    /// Only this object.
    pub object_id: Option<String>,
    /// Only this person's.
    pub actor_user: Option<UserId>,
    /// Only this kind.
    pub kind: Option<ChangeKind>,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// Without what this command did; bookkeeping that is nobody's deed.
    pub without_command: Option<&'static str>,
    /// Only what plugins did, and what was recorded about their runs.
    pub by_plugins: bool,
}
