//! Claims jobs and has them carried out.

use crate::queue::backoff::next_attempt;
use crate::queue::handler::{AnyHandler, Handler, JobFailure};
use crate::queue::store::{self, Claimed};
use futures_util::future::{join, join_all};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use wabe_kernel::{Clock, Fault, Rng};
use wabe_store::Store;

/// How long a claimed job belongs to its worker, in seconds.
const LEASE: i64 = 120;
/// When a handler is cut off: before its lease ends, so that two never work on one job.
const DEADLINE: Duration = Duration::from_secs(90);
/// How long a worker rests when nobody wakes it.
const REST: Duration = Duration::from_secs(15);

/// One kind of job. Lanes do not wait for each other.
struct Lane {
    kind: &'static str,
    attempts_max: i64,
    handler: Arc<dyn AnyHandler>,
    wake: Notify,
}

/// Carries out what is due, one job at a time per kind; several workers may share a database.
pub struct Worker {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    lanes: Vec<Lane>,
}

impl Worker {
    /// A worker that knows no kind of job yet.
    #[must_use]
    pub const fn new(store: Store, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self {
            store,
            clock,
            rng,
            lanes: Vec::new(),
        }
    }

    /// The same worker, knowing one more kind.
    #[must_use]
    pub fn with<H: Handler>(mut self, handler: H) -> Self {
        self.lanes.push(Lane {
            kind: H::KIND,
            attempts_max: H::ATTEMPTS_MAX,
            handler: Arc::new(handler),
            wake: Notify::new(),
        });
        self
    }

    /// Says that there may be work; to be called after a commit. A lost call costs 15 seconds.
    pub fn wake(&self) {
        for lane in &self.lanes {
            lane.wake.notify_one();
        }
    }

    /// Carries out everything that is due now; answers how many attempts that took.
    ///
    /// # Errors
    /// A fault of the database; leases run out by themselves.
    pub async fn run_due(&self) -> Result<usize, Fault> {
        let (_keep, running) = watch::channel(false);
        let lanes = self.lanes.iter().map(|lane| self.drain(lane, &running));
        join_all(lanes).await.into_iter().sum()
    }

    /// Works until `shutdown` is over; a job in progress is finished first.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let (stop, stopped) = watch::channel(false);
        let ending = async move {
            shutdown.await;
            stop.send_replace(true);
        };
        let lanes = self
            .lanes
            .iter()
            .map(|lane| self.walk(lane, stopped.clone()));
        join(ending, join_all(lanes)).await;
    }

    /// One lane, for as long as the program runs.
    async fn walk(&self, lane: &Lane, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            if let Err(fault) = self.drain(lane, &stopped).await {
                tracing::error!(job.kind = lane.kind, fault = %fault.chain(), "the queue is not at hand");
            }
            tokio::select! {
                () = lane.wake.notified() => {}
                () = tokio::time::sleep(REST) => {}
                _ended = stopped.changed() => {}
            }
        }
    }

    /// Everything of one lane that is due.
    async fn drain(&self, lane: &Lane, stopped: &watch::Receiver<bool>) -> Result<usize, Fault> {
        let mut attempts = 0;
        while !*stopped.borrow() {
            let Some(job) = self.claim(lane).await? else {
                break;
            };
            attempts += 1;
            self.attempt(lane, &job).await?;
        }
        Ok(attempts)
    }

    async fn claim(&self, lane: &Lane) -> Result<Option<Claimed>, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let due = store::is_due(&mut tx, lane.kind, now).await?;
        tx.rollback().await?;
        if !due {
            return Ok(None);
        }
        let mut tx = self.store.write().await?;
        let now = self.clock.now();
        let job = store::claim(&mut tx, lane.kind, now, now.plus_seconds(LEASE)).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// One attempt at one job, and what follows from it.
    async fn attempt(&self, lane: &Lane, job: &Claimed) -> Result<(), Fault> {
        // More claims than attempts end up here: whoever held the lease died each time.
        let outcome = if job.attempts > lane.attempts_max {
            Err(JobFailure::never("lease-lost"))
        } else {
            execute(Arc::clone(&lane.handler), job).await
        };
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let held = match outcome {
            Ok(()) => store::done(&mut tx, job).await?,
            Err(failure) if failure.retry && job.attempts < lane.attempts_max => {
                let at = next_attempt(now, job.attempts, self.rng.as_ref());
                tracing::info!(job.id = %job.id, job.kind = lane.kind, code = failure.code, "a job is tried again later");
                store::retry(&mut tx, job, at, failure.code).await?
            }
            Err(failure) => {
                tracing::warn!(job.id = %job.id, job.kind = lane.kind, code = failure.code, "a job is given up");
                store::bury(&mut tx, job, now, failure.code).await?
            }
        };
        if !held {
            tracing::warn!(job.id = %job.id, job.kind = lane.kind, "a job outlived its lease");
        }
        tx.commit().await
    }
}

/// Runs a handler in a task of its own: if it panics or hangs, the lane goes on.
async fn execute(handler: Arc<dyn AnyHandler>, job: &Claimed) -> Result<(), JobFailure> {
    let payload = job.payload.clone();
    let mut task = tokio::spawn(async move { handler.run_any(payload).await });
    match tokio::time::timeout(DEADLINE, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_panicked)) => Err(JobFailure::later("crashed")),
        Err(_elapsed) => {
            task.abort();
            Err(JobFailure::later("timed-out"))
        }
    }
}
