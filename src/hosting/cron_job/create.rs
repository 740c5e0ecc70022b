//! `cron_job.create`

use crate::cron_job::model::CronJob;
use crate::cron_job::store;
use crate::webspace;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Limit, Permission, Refusal, plan};
use wabe_kernel::id::{CronJobId, WebspaceId};
use wabe_kernel::schedule::Zone;
use wabe_kernel::{CommandLine, Line, Problem, Schedule, Timestamp, fields};

fields! {
    /// Makes a cron job: a program of a webspace that runs again and again.
    pub struct CreateCronJob {
        /// Whose program; it runs in this webspace's folder.
        pub webspace_id: WebspaceId,
        /// What to call it.
        pub name: Line,
        /// When: minute, hour, day, month, weekday, as in `15 3 * * *`, in German time.
        pub schedule: Schedule,
        /// What: `php` and a script, or a file of the webspace (`./import`), with arguments. No shell reads it.
        pub command: CommandLine,
        /// Whether it waits until somebody switches it on; it runs when absent.
        pub paused: Option<bool>,
    }
}

/// Refuses times that are nearer than the plan allows.
pub(crate) async fn check_distance(
    door: &mut Door<'_>,
    schedule: &Schedule,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let allowed = plan::cron_minutes_min(door.tx(), customer).await?;
    let apart = i64::from(schedule.minutes_apart());
    if apart >= allowed {
        return Ok(());
    }
    let problem = Problem::new("cron-too-often").with("minutes", apart);
    Err(Refusal::field("schedule", problem.with("min", allowed)))
}

/// Refuses PHP where the webspace has none, and webspaces that are not there.
pub(crate) async fn check_program(
    door: &mut Door<'_>,
    id: WebspaceId,
    command: &CommandLine,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let house = door.tools().house.clone();
    let webspace = webspace::store::find(door.tx(), customer, id, &house).await?;
    webspace.standing.present()?;
    if command.is_php() && webspace.php.is_none() {
        return Err(Refusal::field(
            "command",
            Problem::new("command-without-php"),
        ));
    }
    Ok(())
}

/// When it runs next: after now, and after whatever of it was dealt with.
pub(crate) fn next(
    schedule: &Schedule,
    now: Timestamp,
    last: Option<Timestamp>,
) -> Option<Timestamp> {
    let after = last.map_or(now, |last| last.max(now));
    schedule.next_after(after, Zone::default())
}

impl Command for CreateCronJob {
    const NAME: &'static str = "cron_job.create";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const TAKES: &'static [(Limit, i64)] = &[(Limit::CronJobs, 1)];
    type Output = CronJob;

    async fn apply(&self, door: &mut Door<'_>) -> Result<CronJob, Refusal> {
        let (customer, now) = (door.customer(), door.now());
        check_program(door, self.webspace_id, &self.command).await?;
        check_distance(door, &self.schedule).await?;
        let enabled = self.paused != Some(true);
        let job = CronJob {
            id: CronJobId::new(now, door.rng()),
            webspace_id: self.webspace_id,
            name: self.name.clone(),
            schedule: self.schedule.clone(),
            zone: Zone::default(),
            command: self.command.clone(),
            enabled,
            next_at: next(&self.schedule, now, None).filter(|_| enabled),
            asked_at: None,
            last: None,
            failures: 0,
            created_at: now,
        };
        store::insert(door.tx(), customer, &job).await?;
        door.record(job.object(), Value::Null, job.snapshot());
        Ok(job)
    }

    fn inverse(_before: &Value, after: &Value) -> Option<Inverse> {
        let input = json!({ "id": after.get("id")? });
        Some(Inverse::new("cron_job.delete", input))
    }
}
