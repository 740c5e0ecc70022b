//! `cron_job.run`

use crate::cron_job::model::CronJob;
use crate::cron_job::{run_store, store};
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal, resource};
use wabe_kernel::fields;
use wabe_kernel::id::CronJobId;

fields! {
    /// Runs a cron job at once, beside its schedule.
    pub struct RunCronJob {
        /// Which one.
        pub id: CronJobId,
    }
}

impl Command for RunCronJob {
    const NAME: &'static str = "cron_job.run";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = CronJob;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CronJob, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let was = store::find(door.tx(), customer, self.id).await?;
        let webspace = was.webspace_id.to_string();
        let webspace = resource::load_present(door.tx(), customer, &webspace).await?;
        if webspace.suspended_reason.is_some() {
            return Err(Refusal::Conflict("cron-webspace-off"));
        }
        if run_store::is_running(door.tx(), customer, self.id).await? {
            return Err(Refusal::Conflict("cron-running"));
        }
        if !store::ask(door.tx(), customer, self.id, now).await? {
            return Err(Refusal::Conflict("cron-running"));
        }
        let asked = store::find(door.tx(), customer, self.id).await?;
        let said = |at| json!({ "id": self.id, "asked_at": at });
        door.record(asked.object(), said(was.asked_at), said(asked.asked_at));
        Ok(asked)
    }
}
