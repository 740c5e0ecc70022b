//! What staff may look into in a ticket, to find out why it does not work: what the gate says, for
//! everything that the ticket speaks of.

use crate::ticket::TicketObject;
use crate::ticket::queue;
use wabe_access::{Permission, Refusal, Scope, instruction, reading};
use wabe_kernel::Timestamp;
use wabe_kernel::id::TicketId;
use wabe_store::Tx;

/// The things of a ticket, at the desk, that may be looked into now; none of a ticket that is not open.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn askable(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
    now: Timestamp,
) -> Result<Vec<TicketObject>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let found = queue::load(tx, scope, ticket).await?;
    if !found.ticket.is_open() {
        return Ok(Vec::new());
    }
    let customer = found.customer_id;
    let mut things: Vec<TicketObject> = found.ticket.object.into_iter().collect();
    for given in instruction::of_ticket(tx, customer, ticket).await? {
        if !things.iter().any(|thing| thing.id == given.object) {
            things.push(TicketObject {
                id: given.object,
                kind: given.object_kind,
                name: given.object_name,
            });
        }
    }
    let mut askable = Vec::new();
    for thing in things {
        if reading::is_allowed(tx, (customer, ticket), &thing.id, now).await? {
            askable.push(thing);
        }
    }
    Ok(askable)
}
