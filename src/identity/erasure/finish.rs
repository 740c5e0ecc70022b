//! `erasure.finish`: nothing is left but what the law has the hoster keep.

use crate::erasure::begin::customer_of;
use crate::erasure::store;
use serde_json::{Value, json};
use wabe_access::{ActorKind, Authority, Command, Door, Object, Permission, Refusal, customer};
use wabe_kernel::fields;
use wabe_kernel::id::{CustomerId, ErasureId};

fields! {
    /// Ends the removal of everything of a customer: its own row keeps number, plan and dates. The panel
    /// alone does this, once everything else is gone.
    pub struct FinishErasure {
        /// Which one.
        pub id: ErasureId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

impl FinishErasure {
    /// The command about this one.
    #[must_use]
    pub const fn of(id: ErasureId) -> Self {
        Self { id, customer: None }
    }
}

impl Command for FinishErasure {
    const NAME: &'static str = "erasure.finish";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let (id, now) = (door.customer(), door.now());
        let tx = door.tx();
        if !store::finish(tx, self.id, now).await? {
            return Err(Refusal::Conflict("erasure-not-so-far"));
        }
        customer::empty(tx, id).await?;
        let found = customer::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        // Nothing of this is kept: the key is gone. That it happened, and when, is.
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.number.to_string(),
        };
        door.record(object, json!({ "number": found.number }), Value::Null);
        Ok(())
    }
}
