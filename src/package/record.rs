//! A recorded run: everything that went in and came out, so that it can run again without the world.

use crate::entry::{Context, Entry};
use crate::flaw::{Defect, Flaw};
use crate::json::{sorted, type_name};
use crate::limits::Limits;
use crate::wire::{Answer, Ending, HostCall, LogLine, Problem, Usage};
use crate::{Blob, PluginName};
use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The largest recording that is kept, in bytes of JSON.
pub const BYTES_MAX: usize = 256 << 10;

/// The field of a command that holds a password, …
const PASSWORD: &str = "password";
/// … and what stands in its place.
const CHOSEN: &str = "{{password}}";

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// 1.
    pub v: u8,
    /// Whose.
    pub plugin: PluginName,
    /// Of which version.
    pub version: Version,
    /// The SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// What the plugin knew about the run.
    pub context: Context,
    /// What was called.
    pub entry: Entry,
    /// What it might use.
    pub limits: Limits,
    /// Of randomness.
    pub seed: Blob,
    /// What it asked for, in order, with what it was told.
    pub calls: Vec<Exchange>,
    /// How it ended.
    pub ending: Ending,
    /// What it used.
    pub usage: Usage,
    /// What it wrote.
    pub log: Vec<LogLine>,
    /// True when something was left out because it was too large: such a run cannot be replayed whole.
    #[serde(default)]
    pub cut: bool,
}

/// A host call with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// What the plugin asked for.
    pub request: HostCall,
    /// What it was told.
    pub answer: Result<Answer, Problem>,
}

impl Recording {
    /// The canonical JSON: keys in order, no white space. Equal recordings are equal texts.
    #[must_use]
    pub fn write(&self) -> String {
        serde_json::to_value(self)
            .map(sorted)
            .unwrap_or_default()
            .to_string()
    }

    /// Reads what [`Recording::write`] wrote.
    pub fn read(part: &str, text: &str) -> Result<Self, Flaw> {
        let read: Result<Self, _> = serde_json::from_str(text);
        let reason = match read {
            Ok(recording) if recording.v == 1 => return Ok(recording),
            Ok(other) => format!("it is a recording of version {}", other.v),
            Err(error) => error.to_string(),
        };
        Err(Flaw::of_part(part, Defect::NotJson { reason }))
    }

    /// Every part that is bytes, for whoever has to look into them: in JSON they are Base64 texts in
    /// which nothing is found. Randomness is left out: nobody put anything there.
    pub fn each_bytes(&mut self, mut look: impl FnMut(&mut Vec<u8>)) {
        if let Entry::Webhook { body, .. } = &mut self.entry {
            look(&mut body.0);
        }
        for exchange in &mut self.calls {
            match &mut exchange.request {
                HostCall::KvSet { value, .. } => look(&mut value.0),
                HostCall::Fetch(request) => look(&mut request.body.0),
                HostCall::FileWrite { content, .. } => look(&mut content.0),
                HostCall::HmacVerify {
                    message, signature, ..
                } => {
                    look(&mut message.0);
                    look(&mut signature.0);
                }
                HostCall::KvGet { .. }
                | HostCall::KvDelete { .. }
                | HostCall::KvKeys { .. }
                | HostCall::UseSecret { .. }
                | HostCall::Query { .. }
                | HostCall::FileRead { .. }
                | HostCall::FileList { .. }
                | HostCall::FileDelete { .. } => {}
            }
            match &mut exchange.answer {
                Ok(Answer::Versioned {
                    found: Some((value, _)),
                }) => look(&mut value.0),
                Ok(Answer::Fetched(response)) => look(&mut response.body.0),
                Ok(Answer::Content { content }) => look(&mut content.0),
                Ok(
                    Answer::Versioned { found: None }
                    | Answer::Version { .. }
                    | Answer::Keys { .. }
                    | Answer::Text { .. }
                    | Answer::Files { .. }
                    | Answer::Flag { .. }
                    | Answer::Nothing,
                )
                | Err(_) => {}
            }
        }
        if let Ending::Done { outcome } = &mut self.ending
            && let Some(reply) = &mut outcome.reply
        {
            look(&mut reply.body.0);
        }
    }

    /// Where `replay` first did something else: host calls in their order, then the ending, then the
    /// log. Times and other usage always differ and are not compared.
    #[must_use]
    pub fn first_difference(&self, replay: &Self) -> Option<Difference> {
        for (at, (was, is)) in self.calls.iter().zip(&replay.calls).enumerate() {
            if let Some(difference) = compare(&format!("calls[{at}]"), &was.request, &is.request) {
                return Some(difference);
            }
        }
        let both = self.calls.len().min(replay.calls.len());
        let name = |calls: &[Exchange]| match calls.get(both) {
            Some(exchange) => exchange.request.name().to_owned(),
            None => "no further call".to_owned(),
        };
        if self.calls.len() != replay.calls.len() {
            return Some(Difference {
                place: format!("calls[{both}]"),
                recorded: name(&self.calls),
                replayed: name(&replay.calls),
            });
        }
        let ending = |recording: &Self| without_passwords(recording.ending.clone());
        compare("ending", &ending(self), &ending(replay))
            .or_else(|| compare("log", &self.log, &replay.log))
    }
}

/// An ending without the passwords that the plugin gave to what it made: whoever reads a recording opens
/// nothing with it.
#[must_use]
pub fn without_passwords(mut ending: Ending) -> Ending {
    if let Ending::Done { outcome } = &mut ending {
        for effect in &mut outcome.effects {
            effect.args = masked(std::mem::take(&mut effect.args));
        }
    }
    ending
}

fn masked(args: String) -> String {
    let Ok(Value::Object(mut members)) = serde_json::from_str(&args) else {
        return args;
    };
    let Some(password) = members.get_mut(PASSWORD) else {
        return args;
    };
    *password = Value::from(CHOSEN);
    Value::Object(members).to_string()
}

/// Where two runs part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Such as `calls[3].url`.
    pub place: String,
    /// What was there when it was recorded.
    pub recorded: String,
    /// What was there this time.
    pub replayed: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: recorded {}, replayed {}",
            self.place, self.recorded, self.replayed
        )
    }
}

fn compare<T: Serialize>(place: &str, recorded: &T, replayed: &T) -> Option<Difference> {
    let value = |side: &T| serde_json::to_value(side).map(sorted).unwrap_or_default();
    difference(place, &value(recorded), &value(replayed))
}

/// The first place where two values differ, in order of their keys.
#[must_use]
pub fn difference(place: &str, recorded: &Value, replayed: &Value) -> Option<Difference> {
    match (recorded, replayed) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => a
            .iter()
            .find_map(|(key, value)| difference(&format!("{place}.{key}"), value, b.get(key)?)),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| difference(&format!("{place}[{at}]"), a, b)),
        (a, b) if a == b => None,
        (a, b) => Some(Difference {
            place: place.to_owned(),
            recorded: shown(a),
            replayed: shown(b),
        }),
    }
}

/// A value in at most 200 characters.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 200 {
        return text;
    }
    let start: String = text.chars().take(200).collect();
    format!("{} that begins {start}…", type_name(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn recording(calls: Vec<HostCall>, data: &str) -> Recording {
        let answer = |request| Exchange {
            request,
            answer: Ok(Answer::Nothing),
        };
        Recording {
            v: 1,
            plugin: "dyndns".parse().unwrap(),
            version: Version::new(1, 0, 0),
            component: "0".repeat(64),
            context: Context {
                run_id: "run_1".to_owned(),
                installation: "ins_1".to_owned(),
                customer: "K10001".to_owned(),
                locale: "de".to_owned(),
                api: "1.0.0".to_owned(),
                attempt: 1,
                idempotency_key: "k".to_owned(),
                deadline_ms: 1000,
                dry_run: false,
                now_ms: 1,
                settings: "{}".to_owned(),
            },
            entry: Entry::Task {
                task: "t".to_owned(),
                scheduled_for_ms: 1,
                cursor: None,
            },
            limits: Limits::TASK,
            seed: Blob(vec![1; 32]),
            calls: calls.into_iter().map(answer).collect(),
            ending: Ending::Done {
                outcome: crate::entry::Outcome {
                    data: data.to_owned(),
                    ..Default::default()
                },
            },
            usage: Usage::default(),
            log: Vec::new(),
            cut: false,
        }
    }

    fn get(key: &str) -> HostCall {
        HostCall::KvGet {
            key: key.to_owned(),
        }
    }

    #[test]
    fn a_recording_round_trips_in_one_form() {
        let first = recording(vec![get("a")], "1");
        let text = first.write();
        let again = Recording::read("run.json", &text).unwrap();
        assert_eq!(again.write(), text);
        assert!(text.starts_with("{\"calls\":"));
        let newer = text.replace("\"v\":1", "\"v\":2");
        assert_eq!(
            Recording::read("run.json", &newer)
                .unwrap_err()
                .defect
                .code(),
            "not-json"
        );
    }

    #[test]
    fn the_first_difference_is_named() {
        let was = recording(vec![get("a"), get("b")], "1");
        let place = |calls, data| {
            was.first_difference(&recording(calls, data))
                .map(|d| d.to_string())
        };
        assert_eq!(place(vec![get("a"), get("b")], "1"), None);
        assert_eq!(
            place(vec![get("a"), get("c")], "2").as_deref(),
            Some("calls[1].key: recorded \"b\", replayed \"c\"")
        );
        assert_eq!(
            place(vec![get("a")], "1").as_deref(),
            Some("calls[1]: recorded kv.get, replayed no further call")
        );
        assert_eq!(
            place(vec![get("a"), get("b")], "2").as_deref(),
            Some("ending.outcome.data: recorded \"1\", replayed \"2\"")
        );
    }

    #[test]
    fn passwords_that_a_plugin_chose_are_left_out() {
        let ending = |args: &str| Ending::Done {
            outcome: crate::entry::Outcome {
                effects: vec![crate::entry::Effect {
                    kind: "mailbox.create".to_owned(),
                    target: String::new(),
                    args: args.to_owned(),
                    key: String::new(),
                }],
                ..Default::default()
            },
        };
        let args = |ending: Ending| match without_passwords(ending) {
            Ending::Done { outcome } => outcome.effects[0].args.clone(),
            other => panic!("{other:?}"),
        };
        let masked = args(ending(r#"{"address":"a@b.test","password":"hunter2"}"#));
        assert_eq!(
            serde_json::from_str::<Value>(&masked).unwrap(),
            json!({ "address": "a@b.test", "password": "{{password}}" })
        );
        for other in ["", "{", "[]", r#"{ "name": "password" }"#] {
            assert_eq!(args(ending(other)), other);
        }
        // A replay that chose another one did the same.
        let of = |args: &str| Recording {
            ending: ending(args),
            ..recording(Vec::new(), "")
        };
        let (was, is) = (
            of(r#"{"password":"{{password}}"}"#),
            of(r#"{"password":"b"}"#),
        );
        assert_eq!(was.first_difference(&is), None);
    }

    proptest! {
        #[test]
        fn no_difference_means_equal(a in "[ab]{0,2}", b in "[ab]{0,2}", n in 0i32..3, m in 0i32..3) {
            let (a, b) = (json!({"x": [a, {"y": n}]}), json!({"x": [b, {"y": m}]}));
            prop_assert_eq!(difference("", &a, &b).is_none(), a == b);
        }
    }
}
