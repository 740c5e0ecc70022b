//! Runs: every invocation of an installation, what made it run, what it did, and how it ended.
//!
//! Invariants: a run exists exactly when the transaction that asked for it was committed; its effects,
//! what it keeps and its end are one transaction; an effect is applied once for its key; what is over
//! stays over, and another try of it is another run. Input, log and recording live seven days, the
//! row and the keys of effects thirty.

mod closest;
pub mod code;
pub(crate) mod finish;
pub(crate) mod limits;
mod model;
pub(crate) mod purge;
pub(crate) mod read;
pub mod recording;
mod release;
mod retry;
pub mod rules;
mod shown;
pub(crate) mod store;
pub mod usage;

pub use closest::Closest;
pub use finish::FinishRun;
pub use limits::{
    DAY, DAY_RANGE, LimitRange, RANGES, RUNS_A_DAY, RunLimits, SetRunLimits, defaults, of_plan,
};
pub use model::{Mode, Run, RunState, TriggerKind};
pub use read::{RunFilter, counts, effects, list, load, of_change};
pub use release::ReleaseRun;
pub use retry::{ReplayRun, RetryRun, RunAsked};
pub use shown::{EffectShown, EffectState, RunDetail, RunShown};
