//! Switching a customer off.

use crate::customer::key::CustomerKey;
use crate::customer::resume::ResumeCustomer;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Inverse, Object, Permission, Refusal, Risk, customer};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Reason, fields};

fields! {
    /// Switches a customer off; its members read the reason. Nothing is deleted.
    pub struct SuspendCustomer {
        /// The customer's number or id.
        pub customer: CustomerKey,
        /// Why.
        pub reason: Reason,
    }
    prepared {
        id: Option<CustomerId>,
    }
}

impl Command for SuspendCustomer {
    const NAME: &'static str = "customer.suspend";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = ();

    fn customer(&self) -> Option<CustomerId> {
        self.id
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        self.id = Some(self.customer.find(with).await?.id);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let id = door.customer();
        let found = customer::find(door.tx(), id).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        if found.suspended_reason.is_some() {
            return Err(Refusal::Conflict("already-suspended"));
        }
        customer::set_suspended(door.tx(), id, Some(self.reason.as_str())).await?;
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name,
        };
        let before = json!({ "customer": id, "suspended_reason": null });
        let after = json!({ "customer": id, "suspended_reason": self.reason });
        door.record(object, before, after);
        Ok(())
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let customer = before.get("customer")?;
        Some(Inverse::new(
            ResumeCustomer::NAME,
            json!({ "customer": customer }),
        ))
    }
}
