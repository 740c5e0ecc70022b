//! What commands on tickets have in common: a ticket is found, taken on, kept.

use crate::attachment::Files;
use crate::secret::store as secret;
use crate::ticket::model::Ticket;
use crate::ticket::store;
use serde_json::Value;
use wabe_access::{ActorKind, Door, Refusal};
use wabe_kernel::id::TicketId;

/// The ticket at this door, with what the record had of it.
pub(crate) async fn begin(door: &mut Door<'_>, id: TicketId) -> Result<(Ticket, Value), Refusal> {
    let customer = door.customer();
    let ticket = store::find(door.tx(), customer, id).await?;
    let before = ticket.snapshot();
    Ok((ticket, before))
}

/// Makes whoever works on a ticket that is nobody's its owner.
pub(crate) fn take_on(door: &Door<'_>, ticket: &mut Ticket) -> Result<(), Refusal> {
    if ticket.owner.is_none() {
        let staff = door.actor().kind == ActorKind::Staff;
        let worker = door.actor().user.filter(|_| staff);
        ticket.owner = Some(worker.ok_or(Refusal::Conflict("ticket-without-owner"))?);
    }
    Ok(())
}

/// Keeps what became of it, and says so in the customer's record.
pub(crate) async fn keep(
    door: &mut Door<'_>,
    ticket: &Ticket,
    before: Value,
) -> Result<(), Refusal> {
    keep_saying(door, ticket, before, &Files::default()).await
}

/// The same with files, which the record names.
pub(crate) async fn keep_saying(
    door: &mut Door<'_>,
    ticket: &Ticket,
    before: Value,
    files: &Files,
) -> Result<(), Refusal> {
    store::update(door.tx(), ticket).await?;
    if !ticket.is_open() {
        secret::forget(door.tx(), ticket.customer, ticket.id).await?;
    }
    door.record(ticket.object(), before, files.said(ticket.snapshot()));
    Ok(())
}
