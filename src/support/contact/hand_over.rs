//! `ticket.hand_over`

use crate::contact::store;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::Ticket;
use crate::ticket::store as tickets;
use serde_json::Value;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal, customer};
use wabe_kernel::fields;
use wabe_kernel::id::{CustomerId, TicketId};

fields! {
    /// Gives a ticket of somebody without an account to the customer whose it is, with everything that was
    /// written in it. Only while there is nothing but words in it, and once the address is proved. It is
    /// that customer's from then on: their people are answered, and whoever wrote is not.
    pub struct HandOverTicket {
        /// Which one.
        pub ticket: TicketId,
        /// Whose it is.
        pub customer: CustomerId,
    }
}

impl Command for HandOverTicket {
    const NAME: &'static str = "ticket.hand_over";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = Ticket;

    // The record is that of the customer who gets it, as if it had been opened there.
    fn customer(&self) -> Option<CustomerId> {
        Some(self.customer)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Ticket, Refusal> {
        if !matches!(door.actor().kind, ActorKind::Staff | ActorKind::Token(_)) {
            return Err(Refusal::Forbidden);
        }
        let whose = customer::find(door.tx(), self.customer).await?;
        let whose = whose.ok_or(Refusal::NotFound)?;
        // First of all: what somebody writes or attaches meanwhile waits, or was there before.
        if !store::take(door.tx(), self.ticket, self.customer).await? {
            return Err(Refusal::NotFound);
        }
        let ticket = tickets::find(door.tx(), self.customer, self.ticket).await?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let contact = store::of_ticket(door.tx(), self.ticket).await?;
        if contact.is_none_or(|contact| contact.proved_at.is_none()) {
            return Err(Refusal::Conflict("contact-unproved"));
        }
        if store::holds_more(door.tx(), self.ticket).await? {
            return Err(Refusal::Conflict("ticket-holds-more"));
        }
        let place = (self.customer, whose.name.as_str());
        store::hand_over(door.tx(), self.ticket, place).await?;
        message::note_event(door, self.ticket, TicketEvent::HandedOver).await?;
        door.record(ticket.object(), Value::Null, ticket.snapshot());
        Ok(ticket)
    }
}
