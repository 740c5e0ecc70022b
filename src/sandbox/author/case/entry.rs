//! The entry point that a case calls, written with defaults and with JSON instead of text in JSON.

use crate::author::case::{Content, Headers};
use serde::Deserialize;
use serde_json::{Map, Value};
use wabe_package::{Blob, Entry, Limits};

/// What a task's cursor says to go on where the step before ended.
const PREVIOUS: &str = "previous";

/// A call.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Given {
    Event {
        topic: String,
        #[serde(default)]
        payload: Value,
        #[serde(default = "event_id")]
        id: String,
        #[serde(default = "one")]
        schema_version: u32,
        occurred_at_ms: Option<u64>,
    },
    Task {
        task: String,
        cursor: Option<String>,
        scheduled_for_ms: Option<u64>,
    },
    Webhook {
        #[serde(default = "get")]
        method: String,
        #[serde(default = "root")]
        path: String,
        #[serde(default)]
        query: String,
        #[serde(default)]
        headers: Headers,
        body: Option<Content>,
        #[serde(default = "remote")]
        remote: String,
        #[serde(default)]
        user: String,
    },
    Render {
        form: String,
        #[serde(default = "object")]
        state: Value,
    },
    Submit {
        form: String,
        #[serde(default = "object")]
        input: Value,
    },
    Describe {
        #[serde(default = "object")]
        ticket: Value,
    },
    Action {
        action: String,
        #[serde(default = "object")]
        ticket: Value,
        #[serde(default = "object")]
        input: Value,
    },
}

fn event_id() -> String {
    "evt_1".to_owned()
}

const fn one() -> u32 {
    1
}

fn get() -> String {
    "GET".to_owned()
}

fn root() -> String {
    "/".to_owned()
}

fn remote() -> String {
    "192.0.2.1".to_owned()
}

fn object() -> Value {
    Value::Object(Map::new())
}

impl Given {
    /// The call as the sandbox takes it; `previous` is the cursor of the step before.
    pub(crate) fn entry(&self, now_ms: u64, previous: Option<&str>) -> Result<Entry, String> {
        Ok(match self.clone() {
            Self::Event {
                topic,
                payload,
                id,
                schema_version,
                occurred_at_ms,
            } => Entry::Event {
                id,
                topic,
                schema_version,
                occurred_at_ms: occurred_at_ms.unwrap_or(now_ms),
                payload: payload.to_string(),
            },
            Self::Task {
                task,
                cursor,
                scheduled_for_ms,
            } => Entry::Task {
                task,
                scheduled_for_ms: scheduled_for_ms.unwrap_or(now_ms),
                cursor: match cursor.as_deref() {
                    Some(PREVIOUS) => previous.map(str::to_owned),
                    _ => cursor,
                },
            },
            Self::Webhook {
                method,
                path,
                query,
                headers,
                body,
                remote,
                user,
            } => Entry::Webhook {
                method,
                path,
                query,
                headers: headers.pairs(),
                body: match body {
                    Some(body) => Blob(body.bytes().ok_or("entry.body: it is not Base64")?),
                    None => Blob::default(),
                },
                remote,
                user,
            },
            Self::Render { form, state } => Entry::Render {
                form,
                state: state.to_string(),
            },
            Self::Submit { form, input } => Entry::Submit {
                form,
                input: input.to_string(),
            },
            Self::Describe { ticket } => Entry::Describe {
                ticket: ticket.to_string(),
            },
            Self::Action {
                action,
                ticket,
                input,
            } => Entry::Action {
                action,
                ticket: ticket.to_string(),
                input: input.to_string(),
            },
        })
    }
}

/// The limits of production for such a call.
pub(crate) const fn limits(entry: &Entry) -> Limits {
    match entry {
        Entry::Event { .. } | Entry::Webhook { .. } => Limits::EVENT,
        Entry::Task { .. } => Limits::TASK,
        _ => Limits::PAGE,
    }
}

/// What an author's run may use instead of time: the same number on every machine.
pub(crate) const fn fuel(entry: &Entry) -> u64 {
    match entry {
        Entry::Event { .. } | Entry::Webhook { .. } => 500_000_000,
        Entry::Task { .. } => 4_000_000_000,
        _ => 200_000_000,
    }
}
