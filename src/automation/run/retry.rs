//! `run.retry` and `run.replay`

use crate::installation::{InstallationState, store as installations};
use crate::plugin;
use crate::run::model::{Mode, Run};
use crate::run::recording;
use crate::run::store::{self, Begin, NewRun};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Object, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::RunId;

/// A run that was just asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunAsked {
    /// The new run.
    pub id: RunId,
}

/// Adds a run that repeats another; it begins as soon as there is room.
async fn again(door: &mut Door<'_>, run: &Run, mode: Mode) -> Result<RunAsked, Refusal> {
    let customer = door.customer();
    let found = installations::find(door.tx(), customer, run.installation).await?;
    let version = match mode {
        // What is replayed is what ran.
        Mode::Replay => run.version,
        Mode::Live | Mode::Dry => found.version,
    };
    let entry = run
        .entry
        .clone()
        .ok_or(Refusal::Conflict("run-forgotten"))?;
    let now = door.now();
    let new = NewRun {
        id: RunId::new(now, door.rng()),
        customer,
        installation: run.installation,
        version,
        root: run.root,
        source: Some(run.id),
        mode,
        trigger: run.trigger,
        trigger_name: run.trigger_name.clone(),
        depth: run.depth,
        slice: run.slice,
        entry,
        change_seq: run.change_seq,
        due_at: now,
    };
    store::insert(door.tx(), &new, Begin::Queued, now).await?;
    let version = plugin::store::find(door.tx(), version).await?;
    let name = version.map_or_else(String::new, |version| version.manifest.id.to_string());
    let object = Object {
        kind: "run",
        id: new.id.to_string(),
        name,
    };
    let after = json!({
        "id": new.id, "installation": run.installation, "of": run.id, "mode": mode,
    });
    door.record(object, Value::Null, after);
    Ok(RunAsked { id: new.id })
}

fields! {
    /// Tries a failed run once more, with the same input. Effects that were applied are not repeated.
    pub struct RetryRun {
        /// Which one.
        pub id: RunId,
    }
}

impl Command for RetryRun {
    const NAME: &'static str = "run.retry";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = RunAsked;

    async fn apply(&self, door: &mut Door<'_>) -> Result<RunAsked, Refusal> {
        let customer = door.customer();
        let run = store::find(door.tx(), customer, self.id).await?;
        if run.mode != Mode::Live || !run.state.may_retry() {
            return Err(Refusal::Conflict("run-not-failed"));
        }
        let found = installations::find(door.tx(), customer, run.installation).await?;
        if found.state == InstallationState::Paused {
            return Err(Refusal::Conflict("installation-paused"));
        }
        again(door, &run, Mode::Live).await
    }
}

fields! {
    /// Runs a recording again, without the world and without effects, and names where it first
    /// differs.
    pub struct ReplayRun {
        /// Which one.
        pub id: RunId,
    }
}

impl Command for ReplayRun {
    const NAME: &'static str = "run.replay";
    const PERMISSION: Permission = Permission::AutomationWrite;
    type Output = RunAsked;

    async fn apply(&self, door: &mut Door<'_>) -> Result<RunAsked, Refusal> {
        let customer = door.customer();
        let run = store::find(door.tx(), customer, self.id).await?;
        if run.mode == Mode::Replay || !recording::is_there(door.tx(), customer, run.id).await? {
            return Err(Refusal::Conflict("run-not-recorded"));
        }
        again(door, &run, Mode::Replay).await
    }
}
