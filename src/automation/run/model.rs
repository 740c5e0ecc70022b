//! A run: one invocation of an installation, with all its tries.

use crate::installation::model::words;
use crate::run::closest::Closest;
use crate::run::shown::RunShown;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use wabe_kernel::id::{CustomerId, InstallationId, PluginVersionId, RunId};
use wabe_kernel::{Problem, Timestamp};
use wabe_package::Entry;
use wabe_package::wire::{LogLine, Usage};

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

#[cfg(test)]
mod tests {
    use super::RunState;

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
}
