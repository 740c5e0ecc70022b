//! Ways through the queue that an employee comes back to; each sees and keeps their own.

mod save;
pub(crate) mod store;

pub use save::{DeleteTicketView, SaveTicketView};
pub use store::{Due, TicketView, list};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<SaveTicketView>(),
    CommandSpec::of::<DeleteTicketView>(),
];
