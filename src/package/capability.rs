//! What a plugin may ask for, in the words of `plugin.toml`.
//!
//! The key-value store, the log, the time and random numbers need no word: everybody has them.

use crate::flaw::Defect;
use crate::names::{Host, Slug, parsed};
use crate::text::Texts;
use crate::topic::{Topic, TopicGlob};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The command behind [`Capability::Mail`].
pub const MAIL_COMMAND: &str = "plugin_message.send";

/// One right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// `events:<topic glob>`: hears of what happened.
    Events(TopicGlob),
    /// `schedule`: runs by the clock.
    Schedule,
    /// `webhook`: has an address that others call.
    Webhook,
    /// `form`: has pages in the portal.
    Form,
    /// `card`: stands on the dashboard.
    Card,
    /// `ticket`: offers acts on tickets.
    Ticket,
    /// `http:<host[:port]>`: calls this host.
    Http(Host),
    /// `secret:<name>`: uses this secret, without seeing it.
    Secret(Slug),
    /// `records:<type>`: reads the fields of its request.
    Records(Slug),
    /// `files:read`: reads the webspaces of its grant.
    FilesRead,
    /// `files:write`: writes, lists and deletes in the webspaces of its grant.
    FilesWrite,
    /// `effect:<command>`: changes things by this command.
    Effect(Topic),
    /// `mail`: sends messages to the customer's own members.
    Mail,
}

impl Capability {
    /// Every word, with its parameter.
    pub const WORDS: [&'static str; 13] = [
        "events:<topic>",
        "schedule",
        "webhook",
        "form",
        "card",
        "ticket",
        "http:<host>",
        "secret:<name>",
        "records:<type>",
        "files:read",
        "files:write",
        "effect:<command>",
        "mail",
    ];

    /// The right that an effect of this command needs; `None` when it is no command's name.
    #[must_use]
    pub fn for_effect(command: &str) -> Option<Self> {
        if command == MAIL_COMMAND {
            return Some(Self::Mail);
        }
        command.parse().ok().map(Self::Effect)
    }

    /// The word without its parameter: the Fluent key is `capability-{kind}`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Events(_) => "events",
            Self::Schedule => "schedule",
            Self::Webhook => "webhook",
            Self::Form => "form",
            Self::Card => "card",
            Self::Ticket => "ticket",
            Self::Http(_) => "http",
            Self::Secret(_) => "secret",
            Self::Records(_) => "records",
            Self::FilesRead => "files-read",
            Self::FilesWrite => "files-write",
            Self::Effect(_) => "effect",
            Self::Mail => "mail",
        }
    }

    /// What stands after the colon; empty for words that have no parameter.
    #[must_use]
    pub fn parameter(&self) -> String {
        match self {
            Self::Events(glob) => glob.to_string(),
            Self::Http(host) => host.to_string(),
            Self::Secret(name) | Self::Records(name) => name.to_string(),
            Self::Effect(command) => command.to_string(),
            _ => String::new(),
        }
    }

    /// Whether whoever has this right may do what `needed` stands for.
    #[must_use]
    pub fn covers(&self, needed: &Self) -> bool {
        match (self, needed) {
            (Self::Events(have), Self::Events(need)) => have.covers(need),
            (have, need) => have == need,
        }
    }

    /// True when its grant names webspaces.
    #[must_use]
    pub const fn needs_webspaces(&self) -> bool {
        matches!(self, Self::FilesRead | Self::FilesWrite)
    }

    /// True when its request names fields.
    #[must_use]
    pub const fn needs_fields(&self) -> bool {
        matches!(self, Self::Records(_))
    }

    /// The line that `plugin.toml` needs: what `denied` tells the author.
    #[must_use]
    pub fn how(&self) -> String {
        format!("add a [[capability]] with capability = \"{self}\" to plugin.toml")
    }
}

impl FromStr for Capability {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let (word, parameter) = text.split_once(':').unwrap_or((text, ""));
        let shape = |shape: &str| Defect::BadCapability {
            value: text.chars().take(80).collect(),
            shape: shape.to_owned(),
        };
        let plain = match text {
            "schedule" => Some(Self::Schedule),
            "webhook" => Some(Self::Webhook),
            "form" => Some(Self::Form),
            "card" => Some(Self::Card),
            "ticket" => Some(Self::Ticket),
            "files:read" => Some(Self::FilesRead),
            "files:write" => Some(Self::FilesWrite),
            "mail" => Some(Self::Mail),
            _ => None,
        };
        if let Some(plain) = plain {
            return Ok(plain);
        }
        match (word, parameter) {
            ("events", "") => Err(shape("events:<topic>, such as events:mailbox.*")),
            ("http", "") => Err(shape("http:<host>, such as http:api.example.org")),
            ("secret", "") => Err(shape("secret:<name>, such as secret:token")),
            ("records", "") => Err(shape("records:<type>, such as records:mailbox")),
            ("effect", "") => Err(shape("effect:<command>, such as effect:mailbox.create")),
            ("effect", MAIL_COMMAND) => Err(shape("mail")),
            ("files", _) => Err(shape("files:read or files:write")),
            ("events", topic) => topic.parse().map(Self::Events),
            ("http", host) => host.parse().map(Self::Http),
            ("secret", name) => name.parse().map(Self::Secret),
            ("records", kind) => kind.parse().map(Self::Records),
            ("effect", command) => command.parse().map(Self::Effect),
            _ => Err(Defect::UnknownCapability {
                value: text.chars().take(80).collect(),
                known: Self::WORDS.join(", "),
            }),
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FilesRead => f.write_str("files:read"),
            Self::FilesWrite => f.write_str("files:write"),
            other => match other.parameter() {
                parameter if parameter.is_empty() => f.write_str(other.kind()),
                parameter => write!(f, "{}:{parameter}", other.kind()),
            },
        }
    }
}

parsed!(Capability);

/// A `[[capability]]` of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The right.
    pub capability: Capability,
    /// True when the plugin works without it.
    pub optional: bool,
    /// Why it is needed, for whoever decides.
    pub reason: Texts,
    /// Of `records:…`: the fields it reads.
    #[serde(default)]
    pub fields: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn capability(text: &str) -> Capability {
        text.parse().unwrap()
    }

    #[test]
    fn the_words_of_the_contract_are_understood() {
        for word in [
            "events:mailbox.*",
            "events:*",
            "schedule",
            "webhook",
            "form",
            "card",
            "ticket",
            "http:api.example.org",
            "http:api.example.org:8443",
            "secret:token",
            "records:mailbox",
            "files:read",
            "files:write",
            "effect:domain.set_redirect",
            "mail",
        ] {
            assert_eq!(capability(word).to_string(), word);
        }
    }

    #[test]
    fn other_words_are_refused_by_name() {
        let code = |text: &str| text.parse::<Capability>().unwrap_err().code();
        assert_eq!(code("root"), "unknown-capability");
        assert_eq!(code("mail:x"), "unknown-capability");
        assert_eq!(code("http"), "bad-capability");
        assert_eq!(code("http:10.0.0.1"), "bad-host");
        assert_eq!(code("effect:*"), "bad-topic");
        assert_eq!(code("effect:plugin_message.send"), "bad-capability");
        assert_eq!(code("files:delete"), "bad-capability");
    }

    #[test]
    fn only_globs_cover_more_than_themselves() {
        assert!(capability("events:mailbox.*").covers(&capability("events:mailbox.create")));
        assert!(!capability("events:mailbox.create").covers(&capability("events:mailbox.*")));
        assert!(!capability("http:a.example.org").covers(&capability("http:b.example.org")));
        assert!(!capability("http:a.example.org").covers(&capability("http:a.example.org:8443")));
        assert!(!capability("files:write").covers(&capability("files:read")));
        assert!(!capability("records:mailbox").covers(&capability("secret:mailbox")));
    }

    #[test]
    fn an_effect_needs_its_own_word() {
        let word = |command| Capability::for_effect(command).map(|c| c.to_string());
        assert_eq!(
            word("mailbox.create").as_deref(),
            Some("effect:mailbox.create")
        );
        assert_eq!(word("plugin_message.send").as_deref(), Some("mail"));
        assert_eq!(word("Mailbox; drop"), None);
    }

    proptest! {
        #[test]
        fn every_capability_round_trips_or_refuses(
            word in "(events|http|secret|records|effect|files|mail|form|x)?",
            rest in "(:[a-z*.0-9:]{0,20})?",
        ) {
            let text = format!("{word}{rest}");
            if let Ok(capability) = text.parse::<Capability>() {
                prop_assert_eq!(capability.to_string().parse(), Ok(capability.clone()));
                prop_assert!(capability.covers(&capability));
                let json = serde_json::to_string(&capability).unwrap();
                prop_assert_eq!(serde_json::from_str::<Capability>(&json).unwrap(), capability);
            }
        }
    }
}
