//! The entry points of a plugin, with what goes in and what comes out.

use crate::bytes::Blob;
use crate::names::Slug;
use crate::text::plain;
use serde::{Deserialize, Serialize};

/// What a run knows about itself. The same as `context` in `wit/types.wit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// `run_…`.
    pub run_id: String,
    /// `ins_…`.
    pub installation: String,
    /// The customer's number.
    pub customer: String,
    /// `de` or `en`.
    pub locale: String,
    /// The API version of the host.
    pub api: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// The same for every try of the same work.
    pub idempotency_key: String,
    /// Milliseconds after which the run is stopped.
    pub deadline_ms: u32,
    /// True when effects are shown but not applied.
    pub dry_run: bool,
    /// Milliseconds since 1970.
    pub now_ms: u64,
    /// The settings: a JSON object.
    pub settings: String,
}

/// A call of an entry point, with its input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// `events.handle`.
    Event {
        /// The event's id.
        id: String,
        /// Its topic.
        topic: String,
        /// The version of the payload's schema.
        schema_version: u32,
        /// Milliseconds since 1970.
        occurred_at_ms: u64,
        /// JSON.
        payload: String,
    },
    /// `tasks.run`.
    Task {
        /// The task's name in the manifest.
        task: String,
        /// Milliseconds since 1970.
        scheduled_for_ms: u64,
        /// What the slice before left.
        cursor: Option<String>,
    },
    /// `actions.describe`.
    Describe {
        /// JSON.
        ticket: String,
    },
    /// `actions.run`.
    Action {
        /// The action's name.
        action: String,
        /// JSON.
        ticket: String,
        /// JSON.
        input: String,
    },
    /// `forms.render`.
    Render {
        /// The form's name in the manifest.
        form: String,
        /// JSON.
        state: String,
    },
    /// `forms.submit`.
    Submit {
        /// The form's name in the manifest.
        form: String,
        /// JSON object of texts.
        input: String,
    },
    /// `webhooks.receive`.
    Webhook {
        /// Upper case.
        method: String,
        /// Begins with a slash.
        path: String,
        /// Without the question mark.
        query: String,
        /// Names in lower case; without credentials.
        headers: Vec<(String, String)>,
        /// As received.
        body: Blob,
        /// The caller's address.
        remote: String,
        /// The user name of Basic; empty for HMAC.
        user: String,
    },
}

impl Entry {
    /// The interface and function that are called, as `wit/` names them.
    #[must_use]
    pub const fn function(&self) -> (&'static str, &'static str) {
        match self {
            Self::Event { .. } => ("wabe:plugin/events@1.0.0", "handle"),
            Self::Task { .. } => ("wabe:plugin/tasks@1.0.0", "run"),
            Self::Describe { .. } => ("wabe:plugin/actions@1.0.0", "describe"),
            Self::Action { .. } => ("wabe:plugin/actions@1.0.0", "run"),
            Self::Render { .. } => ("wabe:plugin/forms@1.0.0", "render"),
            Self::Submit { .. } => ("wabe:plugin/forms@1.0.0", "submit"),
            Self::Webhook { .. } => ("wabe:plugin/webhooks@1.0.0", "receive"),
        }
    }
}

/// Something the plugin wants to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// The command.
    pub kind: String,
    /// The id it is about; empty for a new thing.
    pub target: String,
    /// JSON object.
    pub args: String,
    /// Applied once per key.
    pub key: String,
}

/// An act on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub description: String,
}

/// The most characters of the title of an act.
const TITLE_MAX: usize = 80;
/// The most characters of what an act says about itself.
const DESCRIPTION_MAX: usize = 300;

impl Action {
    /// The act as it can be shown: texts plain and not without end. None when its name is no word, or when
    /// it does not say what it does.
    #[must_use]
    pub fn readable(&self) -> Option<Self> {
        let short =
            |text: &str, max| -> String { plain(text, false).trim().chars().take(max).collect() };
        let name: Slug = self.name.parse().ok()?;
        let title = short(&self.title, TITLE_MAX);
        (!title.is_empty()).then(|| Self {
            name: name.to_string(),
            title,
            description: short(&self.description, DESCRIPTION_MAX),
        })
    }
}

/// What an entry point gave back. Fields that its function does not have are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    /// What shall change.
    pub effects: Vec<Effect>,
    /// JSON for the page of the run; empty when there is none.
    pub data: String,
    /// Of tasks: the cursor of the next slice.
    pub cursor: Option<String>,
    /// Of forms and actions: the page's JSON.
    pub ui: Option<String>,
    /// Of `describe`: the acts.
    pub actions: Vec<Action>,
    /// Of webhooks: the answer.
    pub reply: Option<Reply>,
}

/// The answer to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `application/json` or `text/plain`.
    pub content_type: String,
    /// The body.
    pub body: Blob,
}

/// Why a run did not do its work, in the plugin's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// An open word.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// True when the same input may succeed later.
    pub retryable: bool,
    /// When to try again.
    pub retry_after_ms: Option<u32>,
    /// More, such as the place of a panic.
    pub detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn an_act_is_shown_plain_and_only_when_it_says_what_it_does() {
        let act = |name: &str, title: &str| Action {
            name: name.to_owned(),
            title: title.to_owned(),
            description: "x".repeat(1_000),
        };
        let shown = act("check", " Look\u{202e}\nhere ").readable().unwrap();
        assert_eq!(shown.title, "Look here");
        assert_eq!(shown.description.len(), 300);
        assert_eq!(act("check", "\u{200b}").readable(), None);
        assert_eq!(act("../x", "Look").readable(), None);
    }
}
