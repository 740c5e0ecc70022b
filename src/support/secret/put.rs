//! `ticket.put_secret`

use crate::secret::{Desk, store};
use crate::ticket::reply;
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::mask::mask;
use wabe_kernel::{Line, Secret, fields};

/// A ticket takes so many.
const SECRETS_MAX: usize = 20;

fields! {
    /// Puts a secret into a ticket's secure field: one person of the hoster can read it, once, and you see
    /// that they did. It is gone when the ticket is solved.
    pub struct PutSecret {
        /// Which ticket.
        pub id: TicketId,
        /// What it is, such as the name of a login.
        pub name: Line,
        /// The secret.
        pub value: Secret,
    }
}

impl Command for PutSecret {
    const NAME: &'static str = "ticket.put_secret";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ticket, _before) = reply::at(door, self.id).await?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-solved"));
        }
        let (customer, now) = (door.customer(), door.now());
        if store::list(door.tx(), customer, self.id).await?.len() >= SECRETS_MAX {
            return Err(Refusal::Conflict("too-many-secrets"));
        }
        let tools = door.tools().clone();
        let sealing = (Desk::of(&tools)?.secrets.as_ref(), tools.rng.as_ref());
        // What it is called is for everybody to read.
        let name = mask(self.name.as_str()).text;
        let named = (name.as_str(), &self.value);
        store::insert(door.tx(), sealing, (customer, self.id), named, now).await?;
        let said = |word: &str| json!({ "id": self.id, "secret": name, "value": word });
        door.record(ticket.object(), said("absent"), said("new"));
        Ok(())
    }
}
