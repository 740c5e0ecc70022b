//! The demo's catalogue: packages that were built beside it, signed by a key that the demo trusts.

use crate::ground::Ground;
use crate::operations::command;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use wabe_access::{Actor, Mode, Refusal};
use wabe_automation::plugin::UploadPlugin;
use wabe_kernel::Fault;
use wabe_package::archive::{COMPONENT_BYTES, SIGNATURE};
use wabe_package::{Package, SigningKey};

/// How packages' files end.
const ENDING: &str = "wabeplugin";

fn wrong(path: &Path, what: impl std::fmt::Display) -> Fault {
    let text = format!("{}: {what}", path.display());
    Fault::because("add a plugin to the catalogue", std::io::Error::other(text))
}

/// The packages in a folder, and in the folders within it: an author's tool leaves one in each project.
fn packages(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = |folder: &Path| -> Result<Vec<PathBuf>, Fault> {
        let found = std::fs::read_dir(folder).map_err(|error| wrong(folder, error))?;
        Ok(found
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .collect())
    };
    let mut found = entries(folder)?;
    for below in found.clone().into_iter().filter(|path| path.is_dir()) {
        found.extend(entries(&below)?);
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    found.sort();
    Ok(found)
}

/// Trusts a new key, signs what lies in the folder with it, and lets customers install it.
pub(super) async fn make(ground: &Ground, folder: &Path) -> Result<(), Fault> {
    let actor = super::house()?;
    let key =
        SigningKey::new(ground.rng.as_ref()).map_err(|defect| wrong(folder, defect.cause()))?;
    let input = json!({ "name": "Wabe", "public_key": key.public().write() });
    command(ground, &actor, "trusted_key.add", input)
        .await
        .map_err(super::made("trust the demo's key"))?;
    for path in packages(folder)? {
        add(ground, &actor, &path, &key).await?;
    }
    Ok(())
}

async fn add(ground: &Ground, actor: &Actor, path: &Path, key: &SigningKey) -> Result<(), Fault> {
    let bytes = std::fs::read(path).map_err(|error| wrong(path, error))?;
    let read = Package::read(&bytes, COMPONENT_BYTES);
    let mut package = read.map_err(|flaws| wrong(path, format!("{flaws:?}")))?;
    let signature = key.sign(&package.parts);
    package.parts.insert(SIGNATURE.to_owned(), signature);
    let upload = UploadPlugin::of(package.write());
    let refused = |refusal: Refusal| super::made("add a plugin to the catalogue")(refusal);
    let uploaded = ground
        .gate
        .run(actor, upload, Mode::Commit)
        .await
        .map_err(refused)?;
    let input = json!({ "id": uploaded.output.id, "note": "demo" });
    let _released: Value = command(ground, actor, "plugin.release", input)
        .await
        .map_err(refused)?;
    Ok(())
}
