//! Runs and their effects as people and the API see them.

use crate::run::closest::Closest;
use crate::run::model::{Mode, RunState, TriggerKind};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::str::FromStr;
use wabe_kernel::id::{ChangeId, InstallationId, PluginVersionId, RunId};
use wabe_kernel::{Problem, Timestamp};

/// A run as lists and the API show it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RunShown {
    /// Its id.
    pub id: RunId,
    /// Of which installation.
    pub installation: InstallationId,
    /// Of which version of the plugin.
    pub version: PluginVersionId,
    /// What made it run.
    pub trigger: TriggerKind,
    /// The topic, task, path or form.
    pub trigger_name: String,
    /// Whether its effects count.
    pub mode: Mode,
    /// Where it stands.
    pub state: RunState,
    /// How often it was tried.
    pub attempt: i64,
    /// The run that this one repeats.
    pub source: Option<RunId>,
    /// Since when it is here.
    pub queued_at: Timestamp,
    /// When it is tried next.
    pub next_try_at: Option<Timestamp>,
    /// When its last try began.
    pub started_at: Option<Timestamp>,
    /// When its last try ended.
    pub ended_at: Option<Timestamp>,
    /// How long that took, in microseconds.
    pub duration_us: Option<i64>,
    /// How long the plugin itself ran, in microseconds.
    pub cpu_us: Option<i64>,
    /// The most memory it had, in bytes.
    pub memory_bytes: Option<i64>,
    /// How often it asked the panel for something.
    pub calls: Option<i64>,
    /// Why it did not end well.
    pub code: Option<String>,
    /// The same in more words.
    pub message: Option<String>,
    /// The limit that ended it.
    pub limit: Option<String>,
    /// The limit it came closest to.
    pub closest: Option<Closest>,
}

/// What became of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// It was applied.
    Applied,
    /// It was applied before, under the same key.
    Repeated,
    /// It would be applied.
    Shown,
}

impl EffectState {
    /// The word in the database and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Repeated => "repeated",
            Self::Shown => "shown",
        }
    }
}

impl FromStr for EffectState {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "applied" => Ok(Self::Applied),
            "repeated" => Ok(Self::Repeated),
            "shown" => Ok(Self::Shown),
            _ => Err(Problem::new("not-a-choice")),
        }
    }
}

/// An effect of a run, with what it changed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EffectShown {
    /// Its place among the run's effects, from 0.
    pub place: i64,
    /// The command.
    pub command: String,
    /// The id it is about; may be empty.
    pub target: String,
    /// The key under which it counts once.
    pub key: String,
    /// What became of it.
    pub state: EffectState,
    /// The record of it.
    pub change: Option<ChangeId>,
    /// The object before; null when it was not there, or its record was erased.
    pub before: Value,
    /// The object after; null when it is gone, or its record was erased.
    pub after: Value,
}

/// A run with everything that is known of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RunDetail {
    /// As in lists.
    #[serde(flatten)]
    pub run: RunShown,
    /// What went in: JSON; gone after seven days.
    pub input: Value,
    /// What it changed.
    pub effects: Vec<EffectShown>,
    /// Its log, line by line.
    pub log: Value,
    /// What it used, in full.
    pub usage: Value,
    /// What the plugin shows of it.
    pub result: Value,
    /// Of a replay: where it first differed from the recording.
    pub difference: Value,
    /// Whether a recording is there, for seven days.
    pub recorded: bool,
    /// Since when the author may see that recording.
    pub released_at: Option<Timestamp>,
}
