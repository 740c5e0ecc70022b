//! Booking another plan for a customer.

use crate::customer::key::CustomerKey;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Inverse, Object, Permission, Refusal, customer, plan, resource};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Line, Problem, ResourceKind, fields};

fields! {
    /// Books another plan for a customer. What is in use stays, even above the new limits.
    pub struct SetPlan {
        /// The customer's number or id.
        pub customer: CustomerKey,
        /// The plan's name.
        pub plan: Line,
    }
    prepared {
        id: Option<CustomerId>,
    }
}

impl Command for SetPlan {
    const NAME: &'static str = "customer.set_plan";
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
        let booked = plan::find(door.tx(), self.plan.as_str()).await?;
        let booked = booked.filter(|plan| !plan.limits.is_empty());
        let booked = booked.ok_or_else(|| Refusal::field("plan", Problem::new("no-such-plan")))?;
        customer::set_plan(door.tx(), id, &booked).await?;
        // Whether programs elsewhere come to them is the plan's, and whether applications elsewhere answer for them.
        for kind in [ResourceKind::Database, ResourceKind::Webspace] {
            resource::look_again(door.tx(), id, kind).await?;
        }
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name,
        };
        let before = json!({ "customer": id, "plan": found.plan_name });
        door.record(
            object,
            before,
            json!({ "customer": id, "plan": booked.name }),
        );
        Ok(())
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(Self::NAME, before.clone()))
    }
}
