//! Switching a customer on again.

use crate::customer::key::CustomerKey;
use crate::customer::suspend::SuspendCustomer;
use crate::desk::Desk;
use crate::erasure::stop;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Inverse, Object, Permission, Refusal, customer};
use wabe_kernel::fields;
use wabe_kernel::id::CustomerId;

fields! {
    /// Switches a customer on again. That everything of theirs is removed, where that waits, is called off.
    pub struct ResumeCustomer {
        /// The customer's number or id.
        pub customer: CustomerKey,
    }
    prepared {
        id: Option<CustomerId>,
    }
}

impl Command for ResumeCustomer {
    const NAME: &'static str = "customer.resume";
    const PERMISSION: Permission = Permission::HosterWrite;
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
        if found.suspended_reason.is_none() {
            return Err(Refusal::Conflict("not-suspended"));
        }
        let (now, desk) = (door.now(), Desk::of(door.tools())?);
        stop::resumed(door.tx(), &desk, &found, now).await?;
        customer::set_suspended(door.tx(), id, None).await?;
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name,
        };
        let before = json!({ "customer": id, "suspended_reason": found.suspended_reason });
        let after = json!({ "customer": id, "suspended_reason": null });
        door.record(object, before, after);
        Ok(())
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let (customer, reason) = (before.get("customer")?, before.get("suspended_reason")?);
        let input = json!({ "customer": customer, "reason": reason });
        Some(Inverse::new(SuspendCustomer::NAME, input))
    }
}
