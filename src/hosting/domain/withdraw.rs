//! `domain.withdraw`: the panel takes a proof back that is no longer in place.

use crate::domain::settle::{Proof, settle};
use crate::domain::store;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::DomainId;

fields! {
    /// Takes the proof of a domain back. Only the panel itself does this, after two failed weeks.
    pub struct WithdrawDomain {
        /// Which one.
        pub id: DomainId,
    }
}

impl Command for WithdrawDomain {
    const NAME: &'static str = "domain.withdraw";
    const PERMISSION: Permission = Permission::DomainWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let (customer, now) = (door.customer(), door.now());
        let before = store::find(door.tx(), customer, self.id).await?;
        if !before.verified {
            return Err(Refusal::Conflict("domain-not-proved"));
        }
        store::withdraw(door.tx(), customer, self.id, "not-seen-yet", now).await?;
        door.wish(&self.id.to_string()).await?;
        settle(door, &before.name, Proof::Gone).await?;
        let after = store::find(door.tx(), customer, self.id).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(())
    }
}
