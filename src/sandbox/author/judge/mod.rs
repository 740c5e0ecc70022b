//! Whether a run did what a case expects, and what the panel expects of every run.

mod compare;

use crate::author::case::{Content, Expect};
use crate::author::stage::{Ran, failure};
use crate::author::world::State;
use compare::{Unlike, contains, part, same};
use serde_json::{Map, Value, json};
use wabe_package::entry::{Effect, Entry, Outcome};
use wabe_package::wire::Ending;
use wabe_package::{Capability, Grants, Manifest, Page};

/// The most bytes of a reply.
const REPLY_MAX: usize = 4 << 10;

/// Everything that is not as it must be; empty when all is well.
pub(crate) fn judge(
    (expect, ran, state): (&Expect, &Ran, &State),
    (manifest, grants): (&Manifest, &Grants),
) -> Vec<String> {
    let mut wrong = Unlike::default();
    for surprise in &state.http.surprises {
        wrong.say(
            "http",
            &format!("a request that was not expected: {surprise}"),
        );
    }
    match (&ran.ended.ending, &expect.failure) {
        (Ending::Done { outcome }, None) => {
            allowed(&mut wrong, (&ran.order.entry, outcome), (manifest, grants));
            came_out(&mut wrong, expect, outcome);
        }
        (Ending::Done { outcome }, Some(_)) => {
            let data = format!("it succeeded with {}", outcome_in_short(outcome));
            wrong.say("failure", &format!("expected one; {data}"));
        }
        (Ending::Failed { failure }, Some(expected)) => {
            let found = json!({"code": failure.code, "message": failure.message,
                "retryable": failure.retryable, "detail": failure.detail});
            failed(&mut wrong, expected, &found);
        }
        (ending, _) => {
            // What it left behind says nothing more when it did not come to its end.
            wrong.say("", &failure(ending).unwrap_or_default());
            return wrong.lines;
        }
    }
    remains(&mut wrong, expect, state);
    let lines: Vec<&str> = ran
        .ended
        .log
        .iter()
        .map(|line| line.message.as_str())
        .collect();
    for text in &expect.log {
        if !lines.iter().any(|line| line.contains(text.as_str())) {
            let found = format!("no line contains {text:?}; the lines are {lines:?}");
            wrong.say("log", &found);
        }
    }
    let made = state.http.requests;
    if let Some(expected) = expect.http.filter(|expected| *expected != made) {
        wrong.differs("http", &json!(expected), &json!(made));
    }
    wrong.lines
}

/// What the panel takes of an entry point.
pub(crate) fn usable(
    (entry, outcome): (&Entry, &Outcome),
    (manifest, grants): (&Manifest, &Grants),
) -> Vec<String> {
    let mut wrong = Unlike::default();
    allowed(&mut wrong, (entry, outcome), (manifest, grants));
    wrong.lines
}

fn allowed(
    wrong: &mut Unlike,
    (entry, outcome): (&Entry, &Outcome),
    (manifest, grants): (&Manifest, &Grants),
) {
    let looks = matches!(entry, Entry::Render { .. } | Entry::Describe { .. });
    if looks && !outcome.effects.is_empty() {
        wrong.say(
            "effects",
            "looking changes nothing: return effects from submit",
        );
    }
    for (at, effect) in outcome.effects.iter().enumerate() {
        let place = format!("effects[{at}]");
        match Capability::for_effect(&effect.kind) {
            None => wrong.say(
                &place,
                &format!("{:?} is not the name of a command", effect.kind),
            ),
            Some(needed) if !grants.covers(&needed) => {
                let how = match manifest.request(&needed) {
                    Some(_) => "the case denies it".to_owned(),
                    None => needed.how(),
                };
                wrong.say(&place, &format!("{needed} was not granted: {how}"));
            }
            Some(_) => {}
        }
        if !matches!(serde_json::from_str(&effect.args), Ok(Value::Object(_))) {
            wrong.say(
                &place,
                &format!("args is not a JSON object: {}", effect.args),
            );
        }
        let mut before = outcome.effects.iter().take(at);
        if !effect.key.is_empty() && before.any(|other| other.key == effect.key) {
            wrong.say(&place, &format!("the key {} is there twice", effect.key));
        }
    }
    if let Some(page) = &outcome.ui {
        for flaw in Page::read(page, &manifest.link_hosts())
            .err()
            .into_iter()
            .flatten()
        {
            wrong.say("ui", &flaw.to_string());
        }
    }
    let Some(reply) = &outcome.reply else { return };
    let status = matches!(reply.status, 200 | 202 | 204 | 400..=499);
    let kind = matches!(
        reply.content_type.as_str(),
        "application/json" | "text/plain"
    );
    if !(status && kind && reply.body.0.len() <= REPLY_MAX) {
        let rule = format!(
            "a reply has the status 200, 202, 204 or 4xx, application/json or text/plain, and at most \
             {REPLY_MAX} bytes"
        );
        wrong.say("reply", &rule);
    }
}

/// An effect as cases write it.
pub(crate) fn effect(effect: &Effect) -> Value {
    let args: Value = serde_json::from_str(&effect.args).unwrap_or(json!(effect.args));
    json!({"kind": effect.kind, "target": effect.target, "args": args, "key": effect.key})
}

/// JSON of a plugin, as JSON where it is some.
pub(crate) fn data(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

fn outcome_in_short(outcome: &Outcome) -> String {
    let effects: Vec<&str> = outcome
        .effects
        .iter()
        .map(|effect| effect.kind.as_str())
        .collect();
    format!("data {} and effects {effects:?}", outcome.data)
}

fn came_out(wrong: &mut Unlike, expect: &Expect, outcome: &Outcome) {
    effects(wrong, expect, outcome);
    if let Some(expected) = &expect.reply {
        reply(wrong, expected, outcome);
    }
    if let Some(expected) = &expect.data {
        same(wrong, "data", expected, &data(&outcome.data));
    }
    if let Some(expected) = &expect.cursor {
        same(wrong, "cursor", expected, &json!(outcome.cursor));
    }
    let page = outcome.ui.as_deref().map(data).unwrap_or_default();
    if let Some(expected) = &expect.ui {
        part(wrong, "ui", expected, &page);
    }
    for text in &expect.ui_contains {
        if !contains(&page, text) {
            wrong.say("ui_contains", &format!("{text:?} is nowhere in {page}"));
        }
    }
    if let Some(expected) = &expect.actions {
        let found = json!(outcome.actions);
        part(wrong, "actions", &json!(expected), &found);
    }
}

fn effects(wrong: &mut Unlike, expect: &Expect, outcome: &Outcome) {
    let found: Vec<Value> = outcome.effects.iter().map(effect).collect();
    for (at, expected) in expect.effects.iter().enumerate() {
        let place = format!("effects[{at}]");
        let Some(found) = found.get(at) else {
            wrong.say(
                &place,
                &format!("expected {}, there is none", json!(expected)),
            );
            continue;
        };
        for (name, expected) in expected {
            let found = found.get(name).cloned().unwrap_or_default();
            same(wrong, &format!("{place}.{name}"), expected, &found);
        }
    }
    for (at, found) in found.iter().enumerate().skip(expect.effects.len()) {
        wrong.say(
            &format!("effects[{at}]"),
            &format!("expected none, there is {found}"),
        );
    }
}

fn reply(wrong: &mut Unlike, expected: &Map<String, Value>, outcome: &Outcome) {
    let Some(found) = &outcome.reply else {
        wrong.say("reply", "there is none");
        return;
    };
    let text = String::from_utf8_lossy(&found.body.0).into_owned();
    for (name, expected) in expected {
        let found = match name.as_str() {
            "status" => json!(found.status),
            "content_type" => json!(found.content_type),
            _ if expected.is_string() => json!(text),
            _ => data(&text),
        };
        same(wrong, &format!("reply.{name}"), expected, &found);
    }
}

fn failed(wrong: &mut Unlike, expected: &Map<String, Value>, found: &Value) {
    for (name, expected) in expected {
        let place = format!("failure.{name}");
        let found = found.get(name).cloned().unwrap_or_default();
        match (name.as_str(), expected.as_str(), found.as_str()) {
            ("message" | "detail", Some(part), Some(whole)) if whole.contains(part) => {}
            _ => same(wrong, &place, expected, &found),
        }
    }
}

/// The store and the files after the run.
fn remains(wrong: &mut Unlike, expect: &Expect, state: &State) {
    for (key, expected) in &expect.kv {
        let found = match (state.kv.value(key).map(String::from_utf8_lossy), expected) {
            (None, _) => Value::Null,
            (Some(text), Value::String(_)) => json!(text),
            (Some(text), _) => data(&text),
        };
        same(wrong, &format!("kv.{key}"), expected, &found);
    }
    for (webspace, files) in &expect.files {
        for (path, expected) in files {
            let place = format!("files.{webspace}.{path}");
            let content = state.files.content(webspace, path);
            let touched = state.files.was_touched(webspace, path);
            file(wrong, &place, expected, (content, touched));
        }
    }
}

fn file(
    wrong: &mut Unlike,
    place: &str,
    expected: &Value,
    (content, touched): (Option<&[u8]>, bool),
) {
    let text = content.map(String::from_utf8_lossy);
    if expected.get("unchanged") == Some(&json!(true)) {
        if touched {
            wrong.say(place, "it was to be left alone, and was written or deleted");
        }
        return;
    }
    if let Some(parts) = expected.get("contains").and_then(Value::as_array) {
        let text = text.unwrap_or_default();
        for part in parts
            .iter()
            .filter_map(Value::as_str)
            .filter(|part| !text.contains(part))
        {
            wrong.say(place, &format!("{part:?} is not in it; it is {text:?}"));
        }
        return;
    }
    let bytes: Option<Content> = serde_json::from_value(expected.clone()).ok();
    match (bytes.and_then(|bytes| bytes.bytes()), content) {
        (Some(expected), Some(found)) if expected == found => {}
        (None, None) if expected.is_null() => {}
        _ => wrong.differs(place, expected, &json!(text)),
    }
}
