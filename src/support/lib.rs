//! Support: tickets, through which the hoster's people help, and without which they touch nothing.
//!
//! Invariants: what staff do here is on the authority of the ticket, stands in the customer's record,
//! and never reaches anything but the ticket itself; what customers ask for needs no plan and no limit,
//! also while they are switched off. Start reading at [`ticket`].

pub mod action;
pub mod attachment;
pub mod caller;
pub mod canned;
pub mod confirmation;
pub mod consent;
pub mod contact;
pub mod diagnosis;
pub mod handover;
pub mod instruction;
mod link;
pub mod mail;
pub mod numbers;
pub mod problem;
pub mod secret;
pub mod ticket;
pub mod view;

pub use secret::Desk;

use wabe_access::CommandSpec;
use wabe_store::Statement;

/// Every command of this room.
#[must_use]
pub fn commands() -> Vec<CommandSpec> {
    [
        ticket::COMMANDS,
        attachment::COMMANDS,
        secret::COMMANDS,
        handover::COMMANDS,
        canned::COMMANDS,
        view::COMMANDS,
        problem::COMMANDS,
        consent::COMMANDS,
        confirmation::COMMANDS,
        contact::COMMANDS,
        caller::COMMANDS,
        instruction::COMMANDS,
        action::COMMANDS,
    ]
    .concat()
}

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        attachment::store::STATEMENTS,
        canned::store::STATEMENTS,
        confirmation::store::STATEMENTS,
        consent::store::STATEMENTS,
        contact::store::STATEMENTS,
        handover::store::STATEMENTS,
        mail::store::STATEMENTS,
        numbers::STATEMENTS,
        problem::store::STATEMENTS,
        secret::store::STATEMENTS,
        ticket::assigned::STATEMENTS,
        ticket::message::STATEMENTS,
        ticket::queue::STATEMENTS,
        ticket::store::STATEMENTS,
        view::store::STATEMENTS,
    ]
    .concat()
}
