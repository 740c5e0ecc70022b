//! What the agent takes over its socket, and what ends a connection.

use crate::agent::node::{Agent, step, webspace};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use wabe_drivers::agent_link::message::{Ask, VERSION};
use wabe_kernel::desired::{Act, Wish};

/// Whoever speaks to the agent with their own words.
struct Raw(UnixStream);

impl Raw {
    fn connect(agent: &Agent) -> Self {
        Self(UnixStream::connect(agent.socket()).unwrap())
    }

    fn greeted(agent: &Agent) -> Self {
        let mut raw = Self::connect(agent);
        let told = raw
            .ask(&json!({ "hello": { "version": VERSION } }))
            .unwrap();
        assert_eq!(told["welcome"]["version"], VERSION);
        raw
    }

    fn say(&mut self, text: &str) {
        let length = u32::try_from(text.len()).unwrap().to_be_bytes();
        self.0
            .write_all(&[&length[..], text.as_bytes()].concat())
            .unwrap();
    }

    /// The next message; none once it was hung up.
    fn hear(&mut self) -> Option<Value> {
        let mut head = [0; 4];
        self.0.read_exact(&mut head).ok()?;
        let length = usize::try_from(u32::from_be_bytes(head)).unwrap();
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).unwrap();
        Some(serde_json::from_slice(&text).unwrap())
    }

    fn ask(&mut self, ask: &Value) -> Option<Value> {
        self.say(&ask.to_string());
        self.hear()
    }

    /// It is told why, and hung up on.
    fn refusal_of(mut self, ask: &str) -> String {
        self.say(ask);
        let told = self.hear().unwrap();
        let reason = told["refused"]["reason"].as_str();
        let reason = reason.unwrap_or_else(|| panic!("{told}")).to_owned();
        assert!(self.hear().is_none(), "it goes on");
        reason
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_version_and_one_set_of_messages_is_spoken() {
    let agent = Agent::new().await;
    let other = json!({ "hello": { "version": VERSION + 1 } }).to_string();
    let reason = Raw::connect(&agent).refusal_of(&other);
    let said = format!("version {}", VERSION + 1);
    assert!(reason.contains(&said), "{reason}");
    let first = json!({ "sites": {} }).to_string();
    Raw::connect(&agent).refusal_of(&first);
    let hello = json!({ "hello": { "version": VERSION, "user": "root" } }).to_string();
    Raw::connect(&agent).refusal_of(&hello);
    let webspace = webspace("a");
    let apply = Ask::Apply {
        step: Box::new(step(&webspace, 1, Act::ConfigureSite(Wish::Gone))),
        supplied: None,
    };
    let apply = serde_json::to_value(&apply).unwrap();
    let mut unknown = apply.clone();
    unknown["apply"]["step"]["act"] = json!({ "RunProgram": "/bin/sh" });
    Raw::greeted(&agent).refusal_of(&unknown.to_string());
    let mut more = apply.clone();
    more["apply"]["step"]["force"] = json!(true);
    Raw::greeted(&agent).refusal_of(&more.to_string());
    Raw::greeted(&agent).refusal_of("{\"shell\":{\"line\":\"id\"}}");
    Raw::greeted(&agent).refusal_of("not json");
    Raw::greeted(&agent).refusal_of(&json!({ "hello": { "version": VERSION } }).to_string());
    // The same connection goes on after a step that fails.
    let mut raw = Raw::greeted(&agent);
    let mut foreign = apply;
    foreign["apply"]["step"]["act"] = json!({ "RemoveSite": crate::agent::node::webspace("b").id });
    let told = raw.ask(&foreign).unwrap();
    assert_eq!(told["failed"]["code"], "wrong-subject");
    assert!(raw.ask(&json!({ "sites": {} })).unwrap()["sites"]["sites"].is_array());
    let told = raw.ask(&json!("strays")).unwrap();
    assert_eq!(told, json!({ "strays": { "strays": [] } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_too_long_is_not_even_read() {
    let agent = Agent::new().await;
    let mut raw = Raw::greeted(&agent);
    raw.0.write_all(&u32::MAX.to_be_bytes()).unwrap();
    let told = raw.hear().unwrap();
    assert!(told["refused"]["reason"].is_string(), "{told}");
    assert!(raw.hear().is_none());
}
