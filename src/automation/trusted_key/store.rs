//! The keys' rows.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Object, Permission, Refusal, Scope};
use wabe_kernel::id::TrustedKeyId;
use wabe_kernel::{Fault, Timestamp};
use wabe_package::PublicKey;
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "automation.trusted_key.insert" =>
        "INSERT INTO trusted_key (id, name, fingerprint, public_key, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (fingerprint) DO NOTHING";
    FIND = "automation.trusted_key.find" => "SELECT public_key FROM trusted_key WHERE fingerprint = $1";
    LOAD = "automation.trusted_key.load" =>
        "SELECT id, name, fingerprint, created_at FROM trusted_key WHERE id = $1";
    LIST = "automation.trusted_key.list" =>
        "SELECT id, name, fingerprint, created_at FROM trusted_key ORDER BY name, id";
    DELETE = "automation.trusted_key.delete" => "DELETE FROM trusted_key WHERE id = $1";
}

/// A key whose signatures are trusted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TrustedKey {
    /// Its id.
    pub id: TrustedKeyId,
    /// Whose it is.
    pub name: String,
    /// What people compare: 16 bytes of its SHA-256, in hexadecimal.
    pub fingerprint: String,
    /// Since when it is trusted.
    pub created_at: Timestamp,
}

impl TrustedKey {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "trusted_key",
            id: self.id.to_string(),
            name: self.name.clone(),
        }
    }

    pub(crate) fn snapshot(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "fingerprint": self.fingerprint })
    }
}

fn from_row(row: &Row) -> Result<TrustedKey, Fault> {
    Ok(TrustedKey {
        id: row.parsed("id")?,
        name: row.text("name")?,
        fingerprint: row.text("fingerprint")?,
        created_at: row.time("created_at")?,
    })
}

/// False when it is trusted already.
pub(crate) async fn insert(tx: &mut Tx, key: &TrustedKey, file: &str) -> Result<bool, Fault> {
    let query = INSERT.bind(key.id).bind(&key.name).bind(&key.fingerprint);
    Ok(query.bind(file).bind(key.created_at).execute(tx).await? == 1)
}

/// The trusted key of this fingerprint.
pub(crate) async fn find(tx: &mut Tx, fingerprint: &str) -> Result<Option<PublicKey>, Fault> {
    let Some(row) = FIND.bind(fingerprint).optional(tx).await? else {
        return Ok(None);
    };
    let key = PublicKey::read(&row.text("public_key")?);
    key.map(Some)
        .map_err(|_defect| Fault::new("read a trusted key"))
}

pub(crate) async fn load(tx: &mut Tx, id: TrustedKeyId) -> Result<Option<TrustedKey>, Fault> {
    let row = LOAD.bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn delete(tx: &mut Tx, id: TrustedKeyId) -> Result<(), Fault> {
    DELETE.bind(id).execute_one(tx).await
}

/// All trusted keys, by name; for staff.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<TrustedKey>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let rows = LIST.query().all(tx).await?;
    let found: Result<Vec<_>, Fault> = rows.iter().map(from_row).collect();
    Ok(found?)
}
