//! `ticket.keep_action`: what was changed, as a part of the conversation, and told to whoever asked for it.

use crate::handover;
use crate::ticket::model::Status;
use crate::ticket::{message, store, tell};
use serde_json::json;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{TicketId, UserId};

fields! {
    /// Writes what was just changed in the same transaction into the conversation. The panel's own.
    pub struct KeepAction {
        /// In which ticket.
        pub id: TicketId,
        /// Who of the hoster changed it.
        pub by: UserId,
    }
}

impl Command for KeepAction {
    const NAME: &'static str = "ticket.keep_action";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let made = door.made().last().cloned();
        let made = made.ok_or(Refusal::Conflict("nothing-was-done"))?;
        let (customer, now) = (door.customer(), door.now());
        let mut ticket = store::find(door.tx(), customer, self.id).await?;
        // Whoever works on a ticket that is nobody's has it from then on.
        if ticket.owner.is_none() {
            ticket.owner = Some(self.by);
            ticket.turn(Status::Open, now);
        }
        ticket.last_activity_at = now;
        message::note_action(door, self.id, (self.by, made.change)).await?;
        // What the change made for the customer's people is kept with it.
        if let Some(secret) = door.handed_over() {
            handover::keep(door, self.id, (&made, &secret)).await?;
        }
        store::update(door.tx(), &ticket).await?;
        tell::acted(door, &ticket, &made).await?;
        let done = json!({ "id": self.id, "command": made.command, "object": made.object });
        door.record(ticket.object(), json!({ "id": self.id }), done);
        Ok(())
    }
}
