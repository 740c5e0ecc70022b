//! One resource's way from the wish to the node, and what is written down of it.

use crate::backoff::next_attempt;
use crate::store;
use crate::work::Reconciler;
use wabe_access::Change;
use wabe_access::resource::Resource;
use wabe_hosting::webspace::note_certificate;
use wabe_kernel::desired::{Act, Desired, Observed, Step, StepFailure, Wish};
use wabe_kernel::{Fault, State, Timestamp};
use wabe_plan::{Plan, plan, subject};
use wabe_store::Tx;

/// How one resource's turn ended.
pub(crate) enum Outcome {
    /// As wanted; for a domain that is not proved, as far as can be.
    Applied(State),
    /// Gone for good.
    Gone,
    /// To be tried again.
    Failed(StepFailure),
}

/// A turn: how it ended, and what the node has now; unknown when it could not be looked at.
pub(crate) struct Turned {
    pub(crate) outcome: Outcome,
    pub(crate) seen: Option<Observed>,
}

impl Turned {
    /// Nothing to do before the customer did something.
    const fn waiting(observed: Observed) -> Self {
        Self {
            outcome: Outcome::Applied(State::Pending),
            seen: Some(observed),
        }
    }
}

impl From<StepFailure> for Turned {
    fn from(failure: StepFailure) -> Self {
        Self {
            outcome: Outcome::Failed(failure),
            seen: None,
        }
    }
}

impl Reconciler {
    pub(crate) async fn turn(&self, id: &str) -> Result<(), Fault> {
        let mut tx = self.store.read().await?;
        let resource = store::load(&mut tx, id).await?;
        tx.rollback().await?;
        let Some(resource) = resource else {
            return Ok(());
        };
        let turned = self.converge(&resource).await?;
        self.record(&resource, turned).await
    }

    /// Observes, plans and carries out.
    pub(crate) async fn converge(&self, resource: &Resource) -> Result<Turned, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let desired = wabe_hosting::desired::load(&mut tx, resource, &self.house, now).await;
        tx.rollback().await?;
        let desired = match desired {
            Ok(desired) => desired,
            Err(wabe_access::Refusal::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(StepFailure::new("not-found", "no rows for it").into()),
        };
        let observed = match self.driver.observe(subject(&desired)).await {
            Ok(observed) => observed,
            Err(failure) => return Ok(failure.into()),
        };
        let steps = match plan(&desired, &observed, resource.desired_revision, now) {
            Plan::Steps(steps) => steps,
            Plan::Waiting => return Ok(Turned::waiting(observed)),
            Plan::Mismatch => {
                return Ok(StepFailure::new("mismatch", "another kind of thing").into());
            }
        };
        let outcome = match self.carry_out(&steps).await {
            Err(failure) => Outcome::Failed(failure),
            Ok(()) if is_gone(&desired) => Outcome::Gone,
            Ok(()) => Outcome::Applied(settled(resource, &desired)),
        };
        // Steps that stopped half-way moved it too.
        let seen = if steps.iter().any(moves_certificate) {
            self.driver.observe(subject(&desired)).await.ok()
        } else {
            Some(observed)
        };
        Ok(Turned { outcome, seen })
    }

    async fn carry_out(&self, steps: &[Step]) -> Result<(), StepFailure> {
        for step in steps {
            self.driver.apply(step).await?;
        }
        Ok(())
    }

    async fn record(&self, resource: &Resource, turned: Turned) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        self.note(&mut tx, resource, turned.seen.as_ref()).await?;
        let state = match turned.outcome {
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

    /// Writes down what people are told of the node.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        resource: &Resource,
        seen: Option<&Observed>,
    ) -> Result<(), Fault> {
        let Some(Observed::Webspace(seen)) = seen else {
            return Ok(());
        };
        let id = resource.id.parse();
        let id = id.map_err(|_not_an_id| Fault::new("read a resource's id"))?;
        let (certificate, now) = (seen.certificate.as_ref(), self.clock.now());
        note_certificate(tx, resource.customer, id, certificate, now).await
    }

    fn retry_at(&self, now: Timestamp, resource: &Resource) -> Timestamp {
        next_attempt(now, resource.attempts + 1, self.rng.as_ref())
    }
}

/// Whether the node has another certificate after this step than before.
const fn moves_certificate(step: &Step) -> bool {
    matches!(
        step.act,
        Act::IssueCertificate(..) | Act::RemoveSite(_) | Act::RemoveFolder(_)
    )
}

/// The state of a resource whose wish came true; a domain that is not proved waits for that.
const fn settled(resource: &Resource, desired: &Desired) -> State {
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
    } else if matches!(desired, Desired::Domain(_, Wish::Present(domain)) if !domain.verified) {
        State::Pending
