//! Tickets: asking the hoster for help, from any page.
//!
//! Invariant: what is shown here comes from reads that know no internal notes.

pub(crate) mod approval;
mod attachment;
mod consent;
mod create;
mod handover;
mod helped;
mod instruction;
mod list;
#[cfg(test)]
pub(crate) mod samples;
mod show;

use wabe_access::Permission;
use wabe_kernel::id::TicketId;
use wabe_support::consent::{GiveConsent, RefuseConsent, WithdrawConsent};
use wabe_support::ticket::Status;
use wabe_web::{Needs, Routes};

use crate::ticket::consent::answer;
use crate::{PORTAL, Portal};

const READ: Needs = Needs::Permission(Permission::TicketRead);
const WRITE: Needs = Needs::Permission(Permission::TicketWrite);
/// Who answers for the customer what staff may see.
const ANSWER: Needs = Needs::Permission(Permission::MemberWrite);
const PLACE: &str = "tickets";
const PAGE: &str = "/tickets";

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, READ, list::list)
        .get("/tickets/new", WRITE, create::new)
        .post(PAGE, WRITE, create::create)
        .endless()
        .get("/tickets/{id}", READ, show::show)
        .id("tkt")
        .post("/tickets/{id}/reply", WRITE, show::reply)
        .id("tkt")
        .endless()
        .get(
            "/tickets/{id}/attachments/{attachment}",
            READ,
            attachment::open,
        )
        .id("tkt")
        .post("/tickets/{id}/secret", WRITE, show::put_secret)
        .id("tkt")
        .post("/tickets/{id}/instructions", WRITE, instruction::give)
        .id("tkt")
        .post("/instructions/{id}/end", WRITE, instruction::end)
        .id("itn")
        .post("/consents/{id}/give", ANSWER, answer::<GiveConsent>)
        .id("cns")
        .post("/consents/{id}/refuse", ANSWER, answer::<RefuseConsent>)
        .id("cns")
        .post("/consents/{id}/withdraw", ANSWER, answer::<WithdrawConsent>)
        .id("cns")
        .post("/approvals/{id}/stop", ANSWER, approval::stop)
        .id("apv")
        .post("/tickets/{id}/collect", READ, handover::collect)
        .id("tkt")
        .post("/tickets/{id}/solve", WRITE, show::solve)
        .id("tkt")
        .post("/tickets/{id}/reopen", WRITE, show::reopen)
        .id("tkt")
}

/// The page of a ticket.
pub(crate) fn path(id: TicketId) -> String {
    format!("{PAGE}/{id}")
}

/// How a state looks: the word of a sign.
const fn sign(status: Status) -> &'static str {
    match status {
        Status::New | Status::WaitsForCustomer => "pending",
        Status::Open => "updating",
        Status::FollowUp => "suspended",
        Status::Solved | Status::Closed => "live",
    }
}
