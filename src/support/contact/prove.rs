//! `ticket.prove_contact`: whoever follows the link of the letter reads the address.

use crate::contact::store;
use crate::link;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::store as tickets;
use serde_json::json;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, ActorKind, Authority, Command, Door, Gate, Mode, Permission, Refusal};
use wabe_kernel::{Fault, Secret, fields};

fields! {
    /// Proves the address of somebody who wrote without an account, with the secret of the link in the
    /// letter to it. The panel alone does this, for who pressed the button behind that link.
    pub struct ProveContact {
        /// The link's secret.
        pub token: Secret,
    }
}

impl Command for ProveContact {
    const NAME: &'static str = "ticket.prove_contact";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    const PREVIEWS: bool = false;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let (now, digest) = (door.now(), link::digest(&self.token));
        let proved = store::prove(door.tx(), &digest, now).await?;
        let id = proved.ok_or(Refusal::NotFound)?;
        let customer = door.customer();
        let ticket = tickets::find(door.tx(), customer, id).await?;
        message::note_event(door, id, TicketEvent::ContactProved).await?;
        let said = |proved: bool| json!({ "id": id, "contact_proved": proved });
        door.record(ticket.object(), said(false), said(true));
        Ok(())
    }
}

/// Whether the link with this secret would prove an address now. Changes nothing.
///
/// # Errors
/// A fault of the database.
pub async fn opens(gate: &Gate, token: &Secret) -> Result<bool, Fault> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let works = store::works(&mut tx, &link::digest(token), now).await;
    tx.rollback().await?;
    works
}

/// Proves the address whose letter had this secret.
///
/// # Errors
/// `NotFound` when the link does not work, or a fault.
pub async fn prove(gate: &Gate, token: &Secret) -> Result<(), Refusal> {
    let panel = Actor::system(HOUSE);
    let command = ProveContact {
        token: token.clone(),
    };
    let done = Box::pin(gate.run(&panel, command, Mode::Commit)).await;
    done.map(|_proved| ())
}
