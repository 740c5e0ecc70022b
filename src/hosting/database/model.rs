//! A database as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{DatabaseName, Engine, RemoteAddresses};

/// A database.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Database {
    /// Its id.
    pub id: DatabaseId,
    /// Its name.
    pub name: DatabaseName,
    /// What runs it.
    pub engine: Engine,
    /// The host of its server, as programs on the node name it; absent where no server runs it.
    pub host: Option<String>,
    /// The port of its server.
    pub port: Option<i64>,
    /// What it is called there.
    pub database: Option<String>,
    /// The login name of its user.
    pub user: Option<String>,
    /// Connections that programs may hold at once; absent where no server runs it.
    pub connections: Option<i64>,
    /// How long a statement runs before the server ends it, in seconds, where a program does not say
    /// otherwise; absent where no server runs it.
    pub statement_seconds: Option<i64>,
    /// Where programs elsewhere may come from, over TLS alone; none where no server runs it.
    pub remote_addresses: RemoteAddresses,
    /// The host for programs elsewhere, at the same port; absent where none come to its server.
    pub remote_host: Option<String>,
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

/// A new database, with the password that is shown this once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Created {
    /// The database.
    #[serde(flatten)]
    pub database: Database,
    /// The password of its user; absent where no server runs it, and when the answer is rendered again.
    pub password: Option<String>,
}
