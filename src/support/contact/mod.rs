//! Who writes without an account, or cannot get in: a ticket of the house's, with a name and an address.
//!
//! Invariants: an address counts once its link was followed, and before that nobody is answered there; the
//! house has no members and nothing hosted, so nobody instructs, agrees or is looked at in such a ticket;
//! it is told nothing of any customer; staff hand it to a customer only while there is nothing but words in
//! it, and from then on that customer's people are answered and the contact is not. Source: bar 3.3 T1,
//! 3.4 T1, 3.8.

mod hand_over;
mod prove;
mod reply;
pub(crate) mod store;
mod tell;
mod write;

pub use hand_over::HandOverTicket;
pub use prove::{ProveContact, opens, prove};
pub use reply::ReplyByContact;
pub use store::{Contact, VALID_SECONDS, of_ticket};
pub(crate) use tell::answered;
pub use write::{WriteIn, write_in};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<WriteIn>(),
    CommandSpec::of::<ProveContact>(),
    CommandSpec::of::<ReplyByContact>(),
    CommandSpec::of::<HandOverTicket>(),
];
