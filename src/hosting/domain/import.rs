//! `domain.import`: the hoster vouches for a domain, for instance after a move or an order.

use crate::domain::create::token;
use crate::domain::model::{Domain, Method};
use crate::domain::settle::{Proof, settle};
use crate::domain::{proof, store};
use serde_json::Value;
use wabe_access::{Authority, Command, Door, Limit, Permission, Refusal};
use wabe_kernel::id::{CustomerId, DomainId};
use wabe_kernel::{DomainName, Problem, ResourceKind, fields};

fields! {
    /// Records a domain as proved on an operator's word.
    pub struct ImportDomain {
        /// Whose it becomes.
        pub customer: CustomerId,
        /// Its name.
        pub name: DomainName,
    }
}

impl Command for ImportDomain {
    const NAME: &'static str = "domain.import";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Domains, 1)];
    type Output = Domain;

    fn customer(&self) -> Option<CustomerId> {
        Some(self.customer)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Domain, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let house = door.tools().house.clone();
        proof::claimable(&self.name, &house).map_err(|problem| Refusal::field("name", problem))?;
        if store::find_name(door.tx(), customer, &self.name)
            .await?
            .is_some()
        {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        // An operator vouches for the customer, not for the owner of the domain above.
        match proof::obstacle_at(door, &self.name, None).await? {
            Some("needs-consent") => return Err(Refusal::Conflict("domain-needs-consent")),
            Some(_) => return Err(Refusal::field("name", Problem::new("name-taken"))),
            None => {}
        }
        let id = DomainId::new(now, door.rng());
        door.create_resource(ResourceKind::Domain, &id.to_string(), self.name.as_str())
            .await?;
        let token = token(door);
        store::insert(
            door.tx(),
            customer,
            (id, &self.name),
            (&token, "proved"),
            now,
        )
        .await?;
        store::prove(door.tx(), customer, id, Method::Import, now).await?;
        settle(door, &self.name, Proof::Found).await?;
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), Value::Null, made.snapshot());
        Ok(made)
    }
}
