//! What the commands of this room work with beyond the usual [`Tools`]: profile, hashing pool, mail,
//! and the question which domains are hosted. The panel puts it into [`Tools::rooms`].

use crate::outbox::{HostedDomains, Outbox};
use crate::password::hashing::Passwords;
use crate::profile::Profile;
use std::sync::Arc;
use wabe_access::{Assignments, Tools};
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
    /// Whose work is in progress.
    pub assignments: Arc<dyn Assignments>,
}

impl Desk {
    /// The desk of whoever runs a command with `tools`.
    pub(crate) fn of(tools: &Tools) -> Result<Self, Fault> {
        tools.rooms.get::<Self>().cloned()
    }
}
