//! The table of what became of each time of a cron job.

use crate::cron_job::model::CronRun;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::cron::CronEnded;
use wabe_kernel::id::{CronJobId, CronRunId, CustomerId};
use wabe_kernel::mask::mask;
use wabe_kernel::{CronOutcome, Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// Runs of one job that are kept.
const KEPT: i64 = 100;
/// Days that runs are kept.
const KEPT_DAYS: i64 = 30;

statements! {
    LIST = "hosting.cron_run.list" =>
        "SELECT id, job_id, due_at, by_hand, started_at, ended_at, outcome, reason, exit_code, signal, memory_bytes, \
         output_cut FROM cron_run WHERE customer_id = $1 AND job_id = $2 ORDER BY id DESC LIMIT $3";
    OUTPUT = "hosting.cron_run.output" =>
        "SELECT output FROM cron_run WHERE customer_id = $1 AND job_id = $2 AND id = $3";
    IS_RUNNING = "hosting.cron_run.is_running" =>
        "SELECT id FROM cron_run WHERE customer_id = $1 AND job_id = $2 AND outcome = 'running' LIMIT 1";
    RUNNING = "hosting.cron_run.running" =>
        "SELECT id, customer_id, job_id FROM cron_run WHERE outcome = 'running' LIMIT 1000";
    INSERT = "hosting.cron_run.insert" =>
        "INSERT INTO cron_run (id, job_id, customer_id, due_at, by_hand, started_at, ended_at, outcome, output_cut, \
         output) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')";
    END = "hosting.cron_run.end" =>
        "UPDATE cron_run SET ended_at = $1, outcome = $2, reason = $3, exit_code = $4, signal = $5, \
         memory_bytes = $6, output_cut = $7, output = $8 \
         WHERE id = $9 AND customer_id = $10 AND outcome = 'running'";
    PRUNE = "hosting.cron_run.prune" =>
        "DELETE FROM cron_run WHERE customer_id = $1 AND job_id = $2 AND outcome <> 'running' AND id < \
         (SELECT min(k.id) FROM (SELECT id FROM cron_run WHERE customer_id = $1 AND job_id = $2 \
          ORDER BY id DESC LIMIT $3) AS k)";
    SWEEP = "hosting.cron_run.sweep" =>
        "UPDATE cron_run SET outcome = 'lost', ended_at = $1 WHERE outcome = 'running' AND started_at < $2";
    FORGET = "hosting.cron_run.forget" =>
        "DELETE FROM cron_run WHERE started_at < $1 AND outcome <> 'running'";
    DELETE_OF = "hosting.cron_run.delete_of" =>
        "DELETE FROM cron_run WHERE customer_id = $1 AND job_id = $2";
}

fn from_row(row: &Row) -> Result<CronRun, Fault> {
    Ok(CronRun {
        id: row.parsed("id")?,
        job_id: row.parsed("job_id")?,
        due_at: row.time("due_at")?,
        by_hand: row.flag("by_hand")?,
        started_at: row.time("started_at")?,
        ended_at: row.time_or_null("ended_at")?,
        outcome: row.parsed("outcome")?,
        reason: row.text_or_null("reason")?,
        exit_code: row.int_or_null("exit_code")?,
        signal: row.int_or_null("signal")?,
        memory_bytes: row.int_or_null("memory_bytes")?,
        output_cut: row.flag("output_cut")?,
    })
}

/// What became of the times of a job, the latest first; 100 at most are kept.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn runs(tx: &mut Tx, scope: &Scope, id: CronJobId) -> Result<Vec<CronRun>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    let rows = LIST
        .bind(scope.customer())
        .bind(id)
        .bind(KEPT)
        .all(tx)
        .await?;
    let runs = rows.iter().map(from_row).collect::<Result<_, Fault>>();
    Ok(runs?)
}

/// The end of what a run wrote, without what looks like a secret. It is content, as files are.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn output(
    tx: &mut Tx,
    scope: &Scope,
    (job, run): (CronJobId, CronRunId),
) -> Result<String, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    scope.needs(Permission::FileRead)?;
    let query = OUTPUT.bind(scope.customer()).bind(job).bind(run);
    let row = query.optional(tx).await?.ok_or(Refusal::NotFound)?;
    Ok(row.text("output")?)
}

pub(crate) async fn is_running(
    tx: &mut Tx,
    customer: CustomerId,
    job: CronJobId,
) -> Result<bool, Fault> {
    let found = IS_RUNNING.bind(customer).bind(job).optional(tx).await?;
    Ok(found.is_some())
}

/// A run that goes on.
pub(crate) struct Running {
    pub(crate) run: CronRunId,
    pub(crate) customer: CustomerId,
    pub(crate) job: CronJobId,
}

/// What runs now, as far as it is noted.
pub(crate) async fn running(tx: &mut Tx) -> Result<Vec<Running>, Fault> {
    let rows = RUNNING.query().all(tx).await?;
    let read = |row: &Row| {
        Ok(Running {
            run: row.parsed("id")?,
            customer: row.parsed("customer_id")?,
            job: row.parsed("job_id")?,
        })
    };
    rows.iter().map(read).collect()
}

/// One more line of a job's history.
pub(crate) struct NewRun {
    pub(crate) id: CronRunId,
    pub(crate) job: CronJobId,
    pub(crate) customer: CustomerId,
    pub(crate) due_at: Timestamp,
    pub(crate) by_hand: bool,
    pub(crate) outcome: CronOutcome,
}

/// Notes it, and lets go of lines beyond those that are kept.
pub(crate) async fn insert(tx: &mut Tx, run: &NewRun, now: Timestamp) -> Result<(), Fault> {
    let over = (run.outcome != CronOutcome::Running).then_some(now);
    let query = INSERT.bind(run.id).bind(run.job).bind(run.customer);
    let query = query.bind(run.due_at).bind(run.by_hand).bind(now);
    query.bind(over).bind(run.outcome).execute_one(tx).await?;
    let query = PRUNE.bind(run.customer).bind(run.job).bind(KEPT);
    query.execute(tx).await.map(|_rows| ())
}

/// Notes how a run ended; false when it is not known any more, or was given up.
pub(crate) async fn end(
    tx: &mut Tx,
    (customer, id): (CustomerId, CronRunId),
    ended: &CronEnded,
    now: Timestamp,
) -> Result<bool, Fault> {
    let memory = ended
        .memory_bytes
        .and_then(|bytes| i64::try_from(bytes).ok());
    // NUL is no letter that PostgreSQL keeps.
    let output = mask(&ended.output).text.replace('\0', "\u{fffd}");
    let query = END.bind(now).bind(ended.outcome).bind(ended.reason);
    let query = query
        .bind(ended.exit.map(i64::from))
        .bind(ended.signal.map(i64::from));
    let query = query.bind(memory).bind(ended.cut).bind(output);
    Ok(query.bind(id).bind(customer).execute(tx).await? == 1)
}

/// Gives up runs that began before a time.
pub(crate) async fn sweep(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<u64, Fault> {
    SWEEP.bind(now).bind(before).execute(tx).await
}

/// Lets go of runs from more than 30 days ago.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let query = FORGET.bind(now.plus_days(-KEPT_DAYS));
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn delete_of(
    tx: &mut Tx,
    customer: CustomerId,
    job: CronJobId,
) -> Result<(), Fault> {
    let query = DELETE_OF.bind(customer).bind(job);
    query.execute(tx).await.map(|_rows| ())
}
