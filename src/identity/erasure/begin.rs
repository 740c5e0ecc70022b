//! `erasure.begin`: the days are over. From here on there is no way back.

use crate::erasure::store;
use crate::recovery::store as links;
use crate::session::store as sessions;
use serde_json::json;
use wabe_access::command::{Authority, Preparing};
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, customer, member};
use wabe_kernel::fields;
use wabe_kernel::id::{CustomerId, ErasureId};

fields! {
    /// Begins to remove everything of a customer, 14 days after a second person agreed. The panel alone does
    /// this; nobody else changes anything there any more.
    pub struct BeginErasure {
        /// Which one.
        pub id: ErasureId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

/// In whose record the change is written.
pub(super) async fn customer_of(
    with: &Preparing<'_>,
    id: ErasureId,
) -> Result<Option<CustomerId>, Refusal> {
    let mut tx = with.store.read().await?;
    let found = store::work(&mut tx, id).await?;
    tx.rollback().await?;
    let found = found.ok_or(Refusal::NotFound)?;
    Ok(Some(found.customer))
}

impl BeginErasure {
    /// The command about this one.
    #[must_use]
    pub const fn of(id: ErasureId) -> Self {
        Self { id, customer: None }
    }
}

impl Command for BeginErasure {
    const NAME: &'static str = "erasure.begin";
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
        let found = customer::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        if found.suspended_reason.is_none() {
            return Err(Refusal::Conflict("erasure-not-suspended"));
        }
        if !store::begin(tx, self.id, now).await? {
            return Err(Refusal::Conflict("erasure-not-due"));
        }
        customer::begin_erasing(tx, id, now).await?;
        links::void_erasure_keep(tx, self.id, now).await?;
        for place in member::list(tx, id).await? {
            sessions::end_in_customer(tx, place.user, id).await?;
        }
        let object = Object {
            kind: "customer",
            id: id.to_string(),
            name: found.name,
        };
        door.record(
            object,
            json!({ "erasing_at": null }),
            json!({ "erasing_at": now }),
        );
        Ok(())
    }
}
