//! The loop: which resources have their turn, and when.

use crate::store;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wabe_access::Events;
use wabe_access::command::House;
use wabe_access::resource::TRASH_DAYS;
use wabe_kernel::desired::Driver;
use wabe_kernel::{Clock, Fault, Rng};
use wabe_store::Store;

/// Resources worked on at the same time: those of one server share its reload.
const AT_ONCE: usize = 32;
/// Resources fetched by one look.
const BATCH: i64 = 256;
/// Every resource is compared with its node once in so many seconds.
const SCAN_SECONDS: i64 = 3_600;
/// Resources compared by one look, side by side.
const COMPARED: i64 = 32;
/// The longest sleep between two looks for work, in milliseconds.
const SLEEP_MILLIS: i64 = 5_000;

/// Brings nodes to what the tables want.
pub struct Reconciler {
    /// The panel's database.
    pub store: Store,
    /// The node's hands.
    pub driver: Arc<dyn Driver>,
    /// Wake-ups in, news out.
    pub events: Arc<Events>,
    /// Facts of this installation.
    pub house: Arc<House>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for backoff.
    pub rng: Arc<dyn Rng>,
}

impl Reconciler {
    /// Works until told to stop: on every wake-up, when a retry is due, and in between slowly over
    /// everything that should still be as it was left.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(fault) = self.drain().await {
                tracing::error!(cause = %fault.chain(), "the reconciler could not work");
            }
            let compared = self.scan().await;
            if let Err(fault) = &compared {
                tracing::error!(cause = %fault.chain(), "the reconciler could not compare");
            }
            // What somebody wants looked at is not spread over an hour.
            if compared.is_ok() && self.is_asked().await {
                continue;
            }
            let pause = self.pause().await;
            tokio::select! {
                () = self.events.woken() => {}
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Whether somebody wants something looked at that was not yet.
    async fn is_asked(&self) -> bool {
        let asked = async {
            let mut tx = self.store.read().await?;
            let asked = store::is_asked(&mut tx).await?;
            tx.rollback().await?;
            Ok::<_, Fault>(asked)
        };
        asked.await.unwrap_or(false)
    }

    async fn pause(&self) -> Duration {
        let next = async {
            let mut tx = self.store.read().await?;
            let next = store::next_retry(&mut tx).await?;
            tx.rollback().await?;
            Ok::<_, Fault>(next)
        };
        let wait = match next.await {
            Ok(Some(at)) => (at.millis() - self.clock.now().millis()).clamp(10, SLEEP_MILLIS),
            Ok(None) | Err(_) => SLEEP_MILLIS,
        };
        Duration::from_millis(wait.unsigned_abs())
    }

    /// Works on everything that is due now; answers how many turns that took.
    ///
    /// # Errors
    /// A fault of the database; what was done until then stays done.
    pub async fn drain(self: &Arc<Self>) -> Result<usize, Fault> {
        let mut turns = 0;
        loop {
            let mut tx = self.store.read().await?;
            let due = store::due(&mut tx, self.clock.now(), BATCH).await?;
            tx.rollback().await?;
            if due.is_empty() {
                return Ok(turns);
            }
            turns += due.len();
            let (mut working, mut all) = (JoinSet::new(), Ok(()));
            for resource in due {
                while working.len() >= AT_ONCE {
                    all = one_done(&mut working, all).await;
                }
                let this = Arc::clone(self);
                working.spawn(async move { this.turn(&resource.id).await });
            }
            all_done(working, all).await?;
        }
    }

    /// Compares what has not been looked at for an hour, and repairs what drifted. What cannot be repaired
    /// failed, and is tried again like a change that did.
    ///
    /// # Errors
    /// A fault of the database; what was compared until then stays so.
    pub async fn scan(self: &Arc<Self>) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let stale = store::stale(&mut tx, now.plus_seconds(-SCAN_SECONDS), COMPARED).await?;
        tx.rollback().await?;
        // Side by side: whatever is repaired takes a turn of its server, which they share.
        let mut working = JoinSet::new();
        for resource in stale {
            let this = Arc::clone(self);
            working.spawn(async move {
                let turned = this.converge(&resource, None).await?;
                this.compared(&resource, turned).await
            });
        }
        all_done(working, Ok(())).await
    }

    /// Compares one thing with its node now, and repairs it, as [`Self::scan`] does in its time; what is being
    /// changed anyway is left to that.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn look(&self, id: &str) -> Result<(), Fault> {
        let mut tx = self.store.read().await?;
        let found = store::load(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(resource) = found else {
            return Ok(());
        };
        if resource.desired_revision != resource.applied_revision {
            return Ok(());
        }
        let turned = self.converge(&resource, None).await?;
        self.compared(&resource, turned).await
    }

    /// Wishes everything away that has been in the trash for its time.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn empty_trash(&self) -> Result<u64, Fault> {
        let mut tx = self.store.write().await?;
        let count = store::empty_trash(&mut tx, self.clock.now().plus_days(-TRASH_DAYS)).await?;
        tx.commit().await?;
        if count > 0 {
            self.events.wake();
        }
        Ok(count)
    }
}

/// Waits for one of them. The first fault counts, and breaks off none of the others.
async fn one_done(
    working: &mut JoinSet<Result<(), Fault>>,
    all: Result<(), Fault>,
) -> Result<(), Fault> {
    let failed = |error| Fault::because("work on a resource", error);
    match working.join_next().await {
        Some(done) => all.and(done.map_err(failed).flatten()),
        None => all,
    }
}

/// Waits for all of them.
async fn all_done(
    mut working: JoinSet<Result<(), Fault>>,
    mut all: Result<(), Fault>,
) -> Result<(), Fault> {
    while !working.is_empty() {
        all = one_done(&mut working, all).await;
    }
    all
}
