//! PATCH splits its fields over commands.

use super::registry;
use crate::command::split;
use crate::ways::{Act, all};
use serde_json::{Map, Value, json};
use wabe_access::CommandSpec;
use wabe_kernel::FieldErrors;

fn of(path: &str) -> Vec<CommandSpec> {
    let ways = all()
        .filter(|way| way.act == Act::Patch && way.path == path);
    let spec = |name: &str| registry().into_iter().find(|spec| spec.name == name);
    ways.filter_map(|way| spec(way.command)).collect()
}

fn split_webspace(asked: &Value) -> (Vec<&'static str>, FieldErrors) {
    split_of("webspaces", "web_00000000000000000000000000", asked)
}

fn split_of(list: &str, id: &str, asked: &Value) -> (Vec<&'static str>, FieldErrors) {
    let mut ids = Map::new();
    ids.insert("id".to_owned(), id.into());
    let mut errors = FieldErrors::default();
    let specs = of(&format!("/api/v1/{list}/{{id}}"));
    let commands = split(asked.as_object().unwrap(), &ids, &specs, &mut errors);
    (
        commands.iter().map(|command| command.name()).collect(),
        errors,
    )
}

#[test]
fn each_field_becomes_its_command() {
    let asked = json!({ "quota_bytes": 5_000, "https_redirect": false });
    let (commands, errors) = split_webspace(&asked);
    assert_eq!(
        commands,
        ["webspace.set_https_redirect", "webspace.set_quota"]
    );
    assert!(errors.is_empty());
}

#[test]
fn a_redirect_is_set_by_a_url_and_ended_by_null() {
    let split = |redirect: Value| {
        let asked = json!({ "redirect": redirect });
        split_of("domains", "dom_00000000000000000000000000", &asked)
    };
    for fine in [json!("https://www.example.org/"), Value::Null] {
        let (commands, errors) = split(fine);
        assert_eq!(commands, ["domain.set_redirect"]);
        assert!(errors.is_empty());
    }
    for (wrong, code) in [
        (json!(""), "required"),
        (json!("/shop"), "redirect-without-scheme"),
        (json!("https://a\r\n.example/"), "control-character"),
        (json!(["https://www.example.org/"]), "must-be-text"),
    ] {
        let (commands, errors) = split(wrong);
        assert_eq!((commands.len(), errors.0["redirect"].code), (0, code));
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let asked =
        json!({ "quota_bytes": "much", "https_redirect": 1, "customer_id": "x", "state": "live" });
    let (_, errors) = split_webspace(&asked);
    let found: Vec<(&str, &str)> = errors
        .0
        .iter()
        .map(|(name, problem)| (name.as_str(), problem.code))
        .collect();
    let wanted = [
        ("customer_id", "unknown-field"),
        ("https_redirect", "must-be-yes-or-no"),
        ("quota_bytes", "must-be-whole-number"),
        ("state", "unknown-field"),
    ];
    assert_eq!(found, wanted);
}

// 3.7 T8
#[test]
fn the_id_cannot_be_changed() {
    let (commands, errors) = split_webspace(&json!({ "id": "web_00000000000000000000000001" }));
    assert!(commands.is_empty());
    assert_eq!(errors.0["id"].code, "unknown-field");
}

#[test]
fn nothing_to_change_is_said() {
    let (commands, errors) = split_webspace(&json!({}));
    assert!(commands.is_empty());
    assert_eq!(errors.0[""].code, "nothing-to-change");
}
