//! The table of jobs. The only file of this room that asks which engine it is.

use serde_json::Value;
use wabe_kernel::id::JobId;
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_store::{Dialect, Row, Tx, statements};

statements! {
    INSERT = "jobs.queue.insert" =>
        "INSERT INTO job (id, kind, payload, run_at, dedupe_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (dedupe_key) DO NOTHING";
    DUE = "jobs.queue.due" =>
        "SELECT id FROM job WHERE kind = $1 AND dead_at IS NULL AND run_at <= $2 \
         AND (locked_until IS NULL OR locked_until <= $2) LIMIT 1";
    CLAIM = "jobs.queue.claim" =>
        "UPDATE job SET attempts = attempts + 1, locked_until = $1, dedupe_key = NULL WHERE id = \
         (SELECT id FROM job WHERE kind = $2 AND dead_at IS NULL AND run_at <= $3 \
          AND (locked_until IS NULL OR locked_until <= $3) ORDER BY run_at, id LIMIT 1) \
         RETURNING id, payload, attempts";
    DONE = "jobs.queue.done" => "DELETE FROM job WHERE id = $1 AND locked_until = $2";
    RETRY = "jobs.queue.retry" =>
        "UPDATE job SET run_at = $1, locked_until = NULL, last_error = $2 \
         WHERE id = $3 AND locked_until = $4";
    BURY = "jobs.queue.bury" =>
        "UPDATE job SET dead_at = $1, locked_until = NULL, last_error = $2 \
         WHERE id = $3 AND locked_until = $4";
    DEAD = "jobs.queue.dead" =>
        "SELECT id, kind, attempts, last_error, created_at, dead_at FROM job \
         WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT $1";
    REVIVE = "jobs.queue.revive" =>
        "UPDATE job SET dead_at = NULL, attempts = 0, run_at = $1 WHERE id = $2 AND dead_at IS NOT NULL";
    FORGET = "jobs.queue.forget" => "DELETE FROM job WHERE dead_at < $1";
    WAITING = "jobs.queue.waiting" =>
        "SELECT CAST(count(*) AS BIGINT) AS waiting FROM job WHERE dead_at IS NULL";
}

/// What only PostgreSQL understands.
pub(super) mod postgres {
    use wabe_store::statements;

    statements! {
        CLAIM = "jobs.queue.claim_postgres" =>
            "UPDATE job SET attempts = attempts + 1, locked_until = $1, dedupe_key = NULL WHERE id = \
             (SELECT id FROM job WHERE kind = $2 AND dead_at IS NULL AND run_at <= $3 \
              AND (locked_until IS NULL OR locked_until <= $3) ORDER BY run_at, id LIMIT 1 \
              FOR UPDATE SKIP LOCKED) \
             RETURNING id, payload, attempts";
    }
}

/// Work to be done after this transaction.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// The kind: [`crate::queue::Handler::KIND`] of whoever does it.
    pub kind: &'static str,
    /// Its input: ids, never secrets.
    pub payload: Value,
    /// Not before this time.
    pub run_at: Timestamp,
    /// While a job with this key waits to begin, another one is not added.
    pub dedupe_key: Option<String>,
}

/// A job in the hands of one worker.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) id: JobId,
    pub(super) payload: Value,
    pub(super) attempts: i64,
    /// The end of the lease; also the proof of holding it.
    pub(super) locked_until: Timestamp,
}

/// A job that was given up.
#[derive(Debug, Clone)]
pub struct Dead {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The code of the last failure.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Timestamp,
}

/// Adds a job to the caller's transaction; `None` when one with its key waits already.
///
/// # Errors
/// A fault of the database.
pub async fn enqueue(
    tx: &mut Tx,
    now: Timestamp,
    rng: &dyn Rng,
    job: NewJob,
) -> Result<Option<JobId>, Fault> {
    let id = JobId::new(now, rng);
    tx.unscope().await?;
    let query = INSERT
        .bind(id)
        .bind(job.kind)
        .bind(&job.payload)
        .bind(job.run_at);
    let added = query.bind(job.dedupe_key).bind(now).execute(tx).await?;
    tx.rescope().await?;
    Ok((added == 1).then_some(id))
}

/// Whether a job of this kind could be claimed; asked of a reader, so that idling costs no write.
pub(super) async fn is_due(tx: &mut Tx, kind: &str, now: Timestamp) -> Result<bool, Fault> {
    Ok(DUE.bind(kind).bind(now).optional(tx).await?.is_some())
}

/// Takes the job that waits longest, until `locked_until`.
pub(super) async fn claim(
    tx: &mut Tx,
    kind: &str,
    now: Timestamp,
    locked_until: Timestamp,
) -> Result<Option<Claimed>, Fault> {
    let statement = match tx.dialect() {
        Dialect::Sqlite => CLAIM,
        Dialect::Postgres => postgres::CLAIM,
    };
    let query = statement.bind(locked_until).bind(kind).bind(now);
    let row = query.optional(tx).await?;
    row.map(|row| {
        Ok(Claimed {
            id: row.parsed("id")?,
            payload: row.json("payload")?,
            attempts: row.int("attempts")?,
            locked_until,
        })
    })
    .transpose()
}

/// Removes a job that worked; false when the lease was lost meanwhile.
pub(super) async fn done(tx: &mut Tx, job: &Claimed) -> Result<bool, Fault> {
    let query = DONE.bind(job.id).bind(job.locked_until);
    Ok(query.execute(tx).await? == 1)
}

/// Puts a job back for another attempt; false when the lease was lost meanwhile.
pub(super) async fn retry(
    tx: &mut Tx,
    job: &Claimed,
    at: Timestamp,
    code: &str,
) -> Result<bool, Fault> {
    let query = RETRY.bind(at).bind(code).bind(job.id);
    Ok(query.bind(job.locked_until).execute(tx).await? == 1)
}

/// Gives a job up; false when the lease was lost meanwhile.
pub(super) async fn bury(
    tx: &mut Tx,
    job: &Claimed,
    now: Timestamp,
    code: &str,
) -> Result<bool, Fault> {
    let query = BURY.bind(now).bind(code).bind(job.id);
    Ok(query.bind(job.locked_until).execute(tx).await? == 1)
}

fn dead_from(row: &Row) -> Result<Dead, Fault> {
    Ok(Dead {
        id: row.parsed("id")?,
        kind: row.text("kind")?,
        attempts: row.int("attempts")?,
        last_error: row.text_or_null("last_error")?,
        created_at: row.time("created_at")?,
        dead_at: row.time("dead_at")?,
    })
}

/// The jobs that were given up, latest first. For the operator, in a system transaction.
///
/// # Errors
/// A fault of the database.
pub async fn dead(tx: &mut Tx, limit: i64) -> Result<Vec<Dead>, Fault> {
    let rows = DEAD.bind(limit.clamp(1, 200)).all(tx).await?;
    rows.iter().map(dead_from).collect()
}

/// Lets a dead job begin anew; false when there is no such dead job.
///
/// # Errors
/// A fault of the database.
pub async fn revive(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, Fault> {
    Ok(REVIVE.bind(now).bind(id).execute(tx).await? == 1)
}

/// Forgets jobs that died before `before`; answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn forget_dead(tx: &mut Tx, before: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(before).execute(tx).await
}

/// How many jobs wait or run.
///
/// # Errors
/// A fault of the database.
pub async fn waiting(tx: &mut Tx) -> Result<i64, Fault> {
    WAITING.query().one(tx).await?.int("waiting")
}
