//! The table of schedules.

use crate::schedule::Schedule;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    FIND = "jobs.schedule.find" => "SELECT last_started_at FROM schedule WHERE name = $1";
    START = "jobs.schedule.start" =>
        "INSERT INTO schedule (name, last_started_at, last_outcome) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET last_started_at = $2, last_outcome = $3 \
         WHERE schedule.last_started_at <= $4 OR schedule.last_started_at > $5";
    FINISH = "jobs.schedule.finish" =>
        "UPDATE schedule SET last_finished_at = $1, last_outcome = $2 WHERE name = $3";
    LIST = "jobs.schedule.list" =>
        "SELECT name, last_started_at, last_finished_at, last_outcome FROM schedule ORDER BY name";
}

/// How a run ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Begun; also what stays when the program ended meanwhile.
    Running,
    /// It worked.
    Done,
    /// It did not; the log says why.
    Failed,
}

impl Outcome {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// What became of a schedule lately.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// When it last began.
    pub last_started_at: Timestamp,
    /// When a run last ended.
    pub last_finished_at: Option<Timestamp>,
    /// How.
    pub last_outcome: Outcome,
}

/// The latest start that makes a schedule due again, and the one that only a clock that jumped back
/// can explain.
const fn bounds(schedule: &Schedule, now: Timestamp) -> (Timestamp, Timestamp) {
    let past = now.plus_seconds(-schedule.every_seconds);
    (past, now.plus_seconds(schedule.every_seconds))
}

pub(super) async fn is_due(
    tx: &mut Tx,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(row) = FIND.bind(schedule.name).optional(tx).await? else {
        return Ok(true);
    };
    let (past, future) = bounds(schedule, now);
    let last = row.time("last_started_at")?;
    Ok(last <= past || last > future)
}

/// Takes this interval's run; false when somebody else took it.
pub(super) async fn start(tx: &mut Tx, schedule: &Schedule, now: Timestamp) -> Result<bool, Fault> {
    let (past, future) = bounds(schedule, now);
    let query = START
        .bind(schedule.name)
        .bind(now)
        .bind(Outcome::Running.word());
    Ok(query.bind(past).bind(future).execute(tx).await? == 1)
}

pub(super) async fn finish(
    tx: &mut Tx,
    schedule: &Schedule,
    now: Timestamp,
    outcome: Outcome,
) -> Result<(), Fault> {
    let query = FINISH.bind(now).bind(outcome.word());
    query.bind(schedule.name).execute_one(tx).await
}

fn seen_from(row: &Row) -> Result<Seen, Fault> {
    Ok(Seen {
        name: row.text("name")?,
        last_started_at: row.time("last_started_at")?,
        last_finished_at: row.time_or_null("last_finished_at")?,
        last_outcome: match row.text("last_outcome")?.as_str() {
            "done" => Outcome::Done,
            "running" => Outcome::Running,
            _ => Outcome::Failed,
        },
    })
}

/// What became of every schedule lately, by name.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx) -> Result<Vec<Seen>, Fault> {
    let rows = LIST.query().all(tx).await?;
    rows.iter().map(seen_from).collect()
}
