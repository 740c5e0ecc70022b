//! Runs as members see them.

use crate::run::model::{Run, RunState, TriggerKind};
use crate::run::recording;
use crate::run::shown::{EffectShown, RunDetail};
use crate::run::store::{self, from_row, select};
use serde_json::{Value, json};
use wabe_access::{Permission, Refusal, Scope};
use wabe_audit::Recorder;
use wabe_kernel::id::{ChangeId, InstallationId, RunId};
use wabe_kernel::{Cursor, Fault, Page, PageRequest};
use wabe_package::Entry;
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "automation.run.list" =>
        select!("WHERE r.customer_id = $1 AND r.id < $2 AND ($3 = '' OR r.state = $3) \
                 AND ($4 = '' OR r.trigger_kind = $4) \
                 AND ($6 = 0 OR r.state <> 'done' OR r.trigger_kind <> 'card' \
                     AND (r.trigger_kind <> 'ticket' OR r.trigger_name <> '')) \
                 ORDER BY r.id DESC LIMIT $5");
    LIST_OF = "automation.run.list_of" =>
        select!("WHERE r.customer_id = $1 AND r.id < $2 AND ($3 = '' OR r.state = $3) \
                 AND ($4 = '' OR r.trigger_kind = $4) \
                 AND ($6 = 0 OR r.state <> 'done' OR r.trigger_kind <> 'card' \
                     AND (r.trigger_kind <> 'ticket' OR r.trigger_name <> '')) \
                 AND r.installation_id = $7 ORDER BY r.id DESC LIMIT $5");
    EFFECTS = "automation.run.effects" =>
        "SELECT place, command, target, key, state, change_id, shown FROM run_effect \
         WHERE customer_id = $1 AND run_id = $2 ORDER BY place";
    OF_CHANGE = "automation.run.of_change" =>
        "SELECT run_id FROM run_effect WHERE customer_id = $1 AND change_id = $2 LIMIT 1";
    COUNT = "automation.run.count" =>
        "SELECT state, CAST(count(*) AS BIGINT) AS runs FROM run \
         WHERE customer_id = $1 AND installation_id = $2 \
         AND ($3 = 0 OR state <> 'done' OR trigger_kind <> 'card' \
             AND (trigger_kind <> 'ticket' OR trigger_name <> '')) GROUP BY state";
}

/// Sorts after every id.
const NEWEST: &str = "~";

/// Which runs are wanted; all of them when everything is `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunFilter {
    /// Only of this installation.
    pub installation: Option<InstallationId>,
    /// Only in this state.
    pub state: Option<RunState>,
    /// Only made to run by this.
    pub trigger: Option<TriggerKind>,
    /// Without cards that were drawn and changed nothing: looks at the dashboard.
    pub without_looks: bool,
}

/// A page of a customer's runs, newest first.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: RunFilter,
    page: &PageRequest,
) -> Result<Page<Run>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let before = page.after.as_ref().map_or(NEWEST, Cursor::key);
    let statement = if filter.installation.is_some() {
        LIST_OF
    } else {
        LIST
    };
    let query = statement.bind(scope.customer()).bind(before);
    let query = query.bind(filter.state.map_or("", RunState::word));
    let query = query.bind(filter.trigger.map_or("", TriggerKind::word));
    let query = query.bind(page.limit + 1).bind(filter.without_looks);
    let query = match filter.installation {
        Some(installation) => query.bind(installation),
        None => query,
    };
    let rows = query.all(tx).await?;
    let found: Result<Vec<Run>, Fault> = rows.iter().map(from_row).collect();
    Ok(Page::from_rows(found?, page.limit, |run| {
        run.id.to_string()
    }))
}

/// How many runs of an installation are in each state, with or without looks at the dashboard.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    (installation, without_looks): (InstallationId, bool),
) -> Result<Vec<(RunState, i64)>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let query = COUNT.bind(scope.customer()).bind(installation);
    let query = query.bind(without_looks);
    let rows = query.all(tx).await?;
    let one = |row: &Row| Ok((row.parsed("state")?, row.int("runs")?));
    let found: Result<Vec<_>, Fault> = rows.iter().map(one).collect();
    Ok(found?)
}

/// One run of a customer, with its effects as before and after.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(
    tx: &mut Tx,
    recorder: &Recorder,
    scope: &Scope,
    id: RunId,
) -> Result<RunDetail, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let run = store::find(tx, scope.customer(), id).await?;
    let effects = effects(tx, recorder, scope, id).await?;
    let (there, released_at) = recording::standing(tx, scope.customer(), id).await?;
    // An event is an entry of the record: who may not read that, does not read it here.
    let hidden =
        matches!(run.entry, Some(Entry::Event { .. })) && !scope.has(Permission::ChangeRead);
    Ok(RunDetail {
        input: if hidden {
            Value::Null
        } else {
            json!(run.entry)
        },
        effects,
        log: json!(run.log),
        usage: json!(run.usage),
        result: run.result.clone().unwrap_or_default(),
        difference: run.difference.clone().unwrap_or_default(),
        recorded: there,
        released_at,
        run: run.shown(),
    })
}

/// The run that made a change; none when no plugin made it, or that was forgotten.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_change(
    tx: &mut Tx,
    scope: &Scope,
    change: ChangeId,
) -> Result<Option<RunId>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let query = OF_CHANGE.bind(scope.customer()).bind(change);
    let row = query.optional(tx).await?;
    Ok(row.map(|row| row.parsed("run_id")).transpose()?)
}

/// The effects of a run, in order.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn effects(
    tx: &mut Tx,
    recorder: &Recorder,
    scope: &Scope,
    run: RunId,
) -> Result<Vec<EffectShown>, Refusal> {
    scope.needs(Permission::AutomationRead)?;
    let mut shown = Vec::new();
    for row in EFFECTS.bind(scope.customer()).bind(run).all(tx).await? {
        let change: Option<ChangeId> = row.parsed_or_null("change_id")?;
        let (before, after) = match change {
            Some(_) if !scope.has(Permission::ChangeRead) => (Value::Null, Value::Null),
            Some(change) => match recorder.load(tx, scope.customer(), change).await? {
                Some(record) => (record.before, record.after),
                None => (Value::Null, Value::Null),
            },
            None => dry(&row)?,
        };
        shown.push(EffectShown {
            place: row.int("place")?,
            command: row.text("command")?,
            target: row.text("target")?,
            key: row.text("key")?,
            state: row.parsed("state")?,
            change,
            before,
            after,
        });
    }
    Ok(shown)
}

/// Before and after of an effect that was only shown.
fn dry(row: &Row) -> Result<(Value, Value), Fault> {
    let Some(text) = row.text_or_null("shown")? else {
        return Ok((Value::Null, Value::Null));
    };
    let mut shown: Value =
        serde_json::from_str(&text).map_err(|error| Fault::because("read an effect", error))?;
    let mut take = |name: &str| shown.get_mut(name).map(Value::take).unwrap_or_default();
    Ok((take("before"), take("after")))
}
