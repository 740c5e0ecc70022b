//! The end of every command on an installation: rights, address, clock and ears follow the row.

use crate::installation::model::{Installation, InstallationChanged, InstallationState, Installed};
use crate::installation::rights::Rights;
use crate::installation::{schedule, store, webhook_address};
use crate::plugin::PluginVersion;
use crate::run;
use serde_json::Value;
use wabe_access::{Door, Refusal};

/// Whether events make it run as it stands.
pub(crate) fn is_listening(
    installation: &Installation,
    version: &PluginVersion,
    rights: &Rights,
) -> bool {
    installation.state == InstallationState::Active && rights.is_listening(&version.manifest)
}

/// Saves a changed installation with everything that follows from it, and records the change.
pub(crate) async fn save(
    door: &mut Door<'_>,
    before: Value,
    mut changed: Installation,
    version: &PluginVersion,
) -> Result<InstallationChanged, Refusal> {
    let now = door.now();
    changed.updated_at = now;
    let rights = Rights::of(version, &changed.granted);
    let mut password = None;
    if changed.webhook_slug.is_none() && rights.has_webhook(&version.manifest) {
        changed.webhook_slug = Some(webhook_address::token(door.rng()));
        password = Some(webhook_address::set_password(door, &changed).await?);
    }
    let listening = is_listening(&changed, version, &rights);
    store::save(door.tx(), &changed, listening).await?;
    schedule::plan(door.tx(), &changed, &version.manifest, &rights, now).await?;
    let held = changed.state == InstallationState::Paused;
    run::store::hold(door.tx(), &changed, held).await?;
    door.record(changed.object(version), before, changed.snapshot(version));
    let installation = store::installed(door.tx(), changed).await?;
    Ok(InstallationChanged {
        installation: installation.shown().at(&door.tools().house.webhooks_url),
        webhook_password: password,
    })
}

/// An installation of the customer whose door this is, with its versions.
pub(crate) async fn find(
    door: &mut Door<'_>,
    id: wabe_kernel::id::InstallationId,
) -> Result<Installed, Refusal> {
    let customer = door.customer();
    let found = store::find(door.tx(), customer, id).await?;
    store::installed(door.tx(), found).await
}
