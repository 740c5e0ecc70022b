//! `domain.set_redirect`

use crate::domain::model::Domain;
use crate::domain::store;
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Permission, Refusal};
use wabe_kernel::id::DomainId;
use wabe_kernel::{Problem, RedirectTarget, fields};

fields! {
    /// Sends the visitors of a domain that carries no webspace to one URL, or stops sending them.
    pub struct SetRedirect {
        /// Which domain.
        pub id: DomainId,
        /// Where its visitors are sent, whatever path they ask for: an absolute `http` or `https` URL.
        /// Nowhere when null or absent.
        pub redirect: Option<RedirectTarget>,
    }
}

/// Refuses a redirect of a domain that is not proved, of a name that leads to a webspace, and one that
/// would send visitors round in a circle.
async fn possible(
    door: &mut Door<'_>,
    domain: &Domain,
    target: &RedirectTarget,
) -> Result<(), Refusal> {
    if !domain.verified {
        return Err(Refusal::Conflict("domain-not-proved"));
    }
    if target.leads_to(&domain.name) {
        return Err(Refusal::field(
            "redirect",
            Problem::new("redirect-to-itself"),
        ));
    }
    let customer = door.customer();
    if store::is_host(door.tx(), customer, &domain.name).await? {
        return Err(Refusal::Conflict("domain-has-webspace"));
    }
    Ok(())
}

impl Command for SetRedirect {
    const NAME: &'static str = "domain.set_redirect";
    const PERMISSION: Permission = Permission::DomainWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Domain;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Domain, Refusal> {
        let customer = door.customer();
        let before = store::find(door.tx(), customer, self.id).await?;
        before.standing.present()?;
        if let Some(target) = &self.redirect {
            possible(door, &before, target).await?;
        }
        store::set_redirect(door.tx(), customer, self.id, self.redirect.as_ref()).await?;
        door.wish(&self.id.to_string()).await?;
        let after = store::find(door.tx(), customer, self.id).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        let house = door.tools().house.clone();
        Ok(after.with_proofs(&house))
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let (id, redirect) = (before.get("id")?, before.get("redirect")?);
        Some(Inverse::new(
            Self::NAME,
            json!({ "id": id, "redirect": redirect }),
        ))
    }
}
