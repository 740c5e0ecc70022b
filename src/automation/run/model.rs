//! A run: one invocation of an installation, with all its tries.

use crate::installation::model::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use wabe_kernel::id::{ChangeId, CustomerId, InstallationId, PluginVersionId, RunId};
use wabe_kernel::{Problem, Timestamp};
use wabe_package::wire::{LogLine, Usage};
use wabe_package::{Entry, LimitName, Limits};

words! {
    /// Where a run stands; the Fluent message is `run-state-{word}`.
    RunState {
        /// Waits for its turn, or for its next try.
        Queued = "queued",
        /// Waits until its installation is resumed.
        Held = "held",
        /// Is under way.
        Running = "running",
        /// Ended well; its effects are applied.
        Done = "done",
        /// Ended badly, in a way that another try would not mend.
        Failed = "failed",
        /// Ended badly as often as it is tried.
        Dead = "dead",
        /// Never began: it was too deep in a chain, or its right was taken back.
        Dropped = "dropped",
    }
}

words! {
    /// Whether a run's effects count; the Fluent message is `run-mode-{word}`.
    Mode {
        /// They are applied.
        Live = "live",
        /// They are shown.
        Dry = "dry",
        /// The recording of an earlier run answers for the world, and the two are compared.
        Replay = "replay",
    }
}

words! {
    /// What made it run; the Fluent message is `run-trigger-{word}`.
    TriggerKind {
        /// Something happened.
        Event = "event",
        /// It was time.
        Schedule = "schedule",
        /// Somebody called its address.
        Webhook = "webhook",
        /// Somebody sent or opened a form.
        Form = "form",
        /// Somebody looked at the dashboard.
        Card = "card",
        /// Somebody works on a ticket.
        Ticket = "ticket",
    }
}

impl RunState {
    /// Whether nothing more comes of it by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Dead | Self::Dropped)
    }

    /// Whether a person may have it tried again.
    #[must_use]
    pub const fn may_retry(self) -> bool {
        matches!(self, Self::Failed | Self::Dead | Self::Dropped)
    }

    /// Whether a run may move on from here to there.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(next, Self::Running | Self::Held | Self::Dropped),
            Self::Held => matches!(next, Self::Queued | Self::Dropped),
            Self::Running => !matches!(next, Self::Running | Self::Dropped),
            Self::Done | Self::Failed | Self::Dead | Self::Dropped => false,
        }
    }
}

impl TriggerKind {
    /// The most tries. Whoever waits for an answer decides about another try themselves.
    #[must_use]
    pub const fn tries_max(self) -> i64 {
        match self {
            Self::Event | Self::Schedule => 5,
            Self::Webhook | Self::Form | Self::Card | Self::Ticket => 1,
        }
    }

    /// What a run may use unless the plan says otherwise.
    #[must_use]
    pub const fn limits(self) -> Limits {
        match self {
            Self::Event | Self::Webhook => Limits::EVENT,
            Self::Schedule => Limits::TASK,
            Self::Form | Self::Card | Self::Ticket => Limits::PAGE,
        }
    }

    /// The fuel of dry runs and replays, so that every machine measures the same.
    #[must_use]
    pub const fn fuel(self) -> u64 {
        match self {
            Self::Form | Self::Card | Self::Ticket => 200_000_000,
            Self::Event | Self::Webhook => 500_000_000,
            Self::Schedule => 4_000_000_000,
        }
    }
}

/// The limit that a run came closest to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Closest {
    /// Its word; the Fluent message is `run-limit-{word}`.
    pub limit: String,
    /// How much was used.
    pub used: i64,
    /// How much there was.
    pub max: i64,
}

impl Closest {
    /// In percent, 0 to 100.
    #[must_use]
    pub fn percent(&self) -> i64 {
        if self.max <= 0 {
            return 0;
        }
        (i128::from(self.used) * 100 / i128::from(self.max))
            .clamp(0, 100)
            .try_into()
            .unwrap_or(100)
    }

    /// The limit that this use came closest to; the one that was named, if any was.
    #[must_use]
    pub fn of(usage: &Usage, limits: &Limits, named: Option<LimitName>) -> Option<Self> {
        let all = measured(usage, limits);
        let one = |(limit, used, max): &(LimitName, u64, u64)| Self {
            limit: limit.word().to_owned(),
            used: i64::try_from(*used).unwrap_or(i64::MAX),
            max: i64::try_from(*max).unwrap_or(i64::MAX),
        };
        if let Some(named) = named
            && let Some(found) = all.iter().find(|(limit, _, _)| *limit == named)
        {
            return Some(one(found));
        }
        let share = |(_, used, max): &&(LimitName, u64, u64)| {
            u128::from(*used) * 10_000 / u128::from((*max).max(1))
        };
        all.iter()
            .filter(|(_, _, max)| *max > 0)
            .max_by_key(share)
            .map(one)
    }
}

/// What was used of every limit that is measured.
fn measured(usage: &Usage, limits: &Limits) -> [(LimitName, u64, u64); 9] {
    [
        (
            LimitName::Wall,
            usage.wall_us / 1_000,
            limits.wall_ms.into(),
        ),
        (LimitName::Cpu, usage.cpu_us / 1_000, limits.cpu_ms.into()),
        (LimitName::Memory, usage.memory_bytes, limits.memory_bytes),
        (
            LimitName::Tables,
            usage.table_elements.into(),
            limits.table_elements.into(),
        ),
        (LimitName::Calls, usage.calls.into(), limits.calls.into()),
        (LimitName::CallsBytes, usage.calls_bytes, limits.calls_bytes),
        (
            LimitName::Fetches,
            usage.fetches.into(),
            limits.fetches.into(),
        ),
        (
            LimitName::KvCalls,
            usage.kv_calls.into(),
            limits.kv_calls.into(),
        ),
        (
            LimitName::Log,
            usage.log_lines.into(),
            limits.log_lines.into(),
        ),
    ]
}

/// A run's row.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Whose.
    pub customer: CustomerId,
    /// Of which installation.
    pub installation: InstallationId,
    /// Of which version.
    pub version: PluginVersionId,
    /// The first run of the same work: the key under which its effects count once.
    pub root: RunId,
    /// The run that this one repeats.
    pub source: Option<RunId>,
    /// Whether its effects count.
    pub mode: Mode,
    /// What made it run.
    pub trigger: TriggerKind,
    /// The topic, task, path or form.
    pub trigger_name: String,
    /// Where it stands.
    pub state: RunState,
    /// How often it was tried.
    pub attempt: i64,
    /// How many runs caused each other before this one.
    pub depth: i64,
    /// Which part of a long task this is.
    pub slice: i64,
    /// What goes in; gone after seven days.
    pub entry: Option<Entry>,
    /// The change it is about, by its number; 0 for none.
    pub change_seq: i64,
    /// Since when it is here.
    pub queued_at: Timestamp,
    /// When it is tried next, or was to be.
    pub due_at: Timestamp,
    /// When its last try began.
    pub started_at: Option<Timestamp>,
    /// When its last try ended.
    pub ended_at: Option<Timestamp>,
    /// Why it did not end well: a code of the catalogue, `run-code-{code}`.
    pub code: Option<String>,
    /// The same in more words: the plugin's own, or the sandbox's.
    pub message: Option<String>,
    /// The limit that ended it.
    pub limit: Option<String>,
    /// What its last try used.
    pub usage: Option<Usage>,
    /// The limit it came closest to.
    pub closest: Option<Closest>,
    /// Its log.
    pub log: Vec<LogLine>,
    /// What the plugin shows of it: JSON.
    pub result: Option<Value>,
    /// Of a replay: where it first differed from the recording.
    pub difference: Option<Value>,
}

impl Run {
    /// What lists and the API show of it.
    #[must_use]
    pub fn shown(&self) -> RunShown {
        let usage = self.usage.as_ref();
        let micros = |us: u64| i64::try_from(us).unwrap_or(i64::MAX);
        RunShown {
            id: self.id,
            installation: self.installation,
            version: self.version,
            trigger: self.trigger,
            trigger_name: self.trigger_name.clone(),
            mode: self.mode,
            state: self.state,
            attempt: self.attempt,
            source: self.source,
            queued_at: self.queued_at,
            next_try_at: (self.state == RunState::Queued).then_some(self.due_at),
            started_at: self.started_at,
            ended_at: self.ended_at,
            duration_us: usage.map(|usage| micros(usage.wall_us)),
            cpu_us: usage.map(|usage| micros(usage.cpu_us)),
            memory_bytes: usage.map(|usage| micros(usage.memory_bytes)),
            calls: usage.map(|usage| i64::from(usage.calls)),
            code: self.code.clone(),
            message: self.message.clone(),
            limit: self.limit.clone(),
            closest: self.closest.clone(),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::{Closest, RunState, TriggerKind};
    use wabe_package::LimitName;
    use wabe_package::wire::Usage;

    #[test]
    fn what_is_over_stays_over() {
        for state in RunState::ALL {
            for next in RunState::ALL {
                let allowed = state.may_become(*next);
                assert!(!(state.is_over() && allowed), "{state} {next}");
                assert!(!(state == next && allowed), "{state}");
            }
        }
        assert!(RunState::Running.may_become(RunState::Queued));
        assert!(!RunState::Held.may_become(RunState::Running));
    }

    #[test]
    fn the_closest_limit_is_the_fullest_or_the_one_that_ended_it() {
        let limits = TriggerKind::Event.limits();
        let usage = Usage {
            wall_us: 1_000_000,
            cpu_us: 200_000,
            calls: 3,
            ..Usage::default()
        };
        let closest = Closest::of(&usage, &limits, None).unwrap();
        assert_eq!((closest.limit.as_str(), closest.percent()), ("cpu", 80));
        let named = Closest::of(&usage, &limits, Some(LimitName::Wall)).unwrap();
        assert_eq!((named.limit.as_str(), named.percent()), ("wall", 10));
    }
}
