use super::*;
use proptest::prelude::*;

const GOOD: &str = r#"
id = "dyndns"
version = "1.0.0"
api = "1.0"
author = "Wabe"
links = ["www.example.org"]
settings = "settings.schema.json"
icon = "icon.svg"
component = "plugin.wasm"
[name]
de = "Dynamische Adresse"
en = "Dynamic address"
[summary]
de = "Hält die Adresse einer Domain aktuell."
en = "Keeps the address of a domain up to date."

[[capability]]
capability = "webhook"
[capability.reason]
de = "Der Router meldet seine Adresse."
en = "The router reports its address."

[[capability]]
capability = "effect:domain.set_redirect"
optional = true
reason = { de = "Leitet um.", en = "Redirects." }

[[capability]]
capability = "events:mailbox.*"
reason = { de = "Hört zu.", en = "Listens." }

[[capability]]
capability = "records:domain"
fields = ["name", "state"]
reason = { de = "Findet die Domain.", en = "Finds the domain." }

[[capability]]
capability = "secret:token"
reason = { de = "Meldet sich an.", en = "Logs in." }

[[trigger]]
kind = "webhook"
path = "update"
auth = ["basic"]

[[trigger]]
kind = "event"
topic = "mailbox.create"
filter = { "object.kind" = "mailbox", seq = 3 }

[[secret]]
name = "token"
optional = true
title = { de = "Schlüssel", en = "Token" }
"#;

fn codes(text: &str) -> Vec<(&'static str, Option<u32>, String)> {
    let flaws = Manifest::parse(text).unwrap_err();
    flaws
        .into_iter()
        .map(|f| (f.defect.code(), f.line, f.key))
        .collect()
}

#[test]
fn the_example_of_the_contract_is_read() {
    let manifest = Manifest::parse(GOOD).unwrap();
    assert_eq!(manifest.id.as_str(), "dyndns");
    assert_eq!(manifest.capabilities.len(), 5);
    assert_eq!(manifest.triggers[1].key(), "event:mailbox.create");
    assert!(manifest.advice().is_empty());
    let json = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), manifest);
}

#[test]
fn all_problems_are_reported_at_once_with_their_lines() {
    let text = GOOD
        .replace("id = \"dyndns\"", "id = \"Dyn DNS\"\nhomepage = \"x\"")
        .replace("en = \"Dynamic address\"\n", "")
        .replace("auth = [\"basic\"]", "auth = [\"none\"]")
        .replace("capability = \"webhook\"", "capability = \"root\"")
        .replace("optional = true\ntitle", "optional = \"yes\"\ntitle");
    let line = |of: &str| text.lines().position(|line| line.starts_with(of)).unwrap() + 1;
    let expected = [
        ("unknown-key", "homepage", "homepage"),
        ("bad-name", "id", "id"),
        ("missing", "name.en", "[name]"),
        (
            "unknown-capability",
            "capability[0].capability",
            "capability = \"root\"",
        ),
        ("not-a-choice", "trigger[0].auth[0]", "auth ="),
        ("wrong-type", "secret[0].optional", "optional = \"yes\""),
    ];
    let expected = expected.map(|(code, key, start)| {
        (
            code,
            Some(u32::try_from(line(start)).unwrap()),
            key.to_owned(),
        )
    });
    let found = codes(&text);
    assert_eq!(found, expected);
}

#[test]
fn what_does_not_fit_together_is_named() {
    let without = |from: &str, to: &str| codes(&GOOD.replace(from, to));
    let first = |from, to| without(from, to).first().map(|f| f.0);
    assert_eq!(
        first("events:mailbox.*", "events:domain.*"),
        Some("capability-missing")
    );
    assert_eq!(
        first("secret:token", "secret:other"),
        Some("secret-missing")
    );
    assert_eq!(first("records:domain", "mail"), Some("fields-unexpected"));
    assert_eq!(
        first("fields = [\"name\", \"state\"]", ""),
        Some("fields-missing")
    );
    assert_eq!(
        first("effect:domain.set_redirect", "webhook"),
        Some("duplicate")
    );
    assert_eq!(first("api = \"1.0\"", "api = \"9.0\""), Some("unknown-api"));
    assert_eq!(first("\"1.0.0\"", "\"1.0\""), Some("bad-version"));
    assert_eq!(first("plugin.wasm", "../plugin.wasm"), Some("bad-name"));
    assert_eq!(first("seq = 3", "seq = 3.5"), Some("bad-filter"));
    assert_eq!(first("\"icon.svg\"", "\"icon.svg"), Some("not-toml"));
    let unused = GOOD
        .replace("\"mailbox.create\"", "\"mailbox.delete\"")
        .replace(
            "kind = \"webhook\"\npath = \"update\"\nauth = [\"basic\"]",
            "kind = \"event\"\ntopic=\"mailbox.create\"",
        );
    let advice = Manifest::parse(&unused).unwrap().advice();
    assert_eq!(advice.len(), 1, "{advice:?}");
    assert_eq!(advice[0].defect.code(), "capability-unused");
}

#[test]
fn an_update_that_asks_for_more_is_seen() {
    let old = Manifest::parse(GOOD).unwrap();
    let beyond = |from: &str, to: &str| -> Vec<String> {
        let new = Manifest::parse(&GOOD.replace(from, to)).unwrap();
        new.asks_beyond(&old)
            .iter()
            .map(|r| r.capability.to_string())
            .collect()
    };
    assert!(beyond("1.0.0", "1.0.1").is_empty());
    assert!(beyond("events:mailbox.*", "events:mailbox.create").is_empty());
    assert_eq!(beyond("events:mailbox.*", "events:*"), ["events:*"]);
    assert_eq!(
        beyond("\"state\"]", "\"state\", \"owner\"]"),
        ["records:domain"]
    );
    assert_eq!(
        beyond("optional = true\nreason", "reason"),
        ["effect:domain.set_redirect"]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_reasons(text in "\\PC{0,200}") {
        if let Err(flaws) = Manifest::parse(&text) {
            prop_assert!(!flaws.is_empty());
        }
    }

    #[test]
    fn a_damaged_manifest_never_panics(at in 0usize..1500, with in "\\PC{0,3}") {
        let mut text: String = GOOD.chars().take(at).collect();
        text.push_str(&with);
        text.extend(GOOD.chars().skip(at + 1));
        if let Err(flaws) = Manifest::parse(&text) {
            prop_assert!(flaws.iter().all(|f| f.part == PART && !f.to_string().is_empty()));
        }
    }
}
