//! Cron jobs: programs of webspaces that run again and again.
//!
//! Invariants: a job runs while it is switched on and its webspace is neither switched off nor in the trash; no
//! two runs of a job at once: the later one is noted and does not happen; a time that passed while nothing ran is
//! made up for once within an hour, and noted otherwise; no time happens twice, whatever clocks do. Jobs are
//! changed by commands; runs are bookkeeping. Start reading at [`turn`].

mod create;
mod delete;
mod model;
mod run;
pub(crate) mod run_store;
mod set;
pub(crate) mod store;
pub mod turn;

pub use create::CreateCronJob;
pub use delete::DeleteCronJob;
pub use model::{CronJob, CronRun, LastRun};
pub use run::RunCronJob;
pub use run_store::{forget, output, runs};
pub use set::{SetCronCommand, SetCronEnabled, SetCronSchedule};
pub use store::{list, load};
pub use turn::{Due, Noted, begin_due, end, sweep};

pub(crate) use store::count;

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateCronJob>(),
    CommandSpec::of::<SetCronSchedule>(),
    CommandSpec::of::<SetCronCommand>(),
    CommandSpec::of::<SetCronEnabled>(),
    CommandSpec::of::<RunCronJob>(),
    CommandSpec::of::<DeleteCronJob>(),
];
