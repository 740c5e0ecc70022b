//! `installation.delete`

use crate::installation::{export, kv, schedule, secret, settled, store};
use crate::run;
use serde_json::Value;
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Limit, Permission, Refusal, Risk};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Fault, fields};

fields! {
    /// Removes a plugin from a customer, with everything it kept. What it kept can be downloaded for
    /// 14 days.
    pub struct DeleteInstallation {
        /// Which one.
        pub id: InstallationId,
    }
    prepared {
        /// What it leaves behind.
        left: Option<String>,
    }
}

impl Command for DeleteInstallation {
    const NAME: &'static str = "installation.delete";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Destructive;
    const PREPARES: bool = true;
    type Output = ();

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let customer = with.actor.customer;
        let mut tx = with.store.read_for(customer).await?;
        let found = store::find(&mut tx, customer, self.id).await?;
        let found = store::installed(&mut tx, found).await?;
        let left = export::of(&mut tx, &found).await?;
        tx.rollback().await?;
        self.left = Some(export::pack(&left)?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let missing = || Fault::new("an installation that left nothing behind");
        let left = self.left.as_deref().ok_or_else(missing)?;
        let found = settled::find(door, self.id).await?;
        let (customer, now) = (door.customer(), door.now());
        let (installation, version) = (&found.installation, &found.version);
        export::keep(door.tx(), installation, &version.manifest, left, now).await?;
        schedule::clear(door.tx(), customer, self.id).await?;
        secret::remove_all(door.tx(), customer, self.id).await?;
        kv::remove_all(door.tx(), customer, self.id).await?;
        run::store::remove_all(door.tx(), customer, self.id).await?;
        store::delete(door.tx(), customer, self.id).await?;
        door.give(Limit::Installations, 1).await?;
        let before = installation.snapshot(version);
        door.record(installation.object(version), before, Value::Null);
        Ok(())
    }
}
