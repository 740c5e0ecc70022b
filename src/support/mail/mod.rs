//! Tickets by mail: a letter to the hoster's address is a ticket, or goes on in one.
//!
//! Invariants: who wrote a letter is only what it says, so it instructs nobody and opens nothing; what
//! it says stands in its ticket as unconfirmed, until they confirm it (see [`crate::confirmation`]).
//! Which ticket it belongs to is told by the token in the address that it went to, never by its subject.
//! A letter of a program is met with silence, and nobody is written to more than once a day who is not
//! known here. Start reading at [`Counter`].

mod address;
mod contact;
mod content;
mod receive;
mod said;
mod silent;
pub(crate) mod store;
pub(crate) mod thread;

pub use address::SupportAddress;
pub use receive::{Counter, Outcome, Senders};
pub use said::said;
pub use silent::{Silence, silence};
pub use store::{Waiting, done, forget, keep, waiting};
