//! `installation.update`, `installation.approve_update` and `installation.rollback`

use crate::desk::Desk;
use crate::field::{Chosen, Granted};
use crate::installation::create::complete;
use crate::installation::model::{Installation, InstallationChanged, InstallationShown, Installed};
use crate::installation::{rights, settled};
use crate::plugin::{self, PluginVersion, VersionState};
use std::sync::Arc;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Risk, Scope};
use wabe_jobs::notice::{self, Audience, Notice};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Line, fields};

fields! {
    /// Takes the latest version of a plugin when it asks for nothing more, and keeps it waiting for
    /// somebody to agree when it does. Only the panel does this by itself.
    pub struct UpdateInstallation {
        /// Which one.
        pub id: InstallationId,
    }
}

/// The same installation with another version; what ran before is kept for the way back.
fn switched(mut installation: Installation, to: &PluginVersion) -> Installation {
    installation.previous = Some(installation.version);
    installation.version = to.id;
    installation.parked = None;
    installation.skipped = None;
    installation.generation += 1;
    installation.failures_in_row = 0;
    installation
}

impl Command for UpdateInstallation {
    const NAME: &'static str = "installation.update";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = InstallationShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationShown, Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let found = settled::find(door, self.id).await?;
        let latest = plugin::store::latest(door.tx(), found.installation.plugin).await?;
        let latest = latest.filter(|latest| is_news(&found, latest));
        let latest = latest.ok_or(Refusal::Conflict("no-update"))?;
        let before = found.installation.snapshot(&found.version);
        let chosen = Chosen(object(&found.installation.settings));
        let more = !latest
            .manifest
            .asks_beyond(&found.version.manifest)
            .is_empty();
        let (changed, version) = match complete(&latest, &chosen) {
            Ok(settings) if !more => {
                let mut changed = switched(found.installation, &latest);
                changed.settings = settings;
                (changed, Arc::new(latest))
            }
            _ => {
                tell(door, &found, &latest).await?;
                let mut changed = found.installation;
                changed.parked = Some(latest.id);
                (changed, found.version)
            }
        };
        let saved = settled::save(door, before, changed, &version).await?;
        Ok(saved.installation)
    }
}

/// Whether a version is newer than the one that runs, and nobody decided about it yet.
fn is_news(found: &Installed, latest: &PluginVersion) -> bool {
    let installation = &found.installation;
    latest.manifest.version > found.version.manifest.version
        && installation.parked != Some(latest.id)
        && installation.skipped != Some(latest.id)
}

fn object(value: &serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    value.as_object().cloned().unwrap_or_default()
}

async fn tell(
    door: &mut Door<'_>,
    found: &Installed,
    latest: &PluginVersion,
) -> Result<(), Refusal> {
    let tools = door.tools().clone();
    let now = door.now();
    let version = latest.manifest.version.to_string();
    let notice = Notice {
        customer: found.installation.customer,
        kind: NoticeKind::PluginUpdate,
        about: crate::message::about(&found.installation, &found.version),
        args: Args::new().text("version", version),
        dedupe_key: None,
    };
    notice::tell_those(
        door.tx(),
        now,
        tools.rng.as_ref(),
        &notice,
        Audience::AUTOMATION,
    )
    .await?;
    Ok(())
}

fields! {
    /// Agrees to a waiting version, and grants it rights; what is not granted is refused.
    pub struct ApproveUpdate {
        /// Which installation.
        pub id: InstallationId,
        /// Its version, as it was shown.
        pub version: Line,
        /// What is granted, by capability.
        pub capabilities: Granted,
        /// Its settings; what it has stays when absent.
        pub settings: Option<Chosen>,
    }
}

impl Command for ApproveUpdate {
    const NAME: &'static str = "installation.approve_update";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = InstallationChanged;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationChanged, Refusal> {
        let tools = door.tools().clone();
        let desk = Desk::of(&tools)?;
        let actor = door.actor().clone();
        let person = actor.user.ok_or(Refusal::Forbidden)?;
        let found = settled::find(door, self.id).await?;
        let before = found.installation.snapshot(&found.version);
        let parked = found.parked.ok_or(Refusal::Conflict("no-update"))?;
        // Nobody agrees to what came after they looked.
        if parked.manifest.version.to_string() != self.version.as_str() {
            return Err(Refusal::Conflict("no-update"));
        }
        if parked.state != VersionState::Released {
            return Err(Refusal::Conflict("version-withdrawn"));
        }
        let scope = Scope::of(door.tx(), &actor).await?;
        let wanted = &self.capabilities.0;
        let granted = rights::checked(door.tx(), desk, &parked, &scope, wanted).await?;
        let known = || Chosen(object(&found.installation.settings));
        let settings = self.settings.clone().unwrap_or_else(known);
        let settings = complete(&parked, &settings)?;
        let mut changed = switched(found.installation.clone(), &parked);
        changed.settings = settings;
        changed.granted = granted;
        changed.granted_by = person;
        changed.granted_at = door.now();
        settled::save(door, before, changed, &parked).await
    }
}

fields! {
    /// Goes back to the version that ran before; the other one is not taken again by itself.
    pub struct RollBack {
        /// Which installation.
        pub id: InstallationId,
    }
}

impl Command for RollBack {
    const NAME: &'static str = "installation.rollback";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = InstallationShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationShown, Refusal> {
        let found = settled::find(door, self.id).await?;
        let before = found.installation.snapshot(&found.version);
        let previous = found.installation.previous;
        let previous = previous.ok_or(Refusal::Conflict("no-version-before"))?;
        let version = plugin::store::find(door.tx(), previous).await?;
        let version = version.ok_or(Refusal::NotFound)?;
        if version.state == VersionState::Withdrawn {
            return Err(Refusal::Conflict("version-withdrawn"));
        }
        let mut changed = switched(found.installation, &version);
        changed.skipped = changed.previous.take();
        // Settings that only the newer version knows fall away.
        let fields = version.settings();
        let mut settings = object(&changed.settings);
        settings.retain(|name, _| fields.fields().iter().any(|field| field.name == *name));
        changed.settings = complete(&version, &Chosen(settings))?;
        let saved = settled::save(door, before, changed, &version).await?;
        Ok(saved.installation)
    }
}
