//! One resource's way from the wish to the node, and what is written down of it.

use crate::backoff::next_attempt;
use crate::store;
use crate::work::Reconciler;
use wabe_access::resource::Resource;
use wabe_access::standing::{DATABASE_FULL, EDITED_BY_HAND};
use wabe_access::{AtWork, Change};
use wabe_hosting::certificate::note_names;
use wabe_hosting::desired::Wanted;
use wabe_hosting::edited_file;
use wabe_hosting::webspace::note_certificate;
use wabe_kernel::desired::{Act, Desired, Observed, Step, StepFailure, Wish};
use wabe_kernel::{DomainName, Fault, State, Timestamp};
use wabe_plan::{Plan, plan, subject, waits_for_answer};
use wabe_store::Tx;

/// How one resource's turn ended.
pub(crate) enum Outcome {
    /// As wanted; where a domain is not proved, as far as can be, with what is waited for.
    Applied(State, Option<&'static str>),
    /// Gone for good.
    Gone,
    /// To be tried again.
    Failed(StepFailure),
}

/// A turn: how it ended, and what the node has now; unknown when it could not be looked at.
pub(crate) struct Turned {
    pub(crate) outcome: Outcome,
    pub(crate) seen: Option<Observed>,
    /// The public names of a webspace that is shown; absent for everything else.
    pub(crate) public_names: Option<Vec<DomainName>>,
}

impl Turned {
    /// Nothing to do before the customer did something.
    const fn waiting(observed: Observed) -> Self {
        Self {
            outcome: Outcome::Applied(State::Pending, None),
            seen: Some(observed),
            public_names: None,
        }
    }
}

impl From<StepFailure> for Turned {
    fn from(failure: StepFailure) -> Self {
        Self {
            outcome: Outcome::Failed(failure),
            seen: None,
            public_names: None,
        }
    }
}

impl Reconciler {
    pub(crate) async fn turn(&self, id: &str) -> Result<(), Fault> {
        let mut tx = self.store.read().await?;
        let resource = store::load(&mut tx, id).await?;
        let Some(resource) = resource else {
            return tx.rollback().await;
        };
        let seq = store::change_seq(&mut tx, &resource).await?;
        tx.rollback().await?;
        let work = self.events.begin(resource.customer, seq, &resource.id);
        let turned = self.converge(&resource, Some(&work)).await?;
        self.record(&resource, turned, work).await
    }

    /// Observes, plans and carries out; shows on `work` how far that is.
    pub(crate) async fn converge(
        &self,
        resource: &Resource,
        work: Option<&AtWork<'_>>,
    ) -> Result<Turned, Fault> {
        let now = self.clock.now();
        let mut tx = self.store.read().await?;
        let wanted = wabe_hosting::desired::load(&mut tx, resource, &self.house, now).await;
        tx.rollback().await?;
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(wabe_access::Refusal::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(StepFailure::new("not-found", "no rows for it").into()),
        };
        let desired = &wanted.desired;
        let observed = match self.driver.observe(subject(desired)).await {
            Ok(observed) => observed,
            Err(failure) => return Ok(failure.into()),
        };
        let steps = match plan(desired, &observed, resource.desired_revision, now) {
            Plan::Steps(steps) => steps,
            Plan::Waiting => return Ok(Turned::waiting(observed)),
            Plan::Mismatch => {
                return Ok(StepFailure::new("mismatch", "another kind of thing").into());
            }
        };
        let done = self.carry_out(&steps, work).await;
        // Steps that stopped half-way moved it too.
        let waits = waits_for_answer(desired, &observed);
        let was_edited = is_edited(&observed) && !steps.is_empty();
        let seen = if was_edited || steps.iter().any(moves_what_is_told) {
            self.driver.observe(subject(desired)).await.ok()
        } else {
            Some(observed)
        };
        let outcome = match done {
            Err(failure) => Outcome::Failed(failure),
            Ok(()) if is_gone(desired) => Outcome::Gone,
            Ok(()) => settled(resource, &wanted, (seen.as_ref(), waits)),
        };
        Ok(Turned {
            outcome,
            seen,
            public_names: public_names(desired),
        })
    }

    async fn carry_out(
        &self,
        steps: &[Step],
        work: Option<&AtWork<'_>>,
    ) -> Result<(), StepFailure> {
        if let Some(work) = work {
            work.plan(steps.iter().map(|step| step.act.word()).collect());
        }
        for (number, step) in steps.iter().enumerate() {
            self.driver.apply(step).await?;
            if let Some(work) = work {
                work.reach(number + 1);
            }
        }
        Ok(())
    }

    async fn record(
        &self,
        resource: &Resource,
        turned: Turned,
        work: AtWork<'_>,
    ) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        self.note(&mut tx, resource, &turned).await?;
        let state = match turned.outcome {
            Outcome::Applied(state, waits_for) => {
                store::applied(&mut tx, resource, (state, waits_for), now).await?;
                state
            }
            Outcome::Gone => {
                store::applied(&mut tx, resource, (State::Deleting, None), now).await?;
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
        // Whoever hears of the new state finds no work any more.
        drop(work);
        let (customer, object) = (resource.customer, resource.id.clone());
        self.events
            .publish(Change::of(customer, seq, object, Some(state)));
        Ok(())
    }

    /// Writes down what people are told of the node, and for which names certificates are ordered.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        resource: &Resource,
        turned: &Turned,
    ) -> Result<(), Fault> {
        let wrong = |_not_an_id| Fault::new("read a resource's id");
        let (customer, now) = (resource.customer, self.clock.now());
        if let Some(names) = &turned.public_names {
            let id = resource.id.parse().map_err(wrong)?;
            note_names(tx, (customer, id), names, now).await?;
        }
        let Some(Observed::Webspace(seen)) = &turned.seen else {
            return Ok(());
        };
        let id = resource.id.parse().map_err(wrong)?;
        // What the customer's own names are served with, where there are any beside the preview.
        let public = seen.public.as_ref().map(|public| &public.certificate);
        let certificate = public.or(seen.certificate.as_ref());
        note_certificate(tx, customer, id, certificate, now).await?;
        edited_file::note(tx, (customer, id), seen.edited.as_deref(), now).await
    }

    /// Writes down how the comparison of something that rests ended.
    pub(crate) async fn compared(&self, resource: &Resource, turned: Turned) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        self.note(&mut tx, resource, &turned).await?;
        let failure = match turned.outcome {
            Outcome::Failed(failure) => failure,
            // What part of it waits for came or went by itself.
            Outcome::Applied(state, waits_for) if waits_for != resource.failure.as_deref() => {
                store::applied(&mut tx, resource, (state, waits_for), now).await?;
                let seq = store::change_seq(&mut tx, resource).await?;
                tx.commit().await?;
                let (customer, object) = (resource.customer, resource.id.clone());
                self.events
                    .publish(Change::of(customer, seq, object, Some(state)));
                return Ok(());
            }
            Outcome::Applied(..) | Outcome::Gone => {
                store::checked(&mut tx, &resource.id, now).await?;
                return tx.commit().await;
            }
        };
        tracing::warn!(resource.id = %resource.id, code = failure.code,
            detail = %failure.detail, "a drifted resource could not be repaired");
        let retry_at = self.retry_at(now, resource);
        let noted = store::drifted(&mut tx, resource, failure.code, retry_at, now).await?;
        let seq = store::change_seq(&mut tx, resource).await?;
        tx.commit().await?;
        if noted {
            let (customer, object) = (resource.customer, resource.id.clone());
            let state = Some(State::Failed);
            self.events
                .publish(Change::of(customer, seq, object, state));
        }
        Ok(())
    }

    fn retry_at(&self, now: Timestamp, resource: &Resource) -> Timestamp {
        next_attempt(now, resource.attempts + 1, self.rng.as_ref())
    }
}

/// Whether people are told something else of the node after this step than before: another certificate, or
/// room in a database.
const fn moves_what_is_told(step: &Step) -> bool {
    match &step.act {
        Act::IssueCertificate(..)
        | Act::StandIn(..)
        | Act::SupplyCertificate(..)
        | Act::DropCertificate(_)
        | Act::RemoveSite(_)
        | Act::RemoveFolder(_) => true,
        Act::ConfigureDatabase(Wish::Present(database)) => database.engine.is_server(),
        _ => false,
    }
}

/// Whether somebody wrote something by hand there.
const fn is_edited(observed: &Observed) -> bool {
    matches!(observed, Observed::Webspace(seen) if seen.edited.is_some())
}

/// The state of a resource whose wish came true. A domain that is not proved waits for that, as does what
/// is out of reach without one; a webspace is there without all of its names, and a database that is full
/// is there to be read.
///
/// `waits`: whether part of the wish waits for an answer about what was written by hand.
const fn settled(
    resource: &Resource,
    wanted: &Wanted,
    (seen, waits): (Option<&Observed>, bool),
) -> Outcome {
    let waits_for = match seen {
        Some(Observed::Database { full: true, .. }) => Some(DATABASE_FULL),
        _ if waits => Some(EDITED_BY_HAND),
        _ => wanted.waits_for,
    };
    if resource.deleted_at.is_some() {
        return Outcome::Applied(State::Deleting, None);
    }
    if resource.suspended_reason.is_some() {
        return Outcome::Applied(State::Suspended, None);
    }
    match &wanted.desired {
        Desired::Domain(_, Wish::Present(domain)) if !domain.verified => {
            Outcome::Applied(State::Pending, None)
        }
        Desired::Mailbox(..) | Desired::Alias(..) if waits_for.is_some() => {
            Outcome::Applied(State::Pending, waits_for)
        }
        Desired::Webspace(..)
        | Desired::Mailbox(..)
        | Desired::Alias(..)
        | Desired::Database(..)
        | Desired::Domain(..) => Outcome::Applied(State::Live, waits_for),
    }
}

/// The public names of a webspace that is shown.
fn public_names(desired: &Desired) -> Option<Vec<DomainName>> {
    match desired {
        Desired::Webspace(_, Wish::Present(webspace)) => Some(webspace.public_names()),
        _ => None,
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
