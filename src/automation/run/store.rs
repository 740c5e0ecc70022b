//! The runs' rows, as commands and the engine move them on.

use crate::installation::Installation;
use crate::run::model::{Mode, Run, RunState, TriggerKind};
use wabe_access::Refusal;
use wabe_kernel::id::{ChangeId, CustomerId, InstallationId, PluginVersionId, RunId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::Entry;
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.customer_id, r.installation_id, r.version_id, r.root_id, r.source_id, \
             r.mode, r.trigger_kind, r.trigger_name, r.state, r.attempt, r.depth, r.slice, r.entry, \
             r.change_seq, r.queued_at, r.due_at, r.started_at, r.ended_at, r.code, r.message, \
             r.limit_name, r.usage, r.closest, r.log, r.result, r.difference FROM run r ",
            $rest
        )
    };
}
pub(crate) use select;

statements! {
    INSERT = "automation.run.insert" =>
        "INSERT INTO run (id, customer_id, installation_id, version_id, root_id, source_id, mode, \
         trigger_kind, trigger_name, state, attempt, depth, slice, entry, change_seq, queued_at, due_at, \
         lease_until, started_at, code) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    FIND = "automation.run.find" => select!("WHERE r.customer_id = $1 AND r.id = $2");
    LATEST = "automation.run.latest" =>
        select!("WHERE r.customer_id = $1 AND r.installation_id = $2 ORDER BY r.id DESC LIMIT $3");
    HOLD = "automation.run.hold" =>
        "UPDATE run SET state = 'held' WHERE customer_id = $1 AND installation_id = $2 \
         AND state = 'queued'";
    UNHOLD = "automation.run.unhold" =>
        "UPDATE run SET state = 'queued' WHERE customer_id = $1 AND installation_id = $2 \
         AND state = 'held'";
    CLAIM = "automation.run.claim" =>
        "UPDATE run SET state = 'running', attempt = attempt + 1, started_at = $1, lease_until = $2, \
         ended_at = NULL WHERE id = $3 AND state = 'queued' RETURNING attempt";
    NEXT_CUSTOMER = "automation.run.next_customer" =>
        "SELECT customer_id FROM run WHERE state = 'queued' AND due_at <= $1 AND customer_id > $2 \
         ORDER BY customer_id LIMIT 1";
    CANDIDATES = "automation.run.candidates" =>
        select!("WHERE r.customer_id = $1 AND r.state = 'queued' AND r.due_at <= $2 \
                 AND $3 NOT LIKE '%' || r.installation_id || '%' \
                 ORDER BY r.due_at, r.change_seq, r.id LIMIT $4");
    OVERDUE = "automation.run.overdue" =>
        select!("WHERE r.state = 'running' AND r.lease_until < $1 ORDER BY r.lease_until LIMIT 100");
    IS_WAITING = "automation.run.is_waiting" =>
        "SELECT id FROM run WHERE customer_id = $1 AND state = 'queued' AND installation_id = $2 \
         AND trigger_kind = 'event' LIMIT 1";
    POSTPONE = "automation.run.postpone" =>
        "UPDATE run SET due_at = $1 WHERE id = $2 AND state = 'queued'";
    DEPTH = "automation.run.depth" =>
        "SELECT r.depth FROM run_effect e JOIN run r ON r.id = e.run_id \
         WHERE e.customer_id = $1 AND e.change_id = $2";
    RECENT = "automation.run.recent" =>
        "SELECT state, code FROM run WHERE installation_id = $1 AND version_id = $2 \
         AND mode = 'live' AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT $3";
    DROP_EFFECTS = "automation.run.drop_effects" =>
        "DELETE FROM run_effect WHERE customer_id = $1 AND run_id IN \
         (SELECT id FROM run WHERE customer_id = $1 AND installation_id = $2)";
    DROP_RECORDINGS = "automation.run.drop_recordings" =>
        "DELETE FROM run_recording WHERE customer_id = $1 AND run_id IN \
         (SELECT id FROM run WHERE customer_id = $1 AND installation_id = $2)";
    DROP_KEYS = "automation.run.drop_keys" =>
        "DELETE FROM effect_key WHERE customer_id = $1 AND installation_id = $2";
    DROP_USE = "automation.run.drop_use" =>
        "DELETE FROM installation_use WHERE customer_id = $1 AND installation_id = $2";
    DROP = "automation.run.drop" =>
        "DELETE FROM run WHERE customer_id = $1 AND installation_id = $2";
}

fn json<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>, Fault> {
    let text = row.text_or_null(column)?;
    let read = text.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|error| Fault::because("read a run", error))
}

pub(crate) fn from_row(row: &Row) -> Result<Run, Fault> {
    Ok(Run {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        installation: row.parsed("installation_id")?,
        version: row.parsed("version_id")?,
        root: row.parsed("root_id")?,
        source: row.parsed_or_null("source_id")?,
        mode: row.parsed("mode")?,
        trigger: row.parsed("trigger_kind")?,
        trigger_name: row.text("trigger_name")?,
        state: row.parsed("state")?,
        attempt: row.int("attempt")?,
        depth: row.int("depth")?,
        slice: row.int("slice")?,
        entry: json(row, "entry")?,
        change_seq: row.int("change_seq")?,
        queued_at: row.time("queued_at")?,
        due_at: row.time("due_at")?,
        started_at: row.time_or_null("started_at")?,
        ended_at: row.time_or_null("ended_at")?,
        code: row.text_or_null("code")?,
        message: row.text_or_null("message")?,
        limit: row.text_or_null("limit_name")?,
        usage: json(row, "usage")?,
        closest: json(row, "closest")?,
        log: json(row, "log")?.unwrap_or_default(),
        result: json(row, "result")?,
        difference: json(row, "difference")?,
    })
}

/// What a new run is made of.
#[derive(Debug, Clone)]
pub(crate) struct NewRun {
    pub(crate) id: RunId,
    pub(crate) customer: CustomerId,
    pub(crate) installation: InstallationId,
    pub(crate) version: PluginVersionId,
    pub(crate) root: RunId,
    pub(crate) source: Option<RunId>,
    pub(crate) mode: Mode,
    pub(crate) trigger: TriggerKind,
    pub(crate) trigger_name: String,
    pub(crate) depth: i64,
    pub(crate) slice: i64,
    pub(crate) entry: Entry,
    pub(crate) change_seq: i64,
    pub(crate) due_at: Timestamp,
}

/// How a new run begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Begin {
    /// It waits for its turn.
    Queued,
    /// It is under way at once, and belongs to whoever adds it until then.
    Running(Timestamp),
    /// It never runs, for this reason.
    Dropped(&'static str),
}

pub(crate) async fn insert(
    tx: &mut Tx,
    new: &NewRun,
    begin: Begin,
    now: Timestamp,
) -> Result<(), Fault> {
    let entry =
        serde_json::to_string(&new.entry).map_err(|error| Fault::because("write a run", error))?;
    let (state, attempt, lease, code) = match begin {
        Begin::Queued => (RunState::Queued, 0, None, None),
        Begin::Running(until) => (RunState::Running, 1, Some(until), None),
        Begin::Dropped(code) => (RunState::Dropped, 0, None, Some(code)),
    };
    let query = INSERT.bind(new.id).bind(new.customer);
    let query = query.bind(new.installation).bind(new.version);
    let query = query.bind(new.root).bind(new.source).bind(new.mode);
    let query = query.bind(new.trigger).bind(&new.trigger_name);
    let query = query.bind(state).bind(attempt).bind(new.depth);
    let query = query.bind(new.slice).bind(entry).bind(new.change_seq);
    let query = query.bind(now).bind(new.due_at).bind(lease);
    let query = query.bind(lease.map(|_until| now)).bind(code);
    query.execute_one(tx).await
}

/// A run of this customer.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub(crate) async fn find(tx: &mut Tx, customer: CustomerId, id: RunId) -> Result<Run, Refusal> {
    let row = FIND.bind(customer).bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

pub(crate) async fn latest(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
    limit: i64,
) -> Result<Vec<Run>, Fault> {
    let query = LATEST.bind(customer).bind(installation).bind(limit);
    query.all(tx).await?.iter().map(from_row).collect()
}

/// Holds what waits for a stopped installation, or lets it go on.
pub(crate) async fn hold(
    tx: &mut Tx,
    installation: &Installation,
    held: bool,
) -> Result<(), Fault> {
    let statement = if held { HOLD } else { UNHOLD };
    let query = statement.bind(installation.customer).bind(installation.id);
    query.execute(tx).await.map(|_rows| ())
}

/// Takes a waiting run into this process's hands until `until`; false when somebody else has it.
pub(crate) async fn claim(
    tx: &mut Tx,
    run: &mut Run,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let query = CLAIM.bind(now).bind(until).bind(run.id);
    let Some(row) = query.optional(tx).await? else {
        return Ok(false);
    };
    run.attempt = row.int("attempt")?;
    run.state = RunState::Running;
    run.started_at = Some(now);
    Ok(true)
}

/// The next customer behind `after` for whom something is due.
pub(crate) async fn next_customer(
    tx: &mut Tx,
    now: Timestamp,
    after: &str,
) -> Result<Option<CustomerId>, Fault> {
    let row = NEXT_CUSTOMER.bind(now).bind(after).optional(tx).await?;
    row.map(|row| row.parsed("customer_id")).transpose()
}

/// The most candidates of one look.
pub(crate) const CANDIDATES_MAX: i64 = 50;

/// What is due for a customer, in the order in which it is to begin, without the installations whose ids
/// are in this text.
pub(crate) async fn candidates(
    tx: &mut Tx,
    customer: CustomerId,
    now: Timestamp,
    without: &str,
) -> Result<Vec<Run>, Fault> {
    let query = CANDIDATES.bind(customer).bind(now).bind(without);
    let rows = query.bind(CANDIDATES_MAX).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Whether events of an installation wait for their turn.
pub(crate) async fn is_waiting(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<bool, Fault> {
    let query = IS_WAITING.bind(customer).bind(installation);
    Ok(query.optional(tx).await?.is_some())
}

/// Runs whose process ended under them.
pub(crate) async fn overdue(tx: &mut Tx, now: Timestamp) -> Result<Vec<Run>, Fault> {
    let rows = OVERDUE.bind(now).all(tx).await?;
    rows.iter().map(from_row).collect()
}

pub(crate) async fn postpone(tx: &mut Tx, run: RunId, to: Timestamp) -> Result<(), Fault> {
    POSTPONE
        .bind(to)
        .bind(run)
        .execute(tx)
        .await
        .map(|_rows| ())
}

/// How deep the run was that made a change; none when a person did.
pub(crate) async fn depth_of(
    tx: &mut Tx,
    customer: CustomerId,
    change: ChangeId,
) -> Result<Option<i64>, Fault> {
    let row = DEPTH.bind(customer).bind(change).optional(tx).await?;
    row.map(|row| row.int("depth")).transpose()
}

/// Of the last runs of a version in an installation: how many failed by the plugin's own doing, and
/// how many there were.
pub(crate) async fn recent_failures(
    tx: &mut Tx,
    run: &Run,
    last: i64,
) -> Result<(i64, i64), Fault> {
    let query = RECENT.bind(run.installation).bind(run.version).bind(last);
    let rows = query.all(tx).await?;
    let mut failed = 0;
    for row in &rows {
        let state: RunState = row.parsed("state")?;
        let code = row.text_or_null("code")?.unwrap_or_default();
        let own = !crate::run::code::is_ours(&code);
        if matches!(state, RunState::Failed | RunState::Dead) && own {
            failed += 1;
        }
    }
    Ok((failed, i64::try_from(rows.len()).unwrap_or(0)))
}

/// Removes everything that an installation ever did.
pub(crate) async fn remove_all(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
) -> Result<(), Fault> {
    for statement in [DROP_EFFECTS, DROP_RECORDINGS, DROP_KEYS, DROP_USE, DROP] {
        let query = statement.bind(customer).bind(installation);
        query.execute(tx).await?;
    }
    Ok(())
}
