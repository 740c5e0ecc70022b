//! The loop, and one resource's way through it.

use crate::backoff::next_attempt;
use crate::store;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wabe_access::command::House;
use wabe_access::resource::{Resource, TRASH_DAYS};
use wabe_access::{Change, Events};
use wabe_kernel::desired::{Desired, Driver, Step, StepFailure, Wish};
use wabe_kernel::{Clock, Fault, Rng, State, Timestamp};
use wabe_plan::{Plan, plan, subject};
use wabe_store::Store;

/// Resources worked on at the same time.
const AT_ONCE: usize = 8;
/// Resources fetched by one look.
const BATCH: i64 = 256;
/// Every resource is compared with its node once in so many seconds.
const SCAN_SECONDS: i64 = 3_600;
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

/// How one resource's turn ended.
enum Outcome {
    /// As wanted; for a domain that is not proved, as far as can be.
    Applied(State),
    /// Gone for good.
    Gone,
    /// To be tried again.
    Failed(StepFailure),
}

impl Reconciler {
    /// Works until told to stop: on every wake-up, when a retry is due, and in between slowly over
    /// everything that should still be as it was left.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(fault) = self.drain().await {
                tracing::error!(cause = %fault.chain(), "the reconciler could not work");
            }
            if let Err(fault) = self.scan().await {
                tracing::error!(cause = %fault.chain(), "the reconciler could not compare");
            }
            let pause = self.pause().await;
            tokio::select! {
                () = self.events.woken() => {}
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
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
            let mut working = JoinSet::new();
            for resource in due {
                while working.len() >= AT_ONCE {
                    working.join_next().await;
                }
                let this = Arc::clone(self);
                working.spawn(async move { this.turn(&resource.id).await });
            }
            while let Some(done) = working.join_next().await {
                done.map_err(|error| Fault::because("reconcile a resource", error))??;
            }
        }
    }

    /// Compares what has not been looked at for an hour, and repairs what drifted.
    async fn scan(self: &Arc<Self>) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let stale = store::stale(&mut tx, now.plus_seconds(-SCAN_SECONDS), 32).await?;
        tx.rollback().await?;
        for resource in stale {
            let outcome = self.converge(&resource).await?;
            let mut tx = self.store.write().await?;
            store::checked(&mut tx, &resource.id, now).await?;
            tx.commit().await?;
            if let Outcome::Failed(failure) = outcome {
                tracing::warn!(resource.id = %resource.id, code = failure.code,
                    detail = %failure.detail, "a drifted resource could not be repaired");
            }
        }
        Ok(())
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

    async fn turn(&self, id: &str) -> Result<(), Fault> {
        let mut tx = self.store.read().await?;
        let resource = store::load(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(resource) = resource else {
            return Ok(());
        };
        let outcome = self.converge(&resource).await?;
        self.record(&resource, outcome).await
    }

    /// Observes, plans and carries out.
    async fn converge(&self, resource: &Resource) -> Result<Outcome, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let desired = wabe_hosting::desired::load(&mut tx, resource, &self.house, now).await;
        tx.rollback().await?;
        let desired = match desired {
            Ok(desired) => desired,
            Err(wabe_access::Refusal::Fault(fault)) => return Err(fault),
            Err(_) => {
                return Ok(Outcome::Failed(StepFailure::new(
                    "not-found",
                    "no rows for it",
                )));
            }
        };
        let observed = match self.driver.observe(subject(&desired)).await {
            Ok(observed) => observed,
            Err(failure) => return Ok(Outcome::Failed(failure)),
        };
        let steps = match plan(&desired, &observed, resource.desired_revision, now) {
            Plan::Steps(steps) => steps,
            Plan::Waiting => return Ok(Outcome::Applied(State::Pending)),
            Plan::Mismatch => {
                return Ok(Outcome::Failed(StepFailure::new(
                    "mismatch",
                    "another kind of thing",
                )));
            }
        };
        if let Err(failure) = self.carry_out(&steps).await {
            return Ok(Outcome::Failed(failure));
        }
        Ok(if is_gone(&desired) {
            Outcome::Gone
        } else {
            Outcome::Applied(settled(resource))
        })
    }

    async fn carry_out(&self, steps: &[Step]) -> Result<(), StepFailure> {
        for step in steps {
            self.driver.apply(step).await?;
        }
        Ok(())
    }

    async fn record(&self, resource: &Resource, outcome: Outcome) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let state = match outcome {
            Outcome::Applied(state) => {
                store::applied(&mut tx, resource, state, now).await?;
                state
            }
            Outcome::Gone => {
                store::applied(&mut tx, resource, State::Deleting, now).await?;
                wabe_hosting::purge::purge(&mut tx, resource).await?;
                store::gone(&mut tx, &resource.id, now).await?;
                State::Deleting
            }
            Outcome::Failed(failure) => {
                tracing::warn!(resource.id = %resource.id, code = failure.code,
                    detail = %failure.detail, attempts = resource.attempts + 1, "a step failed");
                let retry_at = self.retry_at(now, resource);
                store::failed(&mut tx, resource, failure.code, retry_at, now).await?;
                State::Failed
            }
        };
        let seq = store::change_seq(&mut tx, resource).await?;
        tx.commit().await?;
        let (customer, object) = (resource.customer, resource.id.clone());
        self.events
            .publish(Change::of(customer, seq, object, Some(state)));
        Ok(())
    }

    fn retry_at(&self, now: Timestamp, resource: &Resource) -> Timestamp {
        next_attempt(now, resource.attempts + 1, self.rng.as_ref())
    }
}

/// The state of a resource whose wish came true.
const fn settled(resource: &Resource) -> State {
    if resource.deleted_at.is_some() {
        State::Deleting
    } else if resource.suspended_reason.is_some() {
        State::Suspended
    } else {
        State::Live
    }
}

const fn is_gone(desired: &Desired) -> bool {
    match desired {
        Desired::Webspace(_, wish) => matches!(wish, Wish::Gone),
        Desired::Mailbox(_, wish) => matches!(wish, Wish::Gone),
        Desired::Alias(_, wish) => matches!(wish, Wish::Gone),
        Desired::Database(_, wish) => matches!(wish, Wish::Gone),
        Desired::Domain(_, wish) => matches!(wish, Wish::Gone),
    }
}
