//! `domain.create`

use crate::domain::model::{Domain, Method};
use crate::domain::settle::{Proof, settle};
use crate::domain::{proof, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::DomainId;
use wabe_kernel::{DomainName, Problem, ResourceKind, fields};

fields! {
    /// Claims a domain. A claim reserves nothing until the right to it is proved.
    pub struct CreateDomain {
        /// Its name.
        pub name: DomainName,
    }
}

/// 26 lower-case characters that cannot be guessed; also a valid DNS label.
pub(crate) fn token(door: &Door<'_>) -> String {
    let bytes: [u8; 16] = wabe_kernel::rng::random(door.rng());
    format!("w{}", wabe_kernel::hex(&bytes))
}

impl Command for CreateDomain {
    const NAME: &'static str = "domain.create";
    const PERMISSION: Permission = Permission::DomainWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Domains, 1)];
    type Output = Domain;

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
        let obstacle = proof::obstacle_at(door, &self.name, None).await?;
        let id = DomainId::new(now, door.rng());
        door.create_resource(ResourceKind::Domain, &id.to_string(), self.name.as_str())
            .await?;
        let (token, finding) = (token(door), obstacle.unwrap_or("not-seen-yet"));
        store::insert(
            door.tx(),
            customer,
            (id, &self.name),
            (&token, finding),
            now,
        )
        .await?;
        if house.demo && self.name.is_reserved_for_trying() && obstacle.is_none() {
            store::prove(door.tx(), customer, id, Method::Demo, now).await?;
            settle(door, &self.name, Proof::Found).await?;
        }
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), Value::Null, made.snapshot());
        Ok(made.with_proofs(&house))
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "domain.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}
