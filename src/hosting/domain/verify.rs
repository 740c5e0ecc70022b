//! `domain.verify`

use crate::domain::model::{Domain, Method};
use crate::domain::proof::{self, Look};
use crate::domain::settle::{Proof, settle};
use crate::domain::store;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, InTickets, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::DomainId;

fields! {
    /// Looks for the proofs of a domain now.
    pub struct VerifyDomain {
        /// Which one.
        pub id: DomainId,
    }
    prepared {
        /// The proof that was found.
        proof: Option<Method>,
    }
}

impl Command for VerifyDomain {
    const NAME: &'static str = "domain.verify";
    const PERMISSION: Permission = Permission::DomainWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const PREPARES: bool = true;
    type Output = Domain;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let customer = with.actor.customer;
        let mut tx = with.store.read_for(customer).await?;
        let domain = store::find(&mut tx, customer, self.id).await?;
        tx.rollback().await?;
        if !domain.verified {
            self.proof = match proof::look(with.tools, &domain).await {
                Look::Seen(method) => Some(method),
                Look::Missing | Look::Silent => None,
            };
        }
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Domain, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        if before.verified {
            return Err(Refusal::Conflict("domain-already-proved"));
        }
        match proof::obstacle_at(door, &before.name, before.consented_by).await? {
            Some("needs-consent") => return Err(Refusal::Conflict("domain-needs-consent")),
            Some(_) => return Err(Refusal::Conflict("domain-proved-elsewhere")),
            None => {}
        }
        let method = self.proof.ok_or(Refusal::Conflict("domain-not-seen-yet"))?;
        store::prove(door.tx(), customer, self.id, method, now).await?;
        door.wish(&self.id.to_string()).await?;
        settle(door, &before.name, Proof::Found).await?;
        let after = store::find(door.tx(), customer, self.id).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }
}
