//! `installation.set_capabilities`

use crate::desk::Desk;
use crate::field::Granted;
use crate::installation::model::InstallationChanged;
use crate::installation::{rights, settled};
use wabe_access::{Command, Door, Permission, Refusal, Risk, Scope};
use wabe_kernel::fields;
use wabe_kernel::id::InstallationId;

fields! {
    /// Grants an installation other rights; what is not named is taken back at once, also from runs
    /// under way.
    pub struct SetCapabilities {
        /// Which one.
        pub id: InstallationId,
        /// What is granted, by capability.
        pub capabilities: Granted,
    }
}

impl Command for SetCapabilities {
    const NAME: &'static str = "installation.set_capabilities";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = InstallationChanged;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationChanged, Refusal> {
        let tools = door.tools().clone();
        let desk = Desk::of(&tools)?;
        let actor = door.actor().clone();
        let person = actor.user.ok_or(Refusal::Forbidden)?;
        let found = settled::find(door, self.id).await?;
        let (version, mut changed) = (found.version, found.installation);
        let before = changed.snapshot(&version);
        let scope = Scope::of(door.tx(), &actor).await?;
        let wanted = &self.capabilities.0;
        changed.granted = rights::checked(door.tx(), desk, &version, &scope, wanted).await?;
        changed.granted_by = person;
        changed.granted_at = door.now();
        changed.generation += 1;
        settled::save(door, before, changed, &version).await
    }
}
