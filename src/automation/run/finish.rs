//! The end of a run: everything that it leaves behind, in one transaction with its effects.

use crate::installation::kv::{self, Shelf, Write};
use crate::installation::{standing, store as installations};
use crate::run::closest::Closest;
use crate::run::model::{Run, RunState};
use crate::run::shown::EffectState;
use crate::run::store::{Begin, NewRun, insert};
use crate::run::usage::{self, Room};
use serde_json::{Value, json};
use wabe_access::gate::Made;
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{CustomerId, InstallationId, PluginId, RunId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::Entry;
use wabe_package::wire::{LogLine, Usage};
use wabe_store::{Tx, statements};

statements! {
    END = "automation.run.end" =>
        "UPDATE run SET state = $1, ended_at = $2, lease_until = NULL, due_at = $3, code = $4, \
         message = $5, limit_name = $6, usage = $7, closest = $8, log = $9, result = $10, \
         difference = $11 WHERE customer_id = $12 AND id = $13 AND state = 'running' AND attempt = $14";
    DROP_EFFECTS_OF = "automation.run.drop_effects_of" =>
        "DELETE FROM run_effect WHERE customer_id = $1 AND run_id = $2";
    EFFECT = "automation.run.effect" =>
        "INSERT INTO run_effect (run_id, customer_id, place, command, target, key, state, change_id, \
         change_seq, shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    KEY = "automation.run.key" =>
        "INSERT INTO effect_key (installation_id, customer_id, key, run_id, applied_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (installation_id, key) DO NOTHING";
    DROP_INPUT = "automation.run.drop_input" =>
        "UPDATE run SET entry = NULL WHERE customer_id = $1 AND id = $2";
    HAS_KEY = "automation.run.has_key" =>
        "SELECT run_id FROM effect_key WHERE customer_id = $1 AND installation_id = $2 AND key = $3";
    TAKE_OVER = "automation.run.take_over" =>
        "UPDATE effect_key SET run_id = $1, applied_at = $2 \
         WHERE customer_id = $3 AND installation_id = $4 AND key = $5 AND run_id IN \
         (SELECT r.id FROM run r WHERE r.id = effect_key.run_id AND r.state IN ('failed', 'dead'))";
    RECORD = "automation.run.record" =>
        "INSERT INTO run_recording (run_id, customer_id, plugin_id, content, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (run_id) DO UPDATE SET content = excluded.content, \
         created_at = excluded.created_at, released_at = NULL, released_by = NULL";
}

/// An effect at the end of its run.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) command: String,
    pub(crate) target: String,
    pub(crate) key: String,
    pub(crate) state: EffectState,
    /// Of a dry run: before and after.
    pub(crate) shown: Option<Value>,
}

impl Kept {
    /// Whether somebody of the hoster has to read it: as messages, these are counted by the day.
    fn is_letter(&self) -> bool {
        self.command.starts_with("ticket.")
    }
}

/// How a try ended.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) run: RunId,
    pub(crate) customer: CustomerId,
    pub(crate) installation: InstallationId,
    pub(crate) plugin: PluginId,
    pub(crate) plugin_name: String,
    pub(crate) attempt: i64,
    /// The generation under which it began; absent where nothing of it counts.
    pub(crate) generation: Option<i64>,
    pub(crate) state: RunState,
    /// When it is tried next.
    pub(crate) due_at: Timestamp,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: Option<String>,
    pub(crate) limit: Option<&'static str>,
    pub(crate) usage: Usage,
    pub(crate) closest: Option<Closest>,
    pub(crate) log: Vec<LogLine>,
    pub(crate) result: Option<Value>,
    pub(crate) difference: Option<Value>,
    pub(crate) effects: Vec<Kept>,
    pub(crate) writes: Vec<Write>,
    /// The next slice of a long task.
    pub(crate) follow: Option<NewRun>,
    /// The packed recording.
    pub(crate) recording: Option<String>,
    /// About how large its input is.
    pub(crate) input_bytes: usize,
}

impl End {
    /// A try that ended before it began.
    pub(crate) fn of(run: &Run, plugin: (PluginId, String), now: Timestamp) -> Self {
        Self {
            run: run.id,
            customer: run.customer,
            installation: run.installation,
            plugin: plugin.0,
            plugin_name: plugin.1,
            attempt: run.attempt,
            generation: None,
            state: RunState::Done,
            due_at: now,
            code: None,
            message: None,
            limit: None,
            usage: Usage::default(),
            closest: None,
            log: Vec::new(),
            result: None,
            difference: None,
            effects: Vec::new(),
            writes: Vec::new(),
            follow: None,
            recording: None,
            input_bytes: run.entry.as_ref().map_or(0, input_bytes),
        }
    }

    /// The same, as far as there is room for what it leaves behind.
    fn within(mut self, room: Room) -> Self {
        if room != Room::All {
            self.log.clear();
        }
        if room == Room::EndAlone {
            self.result = None;
            self.recording = None;
        }
        self
    }

    /// Its effects that are applied.
    pub(crate) fn applied(&self) -> impl Iterator<Item = &Kept> {
        let applied = |effect: &&Kept| effect.state == EffectState::Applied;
        self.effects.iter().filter(applied)
    }

    fn shelf(&self) -> Shelf {
        Shelf {
            customer: self.customer,
            installation: self.installation,
        }
    }
}

/// What strangers decide about the size of an input; the rest is small.
fn input_bytes(entry: &Entry) -> usize {
    match entry {
        Entry::Event { payload, .. } => payload.len(),
        Entry::Task { cursor, .. } => cursor.as_ref().map_or(0, String::len),
        Entry::Describe { ticket } => ticket.len(),
        Entry::Action { ticket, input, .. } => ticket.len() + input.len(),
        Entry::Render { state, .. } => state.len(),
        Entry::Submit { input, .. } => input.len(),
        Entry::Webhook {
            path,
            query,
            headers,
            body,
            ..
        } => {
            let headers = headers.iter().map(|(name, value)| name.len() + value.len());
            path.len() + query.len() + headers.sum::<usize>() + body.0.len()
        }
    }
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::because("write the end of a run", error))
}

/// Whether an effect with this key was applied already.
pub(crate) async fn has_key(
    tx: &mut Tx,
    customer: CustomerId,
    installation: InstallationId,
    key: &str,
) -> Result<bool, Fault> {
    let query = HAS_KEY.bind(customer).bind(installation).bind(key);
    Ok(query.optional(tx).await?.is_some())
}

/// Takes a key of an installation for a run; false when another run has it.
pub(crate) async fn take_key(
    tx: &mut Tx,
    (customer, installation): (CustomerId, InstallationId),
    key: &str,
    (run, now): (RunId, Timestamp),
) -> Result<bool, Fault> {
    let query = KEY.bind(installation).bind(customer);
    Ok(query.bind(key).bind(run).bind(now).execute(tx).await? == 1)
}

/// Takes a key from a run that failed; false when the run that has it is under way, or ended well.
pub(crate) async fn take_over(
    tx: &mut Tx,
    (customer, installation): (CustomerId, InstallationId),
    key: &str,
    (run, now): (RunId, Timestamp),
) -> Result<bool, Fault> {
    let query = TAKE_OVER.bind(run).bind(now).bind(customer);
    Ok(query.bind(installation).bind(key).execute(tx).await? == 1)
}

/// Writes the end of a try, in the caller's transaction; `made` are the changes of its effects that
/// were applied, in their order.
///
/// # Errors
/// `Conflict` with `run-not-running` when the try was taken away, `run-revoked` when its rights were,
/// `effect-key-used` when another run applied an effect meanwhile, `kv-conflict` and `kv-full`.
pub(crate) async fn keep(
    tx: &mut Tx,
    end: &End,
    made: &[Made],
    now: Timestamp,
) -> Result<(), Refusal> {
    if let Some(generation) = end.generation {
        let found = standing::generation(tx, end.customer, end.installation).await?;
        if found != Some(generation) {
            return Err(Refusal::Conflict("run-revoked"));
        }
    }
    kv::apply(tx, end.shelf(), &end.writes, now).await?;
    let room = usage::add(tx, end, now).await?;
    let fitting = (room != Room::All).then(|| end.clone().within(room));
    let end = fitting.as_ref().unwrap_or(end);
    close(tx, end, now).await?;
    if room == Room::EndAlone && end.state.is_over() {
        let query = DROP_INPUT.bind(end.customer).bind(end.run);
        query.execute(tx).await?;
    }
    effects(tx, end, made, now).await?;
    if let Some(follow) = &end.follow {
        insert(tx, follow, Begin::Queued, now).await?;
    }
    if let Some(recording) = &end.recording {
        let query = RECORD.bind(end.run).bind(end.customer).bind(end.plugin);
        query.bind(recording).bind(now).execute_one(tx).await?;
    }
    if end.state == RunState::Done && end.generation.is_some() {
        installations::succeeded(tx, end.customer, end.installation).await?;
    }
    Ok(())
}

async fn close(tx: &mut Tx, end: &End, now: Timestamp) -> Result<(), Refusal> {
    let closest = end.closest.as_ref().map(text).transpose()?;
    let query = END.bind(end.state).bind(now).bind(end.due_at);
    let query = query.bind(end.code).bind(end.message.clone());
    let query = query.bind(end.limit).bind(text(&end.usage)?);
    let query = query.bind(closest).bind(text(&end.log)?);
    let query = query.bind(end.result.as_ref().map(Value::to_string));
    let query = query.bind(end.difference.as_ref().map(Value::to_string));
    let query = query.bind(end.customer).bind(end.run).bind(end.attempt);
    match query.execute(tx).await? {
        1 => Ok(()),
        _ => Err(Refusal::Conflict("run-not-running")),
    }
}

async fn effects(tx: &mut Tx, end: &End, made: &[Made], now: Timestamp) -> Result<(), Refusal> {
    if end.effects.is_empty() {
        return Ok(());
    }
    let letters = end.applied().filter(|effect| effect.is_letter()).count();
    let letters = i64::try_from(letters).unwrap_or(i64::MAX);
    if letters > 0 {
        let whose = (end.customer, end.installation);
        usage::messages(tx, whose, letters, now).await?;
    }
    // A try before this one may have left some of a dry run.
    let query = DROP_EFFECTS_OF.bind(end.customer).bind(end.run);
    query.execute(tx).await?;
    let mut made = made.iter();
    for (place, effect) in end.effects.iter().enumerate() {
        let applied = effect.state == EffectState::Applied;
        let change = if applied { made.next() } else { None };
        if applied {
            let whose = (end.customer, end.installation);
            if !take_key(tx, whose, &effect.key, (end.run, now)).await? {
                return Err(Refusal::Conflict("effect-key-used"));
            }
        }
        let target = change.map_or(effect.target.as_str(), |change| change.object.as_str());
        let query = EFFECT.bind(end.run).bind(end.customer);
        let query = query.bind(i64::try_from(place).unwrap_or(i64::MAX));
        let query = query.bind(&effect.command).bind(target).bind(&effect.key);
        let query = query.bind(effect.state.word());
        let query = query.bind(change.map(|change| change.change));
        let query = query.bind(change.map(|change| change.seq));
        let query = query.bind(effect.shown.as_ref().map(Value::to_string));
        query.execute_one(tx).await?;
    }
    Ok(())
}

fields! {
    /// Ends a run whose effects were just applied, in their transaction. Only the panel does this.
    pub struct FinishRun {
        /// Which one.
        pub id: RunId,
    }
    prepared {
        /// How it ended.
        end: Option<Box<End>>,
    }
}

impl FinishRun {
    /// The end of a run, as a command that passes behind its effects.
    pub(crate) fn of(end: End) -> Self {
        Self {
            id: end.run,
            end: Some(Box::new(end)),
        }
    }
}

impl Command for FinishRun {
    const NAME: &'static str = "run.finish";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ActorKind::System, Some(end)) = (door.actor().kind, &self.end) else {
            return Err(Refusal::Forbidden);
        };
        let (made, now) = (door.made().to_vec(), door.now());
        keep(door.tx(), end, &made, now).await?;
        let object = Object {
            kind: "run",
            id: end.run.to_string(),
            name: end.plugin_name.clone(),
        };
        let after = json!({
            "id": end.run, "installation": end.installation,
            "changes": made.iter().map(|change| change.change).collect::<Vec<_>>(),
        });
        door.record(object, Value::Null, after);
        Ok(())
    }
}
