//! `cron_job.delete`

use crate::cron_job::{run_store, store};
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal, resource};
use wabe_kernel::fields;
use wabe_kernel::id::CronJobId;

fields! {
    /// Deletes a cron job with its history; a run that is going on ends by itself.
    pub struct DeleteCronJob {
        /// Which one.
        pub id: CronJobId,
    }
}

impl Command for DeleteCronJob {
    const NAME: &'static str = "cron_job.delete";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let was = store::find(door.tx(), customer, self.id).await?;
        // Those of a webspace in the trash count no more.
        let webspace = was.webspace_id.to_string();
        resource::load_present(door.tx(), customer, &webspace).await?;
        run_store::delete_of(door.tx(), customer, self.id).await?;
        store::delete(door.tx(), customer, self.id).await?;
        door.give(Limit::CronJobs, 1).await?;
        door.record(was.object(), was.snapshot(), Value::Null);
        Ok(())
    }

    /// A job like it, without the history.
    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        let paused = !before.get("enabled")?.as_bool()?;
        let input = json!({
            "webspace_id": before.get("webspace_id")?, "name": before.get("name")?,
            "schedule": before.get("schedule")?, "command": before.get("command")?,
            "paused": paused,
        });
        Some(Inverse::new("cron_job.create", input))
    }
}
