//! What an installation leaves behind: its settings, what it kept, and what it did, as one document.

use crate::installation::model::{Installation, Installed};
use crate::installation::{kv, store};
use crate::packed;
use crate::run;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Fault, Timestamp};
use wabe_package::Manifest;
use wabe_store::{Tx, statements};

statements! {
    INSERT = "automation.export.insert" =>
        "INSERT INTO installation_export (id, customer_id, name, content, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    LIST = "automation.export.list" =>
        "SELECT id, name, created_at FROM installation_export WHERE customer_id = $1 \
         ORDER BY created_at DESC LIMIT 200";
    FIND = "automation.export.find" =>
        "SELECT content FROM installation_export WHERE customer_id = $1 AND id = $2";
    FORGET = "automation.export.forget" => "DELETE FROM installation_export WHERE created_at < $1";
}

/// Days that it can be downloaded after an installation was deleted.
pub const EXPORT_DAYS: i64 = 14;

/// The latest runs that are in it.
const RUNS_MAX: i64 = 1_000;

/// The document of an installation that is still there.
pub(crate) async fn of(tx: &mut Tx, found: &Installed) -> Result<Value, Refusal> {
    let installation = &found.installation;
    let (customer, id) = (installation.customer, installation.id);
    let kept = kv::everything(tx, customer, id).await?;
    let runs = run::store::latest(tx, customer, id, RUNS_MAX).await?;
    let runs: Vec<Value> = runs.iter().map(|run| json!(run.shown())).collect();
    Ok(json!({
        "v": 1,
        "installation": found.shown(),
        "kv": kept,
        "runs": runs,
    }))
}

pub(crate) fn pack(document: &Value) -> Result<String, Fault> {
    packed::pack(document.to_string().as_bytes())
}

pub(crate) async fn keep(
    tx: &mut Tx,
    installation: &Installation,
    manifest: &Manifest,
    content: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = INSERT.bind(installation.id).bind(installation.customer);
    let query = query.bind(manifest.id.as_str()).bind(content);
    query.bind(now).execute_one(tx).await
}

/// What a deleted installation left behind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Left {
    /// The installation.
    pub id: InstallationId,
    /// The plugin's name.
    pub name: String,
    /// Since when it is gone.
    pub deleted_at: Timestamp,
}

/// What can still be downloaded of deleted installations, the latest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Left>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let rows = LIST.bind(scope.customer()).all(tx).await?;
    let one = |row: &wabe_store::Row| {
        Ok(Left {
            id: row.parsed("id")?,
            name: row.text("name")?,
            deleted_at: row.time("created_at")?,
        })
    };
    let found: Result<Vec<_>, Fault> = rows.iter().map(one).collect();
    Ok(found?)
}

/// The document of an installation, whether it is still there or was deleted lately: JSON.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn document(tx: &mut Tx, scope: &Scope, id: InstallationId) -> Result<Vec<u8>, Refusal> {
    scope.needs(Permission::AutomationWrite)?;
    match store::load(tx, scope, id).await {
        Ok(found) => Ok(of(tx, &found).await?.to_string().into_bytes()),
        Err(Refusal::NotFound) => {
            let row = FIND.bind(scope.customer()).bind(id).optional(tx).await?;
            let row = row.ok_or(Refusal::NotFound)?;
            Ok(packed::unpack(&row.text("content")?)?)
        }
        Err(other) => Err(other),
    }
}

pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(now.plus_days(-EXPORT_DAYS)).execute(tx).await
}
