//! `installation.set_settings`

use crate::field::Chosen;
use crate::installation::create::complete;
use crate::installation::model::InstallationShown;
use crate::installation::settled;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::InstallationId;

fields! {
    /// Gives an installation other settings; its next run has them.
    pub struct SetSettings {
        /// Which one.
        pub id: InstallationId,
        /// All of its settings; what is absent has its default.
        pub settings: Chosen,
    }
}

impl Command for SetSettings {
    const NAME: &'static str = "installation.set_settings";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = InstallationShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<InstallationShown, Refusal> {
        let found = settled::find(door, self.id).await?;
        let (version, mut changed) = (found.version, found.installation);
        let before = changed.snapshot(&version);
        changed.settings = complete(&version, &self.settings)?;
        let saved = settled::save(door, before, changed, &version).await?;
        Ok(saved.installation)
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let (id, settings) = (before.get("id")?, before.get("settings")?);
        let input = json!({ "id": id, "settings": settings });
        Some(Inverse::new("installation.set_settings", input))
    }
}
