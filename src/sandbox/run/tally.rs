//! What a run used so far. Outlives the run's own state, so that a run that was cut off is told too.

use crate::run::log::Log;
use rustix::time::{ClockId, clock_gettime};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use wabe_package::limits::Limits;
use wabe_package::wire::Usage;

/// The counters and the log of one run.
pub(crate) struct Tally {
    usage: Mutex<Usage>,
    log: Mutex<Log>,
    cpu_ns: AtomicU64,
    /// The thread's clock when the present stretch of running began.
    since_ns: AtomicU64,
}

impl Tally {
    /// At zero.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            usage: Mutex::default(),
            log: Mutex::new(Log::new(limits)),
            cpu_ns: AtomicU64::new(0),
            since_ns: AtomicU64::new(0),
        }
    }

    /// Looks at the counters, and changes them.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Usage) -> T) -> T {
        act(&mut self.usage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the log, and writes to it.
    pub(crate) fn log<T>(&self, act: impl FnOnce(&mut Log) -> T) -> T {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Running time so far, asked by the run's own thread while it runs.
    pub(crate) fn running_ns(&self) -> u64 {
        let now = thread_ns();
        let stretch = now.saturating_sub(self.since_ns.load(Ordering::Relaxed));
        self.cpu_ns.load(Ordering::Relaxed).saturating_add(stretch)
    }

    /// Running time of all stretches that ended, in nanoseconds.
    pub(crate) fn spent_ns(&self) -> u64 {
        self.cpu_ns.load(Ordering::Relaxed)
    }

    /// The same in microseconds.
    pub(crate) fn cpu_us(&self) -> u64 {
        self.spent_ns() / 1_000
    }
}

/// A future whose running time is counted: only what its thread really ran, neither waiting for the
/// host's answers nor for a processor that others use.
pub(crate) struct Counted<F> {
    inner: Pin<Box<F>>,
    tally: Arc<Tally>,
}

impl<F: Future> Counted<F> {
    /// Counts in this tally.
    pub(crate) fn new(inner: F, tally: Arc<Tally>) -> Self {
        Self {
            inner: Box::pin(inner),
            tally,
        }
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.tally.since_ns.store(thread_ns(), Ordering::Relaxed);
        let polled = self.inner.as_mut().poll(cx);
        let total = self.tally.running_ns();
        self.tally.cpu_ns.store(total, Ordering::Relaxed);
        polled
    }
}

/// Running time of this thread.
fn thread_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let rest = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}
