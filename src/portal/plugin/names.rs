//! What plugins are called where the record has their ids.
//!
//! The record keeps the id of a plugin as the name of its installations and runs: it is the same in
//! every language, and stays when the plugin is gone. People read its name.

use std::collections::BTreeMap;
use wabe_access::{Permission, Refusal, Scope};
use wabe_audit::ChangeRecord;
use wabe_automation::plugin;
use wabe_kernel::Language;
use wabe_store::Tx;
use wabe_web::Failure;

use crate::plugin::all;

/// Whether the name of what a change is about is the id of a plugin.
fn is_id(record: &ChangeRecord) -> bool {
    matches!(record.object_kind.as_str(), "installation" | "run") && !record.object_name.is_empty()
}

/// Puts the names of plugins into these changes, as far as the reader may see plugins and there is
/// still one of that id.
pub(crate) async fn tell(
    tx: &mut Tx,
    scope: &Scope,
    language: Language,
    records: &mut [ChangeRecord],
) -> Result<(), Failure> {
    if !scope.has(Permission::AutomationRead) || !records.iter().any(is_id) {
        return Ok(());
    }
    let installed = all(tx, scope).await?;
    let manifests = installed.iter().map(|one| &one.version.manifest);
    let name = |manifest: &wabe_package::Manifest| manifest.name.get(language).to_owned();
    let mut names: BTreeMap<String, String> = manifests
        .map(|manifest| (manifest.id.to_string(), name(manifest)))
        .collect();
    for record in records.iter_mut().filter(|record| is_id(record)) {
        if !names.contains_key(&record.object_name) {
            // It was removed here; perhaps the catalogue still has it.
            let found = plugin::catalogue_entry(tx, scope, &record.object_name, None).await;
            let called = match found {
                Ok(version) => name(&version.manifest),
                Err(Refusal::NotFound) => record.object_name.clone(),
                Err(other) => return Err(other.into()),
            };
            names.insert(record.object_name.clone(), called);
        }
        if let Some(called) = names.get(&record.object_name) {
            record.object_name.clone_from(called);
        }
    }
    Ok(())
}
