//! How tries end: well, badly, or in somebody else's hands.

use crate::engine::effects::refusal;
use crate::run::rules::Fault as Kind;
use crate::run::{Run, RunState, code};
use wabe_access::Refusal;
use wabe_access::gate::Stopped;
use wabe_kernel::id::{ChangeId, RunId};
use wabe_package::LimitName;
use wabe_package::entry::Outcome;

/// The most characters of what is said about a failure.
const MESSAGE_MAX: usize = 2_000;

/// Why a try did not end well.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    pub(crate) code: &'static str,
    pub(crate) message: Option<String>,
    pub(crate) limit: Option<LimitName>,
}

impl Verdict {
    /// The same input would fail again.
    pub(crate) const fn lasting(code: &'static str) -> Self {
        Self {
            kind: Kind::Lasting,
            code,
            message: None,
            limit: None,
        }
    }

    /// Nothing the plugin can do about.
    pub(crate) fn ours(code: &'static str) -> Self {
        Self {
            kind: Kind::Ours,
            ..Self::lasting(code)
        }
    }

    /// With more words, as far as they can be shown: no control characters, and not without end.
    pub(crate) fn because(mut self, message: impl AsRef<str>) -> Self {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let text = message.as_ref().chars().map(plain);
        self.message = Some(text.take(MESSAGE_MAX).collect());
        self
    }
}

/// How a try ended, for whoever waits for it.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) run: RunId,
    pub(crate) state: RunState,
    pub(crate) code: Option<&'static str>,
    /// What the plugin answered, when it ended well.
    pub(crate) outcome: Option<Outcome>,
    /// How many effects were applied, or would be.
    pub(crate) effects: usize,
    /// The changes that the gate made of those that were applied.
    pub(crate) changes: Vec<ChangeId>,
}

/// Somebody else has the run: nothing of this try counts.
pub(crate) fn gone(run: &Run) -> Settled {
    Settled {
        run: run.id,
        state: RunState::Failed,
        code: Some(code::LEASE),
        outcome: None,
        effects: 0,
        changes: Vec::new(),
    }
}

/// What the refusal of a run's end means.
pub(crate) enum Reading {
    LookAgain,
    TakenAway,
    Verdict(Verdict),
}

pub(crate) fn reading(stopped: &Stopped, places: &[usize]) -> Reading {
    let verdict = match &stopped.refusal {
        Refusal::Conflict("effect-key-used") => return Reading::LookAgain,
        Refusal::Conflict("run-not-running") => return Reading::TakenAway,
        Refusal::Conflict("run-revoked") => Verdict::lasting(code::REVOKED),
        // What staff started it on ended meanwhile.
        Refusal::Conflict("not-instructed" | "ticket-not-open") | Refusal::Forbidden
            if stopped.place.is_none() =>
        {
            Verdict::lasting(code::REVOKED)
        }
        Refusal::Conflict("kv-conflict") if stopped.place.is_none() => {
            Verdict::ours(code::CONFLICT)
        }
        Refusal::Conflict("kv-full") if stopped.place.is_none() => Verdict::lasting(code::KV_FULL),
        Refusal::CustomerSuspended => Verdict::lasting(code::SUSPENDED),
        Refusal::Fault(fault) => {
            tracing::warn!(fault = %fault.chain(), "a run's end met a fault");
            Verdict::ours(code::FAULT)
        }
        Refusal::Busy(seconds) => Verdict {
            kind: Kind::Passing(Some(seconds.saturating_mul(1_000))),
            ..Verdict::ours(code::BUSY)
        },
        other => {
            let place = stopped.place.and_then(|place| places.get(place));
            let place = place.map_or_else(String::new, |place| format!("effect {place}: "));
            let message = format!("{place}{}", refusal(other));
            Verdict::lasting(code::EFFECT_REFUSED).because(message)
        }
    };
    Reading::Verdict(verdict)
}
