//! What installations use, by the day.

use crate::run::finish::End;
use crate::run::limits;
use crate::run::model::RunState;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    ADD = "automation.usage.add" =>
        "INSERT INTO installation_use (installation_id, customer_id, day, runs, failed, cpu_us, fetches, \
         log_bytes, messages, kept_bytes, effects) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, 0, $8, $9) \
         ON CONFLICT (installation_id, day) DO UPDATE SET runs = installation_use.runs + 1, \
         failed = installation_use.failed + excluded.failed, \
         cpu_us = installation_use.cpu_us + excluded.cpu_us, \
         fetches = installation_use.fetches + excluded.fetches, \
         log_bytes = installation_use.log_bytes + excluded.log_bytes, \
         kept_bytes = installation_use.kept_bytes + excluded.kept_bytes, \
         effects = installation_use.effects + excluded.effects \
         RETURNING runs, log_bytes, kept_bytes, effects";
    MESSAGE = "automation.usage.message" =>
        "INSERT INTO installation_use (installation_id, customer_id, day, runs, failed, cpu_us, fetches, \
         log_bytes, messages) VALUES ($1, $2, $3, 0, 0, 0, 0, 0, $4) \
         ON CONFLICT (installation_id, day) DO UPDATE \
         SET messages = installation_use.messages + excluded.messages RETURNING messages";
    TODAY = "automation.usage.today" =>
        "SELECT runs, cpu_us FROM installation_use \
         WHERE customer_id = $1 AND installation_id = $2 AND day = $3";
    LIST = "automation.usage.list" =>
        "SELECT day, runs, failed, cpu_us, fetches, log_bytes, messages FROM installation_use \
         WHERE customer_id = $1 AND installation_id = $2 AND day > $3 ORDER BY day";
    FORGET = "automation.usage.forget" => "DELETE FROM installation_use WHERE day < $1";
}

/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;
/// The running time that an installation has each day, in microseconds.
pub const CPU_US_MAX: i64 = 600_000_000;
/// The messages to members and letters to support that an installation may send each day: people read them.
pub const MESSAGES_MAX: i64 = 20;
/// The effects of an installation that are applied each day: each is a change in the record for good, and
/// work for a node.
pub const EFFECTS_MAX: i64 = 5_000;
/// Bytes of log that are kept of an installation each day; beyond them the log of every hundredth run is.
pub const LOG_BYTES_MAX: i64 = 10 << 20;
/// Bytes that are kept of an installation's runs each day: input, log, answer and recording. Beyond them
/// only how a run ended is.
pub const KEPT_BYTES_MAX: i64 = 64 << 20;
/// Which of the runs keep their log when there is no room for all.
const SAMPLE: i64 = 100;
/// Days that are kept.
pub const DAYS: i64 = 90;

fn day(now: Timestamp) -> i64 {
    now.0.div_euclid(DAY_US)
}

/// When the next day begins.
pub(crate) fn tomorrow(now: Timestamp) -> Timestamp {
    Timestamp((day(now) + 1) * DAY_US)
}

/// What there is room for of what a run leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// All of it.
    All,
    /// All but its log.
    WithoutLog,
    /// How it ended.
    EndAlone,
}

fn length(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Adds a try; answers what there is room for of it.
///
/// # Errors
/// `Busy` until midnight when it applies effects and there are more than [`EFFECTS_MAX`] today.
pub(crate) async fn add(tx: &mut Tx, end: &End, now: Timestamp) -> Result<Room, Refusal> {
    let failed = i64::from(end.state != RunState::Done);
    let micros = |us: u64| i64::try_from(us).unwrap_or(i64::MAX);
    let log = end
        .log
        .iter()
        .map(|line| line.message.len() + line.fields.len());
    let log = length(log.sum());
    let result = end.result.as_ref().map(|result| result.to_string().len());
    let recording = end.recording.as_ref().map(String::len);
    let all = end.input_bytes + result.unwrap_or(0) + recording.unwrap_or(0);
    let query = ADD.bind(end.installation).bind(end.customer).bind(day(now));
    let query = query.bind(failed).bind(micros(end.usage.cpu_us));
    let query = query.bind(i64::from(end.usage.fetches)).bind(log);
    let effects = length(end.applied().count());
    let query = query.bind(log.saturating_add(length(all))).bind(effects);
    let row = query.one(tx).await?;
    if effects > 0 && row.int("effects")? > EFFECTS_MAX {
        return Err(until_midnight(now));
    }
    let sample = row.int("runs")? % SAMPLE == 0;
    Ok(if row.int("kept_bytes")? > KEPT_BYTES_MAX {
        Room::EndAlone
    } else if row.int("log_bytes")? > LOG_BYTES_MAX && !sample {
        Room::WithoutLog
    } else {
        Room::All
    })
}

/// Counts messages to members, and letters to support.
///
/// # Errors
/// `Busy` until midnight when there are more than [`MESSAGES_MAX`] today.
pub(crate) async fn messages(
    tx: &mut Tx,
    (customer, id): (CustomerId, InstallationId),
    count: i64,
    now: Timestamp,
) -> Result<(), Refusal> {
    let query = MESSAGE.bind(id).bind(customer).bind(day(now));
    let sent = query.bind(count).one(tx).await?.int("messages")?;
    if sent <= MESSAGES_MAX {
        return Ok(());
    }
    Err(until_midnight(now))
}

fn until_midnight(now: Timestamp) -> Refusal {
    let left = tomorrow(now).seconds_since(now);
    Refusal::Busy(u32::try_from(left).unwrap_or(u32::MAX))
}

/// What an installation used up for today: it rests until midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Its running time.
    Cpu,
    /// Its number of runs.
    Runs,
}

impl Spent {
    /// Its word: the Fluent message is `plugin-rests-{word}`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Runs => "runs",
        }
    }
}

/// What is used up for today, if anything is.
async fn spent(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
    now: Timestamp,
) -> Result<Option<Spent>, Fault> {
    let query = TODAY.bind(customer).bind(id).bind(day(now));
    let Some(row) = query.optional(tx).await? else {
        return Ok(None);
    };
    if row.int("cpu_us")? >= CPU_US_MAX {
        return Ok(Some(Spent::Cpu));
    }
    let most = limits::runs_a_day(tx, customer).await?;
    Ok((row.int("runs")? >= most).then_some(Spent::Runs))
}

/// Whether today's running time or number of runs is used up.
pub(crate) async fn is_spent(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstallationId,
    now: Timestamp,
) -> Result<bool, Fault> {
    Ok(spent(tx, customer, id, now).await?.is_some())
}

/// Why an installation rests, and until when; nothing while it does not.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn rest(
    tx: &mut Tx,
    scope: &Scope,
    id: InstallationId,
    now: Timestamp,
) -> Result<Option<(Spent, Timestamp)>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let spent = spent(tx, scope.customer(), id, now).await?;
    Ok(spent.map(|spent| (spent, tomorrow(now))))
}

/// A day of an installation.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DayOfUse {
    /// Its beginning, in UTC.
    pub day: Timestamp,
    /// Tries.
    pub runs: i64,
    /// Of these, how many failed.
    pub failed: i64,
    /// Running time of the plugin, in microseconds.
    pub cpu_us: i64,
    /// Requests to other hosts.
    pub fetches: i64,
    /// Bytes in its log.
    pub log_bytes: i64,
    /// Messages to members, and letters to support.
    pub messages: i64,
}

/// The last `days` days of an installation, oldest first; days without runs are left out.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    id: InstallationId,
    (now, days): (Timestamp, i64),
) -> Result<Vec<DayOfUse>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let query = LIST.bind(scope.customer()).bind(id);
    let rows = query.bind(day(now) - days.clamp(1, DAYS)).all(tx).await?;
    let one = |row: &Row| {
        Ok(DayOfUse {
            day: Timestamp(row.int("day")? * DAY_US),
            runs: row.int("runs")?,
            failed: row.int("failed")?,
            cpu_us: row.int("cpu_us")?,
            fetches: row.int("fetches")?,
            log_bytes: row.int("log_bytes")?,
            messages: row.int("messages")?,
        })
    };
    let found: Result<Vec<_>, Fault> = rows.iter().map(one).collect();
    Ok(found?)
}

pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    FORGET.bind(day(now) - DAYS).execute(tx).await
}
