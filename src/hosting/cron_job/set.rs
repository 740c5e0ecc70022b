//! `cron_job.set_schedule`, `set_command`, `set_enabled`

use crate::cron_job::create::{check_distance, check_program, next};
use crate::cron_job::model::CronJob;
use crate::cron_job::store;
use crate::webspace::back;
use serde_json::Value;
use wabe_access::{Command, Door, Inverse, Permission, Refusal, resource};
use wabe_kernel::id::CronJobId;
use wabe_kernel::{CommandLine, Schedule, fields};

/// The job as it is before a change; one whose webspace is in the trash is left alone.
pub(crate) async fn before(door: &mut Door<'_>, id: CronJobId) -> Result<CronJob, Refusal> {
    let customer = door.customer();
    let found = store::find(door.tx(), customer, id).await?;
    let webspace = found.webspace_id.to_string();
    resource::load_present(door.tx(), customer, &webspace).await?;
    Ok(found)
}

/// Records, and answers the job as it is now.
async fn after(door: &mut Door<'_>, before: &CronJob) -> Result<CronJob, Refusal> {
    let customer = door.customer();
    let after = store::find(door.tx(), customer, before.id).await?;
    door.record(after.object(), before.snapshot(), after.snapshot());
    Ok(after)
}

fields! {
    /// Changes when a cron job runs.
    pub struct SetCronSchedule {
        /// Which one.
        pub id: CronJobId,
        /// When: minute, hour, day, month, weekday, as in `15 3 * * *`, in German time.
        pub schedule: Schedule,
    }
}

impl Command for SetCronSchedule {
    const NAME: &'static str = "cron_job.set_schedule";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = CronJob;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CronJob, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        check_distance(door, &self.schedule).await?;
        let last = store::last_at(door.tx(), customer, self.id).await?;
        let next = next(&self.schedule, door.now(), last).filter(|_| was.enabled);
        store::set_schedule(door.tx(), customer, self.id, (&self.schedule, next)).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "schedule", before)
    }
}

fields! {
    /// Changes what a cron job runs.
    pub struct SetCronCommand {
        /// Which one.
        pub id: CronJobId,
        /// What: `php` and a script, or a file of the webspace (`./import`), with arguments. No shell reads it.
        pub command: CommandLine,
    }
}

impl Command for SetCronCommand {
    const NAME: &'static str = "cron_job.set_command";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = CronJob;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CronJob, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        check_program(door, was.webspace_id, &self.command).await?;
        store::set_command(door.tx(), customer, self.id, &self.command).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "command", before)
    }
}

fields! {
    /// Pauses a cron job, or lets it run again. A run that is going on ends by itself.
    pub struct SetCronEnabled {
        /// Which one.
        pub id: CronJobId,
        /// Whether it runs by itself.
        pub enabled: bool,
    }
}

impl Command for SetCronEnabled {
    const NAME: &'static str = "cron_job.set_enabled";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = CronJob;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CronJob, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        if self.enabled {
            // The plan may have changed meanwhile.
            check_distance(door, &was.schedule).await?;
        }
        let last = store::last_at(door.tx(), customer, self.id).await?;
        let next = next(&was.schedule, door.now(), last).filter(|_| self.enabled);
        store::set_enabled(door.tx(), customer, self.id, (self.enabled, next)).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "enabled", before)
    }
}
