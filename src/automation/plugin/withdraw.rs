//! `plugin.withdraw`

use crate::plugin::model::{VersionShown, VersionState};
use crate::plugin::store;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::PluginVersionId;
use wabe_kernel::{Reason, fields};

fields! {
    /// Ends a version everywhere at once: it cannot be installed, and what is installed stops.
    pub struct WithdrawPlugin {
        /// Which one.
        pub id: PluginVersionId,
        /// Why; customers who installed it are shown this.
        pub reason: Reason,
    }
}

impl Command for WithdrawPlugin {
    const NAME: &'static str = "plugin.withdraw";
    const PERMISSION: Permission = Permission::PluginWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = VersionShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<VersionShown, Refusal> {
        let found = store::find(door.tx(), self.id).await?;
        let before = found.ok_or(Refusal::NotFound)?;
        if before.state == VersionState::Withdrawn {
            return Err(Refusal::Conflict("version-withdrawn"));
        }
        let (now, reason) = (door.now(), self.reason.to_string());
        store::withdraw(door.tx(), self.id, &reason, now).await?;
        let mut after = before.clone();
        after.state = VersionState::Withdrawn;
        after.withdrawn_at = Some(now);
        after.withdrawn_reason = Some(reason);
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after.shown())
    }
}
