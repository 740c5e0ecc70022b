//! What carries out one kind of job.

use serde_json::Value;
use wabe_kernel::desired::Working;

/// Why a job did not work this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobFailure {
    /// Whether another attempt may help.
    pub retry: bool,
    /// A code in kebab case, for operators; never a secret or what a user typed.
    pub code: &'static str,
}

impl JobFailure {
    /// It may work later.
    #[must_use]
    pub const fn later(code: &'static str) -> Self {
        Self { retry: true, code }
    }

    /// It will never work.
    #[must_use]
    pub const fn never(code: &'static str) -> Self {
        Self { retry: false, code }
    }
}

impl From<wabe_kernel::Fault> for JobFailure {
    /// The machine failed: later. The chain goes to the log here, because only the code is kept.
    fn from(fault: wabe_kernel::Fault) -> Self {
        tracing::warn!(fault = %fault.chain(), "a job met a fault");
        Self::later("fault")
    }
}

/// Carries out one kind of job; doing it twice must change nothing more.
pub trait Handler: Send + Sync + 'static {
    /// The kind, `noun.verb`.
    const KIND: &'static str;
    /// After so many attempts the job is dead.
    const ATTEMPTS_MAX: i64 = 12;

    /// Does the work. It is cut off after 90 seconds and then tried again.
    fn run(&self, payload: Value) -> impl Future<Output = Result<(), JobFailure>> + Send;
}

/// A handler without its type, as the worker keeps it.
pub(super) trait AnyHandler: Send + Sync + 'static {
    fn run_any(&self, payload: Value) -> Working<'_, Result<(), JobFailure>>;
}

impl<H: Handler> AnyHandler for H {
    fn run_any(&self, payload: Value) -> Working<'_, Result<(), JobFailure>> {
        Box::pin(self.run(payload))
    }
}
