//! Runs that take long share all processors but one, so that a panel on the same machine, and runs that
//! are soon over, never find every processor with a guest that goes on and on.

use crate::run::tally::{Counted, Tally};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::Semaphore;
use tokio_util::sync::PollSemaphore;

/// What a run may take before it counts as long, in nanoseconds of running time.
const SHORT_NS: u64 = 5_000_000;

/// The processors that long runs share.
#[derive(Clone)]
pub(crate) struct Lane(Arc<Semaphore>);

impl Lane {
    /// All of this machine's but one; the only one, where there is no other.
    pub(crate) fn of_machine() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new(processors.saturating_sub(1).max(1))
    }

    fn new(width: usize) -> Self {
        Self(Arc::new(Semaphore::new(width)))
    }

    /// The same work, which moves in this lane once it has taken long.
    pub(crate) fn lead<F>(&self, work: Counted<F>, tally: Arc<Tally>) -> Led<F> {
        Led {
            work,
            tally,
            lane: PollSemaphore::new(Arc::clone(&self.0)),
        }
    }
}

/// Work that keeps to a lane. It holds a place for one stretch of running, at most until the next tick of
/// the engine's clock; who waits for one comes in turn.
pub(crate) struct Led<F> {
    work: Counted<F>,
    tally: Arc<Tally>,
    lane: PollSemaphore,
}

impl<F: Future> Future for Led<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let place = if self.tally.spent_ns() > SHORT_NS {
            ready!(self.lane.poll_acquire(cx))
        } else {
            None
        };
        let polled = Pin::new(&mut self.work).poll(cx);
        drop(place);
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use wabe_package::Limits;

    /// Runs until it took long several times over, and notes how many long ones ran at the same moment.
    async fn run_on(tally: Arc<Tally>, running: Arc<AtomicUsize>, most: Arc<AtomicUsize>) {
        while tally.spent_ns() < 8 * SHORT_NS {
            let long = tally.spent_ns() > SHORT_NS;
            if long {
                let others = running.fetch_add(1, Ordering::SeqCst);
                most.fetch_max(others + 1, Ordering::SeqCst);
            }
            for _ in 0..20_000 {
                std::hint::spin_loop();
            }
            if long {
                running.fetch_sub(1, Ordering::SeqCst);
            }
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_more_long_runs_than_the_lane_is_wide_run_at_once() {
        let (lane, running, most) = (Lane::new(1), Arc::default(), Arc::default());
        let runs = (0..4).map(|_| {
            let tally = Arc::new(Tally::new(&Limits::EVENT));
            let work = run_on(Arc::clone(&tally), Arc::clone(&running), Arc::clone(&most));
            tokio::spawn(lane.lead(Counted::new(work, Arc::clone(&tally)), tally))
        });
        for run in runs.collect::<Vec<_>>() {
            run.await.unwrap();
        }
        assert_eq!(running.load(Ordering::SeqCst), 0);
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }
}
