//! `installation.pause` and `installation.resume`

use crate::installation::model::{InstallationShown, InstallationState, PausedBy};
use crate::installation::{settled, store};
use crate::plugin::VersionState;
use serde_json::{Value, json};
use wabe_access::{ActorKind, Command, Door, Inverse, Permission, Refusal};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Reason, fields};

fields! {
    /// Stops an installation: nothing makes it run, and runs under way may do nothing more.
    pub struct PauseInstallation {
        /// Which one.
        pub id: InstallationId,
        /// Why.
        pub reason: Option<Reason>,
    }
    prepared {
        /// Who stops it, when that is not a person.
        by: Option<PausedBy>,
    }
}

impl PauseInstallation {
    /// The panel's own stop, for a reason of the catalogue: `plugin-pause-{code}`.
    pub(crate) fn by_panel(id: InstallationId, by: PausedBy, reason: Option<Reason>) -> Self {
        Self {
            id,
            reason,
            by: Some(by),
        }
    }
}

impl Command for PauseInstallation {
    const NAME: &'static str = "installation.pause";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = InstallationShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationShown, Refusal> {
        let found = settled::find(door, self.id).await?;
        let (version, mut changed) = (found.version, found.installation);
        if changed.state == InstallationState::Paused {
            return Err(Refusal::Conflict("installation-paused"));
        }
        let before = changed.snapshot(&version);
        let by = self.by.unwrap_or(PausedBy::Member);
        let reason = self.reason.as_ref().map(ToString::to_string);
        store::pause(&mut changed, reason, by, door.now());
        let saved = settled::save(door, before, changed, &version).await?;
        Ok(saved.installation)
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        let input = json!({ "id": after.get("id")? });
        Some(Inverse::new("installation.resume", input))
    }
}

fields! {
    /// Lets a stopped installation run again.
    pub struct ResumeInstallation {
        /// Which one.
        pub id: InstallationId,
        /// Whether it hears of what happened meanwhile; otherwise it goes on from now.
        pub catch_up: bool,
    }
}

impl Command for ResumeInstallation {
    const NAME: &'static str = "installation.resume";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = InstallationShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationShown, Refusal> {
        let found = settled::find(door, self.id).await?;
        let (version, mut changed) = (found.version, found.installation);
        if changed.state == InstallationState::Active {
            return Err(Refusal::Conflict("installation-active"));
        }
        if version.state == VersionState::Withdrawn {
            return Err(Refusal::Conflict("version-withdrawn"));
        }
        // Whoever granted its rights left: somebody else has to grant them.
        if changed.paused_by == Some(PausedBy::Granter) && !is_panel(door) {
            let customer = door.customer();
            let role = wabe_access::member::role(door.tx(), changed.granted_by, customer).await?;
            if role.is_none() {
                return Err(Refusal::Conflict("granter-gone"));
            }
        }
        let before = changed.snapshot(&version);
        changed.state = InstallationState::Active;
        changed.paused_reason = None;
        changed.paused_by = None;
        changed.failures_in_row = 0;
        if !self.catch_up {
            let customer = door.customer();
            changed.event_cursor = store::seq(door.tx(), customer).await?;
        }
        let saved = settled::save(door, before, changed, &version).await?;
        Ok(saved.installation)
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        let input = json!({ "id": after.get("id")? });
        Some(Inverse::new("installation.pause", input))
    }
}

fn is_panel(door: &Door<'_>) -> bool {
    door.actor().kind == ActorKind::System
}
