//! What happened.

use crate::failure::{Failure, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Something that happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event<T = Value> {
    /// Its id.
    pub id: String,
    /// Its topic, such as `mailbox.create`.
    pub topic: String,
    /// The version of the payload's schema.
    pub schema_version: u32,
    /// Milliseconds since 1970, UTC.
    pub occurred_at_ms: u64,
    /// By the topic's published schema: [`Change`] for commands, [`Quota`] for `quota.reached`.
    pub payload: T,
}

impl Event<String> {
    pub(crate) fn typed<T: DeserializeOwned>(&self) -> Result<Event<T>> {
        let payload = serde_json::from_str(&self.payload).map_err(|error| {
            let message = format!(
                "the payload of {} has another shape than the plugin expects",
                self.topic
            );
            Failure::new("input-invalid", message).detail(error.to_string())
        })?;
        Ok(Event {
            id: self.id.clone(),
            topic: self.topic.clone(),
            schema_version: self.schema_version,
            occurred_at_ms: self.occurred_at_ms,
            payload,
        })
    }
}

/// A command was carried out. `T` is what the record keeps of the thing.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change<T = Value> {
    /// `chg_…`: its id.
    pub change: String,
    /// Its number in the customer's order.
    pub seq: i64,
    /// The command's name.
    pub command: String,
    /// Who did it.
    pub actor: Actor,
    /// What it was about.
    pub object: Object,
    /// How it was before; absent for a new thing.
    pub before: Option<T>,
    /// How it is now; absent for a thing that is gone.
    pub after: Option<T>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Actor {
    /// `user`, `token`, `plugin`, `system`, …
    pub kind: String,
    /// Their id, where they have one.
    #[serde(default)]
    pub id: Option<String>,
}

/// What something is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Object {
    /// `mailbox`, `webspace`, …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The name that people know it by.
    pub name: String,
}

/// A quota is nearly used up: the payload of `quota.reached`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Quota {
    /// What is filling up.
    pub object: Object,
    /// Bytes in use.
    pub used_bytes: u64,
    /// Bytes at most.
    pub max_bytes: u64,
    /// In use, of a hundred.
    pub percent: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(payload: &str) -> Event<String> {
        Event {
            topic: "mailbox.create".to_owned(),
            payload: payload.to_owned(),
            ..Event::default()
        }
    }

    #[test]
    fn a_payload_has_a_type() {
        let text = r#"{"change":"chg_1","seq":7,"command":"mailbox.create",
            "actor":{"kind":"user","id":"usr_1"},
            "object":{"kind":"mailbox","id":"mbx_1","name":"info@example.de"},
            "before":null,"after":{"quota_bytes":1},"later":true}"#;
        let typed = event(text).typed::<Change>().unwrap();
        assert_eq!(typed.payload.object.name, "info@example.de");
        assert_eq!(typed.payload.before, None);
    }

    #[test]
    fn another_shape_is_a_failure_that_says_where() {
        let failure = event("{}").typed::<Quota>().unwrap_err();
        assert_eq!(failure.code, "input-invalid");
        assert!(failure.detail.unwrap().contains("object"));
    }
}
