//! `installation.create`

use crate::desk::Desk;
use crate::field::{Chosen, Granted};
use crate::flaws::refused;
use crate::installation::model::{Installation, InstallationChanged, InstallationState};
use crate::installation::rights::{self, Rights};
use crate::installation::{settled, store};
use crate::plugin::{self, PluginVersion};
use serde_json::Value;
use wabe_access::{Command, Door, Limit, Permission, Refusal, Risk, Scope};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Line, Problem, fields};

fields! {
    /// Installs a plugin from the catalogue and grants it rights; what is not granted is refused.
    pub struct CreateInstallation {
        /// The plugin's name in the catalogue.
        pub plugin: Line,
        /// Its version; the latest when absent.
        pub version: Option<Line>,
        /// What is granted, by capability.
        pub capabilities: Granted,
        /// Its settings; what is absent has its default.
        pub settings: Option<Chosen>,
    }
}

/// The settings as the plugin's schema wants them, complete.
pub(crate) fn complete(version: &PluginVersion, chosen: &Chosen) -> Result<Value, Refusal> {
    let chosen = Value::Object(chosen.0.clone());
    let checked = version.settings().check(&chosen);
    checked.map_err(|flaws| refused("settings", &flaws))
}

impl Command for CreateInstallation {
    const NAME: &'static str = "installation.create";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Sensitive;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::Installations, 1)];
    type Output = InstallationChanged;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationChanged, Refusal> {
        let tools = door.tools().clone();
        let desk = Desk::of(&tools)?;
        let (customer, now) = (door.customer(), door.now());
        let actor = door.actor().clone();
        // A run may what a person may: somebody has to stand for it.
        let person = actor.user.ok_or(Refusal::Forbidden)?;
        let number = self.version.as_ref().map(Line::as_str);
        let version = plugin::store::released(door.tx(), self.plugin.as_str(), number).await?;
        let version =
            version.ok_or_else(|| Refusal::field("plugin", Problem::new("no-such-plugin")))?;
        let scope = Scope::of(door.tx(), &actor).await?;
        let wanted = &self.capabilities.0;
        let granted = rights::checked(door.tx(), desk, &version, &scope, wanted).await?;
        let settings = complete(&version, &self.settings.clone().unwrap_or_default())?;
        let new = Installation {
            id: InstallationId::new(now, door.rng()),
            customer,
            plugin: version.plugin,
            version: version.id,
            previous: None,
            parked: None,
            skipped: None,
            state: InstallationState::Active,
            paused_reason: None,
            paused_by: None,
            generation: 1,
            granted,
            granted_by: person,
            granted_at: now,
            settings,
            webhook_slug: None,
            // It hears of what comes behind this change.
            event_cursor: store::seq(door.tx(), customer).await?,
            failures_in_row: 0,
            created_at: now,
            updated_at: now,
        };
        let rights = Rights::of(&version, &new.granted);
        let listening = settled::is_listening(&new, &version, &rights);
        store::insert(door.tx(), &new, listening).await?;
        settled::save(door, Value::Null, new, &version).await
    }
}
