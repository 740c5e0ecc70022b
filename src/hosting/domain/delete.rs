//! `domain.delete` and `domain.restore`

use crate::domain::model::{Domain, Method};
use crate::domain::settle::{Proof, settle};
use crate::domain::{proof, store};
use crate::lifecycle;
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::DomainId;
use wabe_kernel::{Problem, ResourceKind, fields};

fields! {
    /// Gives a domain up: its proof ends at once, its row stays in the trash for 14 days.
    pub struct DeleteDomain {
        /// Which one.
        pub id: DomainId,
    }
}

impl Command for DeleteDomain {
    const NAME: &'static str = "domain.delete";
    const PERMISSION: Permission = Permission::DomainWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let id = self.id.to_string();
        let found = store::find(door.tx(), customer, self.id).await?;
        found.standing.present()?;
        if store::is_in_use(door.tx(), customer, &found).await? {
            return Err(Refusal::Conflict("domain-in-use"));
        }
        lifecycle::delete(door, ResourceKind::Domain, &id, found.snapshot()).await?;
        store::set_active(door.tx(), customer, self.id, false, None).await?;
        if found.verified {
            settle(door, &found.name, Proof::Gone).await?;
        }
        door.give(Limit::Domains, 1).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "domain.restore",
            json!({ "id": before.get("id")? }),
        ))
    }
}

fields! {
    /// Takes a domain out of the trash; it must be proved again.
    pub struct RestoreDomain {
        /// Which one.
        pub id: DomainId,
    }
}

/// A name may have come to a webspace while its domain lay in the trash; then that stays so.
async fn end_redirect_of_a_host(door: &mut Door<'_>, found: &mut Domain) -> Result<(), Refusal> {
    if found.redirect.is_none() {
        return Ok(());
    }
    let customer = door.customer();
    if store::is_host(door.tx(), customer, &found.name).await? {
        store::set_redirect(door.tx(), customer, found.id, None).await?;
        found.redirect = None;
    }
    Ok(())
}

impl Command for RestoreDomain {
    const NAME: &'static str = "domain.restore";
    const PERMISSION: Permission = Permission::DomainWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Domains, 1)];
    type Output = Domain;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Domain, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        let mut found = store::find(door.tx(), customer, self.id).await?;
        if store::find_name(door.tx(), customer, &found.name)
            .await?
            .is_some()
        {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        end_redirect_of_a_host(door, &mut found).await?;
        let (id, kind) = (self.id.to_string(), ResourceKind::Domain);
        lifecycle::restore(door, kind, &id, found.snapshot()).await?;
        store::set_active(door.tx(), customer, self.id, true, Some(now)).await?;
        let free = proof::obstacle_at(door, &found.name, found.consented_by)
            .await?
            .is_none();
        if house.demo && found.name.is_reserved_for_trying() && free {
            store::prove(door.tx(), customer, self.id, Method::Demo, now).await?;
            settle(door, &found.name, Proof::Found).await?;
        }
        Ok(store::find(door.tx(), customer, self.id)
            .await?
            .with_proofs(&house))
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "domain.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}
