//! The gate: the one door that turns a command into a change, and every table it reads.
//!
//! Invariants: only [`Gate`] makes a [`Door`]; a change, its audit entry, its limits and its wish
//! commit together or not at all; what is not found and what belongs to somebody else are the same
//! answer. Start reading at [`gate`].

pub mod actor;
mod assignments;
pub mod caller;
pub mod command;
pub mod consent;
pub mod customer;
pub mod door;
pub mod events;
pub mod gate;
pub mod grant;
pub mod instruction;
pub mod limit;
mod logins;
pub mod member;
pub mod plan;
pub mod reach;
pub mod reading;
pub mod refusal;
pub mod resource;
pub mod role;
pub mod scope;
pub mod standing;
pub mod ticket;
pub mod usage;
mod whose;
mod word;
pub mod work;

pub use actor::{Actor, ActorKind};
pub use assignments::Assignments;
pub use command::{Authority, Command, CommandSpec, InTickets, Inverse, Risk, Tools};
pub use customer::CustomerNumber;
pub use door::{Door, Object};
pub use events::{Change, Events};
pub use gate::{AnyCommand, Done, Gate, Mode, Once};
pub use limit::Limit;
pub use logins::{ByMail, Logins};
pub use reach::{Content, Reach};
pub use refusal::Refusal;
pub use role::{Permission, Role, StaffRole};
pub use scope::Scope;
pub use work::{AtWork, Work};

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<wabe_store::Statement> {
    [
        caller::STATEMENTS,
        consent::STATEMENTS,
        customer::STATEMENTS,
        gate::STATEMENTS,
        gate::check::STATEMENTS,
        gate::number::STATEMENTS,
        grant::STATEMENTS,
        instruction::STATEMENTS,
        member::STATEMENTS,
        plan::STATEMENTS,
        reading::STATEMENTS,
        resource::STATEMENTS,
        ticket::STATEMENTS,
        usage::STATEMENTS,
    ]
    .concat()
}
