//! The table of cron jobs.

use crate::cron_job::model::{CronJob, LastRun};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CronJobId, CustomerId, WebspaceId};
use wabe_kernel::schedule::Zone;
use wabe_kernel::{CommandLine, Fault, Schedule, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "hosting.cron_job.list" =>
        "SELECT j.id, j.webspace_id, j.name, j.schedule, j.command, j.enabled, j.next_at, j.asked_at, j.failures, \
         j.created_at, r.outcome, r.started_at FROM cron_job j LEFT JOIN cron_run r ON r.id = \
         (SELECT max(l.id) FROM cron_run l WHERE l.customer_id = j.customer_id AND l.job_id = j.id) \
         WHERE j.customer_id = $1 AND j.webspace_id = $2 ORDER BY j.id LIMIT 1000";
    FIND = "hosting.cron_job.find" =>
        "SELECT j.id, j.webspace_id, j.name, j.schedule, j.command, j.enabled, j.next_at, j.asked_at, j.failures, \
         j.created_at, r.outcome, r.started_at FROM cron_job j LEFT JOIN cron_run r ON r.id = \
         (SELECT max(l.id) FROM cron_run l WHERE l.customer_id = j.customer_id AND l.job_id = j.id) \
         WHERE j.id = $1 AND j.customer_id = $2";
    COUNT = "hosting.cron_job.count" =>
        "SELECT CAST(count(*) AS BIGINT) AS jobs FROM cron_job WHERE customer_id = $1 AND webspace_id = $2";
    INSERT = "hosting.cron_job.insert" =>
        "INSERT INTO cron_job (id, customer_id, webspace_id, name, schedule, command, enabled, next_at, failures, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)";
    SET_SCHEDULE = "hosting.cron_job.set_schedule" =>
        "UPDATE cron_job SET schedule = $1, next_at = $2 WHERE id = $3 AND customer_id = $4";
    SET_COMMAND = "hosting.cron_job.set_command" =>
        "UPDATE cron_job SET command = $1 WHERE id = $2 AND customer_id = $3";
    SET_ENABLED = "hosting.cron_job.set_enabled" =>
        "UPDATE cron_job SET enabled = $1, next_at = $2 WHERE id = $3 AND customer_id = $4";
    ASK = "hosting.cron_job.ask" =>
        "UPDATE cron_job SET asked_at = $1 WHERE id = $2 AND customer_id = $3 AND asked_at IS NULL";
    LAST = "hosting.cron_job.last" => "SELECT last_at FROM cron_job WHERE id = $1 AND customer_id = $2";
    DELETE = "hosting.cron_job.delete" => "DELETE FROM cron_job WHERE id = $1 AND customer_id = $2";
}

fn from_row(row: &Row) -> Result<CronJob, Fault> {
    let last = match (
        row.parsed_or_null("outcome")?,
        row.time_or_null("started_at")?,
    ) {
        (Some(outcome), Some(started_at)) => Some(LastRun {
            outcome,
            started_at,
        }),
        _ => None,
    };
    Ok(CronJob {
        id: row.parsed("id")?,
        webspace_id: row.parsed("webspace_id")?,
        name: row.parsed("name")?,
        schedule: row.parsed("schedule")?,
        zone: Zone::default(),
        command: row.parsed("command")?,
        enabled: row.flag("enabled")?,
        next_at: row.time_or_null("next_at")?,
        asked_at: row.time_or_null("asked_at")?,
        last,
        failures: row.int("failures")?,
        created_at: row.time("created_at")?,
    })
}

/// The cron jobs of a webspace, oldest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    webspace: WebspaceId,
) -> Result<Vec<CronJob>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    let rows = LIST.bind(scope.customer()).bind(webspace).all(tx).await?;
    let jobs = rows.iter().map(from_row).collect::<Result<_, Fault>>();
    Ok(jobs?)
}

/// One cron job of a customer.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: CronJobId) -> Result<CronJob, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    find(tx, scope.customer(), id).await
}

pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
) -> Result<CronJob, Refusal> {
    let row = FIND.bind(id).bind(customer).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// How many a webspace has.
pub(crate) async fn count(
    tx: &mut Tx,
    customer: CustomerId,
    webspace: WebspaceId,
) -> Result<i64, Fault> {
    let row = COUNT.bind(customer).bind(webspace).one(tx).await?;
    row.int("jobs")
}

pub(crate) async fn insert(tx: &mut Tx, customer: CustomerId, job: &CronJob) -> Result<(), Fault> {
    let query = INSERT.bind(job.id).bind(customer).bind(job.webspace_id);
    let query = query.bind(&job.name).bind(&job.schedule).bind(&job.command);
    let query = query.bind(job.enabled).bind(job.next_at);
    query.bind(job.created_at).execute_one(tx).await
}

/// The latest time of the schedule that was dealt with.
pub(crate) async fn last_at(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
) -> Result<Option<Timestamp>, Fault> {
    let row = LAST.bind(id).bind(customer).one(tx).await?;
    row.time_or_null("last_at")
}

pub(crate) async fn set_schedule(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
    (schedule, next_at): (&Schedule, Option<Timestamp>),
) -> Result<(), Fault> {
    let query = SET_SCHEDULE.bind(schedule).bind(next_at);
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_command(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
    command: &CommandLine,
) -> Result<(), Fault> {
    let query = SET_COMMAND.bind(command).bind(id);
    query.bind(customer).execute_one(tx).await
}

pub(crate) async fn set_enabled(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
    (enabled, next_at): (bool, Option<Timestamp>),
) -> Result<(), Fault> {
    let query = SET_ENABLED.bind(enabled).bind(next_at);
    query.bind(id).bind(customer).execute_one(tx).await
}

/// Notes that it is to run at once; false when that was noted already.
pub(crate) async fn ask(
    tx: &mut Tx,
    customer: CustomerId,
    id: CronJobId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = ASK.bind(now).bind(id).bind(customer);
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn delete(tx: &mut Tx, customer: CustomerId, id: CronJobId) -> Result<(), Fault> {
    DELETE.bind(id).bind(customer).execute_one(tx).await
}
