//! Secrets in tickets: masked where they were pasted into a message, sealed where they were typed into
//! the secure field.
//!
//! Invariants: a sealed secret opens once, for one person of the hoster, with an entry in the customer's
//! record; it is gone when its ticket is solved; nothing else ever holds it.

mod put;
mod reveal;
pub(crate) mod store;

pub use put::PutSecret;
pub use reveal::{RevealSecret, Revealed};
pub use store::{Kept, list};

use crate::mail::SupportAddress;
use std::sync::Arc;
use wabe_access::command::Tools;
use wabe_access::{CommandSpec, Logins};
use wabe_audit::seal::SealKey;
use wabe_kernel::Fault;

/// What the commands of this room work with beyond the gate's own tools.
pub struct Desk {
    /// Seals secrets; its key lies in the data folder.
    pub secrets: Arc<SealKey>,
    /// Where mail to support arrives, when there is an address.
    pub address: Option<SupportAddress>,
    /// What it takes to be somebody.
    pub logins: Arc<dyn Logins>,
}

impl Desk {
    /// The desk that was put into the tools.
    ///
    /// # Errors
    /// A fault when the wiring forgot it.
    pub fn of(tools: &Tools) -> Result<&Self, Fault> {
        tools.rooms.get()
    }
}

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<PutSecret>(),
    CommandSpec::of::<RevealSecret>(),
];
