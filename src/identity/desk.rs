//! What the commands of this room work with beyond [`Tools`]: profile, hashing pool, mail, and the
//! question which domains are hosted.
//!
//! The gate hands commands its tools and nothing else. Each desk is therefore entered under the
//! hashing that the same tools carry, so that several panels can live in one process.

use crate::outbox::{HostedDomains, Outbox};
use crate::password::hashing::Passwords;
use crate::profile::Profile;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use wabe_access::Tools;
use wabe_access::command::Hashing;
use wabe_kernel::Fault;

/// What one panel gives this room.
#[derive(Clone)]
pub struct Desk {
    /// The values in force.
    pub profile: &'static Profile,
    /// The hashing pool; the same object must be the `hashing` of the gate's tools.
    pub passwords: Arc<Passwords>,
    /// Outgoing mail.
    pub outbox: Arc<dyn Outbox>,
    /// Which domains are hosted here.
    pub hosted: Arc<dyn HostedDomains>,
}

static DESKS: RwLock<Vec<(Weak<dyn Hashing>, Desk)>> = RwLock::new(Vec::new());

fn same(known: &Weak<dyn Hashing>, asked: &Arc<dyn Hashing>) -> bool {
    std::ptr::addr_eq(known.as_ptr(), Arc::as_ptr(asked))
}

impl Desk {
    /// Enters this desk for the commands that run with `tools`.
    pub(crate) fn enter(self, tools: &Tools) {
        let mut desks = DESKS.write().unwrap_or_else(PoisonError::into_inner);
        desks.retain(|(known, _)| known.strong_count() > 1 && !same(known, &tools.hashing));
        desks.push((Arc::downgrade(&tools.hashing), self));
    }

    /// The desk of whoever runs a command with `tools`.
    pub(crate) fn of(tools: &Tools) -> Result<Self, Fault> {
        let desks = DESKS.read().unwrap_or_else(PoisonError::into_inner);
        let found = desks.iter().find(|(known, _)| same(known, &tools.hashing));
        found
            .map(|(_, desk)| desk.clone())
            .ok_or(Fault::new("find the desk of these tools"))
    }
}
