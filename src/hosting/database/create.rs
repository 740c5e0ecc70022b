//! `database.create`

use crate::database::{model::Database, store};
use wabe_access::{Command, Door, Limit, Permission, Refusal};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{DatabaseName, Engine, Problem, Quota, ResourceKind, fields};

/// What a database may hold when nobody says otherwise.
const QUOTA_DEFAULT: i64 = Quota::GIGABYTE / 2;

fields! {
    /// Makes an empty database.
    pub struct CreateDatabase {
        /// Its name; used once per customer.
        pub name: DatabaseName,
        /// What runs it; `sqlite` when absent.
        pub engine: Option<Engine>,
        /// The most it may hold, in bytes; 500 MB when absent.
        pub quota_bytes: Option<Quota>,
    }
}

impl Command for CreateDatabase {
    const NAME: &'static str = "database.create";
    const PERMISSION: Permission = Permission::DatabaseWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Databases, 1)];
    type Output = Database;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Database, Refusal> {
        let customer = door.customer();
        if store::is_taken(door.tx(), customer, &self.name).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        let fallback = Quota::new(QUOTA_DEFAULT).ok_or(Refusal::NotFound)?;
        let quota = self.quota_bytes.unwrap_or(fallback);
        door.take(Limit::StorageBytes, quota.bytes()).await?;
        let id = DatabaseId::new(door.now(), door.rng());
        door.create_resource(ResourceKind::Database, &id.to_string(), self.name.as_str())
            .await?;
        let engine = self.engine.unwrap_or(Engine::Sqlite);
        store::insert(door.tx(), customer, id, &self.name, (engine, quota)).await?;
        let made = store::find(door.tx(), customer, id).await?;
        door.record(made.object(), serde_json::Value::Null, made.snapshot());
        Ok(made)
    }

    fn inverse(
        _before: &serde_json::Value,
        after: &serde_json::Value,
    ) -> Option<wabe_access::Inverse> {
        let input = serde_json::json!({ "id": after.get("id")? });
        Some(wabe_access::Inverse::new("database.delete", input))
    }
}
