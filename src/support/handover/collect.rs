//! `ticket.collect_secret`

use crate::handover::store;
use crate::secret::{Desk, Revealed};
use crate::ticket::{policy, store as tickets};
use serde_json::json;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Scope};
use wabe_kernel::fields;
use wabe_kernel::id::{TicketHandoverId, TicketId};

fields! {
    /// Shows a new password that support had made for you. It can be seen once, by whoever may set it
    /// themselves; support never sees it.
    pub struct CollectSecret {
        /// In which ticket.
        pub id: TicketId,
        /// Which one.
        pub handover: TicketHandoverId,
    }
}

impl Command for CollectSecret {
    const NAME: &'static str = "ticket.collect_secret";
    const PERMISSION: Permission = Permission::TicketRead;
    const PREVIEWS: bool = false;
    type Output = Revealed;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Revealed, Refusal> {
        let (customer, now, actor) = (door.customer(), door.now(), door.actor().clone());
        // A person of the customer's reads it: no program, no plugin, and nobody of the hoster.
        let person = actor.user.filter(|_| actor.kind == ActorKind::Member);
        let person = person.ok_or(Refusal::Forbidden)?;
        let ticket = tickets::find(door.tx(), customer, self.id).await?;
        let scope = Scope::of(door.tx(), &actor).await?;
        policy::needs_sight(&scope, &ticket)?;
        let place = (customer, self.id);
        let found = store::find(door.tx(), place, self.handover).await?;
        scope.needs(Permission::to_change(found.kind))?;
        let tools = door.tools().clone();
        let key = Desk::of(&tools)?.secrets.clone();
        let which = (customer, self.handover);
        let value = store::collect(door.tx(), &key, which, person, now).await?;
        let said = |word: &str| json!({ "id": self.id, "secret": found.name, "value": word });
        door.record(ticket.object(), said("sealed"), said("revealed"));
        Ok(Revealed {
            name: found.name.clone(),
            value: value.expose().to_owned(),
        })
    }
}
