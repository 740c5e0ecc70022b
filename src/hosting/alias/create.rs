//! `alias.create`

use crate::alias::{model::Alias, store};
use crate::mailbox::{find_address, reserve, usable_domain};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::{AliasId, MailboxId};
use wabe_kernel::{MailAddress, Problem, ResourceKind, fields};

fields! {
    /// Makes an alias address.
    pub struct CreateAlias {
        /// The address that receives, on a proved domain.
        pub address: MailAddress,
        /// Mailboxes of the same customer that it delivers to; 1 to 20.
        pub targets: Vec<MailAddress>,
    }
}

/// Refuses targets that are no mailboxes of this customer.
pub(crate) async fn check_targets(
    door: &mut Door<'_>,
    targets: &[MailAddress],
) -> Result<Vec<MailAddress>, Refusal> {
    let mut unique: Vec<MailAddress> = targets.to_vec();
    unique.sort();
    unique.dedup();
    if unique.is_empty() {
        return Err(Refusal::field("targets", Problem::new("required")));
    }
    if unique.len() > 20 {
        return Err(Refusal::field(
            "targets",
            Problem::new("too-many").with("max", 20),
        ));
    }
    let customer = door.customer();
    for target in &unique {
        let owner = find_address(door.tx(), customer, target).await?;
        if owner.is_none_or(|id| id.parse::<MailboxId>().is_err()) {
            let problem = Problem::new("target-not-a-mailbox").with("address", target);
            return Err(Refusal::field("targets", problem));
        }
    }
    Ok(unique)
}

impl Command for CreateAlias {
    const NAME: &'static str = "alias.create";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Aliases, 1)];
    type Output = Alias;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Alias, Refusal> {
        let customer = door.customer();
        let domain = usable_domain(door, &self.address).await?;
        let targets = check_targets(door, &self.targets).await?;
        let id = AliasId::new(door.now(), door.rng());
        reserve(door, &self.address, &id.to_string()).await?;
        let name = self.address.to_string();
        door.create_resource(ResourceKind::Alias, &id.to_string(), &name)
            .await?;
        store::insert(door.tx(), customer, (id, domain), &self.address, &targets).await?;
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), Value::Null, made.snapshot());
        Ok(made)
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "alias.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}
