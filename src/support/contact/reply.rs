//! `ticket.reply_by_contact`

use crate::contact::store;
use crate::ticket::model::Status;
use crate::ticket::{message, tell, work};
use wabe_access::actor::HOUSE;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::{MessageText, fields};

fields! {
    /// Goes on in a ticket of the house's with what its contact wrote by mail. The panel alone does this.
    pub struct ReplyByContact {
        /// Which one.
        pub id: TicketId,
        /// The text.
        pub body: MessageText,
    }
}

impl Command for ReplyByContact {
    const NAME: &'static str = "ticket.reply_by_contact";
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
        if ticket.status == Status::Closed {
            return Err(Refusal::Conflict("ticket-closed"));
        }
        let contact = store::of_ticket(door.tx(), self.id).await?;
        let proved = contact.is_some_and(|contact| contact.proved_at.is_some());
        if ticket.customer != HOUSE || !proved {
            return Err(Refusal::Conflict("contact-unproved"));
        }
        message::from_contact(door, self.id, (self.body.as_str(), true)).await?;
        ticket.turn(ticket.hosters_turn(), door.now());
        work::keep(door, &ticket, before).await?;
        tell::replied(door, &ticket).await
    }
}
