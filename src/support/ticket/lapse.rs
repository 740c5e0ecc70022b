//! `ticket.lapse`: what time does to a ticket, and the schedule that asks for it.

use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::Status;
use crate::ticket::{store, work};
use wabe_access::{Actor, ActorKind, Authority, Command, Door, Gate, Mode, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::TicketId;

/// Tickets that one look takes on.
const AT_ONCE: i64 = 200;

fields! {
    /// Closes a ticket whose time is up, or brings it back at its date. The panel alone does this.
    pub struct LapseTicket {
        /// Which one.
        pub id: TicketId,
    }
}

impl Command for LapseTicket {
    const NAME: &'static str = "ticket.lapse";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let (mut ticket, before) = work::begin(door, self.id).await?;
        let now = door.now();
        let passed = |at: Option<wabe_kernel::Timestamp>| at.is_some_and(|at| at <= now);
        let (status, event) = if passed(ticket.closes_at) {
            let unanswered = ticket.status == Status::WaitsForCustomer;
            let event = if unanswered {
                TicketEvent::ClosedUnanswered
            } else {
                TicketEvent::ClosedSolved
            };
            (Status::Closed, event)
        } else if passed(ticket.follow_up_at) {
            (ticket.hosters_turn(), TicketEvent::CameBack)
        } else {
            return Err(Refusal::Conflict("ticket-not-due"));
        };
        ticket.turn(status, now);
        message::note_event(door, self.id, event).await?;
        work::keep(door, &ticket, before).await
    }
}

/// Does what is due now; answers how many tickets it was. For a schedule.
///
/// # Errors
/// A fault.
pub async fn lapse_due(gate: &Gate) -> Result<usize, Refusal> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let due = store::lapsing(&mut tx, now, AT_ONCE).await?;
    tx.rollback().await?;
    let mut done = 0;
    for (id, customer) in due {
        let actor = Actor::system(customer);
        match Box::pin(gate.run(&actor, LapseTicket { id }, Mode::Commit)).await {
            Ok(_) => done += 1,
            // Somebody was faster.
            Err(Refusal::Conflict(_)) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(done)
}
