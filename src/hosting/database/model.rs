//! A database as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{DatabaseName, Engine};

/// A database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Database {
    /// Its id.
    pub id: DatabaseId,
    /// Its name.
    pub name: DatabaseName,
    /// What runs it.
    pub engine: Engine,
    /// The most it may hold, in bytes.
    pub quota_bytes: i64,
    /// What it holds, as last measured, in bytes.
    pub used_bytes: i64,
    /// Its state.
    #[serde(flatten)]
    pub standing: Standing,
}

impl Database {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "database",
            id: self.id.to_string(),
            name: self.name.to_string(),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id, "name": self.name, "engine": self.engine, "quota_bytes": self.quota_bytes,
        })
    }
}
