//! Where a resource stands, as its page shows it: the steps that run, what went wrong, what still
//! works, when it is tried again.

use wabe_access::resource::{Standing, TRASH_DAYS};
use wabe_kernel::{Language, ResourceKind, State, Timestamp};
use wabe_web::{Message, Progress, StripStep, Texts, View};

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
    /// Why it is switched off, in the words of who did it.
    pub(crate) reason: Option<String>,
    /// When it is tried again.
    pub(crate) retry_at: Option<Timestamp>,
    /// Until when it lies in the trash; only there.
    pub(crate) trash_until: Option<Timestamp>,
    /// When it last changed.
    pub(crate) updated_at: Timestamp,
}

impl Condition {
    /// The condition of a thing.
    #[must_use]
    pub(crate) fn of(view: &View, kind: ResourceKind, standing: &Standing) -> Self {
        let (state, reason) = (standing.state, standing.reason.clone());
        let failed = state == State::Failed;
        Self {
            kind,
            state,
            steps: steps(view.language, kind, state),
            failure: reason.as_deref().filter(|_| failed).map(failure_message),
            reason: reason.filter(|_| state == State::Suspended),
            retry_at: standing.retry_at,
            trash_until: standing.deleted_at.map(|at| at.plus_days(TRASH_DAYS)),
            updated_at: standing.updated_at,
        }
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub(crate) fn is_quiet(&self) -> bool {
        let said = self.failure.is_some() || self.state == State::Suspended;
        self.steps.is_empty() && !said && self.trash_until.is_none()
    }
}

/// The message of a failure's code; a general one for codes without words.
pub(crate) fn failure_message(code: &str) -> String {
    let id = format!("failure-{code}");
    if Texts::global().has(Language::De, &id) {
        id
    } else {
        "portal-failure-other".to_owned()
    }
}

/// What happens while a thing changes. The change itself is through as soon as the page is shown; how
/// far the node is within its work is not known, so that is one step.
fn steps(language: Language, kind: ResourceKind, state: State) -> Vec<StripStep> {
    let work = match (state, kind) {
        (State::Pending, ResourceKind::Webspace) => "portal-step-webspace",
        (State::Pending, ResourceKind::Mailbox) => "portal-step-mailbox",
        (State::Pending, ResourceKind::Alias) => "portal-step-alias",
        (State::Pending, ResourceKind::Database) => "portal-step-database",
        (State::Updating, _) => "portal-step-change",
        // Nothing runs; a pending domain waits for its proof, not for a node.
        _ => return Vec::new(),
    };
    let step = |id: &str, progress| StripStep {
        text: Message::new(language, id).to_string(),
        progress,
    };
    let mut steps = vec![
        step("portal-step-saved", Progress::Done),
        step(work, Progress::Now),
    ];
    if kind == ResourceKind::Webspace {
        steps.push(step("portal-step-probe", Progress::Next));
    }
    steps.push(step("portal-step-live", Progress::Next));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_only_while_something_changes() {
        let of = |kind, state| steps(Language::De, kind, state).len();
        assert_eq!(of(ResourceKind::Webspace, State::Pending), 4);
        assert_eq!(of(ResourceKind::Mailbox, State::Updating), 3);
        assert_eq!(of(ResourceKind::Webspace, State::Live), 0);
        assert_eq!(of(ResourceKind::Domain, State::Pending), 0);
    }

    #[test]
    fn a_failure_without_words_is_told_in_general() {
        assert_eq!(failure_message("no-such-code"), "portal-failure-other");
    }
}
