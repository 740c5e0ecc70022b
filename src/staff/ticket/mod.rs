//! Tickets at the desk: the queue, one ticket, and what is done in it.
//!
//! Invariants: every look at a ticket is noted with its customer before it is shown; what is done here
//! is a command on the ticket's own authority, or an action on an instruction; nothing of what the
//! customer keeps is reached.

mod act;
mod action;
mod attachment;
mod call;
mod caller;
mod canned;
mod card;
mod contact;
mod diagnosis;
mod erasure;
mod export;
mod extension;
mod filter;
mod letter;
mod look;
mod numbers;
mod offer;
mod owner;
mod people;
mod phone;
mod plugin;
mod problem;
mod queue;
mod request;
mod suggest;
mod targets;
#[cfg(test)]
mod tests;
mod view;
mod written;

use wabe_access::Permission;
use wabe_kernel::id::TicketId;
use wabe_support::ticket::Status;
use wabe_web::{Needs, Routes};

use crate::Staff;

const PLACE: &str = "tickets";
const PAGE: &str = "/staff/tickets";
const READ: Needs = Needs::Staff(Permission::TicketDesk);
const WORK: Needs = Needs::Staff(Permission::TicketWork);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    queue::routes()
        .merge(view::routes())
        .merge(act::routes())
        .merge(attachment::routes())
        .merge(call::routes())
        .merge(caller::routes())
        .merge(phone::routes())
        .merge(letter::routes())
        .merge(contact::routes())
        .merge(canned::routes())
        .merge(targets::routes())
        .merge(action::routes())
        .merge(diagnosis::routes())
        .merge(erasure::routes())
        .merge(export::routes())
        .merge(extension::routes())
        .merge(look::routes())
        .merge(numbers::routes())
        .merge(owner::routes())
        .merge(problem::routes())
        .merge(plugin::routes())
}

/// The page of a ticket.
pub(crate) fn path(id: TicketId) -> String {
    format!("{PAGE}/{id}")
}

/// How a state looks at the desk: the word of a sign.
pub(crate) const fn sign(status: Status) -> &'static str {
    match status {
        Status::New => "pending",
        Status::Open => "updating",
        Status::WaitsForCustomer | Status::FollowUp => "suspended",
        Status::Solved | Status::Closed => "live",
    }
}
