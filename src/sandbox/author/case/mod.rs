//! A test case: what comes in, what the world looks like, and what must come out.
//!
//! `docs/plugins/tests.md` is what authors read. Unknown fields are refused, so that a typing error is
//! never an assertion that holds.

mod entry;

pub(crate) use entry::{Given, fuel, limits};

use crate::author::disk;
use crate::author::screen::Trouble;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// The present in cases that name no other: 2026-01-01T00:00:00Z.
pub(crate) const NOW_MS: u64 = 1_767_225_600_000;

/// A file of `tests/`.
#[derive(Debug)]
pub(crate) struct Case {
    /// In a sentence.
    pub(crate) about: String,
    /// One after the other, in the same world.
    pub(crate) steps: Vec<Step>,
}

/// One run with what it must do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) entry: Given,
    #[serde(default)]
    pub(crate) context: Around,
    #[serde(default)]
    pub(crate) host: Scene,
    #[serde(default)]
    pub(crate) expect: Expect,
}

/// What the plugin learns about its run.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Around {
    pub(crate) locale: String,
    pub(crate) settings: Value,
    pub(crate) now_ms: u64,
    pub(crate) attempt: u32,
    pub(crate) dry_run: bool,
    pub(crate) customer: String,
}

impl Default for Around {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            settings: Value::Object(Map::new()),
            now_ms: NOW_MS,
            attempt: 1,
            dry_run: false,
            customer: "K10001".to_owned(),
        }
    }
}

/// What is added to the world before a step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Scene {
    pub(crate) deny: Vec<String>,
    pub(crate) kv: Map<String, Value>,
    pub(crate) records: BTreeMap<String, Vec<Map<String, Value>>>,
    pub(crate) files: BTreeMap<String, BTreeMap<String, Content>>,
    pub(crate) http: Vec<Exchange>,
    pub(crate) secrets: BTreeMap<String, String>,
}

/// Text, or bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Content {
    Text(String),
    Bytes(Encoded),
}

/// Bytes in Base64.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encoded {
    base64: String,
}

impl Content {
    /// The bytes; none when it is not Base64.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Bytes(encoded) => STANDARD.decode(&encoded.base64).ok(),
        }
    }
}

/// A request that is expected, with what is answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    pub(crate) request: Expected,
    pub(crate) response: Option<Response>,
    pub(crate) problem: Option<Refusal>,
}

/// What a request must be like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    #[serde(default = "get")]
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) body_contains: Option<String>,
    #[serde(default)]
    pub(crate) headers: Headers,
}

fn get() -> String {
    "GET".to_owned()
}

/// An object, or a list of pairs.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Headers {
    Object(BTreeMap<String, String>),
    List(Vec<(String, String)>),
}

impl Default for Headers {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Headers {
    /// The pairs, names in lower case.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let lower = |(name, value): (&String, &String)| (name.to_lowercase(), value.clone());
        match self {
            Self::Object(pairs) => pairs.iter().map(lower).collect(),
            Self::List(pairs) => pairs
                .iter()
                .map(|(name, value)| lower((name, value)))
                .collect(),
        }
    }
}

/// An answer from elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Response {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: Headers,
    #[serde(default)]
    pub(crate) body: Value,
}

/// Why a call is not answered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) how: String,
}

/// What must come out; only what is named is compared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) effects: Vec<Map<String, Value>>,
    pub(crate) reply: Option<Map<String, Value>>,
    pub(crate) data: Option<Value>,
    /// `null` is something else than absent: the work is done.
    #[serde(deserialize_with = "present")]
    pub(crate) cursor: Option<Value>,
    pub(crate) ui: Option<Value>,
    pub(crate) ui_contains: Vec<String>,
    pub(crate) actions: Option<Vec<Map<String, Value>>>,
    pub(crate) failure: Option<Map<String, Value>>,
    pub(crate) kv: Map<String, Value>,
    pub(crate) files: BTreeMap<String, Map<String, Value>>,
    pub(crate) log: Vec<String>,
    pub(crate) http: Option<usize>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The fields of some objects that the parser leaves open, because only the named ones are compared.
const EFFECT: [&str; 4] = ["kind", "target", "args", "key"];
const REPLY: [&str; 3] = ["status", "content_type", "body"];
const ACTION: [&str; 3] = ["name", "title", "description"];
const FAILURE: [&str; 4] = ["code", "message", "retryable", "detail"];

impl Expect {
    /// The name of a field that does not exist, with those that do.
    fn unknown(&self) -> Option<String> {
        let effects = self
            .effects
            .iter()
            .map(|one| ("effects", one, EFFECT.as_slice()));
        let reply = self
            .reply
            .iter()
            .map(|one| ("reply", one, REPLY.as_slice()));
        let actions = self
            .actions
            .iter()
            .flatten()
            .map(|one| ("actions", one, ACTION.as_slice()));
        let failure = self
            .failure
            .iter()
            .map(|one| ("failure", one, FAILURE.as_slice()));
        effects
            .chain(reply)
            .chain(actions)
            .chain(failure)
            .find_map(|(what, object, known)| {
                let name = object.keys().find(|name| !known.contains(&name.as_str()))?;
                let known = known.join(", ");
                Some(format!(
                    "expect.{what}: unknown field `{name}`, expected one of {known}"
                ))
            })
    }
}

/// A file as it is written: one step, or several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    about: String,
    #[serde(default)]
    steps: Vec<Step>,
    entry: Option<Given>,
    #[serde(default)]
    context: Around,
    #[serde(default)]
    host: Scene,
    #[serde(default)]
    expect: Expect,
}

impl Case {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Trouble> {
        let (name, text) = (disk::shown(path), disk::read_text(path)?);
        Self::parse(&text).map_err(|cause| {
            Trouble::one(
                &name,
                &cause,
                "Mend the place; docs/plugins/tests.md has all fields",
            )
        })
    }

    /// Reads a text; the error is the cause.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let written: Written = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let steps = match written.entry {
            Some(_) if !written.steps.is_empty() => {
                return Err("it has both entry and steps".to_owned());
            }
            Some(entry) => vec![Step {
                entry,
                context: written.context,
                host: written.host,
                expect: written.expect,
            }],
            None if written.steps.is_empty() => {
                return Err("it has neither entry nor steps".to_owned());
            }
            None => written.steps,
        };
        match steps.iter().find_map(|step| step.expect.unknown()) {
            Some(unknown) => Err(unknown),
            None => Ok(Self {
                about: written.about,
                steps,
            }),
        }
    }
}
