//! What happens by the clock: once per interval, across restarts and across several processes.
//!
//! Invariants: the row in the database decides who runs, before the run; a run that fails is not
//! repeated before its next interval, and its outcome stays visible. Schedules do not wait for each
//! other. A clock that jumped back does not silence a schedule.

mod store;

pub use store::{Outcome, STATEMENTS, Seen, list};

use futures_util::future::{join, join_all};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use wabe_kernel::desired::Working;
use wabe_kernel::{Clock, Fault};
use wabe_store::Store;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(15);

type Run = Arc<dyn Fn() -> Working<'static, Result<(), Fault>> + Send + Sync>;

/// Something to be done again and again.
#[derive(Clone)]
pub struct Schedule {
    /// Its name, `noun.verb`; the row in the database.
    pub name: &'static str,
    /// From one start to the next, in seconds.
    pub every_seconds: i64,
    /// The work; a second run right after the first changes nothing more.
    pub run: Run,
}

impl Schedule {
    /// A schedule of this work.
    #[must_use]
    pub fn new<F, W>(name: &'static str, every_seconds: i64, work: W) -> Self
    where
        W: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        Self {
            name,
            every_seconds: every_seconds.max(1),
            run: Arc::new(move || Box::pin(work())),
        }
    }
}

/// All schedules of this installation.
pub struct Schedules {
    store: Store,
    clock: Arc<dyn Clock>,
    all: Vec<Schedule>,
}

impl Schedules {
    /// These schedules, over this database.
    #[must_use]
    pub const fn new(store: Store, clock: Arc<dyn Clock>, all: Vec<Schedule>) -> Self {
        Self { store, clock, all }
    }

    /// Names and intervals in seconds, for the page that shows them beside [`list`].
    pub fn known(&self) -> impl Iterator<Item = (&'static str, i64)> + '_ {
        let schedules = self.all.iter();
        schedules.map(|schedule| (schedule.name, schedule.every_seconds))
    }

    /// Runs what is due now, side by side; answers how many ran.
    ///
    /// # Errors
    /// A fault of the database; a failing schedule is an outcome, no error.
    pub async fn run_due(&self) -> Result<usize, Fault> {
        let runs = self.all.iter().map(|schedule| self.tick(schedule));
        let ran: Result<Vec<bool>, Fault> = join_all(runs).await.into_iter().collect();
        Ok(ran?.into_iter().filter(|ran| *ran).count())
    }

    /// Works until `shutdown` is over; what runs then is finished first.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let (stop, stopped) = watch::channel(false);
        let ending = async move {
            shutdown.await;
            stop.send_replace(true);
        };
        let lanes = self.all.iter();
        let lanes = lanes.map(|schedule| self.walk(schedule, stopped.clone()));
        join(ending, join_all(lanes)).await;
    }

    async fn walk(&self, schedule: &Schedule, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            if let Err(fault) = self.tick(schedule).await {
                tracing::error!(schedule.name, fault = %fault.chain(), "a schedule could not be kept");
            }
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                _ended = stopped.changed() => {}
            }
        }
    }

    /// Runs one schedule if it is due and nobody else does.
    async fn tick(&self, schedule: &Schedule) -> Result<bool, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let due = store::is_due(&mut tx, schedule, now).await?;
        tx.rollback().await?;
        if !due {
            return Ok(false);
        }
        let mut tx = self.store.write().await?;
        let started = store::start(&mut tx, schedule, now).await?;
        tx.commit().await?;
        if !started {
            return Ok(false);
        }
        // A task of its own: work that panics is an outcome too.
        let outcome = match tokio::spawn((schedule.run)()).await {
            Ok(Ok(())) => Outcome::Done,
            Ok(Err(fault)) => {
                tracing::error!(schedule.name, fault = %fault.chain(), "a schedule failed");
                Outcome::Failed
            }
            Err(_panicked) => Outcome::Failed,
        };
        let mut tx = self.store.write().await?;
        store::finish(&mut tx, schedule, self.clock.now(), outcome).await?;
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
