//! What makes a plugin run.

use crate::capability::Capability;
use crate::cron::{Cron, Zone};
use crate::names::Slug;
use crate::text::Texts;
use crate::topic::{Filter, TopicGlob};
use serde::{Deserialize, Serialize};

/// How a webhook's caller proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// User name and password.
    Basic,
    /// A signature over the body.
    Hmac,
}

impl Auth {
    /// All words.
    pub const WORDS: [&'static str; 2] = ["basic", "hmac"];

    /// The word in `plugin.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Hmac => "hmac",
        }
    }
}

/// A `[[trigger]]` of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// Something happened.
    Event {
        /// What.
        topic: TopicGlob,
        /// Only when the payload is so.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
    },
    /// It is time.
    Schedule {
        /// Its name.
        name: Slug,
        /// When.
        cron: Cron,
        /// In which zone.
        #[serde(default)]
        zone: Zone,
    },
    /// Somebody outside calls.
    Webhook {
        /// The last piece of its address.
        path: Slug,
        /// How the caller proves itself: the customer chooses one of them.
        auth: Vec<Auth>,
    },
    /// Somebody in the portal looks at a page or sends it.
    Form {
        /// Its name.
        name: Slug,
        /// What stands above it.
        title: Texts,
        /// True when it stands on the dashboard too.
        #[serde(default)]
        card: bool,
    },
    /// Somebody works on a ticket.
    Ticket,
}

impl Trigger {
    /// The words for `kind`.
    pub const KINDS: [&'static str; 5] = ["event", "schedule", "webhook", "form", "ticket"];

    /// The word for `kind`: the Fluent key is `trigger-{kind}`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Event { .. } => "event",
            Self::Schedule { .. } => "schedule",
            Self::Webhook { .. } => "webhook",
            Self::Form { .. } => "form",
            Self::Ticket => "ticket",
        }
    }

    /// What tells it from the other triggers of its plugin, such as `schedule:nightly`. Two event
    /// triggers may have the same one, with different filters.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Event { topic, .. } => format!("event:{topic}"),
            Self::Schedule { name, .. } => format!("schedule:{name}"),
            Self::Webhook { path, .. } => format!("webhook:{path}"),
            Self::Form { name, .. } => format!("form:{name}"),
            Self::Ticket => "ticket".to_owned(),
        }
    }

    /// The rights without which it never runs.
    #[must_use]
    pub fn needs(&self) -> Vec<Capability> {
        match self {
            Self::Event { topic, .. } => vec![Capability::Events(topic.clone())],
            Self::Schedule { .. } => vec![Capability::Schedule],
            Self::Webhook { .. } => vec![Capability::Webhook],
            Self::Form { card: false, .. } => vec![Capability::Form],
            Self::Form { card: true, .. } => vec![Capability::Form, Capability::Card],
            Self::Ticket => vec![Capability::Ticket],
        }
    }

    /// The interface that its component must export, without the version.
    #[must_use]
    pub const fn interface(&self) -> &'static str {
        match self {
            Self::Event { .. } => "wabe:plugin/events",
            Self::Schedule { .. } => "wabe:plugin/tasks",
            Self::Webhook { .. } => "wabe:plugin/webhooks",
            Self::Form { .. } => "wabe:plugin/forms",
            Self::Ticket => "wabe:plugin/actions",
        }
    }

    /// Whether this event is one to run for.
    #[must_use]
    pub fn hears(&self, event: &str, payload: &serde_json::Value) -> bool {
        match self {
            Self::Event { topic, filter } => topic.matches(event) && filter.matches(payload),
            _ => false,
        }
    }
}
