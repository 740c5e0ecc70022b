//! Where a resource stands, as its page shows it: the steps that run, what went wrong, what still
//! works, when it is tried again.

use crate::{Portal, retry};
use std::cmp::Ordering;
use wabe_access::resource::TRASH_DAYS;
use wabe_access::standing::Standing;
use wabe_access::{Permission, Work};
use wabe_kernel::{Language, ResourceKind, State, Timestamp};
use wabe_web::finding::failure_message;
use wabe_web::{Member, Message, Progress, StripStep, View};

/// The most steps of a running change that are shown.
const STEPS_MAX: usize = 5;

/// A resource's condition, ready for the macro `p::condition`.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    /// What it is.
    pub(crate) kind: ResourceKind,
    /// Its state.
    pub(crate) state: State,
    /// What runs; empty unless something does.
    pub(crate) steps: Vec<StripStep>,
    /// The message of what went wrong, `failure-{code}`; only when something did.
    pub(crate) failure: Option<String>,
    /// The message of what it waits for, `failure-{code}`; only when somebody has to do something first.
    pub(crate) waits_for: Option<String>,
    /// Why it is switched off, in the words of who did it.
    pub(crate) reason: Option<String>,
    /// When it is tried again.
    pub(crate) retry_at: Option<Timestamp>,
    /// Where the form is sent that has it tried at once; only for who may.
    pub(crate) retry: Option<String>,
    /// Until when it lies in the trash; only there.
    pub(crate) trash_until: Option<Timestamp>,
    /// When it last changed.
    pub(crate) updated_at: Timestamp,
}

impl Portal {
    /// Where a thing of the visitor's customer stands, and what is being done for it right now.
    pub(crate) fn condition(
        &self,
        member: &Member,
        kind: ResourceKind,
        id: &str,
        standing: &Standing,
    ) -> Condition {
        let work = self.gate.events().work(id);
        let mut condition = Condition::of(&member.view, kind, standing, work.as_ref());
        let may = condition.failure.is_some() && member.visitor.has(Permission::to_change(kind));
        condition.retry = may.then(|| retry::path(kind, id));
        condition
    }
}

impl Condition {
    /// The condition of a thing, and of the work on it.
    #[must_use]
    pub(crate) fn of(
        view: &View,
        kind: ResourceKind,
        standing: &Standing,
        work: Option<&Work>,
    ) -> Self {
        let (state, reason) = (standing.state, standing.reason.clone());
        let failed = state == State::Failed;
        Self {
            kind,
            state,
            steps: steps(view.language, kind, standing, work),
            failure: reason.as_deref().filter(|_| failed).map(failure_message),
            waits_for: standing.waits_for().map(failure_message),
            reason: reason.filter(|_| state == State::Suspended),
            retry_at: standing.retry_at,
            retry: None,
            trash_until: standing.deleted_at.map(|at| at.plus_days(TRASH_DAYS)),
            updated_at: standing.updated_at,
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub(crate) fn is_quiet(&self) -> bool {
        let said = self.failure.is_some() || self.waits_for.is_some();
        let said = said || self.state == State::Suspended;
        self.steps.is_empty() && !said && self.trash_until.is_none()
    }
}

/// What is shown of a running change: that it is kept, each step of the node, that it is live.
///
/// Before the node has its steps, what comes is one step, and nobody pretends to know more. News of a
/// state overtake the end of the work, so a thing that rests shows none of it.
fn steps(
    language: Language,
    kind: ResourceKind,
    standing: &Standing,
    work: Option<&Work>,
) -> Vec<StripStep> {
    let state = standing.state;
    let waits = match state {
        State::Live | State::Suspended => return Vec::new(),
        // A pending domain waits for its proof, not for a node, and so does what is on it.
        State::Pending => kind != ResourceKind::Domain && standing.waits_for().is_none(),
        State::Updating => true,
        State::Failed | State::Deleting => false,
    };
    let step = |id: &str, progress| StripStep {
        text: Message::new(language, id).to_string(),
        progress,
    };
    let place = |number: usize, done: usize| match number.cmp(&done) {
        Ordering::Less => Progress::Done,
        Ordering::Equal => Progress::Now,
        Ordering::Greater => Progress::Next,
    };
    // While something changes, its reason is the one it is being switched off for.
    let off = state == State::Deleting || (state == State::Updating && standing.reason.is_some());
    let end = if off {
        "portal-step-off"
    } else {
        "portal-step-live"
    };
    let mut shown = vec![step("portal-step-saved", Progress::Done)];
    match work {
        Some(work) => {
            let words = work.steps.iter().enumerate();
            shown.extend(
                words.map(|(number, word)| step(&format!("step-{word}"), place(number, work.done))),
            );
            shown.push(step(end, place(work.steps.len(), work.done)));
        }
        None if waits => {
            shown.push(step("portal-step-next", Progress::Now));
            shown.push(step(end, Progress::Next));
        }
        None => return Vec::new(),
    }
    few(shown)
}

/// At most [`STEPS_MAX`]: what is long through goes first, then what comes last.
fn few(mut steps: Vec<StripStep>) -> Vec<StripStep> {
    let too_many = steps.len().saturating_sub(STEPS_MAX);
    let through = steps.iter().filter(|step| step.is_done()).count();
    steps.drain(..too_many.min(through));
    steps.truncate(STEPS_MAX);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::standing;

    const SITE: [&str; 4] = [
        "make-folder",
        "issue-certificate",
        "configure-site",
        "probe-site",
    ];

    /// A letter for each step: done, now, next.
    fn signs(kind: ResourceKind, state: State, work: Option<(&[&'static str], usize)>) -> String {
        let work = work.map(|(steps, done)| Work {
            steps: steps.to_vec(),
            done,
        });
        let shown = steps(Language::De, kind, &standing(state), work.as_ref());
        let sign = |step: &StripStep| match step.progress {
            Progress::Done => 'd',
            Progress::Now => 'n',
            Progress::Next => 'x',
        };
        shown.iter().map(sign).collect()
    }

    #[test]
    fn steps_run_only_while_something_changes() {
        let unplanned = |kind, state| signs(kind, state, None);
        assert_eq!(unplanned(ResourceKind::Webspace, State::Pending), "dnx");
        assert_eq!(unplanned(ResourceKind::Mailbox, State::Updating), "dnx");
        assert_eq!(unplanned(ResourceKind::Domain, State::Pending), "");
        for state in [State::Live, State::Suspended, State::Failed] {
            assert_eq!(unplanned(ResourceKind::Webspace, state), "");
        }
        let resting = signs(ResourceKind::Webspace, State::Live, Some((&SITE, 4)));
        assert_eq!(resting, "");
    }

    #[test]
    fn what_waits_for_a_proof_says_so_and_runs_no_steps() {
        let waiting = Standing {
            reason: Some("domain-not-proved".to_owned()),
            ..standing(State::Pending)
        };
        let shown = steps(Language::De, ResourceKind::Mailbox, &waiting, None);
        assert!(shown.is_empty());
        assert_eq!(waiting.shown_state(), State::Failed);
        let said = waiting.waits_for().map(failure_message);
        assert_eq!(said.as_deref(), Some("failure-domain-not-proved"));
        // Somebody who gives these words as their reason changes nothing.
        let suspended = Standing {
            state: State::Suspended,
            ..waiting
        };
        assert_eq!(suspended.waits_for(), None);
    }

    #[test]
    fn the_step_that_runs_is_the_one_that_is_shown() {
        let of = |state, steps: &'static [&'static str], done| {
            signs(ResourceKind::Mailbox, state, Some((steps, done)))
        };
        assert_eq!(
            of(State::Pending, &["make-maildir", "configure-mailbox"], 1),
            "ddnx"
        );
        assert_eq!(of(State::Failed, &["configure-mailbox"], 0), "dnx");
        assert_eq!(of(State::Deleting, &["hide-mailbox"], 1), "ddn");
        assert_eq!(of(State::Updating, &[], 0), "dn");
    }

    #[test]
    fn what_is_switched_off_does_not_end_live() {
        let end = |state, reason: Option<&str>| {
            let standing = Standing {
                reason: reason.map(str::to_owned),
                ..standing(state)
            };
            let work = Work {
                steps: vec!["hide-site"],
                done: 0,
            };
            let shown = steps(Language::En, ResourceKind::Webspace, &standing, Some(&work));
            shown.last().map(|step| step.text.clone()).unwrap()
        };
        assert_eq!(end(State::Updating, None), "Live");
        assert_eq!(end(State::Updating, Some("holiday")), "Switched off");
        assert_eq!(end(State::Deleting, None), "Switched off");
    }

    #[test]
    fn there_are_never_more_than_five() {
        let of = |done| signs(ResourceKind::Webspace, State::Pending, Some((&SITE, done)));
        assert_eq!(of(0), "nxxxx");
        assert_eq!(of(1), "dnxxx");
        assert_eq!(of(3), "dddnx");
        assert_eq!(of(4), "ddddn");
    }
}
