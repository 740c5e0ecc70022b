//! How a resource stands, as the API and pages show it.

use crate::refusal::Refusal;
use crate::resource::Resource;
use serde::Serialize;
use wabe_kernel::{State, Timestamp};

/// What a pending mailbox or alias waits for: the proof of its domain.
pub const DOMAIN_NOT_PROVED: &str = "domain-not-proved";
/// What a live webspace waits for that does not answer to all of its names.
pub const HOST_NOT_PROVED: &str = "host-not-proved";

/// What a live database waits for that holds more than it may: nothing more is written into it.
pub const DATABASE_FULL: &str = "database-full";
/// What a change of a live webspace waits for whose file the hoster edited by hand: what is to become of that.
pub const EDITED_BY_HAND: &str = "edited-by-hand";

/// The state of a resource as the API and pages show it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Standing {
    /// `pending`, `live`, `updating`, `failed`, `suspended` or `deleting`.
    pub state: State,
    /// Why: the reason of a suspension, the code of a failure, or what it waits for: `domain-not-proved`,
    /// or `host-not-proved` on a live webspace that does not answer to all of its names, or `database-full`
    /// on a live database that holds more than it may, or `edited-by-hand` on a live webspace with a change that
    /// waits because the hoster edited its file by hand.
    pub reason: Option<String>,
    /// When a failed change is tried next.
    pub retry_at: Option<Timestamp>,
    /// Since when it is in the trash.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Standing {
    /// What has to happen before all of it is in reach, a proof or room: a code of the message catalogue.
    #[must_use]
    pub fn waits_for(&self) -> Option<&'static str> {
        let reason = self.reason.as_deref();
        match self.state {
            State::Pending if reason == Some(DOMAIN_NOT_PROVED) => Some(DOMAIN_NOT_PROVED),
            State::Live if reason == Some(HOST_NOT_PROVED) => Some(HOST_NOT_PROVED),
            State::Live if reason == Some(DATABASE_FULL) => Some(DATABASE_FULL),
            State::Live if reason == Some(EDITED_BY_HAND) => Some(EDITED_BY_HAND),
            _ => None,
        }
    }

    /// The state as people are shown it: what waits for somebody is not being set up, it is not live yet.
    #[must_use]
    pub fn shown_state(&self) -> State {
        match self.state {
            State::Pending if self.waits_for().is_some() => State::Failed,
            state => state,
        }
    }

    /// Goes on only with what is not in the trash.
    ///
    /// # Errors
    /// `Conflict` when it is.
    pub fn present(&self) -> Result<(), Refusal> {
        if self.deleted_at.is_some() {
            Err(Refusal::Conflict("in-trash"))
        } else {
            Ok(())
        }
    }
}

impl From<&Resource> for Standing {
    fn from(resource: &Resource) -> Self {
        Self {
            state: resource.state,
            reason: resource
                .suspended_reason
                .clone()
                .or_else(|| resource.failure.clone()),
            retry_at: resource.retry_at,
            deleted_at: resource.deleted_at,
            created_at: resource.created_at,
            updated_at: resource.updated_at,
        }
    }
}
