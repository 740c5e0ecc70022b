//! The clock: jobs whose time has come, and what became of them.
//!
//! A time is taken in one transaction with the note of what becomes of it, by whoever is first; the next one is
//! reckoned from now, and never before the latest that was taken. Customers take turns: whoever has less running
//! comes first, however many jobs of others wait, and since when.

use crate::cron_job::create::next;
use crate::cron_job::run_store::{self, NewRun, Running};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wabe_access::Gate;
use wabe_kernel::cron::{CronEnded, CronOrder, RUN_SECONDS_MAX};
use wabe_kernel::id::{CronJobId, CronRunId, CustomerId, WebspaceId};
use wabe_kernel::schedule::Zone;
use wabe_kernel::{CommandLine, CronOutcome, Fault, PhpVersion, Schedule, Timestamp};
use wabe_store::{Row, Tx, statements};

/// Jobs that one look finds.
const LOOK: i64 = 200;
/// Runs of one customer side by side.
const OF_ONE: usize = 2;
/// A time that passed while nothing ran is made up for within so many seconds.
const LATE_SECONDS: i64 = 3_600;
/// Seconds after which nothing more is heard of a run that should have been ended.
const LOST_SECONDS: i64 = 120;

/// Jobs whose time compares so: of each customer one, then of each a second, and so on. Those that still run come
/// first, for they are noted and take no turn.
macro_rules! in_turns {
    ($time:literal, $compares:literal) => {
        concat!(
            "SELECT id, customer_id, webspace_id, name, schedule, command, next_at, last_at, asked_at, php FROM \
             (SELECT j.id, j.customer_id, j.webspace_id, j.name, j.schedule, j.command, j.next_at, j.last_at, \
             j.asked_at, w.php, ",
            $time,
            " AS since, row_number() OVER (PARTITION BY j.customer_id ORDER BY CASE WHEN EXISTS \
             (SELECT 1 FROM cron_run x WHERE x.outcome = 'running' AND x.customer_id = j.customer_id \
             AND x.job_id = j.id) THEN 0 ELSE 1 END, ",
            $time,
            ", j.id) AS turn FROM cron_job j JOIN resource r ON r.id = j.webspace_id \
             JOIN webspace w ON w.id = j.webspace_id JOIN customer c ON c.id = j.customer_id WHERE ",
            $time,
            $compares,
            " AND r.suspended_reason IS NULL AND r.deleted_at IS NULL AND r.gone_at IS NULL \
             AND c.suspended_reason IS NULL AND c.erasing_at IS NULL) AS d ORDER BY turn, since, id LIMIT $2"
        )
    };
}

statements! {
    DUE = "hosting.cron_job.due" => in_turns!("j.next_at", " <= $1");
    ASKED = "hosting.cron_job.asked" => in_turns!("j.asked_at", " > $1");
    TAKE = "hosting.cron_job.take" =>
        "UPDATE cron_job SET next_at = $1, last_at = $2 WHERE id = $3 AND customer_id = $4 AND next_at = $5";
    TAKE_ASKED = "hosting.cron_job.take_asked" =>
        "UPDATE cron_job SET asked_at = NULL WHERE id = $1 AND customer_id = $2 AND asked_at = $3";
    FAILURES = "hosting.cron_job.failures" =>
        "SELECT failures FROM cron_job WHERE id = $1 AND customer_id = $2";
    SET_FAILURES = "hosting.cron_job.set_failures" =>
        "UPDATE cron_job SET failures = $1 WHERE id = $2 AND customer_id = $3";
}

/// A job whose time has come, and which is taken now.
#[derive(Debug, Clone)]
pub struct Due {
    /// Whose.
    pub customer: CustomerId,
    /// Which job.
    pub job: CronJobId,
    /// What people call it.
    pub name: String,
    /// What is to run.
    pub order: CronOrder,
}

/// What customers are told about a run that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    /// It went as the one before did, or nobody knows it any more.
    Same,
    /// It went wrong, and the one before had not.
    Failing,
    /// It went well, and the one before had not.
    Recovered,
}

/// A row of what is due.
struct Job {
    id: CronJobId,
    customer: CustomerId,
    webspace: WebspaceId,
    name: String,
    schedule: Schedule,
    command: CommandLine,
    next_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    php: Option<PhpVersion>,
}

fn from_row(row: &Row) -> Result<Job, Fault> {
    Ok(Job {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        webspace: row.parsed("webspace_id")?,
        name: row.text("name")?,
        schedule: row.parsed("schedule")?,
        command: row.parsed("command")?,
        next_at: row.time_or_null("next_at")?,
        last_at: row.time_or_null("last_at")?,
        asked_at: row.time_or_null("asked_at")?,
        php: row.parsed_or_null("php")?,
    })
}

/// Takes what is due, at most `slots` jobs that are to run now; notes what does not run. What finds no place
/// stays due. `ours` are the runs that still go on here: each keeps its customer's place until it ends, also
/// when its job was deleted meanwhile, and what was noted of it with that.
///
/// # Errors
/// A fault of the database.
pub async fn begin_due(gate: &Gate, slots: usize, ours: &[Arc<Due>]) -> Result<Vec<Due>, Fault> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let asked = ASKED.bind(0_i64).bind(LOOK).all(&mut tx).await?;
    let due = DUE.bind(now).bind(LOOK).all(&mut tx).await?;
    let noted = run_store::running(&mut tx).await?;
    tx.rollback().await?;
    let mut taken = places(&noted, ours);
    let running: BTreeSet<CronJobId> = noted.iter().map(|one| one.job).collect();
    let by_hand = read(&asked).map(|job| (job, true));
    let by_time = read(&due).map(|job| (job, false));
    let mut begun = Vec::new();
    for (job, by_hand) in in_turns(by_hand.chain(by_time), (&running, &taken)) {
        let own = taken.entry(job.customer).or_default();
        let overlaps = running.contains(&job.id);
        let has_room = begun.len() < slots && *own < OF_ONE;
        if !has_room && !overlaps {
            continue;
        }
        let due = if by_hand {
            take_asked(gate, job, now).await?
        } else {
            take(gate, job, now).await?
        };
        if let Some(due) = due {
            *own += 1;
            begun.push(due);
        }
    }
    Ok(begun)
}

/// How many places each customer has taken.
fn places(noted: &[Running], ours: &[Arc<Due>]) -> BTreeMap<CustomerId, usize> {
    let noted = noted.iter().map(|one| (one.run, one.customer));
    let ours = ours.iter().map(|due| (due.order.run, due.customer));
    let runs: BTreeMap<CronRunId, CustomerId> = noted.chain(ours).collect();
    let mut taken: BTreeMap<CustomerId, usize> = BTreeMap::new();
    for customer in runs.into_values() {
        *taken.entry(customer).or_default() += 1;
    }
    taken
}

/// Those first whose customer has less running, and else as they came; what overlaps begins nothing, so nobody
/// waits behind it.
fn in_turns(
    jobs: impl Iterator<Item = (Job, bool)>,
    (running, taken): (&BTreeSet<CronJobId>, &BTreeMap<CustomerId, usize>),
) -> Vec<(Job, bool)> {
    let mut counts = taken.clone();
    let mut turns: BTreeMap<usize, Vec<(Job, bool)>> = BTreeMap::new();
    for (job, by_hand) in jobs {
        let turn = if running.contains(&job.id) {
            0
        } else {
            let count = counts.entry(job.customer).or_default();
            *count += 1;
            *count
        };
        turns.entry(turn).or_default().push((job, by_hand));
    }
    turns.into_values().flatten().collect()
}

/// The jobs of these rows. One that cannot be read delays no other.
fn read(rows: &[Row]) -> impl Iterator<Item = Job> {
    rows.iter().filter_map(|row| match from_row(row) {
        Ok(job) => Some(job),
        Err(fault) => {
            tracing::error!(cause = %fault.chain(), "a cron job could not be read");
            None
        }
    })
}

/// The latest time of a job up to now, from its next one on.
fn latest(schedule: &Schedule, at: Timestamp, now: Timestamp) -> Timestamp {
    let (mut latest, zone) = (at, Zone::default());
    let mut from = at.max(now.plus_seconds(-LATE_SECONDS - 1));
    while let Some(time) = schedule.next_after(from, zone).filter(|time| *time <= now) {
        (latest, from) = (time, time);
    }
    latest
}

fn line(gate: &Gate, job: &Job, due_at: Timestamp, outcome: CronOutcome) -> NewRun {
    let tools = gate.tools();
    NewRun {
        id: CronRunId::new(tools.clock.now(), tools.rng.as_ref()),
        job: job.id,
        customer: job.customer,
        due_at,
        by_hand: false,
        outcome,
    }
}

async fn take(gate: &Gate, job: Job, now: Timestamp) -> Result<Option<Due>, Fault> {
    let Some(at) = job.next_at else {
        return Ok(None);
    };
    let latest = latest(&job.schedule, at, now);
    let coming = next(&job.schedule, now, job.last_at.max(Some(latest)));
    let mut tx = gate.store().write().await?;
    let query = TAKE.bind(coming).bind(latest).bind(job.id);
    if query.bind(job.customer).bind(at).execute(&mut tx).await? != 1 {
        tx.rollback().await?;
        return Ok(None);
    }
    if at != latest && now.seconds_since(at) > LATE_SECONDS {
        let missed = line(gate, &job, at, CronOutcome::Missed);
        run_store::insert(&mut tx, &missed, now).await?;
    }
    let outcome = if now.seconds_since(latest) > LATE_SECONDS {
        CronOutcome::Missed
    } else {
        CronOutcome::Running
    };
    let run = line(gate, &job, latest, outcome);
    note(tx, job, run, now).await
}

async fn take_asked(gate: &Gate, job: Job, now: Timestamp) -> Result<Option<Due>, Fault> {
    let Some(at) = job.asked_at else {
        return Ok(None);
    };
    let mut tx = gate.store().write().await?;
    let query = TAKE_ASKED.bind(job.id).bind(job.customer).bind(at);
    if query.execute(&mut tx).await? != 1 {
        tx.rollback().await?;
        return Ok(None);
    }
    let mut run = line(gate, &job, at, CronOutcome::Running);
    run.by_hand = true;
    note(tx, job, run, now).await
}

/// Notes the run, as an overlap where the one before still goes on, and answers it where it is to begin.
async fn note(mut tx: Tx, job: Job, mut run: NewRun, now: Timestamp) -> Result<Option<Due>, Fault> {
    let begins = run.outcome == CronOutcome::Running;
    if begins && run_store::is_running(&mut tx, job.customer, job.id).await? {
        run.outcome = CronOutcome::Overlap;
    }
    run_store::insert(&mut tx, &run, now).await?;
    tx.commit().await?;
    let due = Due {
        customer: job.customer,
        job: job.id,
        name: job.name,
        order: CronOrder {
            run: run.id,
            webspace: job.webspace,
            php: job.php,
            command: job.command,
        },
    };
    Ok((run.outcome == CronOutcome::Running).then_some(due))
}

/// Notes how a run ended.
///
/// # Errors
/// A fault of the database.
pub async fn end(gate: &Gate, due: &Due, ended: &CronEnded) -> Result<Noted, Fault> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().write().await?;
    let run = (due.customer, due.order.run);
    if !run_store::end(&mut tx, run, ended, now).await? {
        tx.rollback().await?;
        return Ok(Noted::Same);
    }
    let noted = judge(&mut tx, due, ended.outcome).await?;
    tx.commit().await?;
    Ok(noted)
}

/// Counts failures in a row.
async fn judge(tx: &mut Tx, due: &Due, outcome: CronOutcome) -> Result<Noted, Fault> {
    let query = FAILURES.bind(due.job).bind(due.customer);
    let Some(row) = query.optional(tx).await? else {
        return Ok(Noted::Same);
    };
    let before = row.int("failures")?;
    let (after, noted) = match outcome {
        CronOutcome::Ok if before > 0 => (0, Noted::Recovered),
        outcome if outcome.is_failure() && before == 0 => (1, Noted::Failing),
        outcome if outcome.is_failure() => (before.saturating_add(1), Noted::Same),
        _ => return Ok(Noted::Same),
    };
    let query = SET_FAILURES.bind(after).bind(due.job);
    query.bind(due.customer).execute_one(tx).await?;
    Ok(noted)
}

/// Gives up runs of which nothing was heard, as when the machine went down; answers how many.
///
/// # Errors
/// A fault of the database.
pub async fn sweep(gate: &Gate) -> Result<u64, Fault> {
    let now = gate.tools().clock.now();
    let patience = i64::from(RUN_SECONDS_MAX).saturating_add(LOST_SECONDS);
    let mut tx = gate.store().write().await?;
    let swept = run_store::sweep(&mut tx, now.plus_seconds(-patience), now).await?;
    tx.commit().await?;
    Ok(swept)
}
