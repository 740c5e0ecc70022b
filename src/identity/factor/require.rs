//! Wanting a second factor of everybody in a customer.

use crate::factor::store;
use crate::member::policy;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk, Role, customer};
use wabe_kernel::fields;

fields! {
    /// Says whether everybody in the customer needs a second factor. Who has none is led to set one up
    /// at the next login, and their sessions here end. Owners only.
    pub struct SetFactorRequired {
        /// Whether they do.
        pub factor_required: bool,
    }
}

impl Command for SetFactorRequired {
    const NAME: &'static str = "customer.set_factor_required";
    const PERMISSION: Permission = Permission::CustomerWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        policy::may_assign(door, Role::Owner).await?;
        let (id, actor) = (door.customer(), door.actor().user);
        let tx = door.tx();
        let found = customer::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        let before = store::is_required(tx, id).await?;
        store::require(tx, id, self.factor_required).await?;
        tx.unscope().await?;
        if self.factor_required {
            // Nobody shuts themselves out by a wish that is meant for others.
            if let Some(user) = actor
                && !store::standing(tx, user).await?.any()
            {
                return Err(Refusal::Conflict("factor-first"));
            }
            store::end_without(tx, id).await?;
        }
        tx.rescope().await?;
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name,
        };
        let shown = |required: bool| json!({ "factor_required": required });
        door.record(object, shown(before), shown(self.factor_required));
        Ok(())
    }
}
