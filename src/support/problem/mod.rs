//! Known problems: one cause of many tickets, one answer to all of them, and a word to whoever is about
//! to ask.
//!
//! Invariants: the answer is written into each ticket as if whoever gave it had answered there: in their
//! name, by a command of its own at that ticket, in the record of its customer; each ticket gets it once.

mod answer;
mod link;
mod spread;
pub(crate) mod store;
mod write;

pub use answer::AnswerKnownProblem;
pub use link::SetTicketProblem;
pub use spread::{AnswerByProblem, spread};
pub use store::{Answer, KnownProblem, Linked, linked, list, load, notices, of_ticket};
pub use write::{CreateKnownProblem, SetKnownProblem};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateKnownProblem>(),
    CommandSpec::of::<SetKnownProblem>(),
    CommandSpec::of::<AnswerKnownProblem>(),
    CommandSpec::of::<SetTicketProblem>(),
    CommandSpec::of::<AnswerByProblem>(),
];
