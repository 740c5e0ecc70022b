//! `ticket.reveal_secret`

use crate::secret::{Desk, store};
use crate::ticket::work;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{TicketId, TicketSecretId};

fields! {
    /// Reads a secret that the customer typed into a ticket's secure field. It can be read once, and the
    /// customer sees by whom.
    pub struct RevealSecret {
        /// Which ticket.
        pub id: TicketId,
        /// Which secret.
        pub secret: TicketSecretId,
    }
}

/// A secret, this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revealed {
    /// What the customer called it.
    pub name: String,
    /// The secret.
    pub value: String,
}

impl Command for RevealSecret {
    const NAME: &'static str = "ticket.reveal_secret";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    const PREVIEWS: bool = false;
    type Output = Revealed;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Revealed, Refusal> {
        // A person reads it; a program of the hoster's has no use for it.
        if door.actor().kind != ActorKind::Staff {
            return Err(Refusal::Forbidden);
        }
        let (ticket, _before) = work::begin(door, self.id).await?;
        let (customer, now) = (door.customer(), door.now());
        let tools = door.tools().clone();
        let key = Desk::of(&tools)?.secrets.clone();
        let place = (customer, self.id);
        let (name, value) = store::reveal(door.tx(), &key, place, self.secret, now).await?;
        let said = |word: &str| json!({ "id": self.id, "secret": name, "value": word });
        door.record(ticket.object(), said("sealed"), said("revealed"));
        Ok(Revealed {
            name: name.clone(),
            value: value.expose().to_owned(),
        })
    }
}
