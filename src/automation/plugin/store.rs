//! The catalogue's rows. They belong to no customer; customers may read them.

use crate::plugin::model::{CatalogueEntry, PluginVersion, VersionState};
use std::collections::BTreeMap;
use std::sync::Arc;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{PluginId, PluginVersionId, RunId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::archive::COMPONENT_BYTES_LARGE;
use wabe_package::compiled::Compiled;
use wabe_package::{Grants, Manifest, Package};
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.plugin_id, v.state, v.manifest, v.settings, v.icon, v.readme, v.component, \
             v.digest, v.signed_by, v.ceiling, v.note, v.uploaded_by, v.uploaded_at, v.released_at, \
             v.withdrawn_at, v.withdrawn_reason FROM plugin_version v ",
            $rest
        )
    };
}

statements! {
    PLUGIN = "automation.plugin.find" => "SELECT id FROM plugin WHERE name = $1";
    INSERT_PLUGIN = "automation.plugin.insert" =>
        "INSERT INTO plugin (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    INSERT = "automation.plugin.version.insert" =>
        "INSERT INTO plugin_version (id, plugin_id, version, version_order, state, manifest, settings, \
         icon, readme, component, digest, signed_by, uploaded_by, uploaded_at, compiled, cards) \
         VALUES ($1, $2, $3, $4, 'uploaded', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (plugin_id, version) DO NOTHING";
    INSERT_PACKAGE = "automation.plugin.package.insert" =>
        "INSERT INTO plugin_package (version_id, content) VALUES ($1, $2)";
    PACKAGE = "automation.plugin.package.find" =>
        "SELECT content FROM plugin_package WHERE version_id = $1";
    FIND = "automation.plugin.version.find" => select!("WHERE v.id = $1");
    STANDING = "automation.plugin.version.standing" =>
        "SELECT state, ceiling FROM plugin_version WHERE id = $1";
    FIND_NUMBER = "automation.plugin.version.find_number" =>
        select!("JOIN plugin p ON p.id = v.plugin_id WHERE p.name = $1 AND v.version = $2");
    LATEST = "automation.plugin.version.latest" =>
        select!("JOIN plugin p ON p.id = v.plugin_id WHERE p.name = $1 AND v.state = 'released' \
                 ORDER BY v.version_order DESC LIMIT 1");
    LATEST_OF = "automation.plugin.version.latest_of" =>
        select!("WHERE v.plugin_id = $1 AND v.state = 'released' ORDER BY v.version_order DESC LIMIT 1");
    RELEASED = "automation.plugin.version.released" =>
        select!("WHERE v.state = 'released' ORDER BY v.plugin_id, v.version_order DESC");
    ALL = "automation.plugin.version.all" => select!("ORDER BY v.uploaded_at DESC, v.id DESC");
    RELEASE = "automation.plugin.version.release" =>
        "UPDATE plugin_version SET state = 'released', ceiling = $1, note = $2, released_by = $3, \
         released_at = COALESCE(released_at, $4) WHERE id = $5";
    WITHDRAW = "automation.plugin.version.withdraw" =>
        "UPDATE plugin_version SET state = 'withdrawn', withdrawn_at = $1, withdrawn_reason = $2 \
         WHERE id = $3";
    INSTALLED = "automation.plugin.installed" =>
        "SELECT plugin_id, CAST(count(*) AS BIGINT) AS installed FROM installation \
         WHERE customer_id = $1 GROUP BY plugin_id";
    COMPILED = "automation.plugin.version.compiled" =>
        "SELECT compiled FROM plugin_version WHERE id = $1";
    INSTALLED_EVERYWHERE = "automation.plugin.version.installed" =>
        "SELECT CAST(count(*) AS BIGINT) AS installed FROM installation WHERE version_id = $1";
    RECORDINGS = "automation.plugin.recordings" =>
        "SELECT run_id, released_at FROM run_recording \
         WHERE plugin_id = $1 AND released_at IS NOT NULL ORDER BY released_at DESC LIMIT 200";
}

/// Text that sorts as versions do: a release behind all that lead to it.
fn order(version: &semver::Version) -> String {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    let last = if version.pre.is_empty() {
        "~"
    } else {
        version.pre.as_str()
    };
    format!("{major:010}.{minor:010}.{patch:010}-{last}")
}

fn from_row(row: &Row) -> Result<PluginVersion, Fault> {
    let manifest: Manifest = serde_json::from_str(&row.text("manifest")?)
        .map_err(|error| Fault::because("read a manifest", error))?;
    Ok(PluginVersion {
        id: row.parsed("id")?,
        plugin: row.parsed("plugin_id")?,
        manifest: Arc::new(manifest),
        schema: row.text("settings")?,
        icon: row.text_or_null("icon")?,
        readme: row.text_or_null("readme")?,
        state: row.parsed("state")?,
        component: row.text("component")?,
        digest: row.text("digest")?,
        signed_by: row.text_or_null("signed_by")?,
        ceiling: ceiling(row)?,
        note: row.text_or_null("note")?,
        uploaded_by: row.parsed_or_null("uploaded_by")?,
        uploaded_at: row.time("uploaded_at")?,
        released_at: row.time_or_null("released_at")?,
        withdrawn_at: row.time_or_null("withdrawn_at")?,
        withdrawn_reason: row.text_or_null("withdrawn_reason")?,
    })
}

/// What a new version is made of.
pub(crate) struct NewVersion<'a> {
    pub(crate) version: &'a PluginVersion,
    pub(crate) package: &'a str,
    /// What the compiler said of its component.
    pub(crate) compiled: &'a Compiled,
}

/// The plugin of this name, made when it is new.
pub(crate) async fn plugin(
    tx: &mut Tx,
    name: &str,
    fresh: PluginId,
    now: Timestamp,
) -> Result<PluginId, Fault> {
    let query = INSERT_PLUGIN.bind(fresh).bind(name).bind(now);
    query.execute(tx).await?;
    PLUGIN.bind(name).one(tx).await?.parsed("id")
}

/// Adds a version; false when the plugin has one of this number.
pub(crate) async fn insert(tx: &mut Tx, new: &NewVersion<'_>) -> Result<bool, Fault> {
    let version = new.version;
    let manifest = serde_json::to_string(version.manifest.as_ref())
        .map_err(|error| Fault::because("write a manifest", error))?;
    let query = INSERT.bind(version.id).bind(version.plugin);
    let query = query
        .bind(version.manifest.version.to_string())
        .bind(order(&version.manifest.version));
    let query = query.bind(manifest).bind(&version.schema);
    let query = query
        .bind(version.icon.clone())
        .bind(version.readme.clone());
    let query = query.bind(&version.component).bind(&version.digest);
    let query = query
        .bind(version.signed_by.clone())
        .bind(version.uploaded_by);
    let compiled = serde_json::to_string(new.compiled)
        .map_err(|error| Fault::because("write a report", error))?;
    let query = query.bind(version.uploaded_at).bind(compiled);
    let query = query.bind(version.manifest.has_cards());
    if query.execute(tx).await? == 0 {
        return Ok(false);
    }
    let query = INSERT_PACKAGE.bind(version.id).bind(new.package);
    query.execute_one(tx).await?;
    Ok(true)
}

/// A version by its id, in whatever state.
pub(crate) async fn find(tx: &mut Tx, id: PluginVersionId) -> Result<Option<PluginVersion>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Where a version stands, and the most that any customer may grant it: what may change of it. None when
/// there is no such version.
pub(crate) async fn standing(
    tx: &mut Tx,
    id: PluginVersionId,
) -> Result<Option<(VersionState, Option<Grants>)>, Fault> {
    let row = STANDING.bind(id).optional(tx).await?;
    row.map(|row| Ok((row.parsed("state")?, ceiling(&row)?)))
        .transpose()
}

/// The ceiling in a row that has it.
pub(crate) fn ceiling(row: &Row) -> Result<Option<Grants>, Fault> {
    let text = row.text_or_null("ceiling")?;
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|error| Fault::because("read a ceiling", error))
}

/// The released version of this name and number; the latest without a number.
pub(crate) async fn released(
    tx: &mut Tx,
    name: &str,
    version: Option<&str>,
) -> Result<Option<PluginVersion>, Fault> {
    let row = match version {
        Some(version) => FIND_NUMBER.bind(name).bind(version).optional(tx).await?,
        None => LATEST.bind(name).optional(tx).await?,
    };
    let found = row.as_ref().map(from_row).transpose()?;
    Ok(found.filter(|found| found.state == VersionState::Released))
}

/// The latest released version of a plugin.
pub(crate) async fn latest(tx: &mut Tx, plugin: PluginId) -> Result<Option<PluginVersion>, Fault> {
    let row = LATEST_OF.bind(plugin).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

pub(crate) async fn release(
    tx: &mut Tx,
    version: &PluginVersion,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), Fault> {
    let ceiling = version.ceiling.as_ref().map(serde_json::to_string);
    let ceiling = ceiling
        .transpose()
        .map_err(|error| Fault::because("write a ceiling", error))?;
    let query = RELEASE.bind(ceiling).bind(version.note.clone()).bind(by);
    query.bind(now).bind(version.id).execute_one(tx).await
}

pub(crate) async fn withdraw(
    tx: &mut Tx,
    id: PluginVersionId,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = WITHDRAW.bind(now).bind(reason).bind(id);
    query.execute_one(tx).await
}

/// What customers may install, by name: the latest released version of every plugin.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn catalogue(tx: &mut Tx, scope: &Scope) -> Result<Vec<CatalogueEntry>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let mut installed = BTreeMap::new();
    for row in INSTALLED.bind(scope.customer()).all(tx).await? {
        installed.insert(row.parsed::<PluginId>("plugin_id")?, row.int("installed")?);
    }
    let mut found: BTreeMap<String, CatalogueEntry> = BTreeMap::new();
    for row in RELEASED.query().all(tx).await? {
        let version = Arc::new(from_row(&row)?);
        let installed = installed.get(&version.plugin).copied().unwrap_or(0);
        let name = version.manifest.id.to_string();
        // The first of each plugin is its latest.
        found
            .entry(name)
            .or_insert(CatalogueEntry { version, installed });
    }
    Ok(found.into_values().collect())
}

/// One plugin that customers may install, by its name; in its latest released version unless another
/// is asked for.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn catalogue_entry(
    tx: &mut Tx,
    scope: &Scope,
    name: &str,
    version: Option<&str>,
) -> Result<PluginVersion, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    released(tx, name, version).await?.ok_or(Refusal::NotFound)
}

/// Everything in the catalogue, latest upload first; for staff.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn versions(tx: &mut Tx, scope: &Scope) -> Result<Vec<PluginVersion>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let rows = ALL.query().all(tx).await?;
    let found: Result<Vec<_>, Fault> = rows.iter().map(from_row).collect();
    Ok(found?)
}

/// One version; for staff.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(
    tx: &mut Tx,
    scope: &Scope,
    id: PluginVersionId,
) -> Result<PluginVersion, Refusal> {
    scope.needs(Permission::PluginRead)?;
    find(tx, id).await?.ok_or(Refusal::NotFound)
}

/// The package of a version as it was uploaded: the bytes of its `.wabeplugin` file; for staff.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn package(tx: &mut Tx, scope: &Scope, id: PluginVersionId) -> Result<Vec<u8>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    package_bytes(tx, id).await?.ok_or(Refusal::NotFound)
}

/// The version that came in exactly this package; for whoever sends one twice.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_package(
    tx: &mut Tx,
    scope: &Scope,
    bytes: &[u8],
) -> Result<Option<PluginVersion>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let Ok(package) = Package::read(bytes, COMPONENT_BYTES_LARGE) else {
        return Ok(None);
    };
    let (name, version) = (&package.manifest.id, &package.manifest.version);
    let row = FIND_NUMBER
        .bind(name.to_string())
        .bind(version.to_string())
        .optional(tx)
        .await?;
    let Some(found) = row.as_ref().map(from_row).transpose()? else {
        return Ok(None);
    };
    let kept = package_bytes(tx, found.id).await?;
    Ok(kept.filter(|kept| kept == bytes).map(|_same| found))
}

/// What the compiler said of the component of a version: what it imports, exports and is made of; for
/// staff. Versions from before it was kept have nothing.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn compiled(
    tx: &mut Tx,
    scope: &Scope,
    id: PluginVersionId,
) -> Result<Option<Compiled>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let row = COMPILED.bind(id).optional(tx).await?;
    let text = row.map(|row| row.text_or_null("compiled")).transpose()?;
    let read = text.flatten().map(|text| serde_json::from_str(&text));
    let read = read.transpose();
    Ok(read.map_err(|error| Fault::because("read a report", error))?)
}

/// How many installations run this version, in all customers; for staff.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn installations(
    tx: &mut Tx,
    scope: &Scope,
    id: PluginVersionId,
) -> Result<i64, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let row = INSTALLED_EVERYWHERE.bind(id).one(tx).await?;
    Ok(row.int("installed")?)
}

/// The bytes of a package, for the engine.
pub(crate) async fn package_bytes(
    tx: &mut Tx,
    id: PluginVersionId,
) -> Result<Option<Vec<u8>>, Fault> {
    use base64::Engine as _;
    let Some(row) = PACKAGE.bind(id).optional(tx).await? else {
        return Ok(None);
    };
    let bytes = base64::engine::general_purpose::STANDARD.decode(row.text("content")?);
    let bytes = bytes.map_err(|error| Fault::because("read a package", error))?;
    Ok(Some(bytes))
}

/// Runs of this plugin whose recordings customers released to its author, latest first; for staff.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn released_recordings(
    tx: &mut Tx,
    scope: &Scope,
    plugin: PluginId,
) -> Result<Vec<(RunId, Timestamp)>, Refusal> {
    scope.needs(Permission::PluginRead)?;
    let rows = RECORDINGS.bind(plugin).all(tx).await?;
    let found: Result<Vec<_>, Fault> = rows
        .iter()
        .map(|row| Ok((row.parsed("run_id")?, row.time("released_at")?)))
        .collect();
    Ok(found?)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn versions_sort_as_they_are_meant() {
        let texts = ["0.9.0", "0.10.0-rc.1", "0.10.0", "1.0.0", "10.0.0"];
        let orders = texts.map(|text| order(&text.parse().unwrap()));
        assert!(orders.is_sorted(), "{orders:?}");
    }
}
