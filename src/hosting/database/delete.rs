//! `database.delete` and `database.restore`

use crate::database::{model::Database, store};
use crate::lifecycle;
use serde_json::{Value, json};
use wabe_access::{Command, Door, InTickets, Inverse, Limit, Permission, Refusal};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Problem, ResourceKind, fields};

fields! {
    /// Puts a database into the trash for 14 days.
    pub struct DeleteDatabase {
        /// Which one.
        pub id: DatabaseId,
    }
}

impl Command for DeleteDatabase {
    const NAME: &'static str = "database.delete";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let id = self.id.to_string();
        let found = store::find(door.tx(), customer, self.id).await?;
        found.standing.present()?;
        lifecycle::delete(door, ResourceKind::Database, &id, found.snapshot()).await?;
        store::set_active(door.tx(), customer, self.id, false).await?;
        door.give(Limit::Databases, 1).await?;
        door.give(Limit::StorageBytes, found.quota_bytes).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "database.restore",
            json!({ "id": before.get("id")? }),
        ))
    }
}

fields! {
    /// Takes a database out of the trash.
    pub struct RestoreDatabase {
        /// Which one.
        pub id: DatabaseId,
    }
}

impl Command for RestoreDatabase {
    const NAME: &'static str = "database.restore";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Databases, 1)];
    type Output = Database;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        let customer = door.customer();
        let found = store::find(door.tx(), customer, self.id).await?;
        if store::is_taken(door.tx(), customer, &found.name).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        door.take(Limit::StorageBytes, found.quota_bytes).await?;
        let (id, kind) = (self.id.to_string(), ResourceKind::Database);
        lifecycle::restore(door, kind, &id, found.snapshot()).await?;
        store::set_active(door.tx(), customer, self.id, true).await?;
        store::find(door.tx(), customer, self.id).await
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        Some(Inverse::new(
            "database.delete",
            json!({ "id": after.get("id")? }),
        ))
    }
}
