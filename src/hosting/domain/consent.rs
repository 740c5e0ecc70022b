//! `domain.consent`

use crate::domain::store;
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::DomainId;

fields! {
    /// Lets another customer prove and use a name below a domain of one's own.
    pub struct ConsentToDomain {
        /// The domain of one's own.
        pub id: DomainId,
        /// The other customer's claim.
        pub claim: DomainId,
    }
}

impl Command for ConsentToDomain {
    const NAME: &'static str = "domain.consent";
    const PERMISSION: Permission = Permission::DomainWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let own = store::find(door.tx(), customer, self.id).await?;
        if !own.verified {
            return Err(Refusal::Conflict("domain-not-proved"));
        }
        door.tx().unscope().await?;
        let claims = store::claims_below(door.tx(), customer, &own.name).await?;
        let claim = claims.into_iter().find(|claim| claim.id == self.claim);
        let claim = claim.ok_or(Refusal::NotFound)?;
        store::consent(door.tx(), customer, self.claim, now).await?;
        door.tx().rescope().await?;
        let given = json!({ "id": self.id, "name": claim.name, "customer": claim.customer_number });
        door.record(own.object(), json!({ "id": self.id }), given);
        Ok(())
    }
}
