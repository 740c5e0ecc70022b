//! The OpenAPI document against the routes.

use super::registry;
use crate::book::{Operation, Sends};
use crate::openapi::{document, plain};
use serde_json::Value;
use std::collections::BTreeSet;
use wabe_kernel::Language;
use wabe_web::{Needs, Texts};

fn the_document() -> Value {
    document(&crate::book(&registry()).operations)
}

#[test]
fn every_route_is_in_the_document_and_nothing_else_is() {
    let table = crate::routes(&registry()).table();
    let routed: BTreeSet<(String, String)> = table
        .iter()
        .map(|route| (plain(route.path), route.method.to_ascii_lowercase()))
        .collect();
    assert_eq!(routed.len(), table.len());
    let document = the_document();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((path.clone(), method.clone()));
        }
    }
    assert_eq!(routed, described);
}

// 3.7 T1
#[test]
fn only_the_document_is_public() {
    for route in crate::routes(&registry()).table() {
        match route.needs {
            Needs::Token(Some(_)) => assert_ne!(route.path, crate::DOCUMENT),
            Needs::Public => assert_eq!(route.path, crate::DOCUMENT),
            other => panic!("{} {} needs {other:?}", route.method, route.path),
        }
        assert_eq!(
            route.id_kind.is_some(),
            route.path.contains('{'),
            "{}",
            route.path
        );
    }
}

fn each(value: &Value, found: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                found(name, value);
                each(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = the_document();
    let mut count = 0;
    each(&document, &mut |name, value| {
        if let ("$ref", Value::String(to)) = (name, value) {
            count += 1;
            let place = to.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{to}");
        }
        assert!(name != "$defs" && name != "$schema");
    });
    assert!(count > 300, "{count}");
}

#[test]
fn operations_have_different_names_and_a_summary_each() {
    let document = the_document();
    let mut names = BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for one in methods.as_object().unwrap().values() {
            let name = one["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name}");
            let summary = one["summary"].as_str().unwrap();
            assert!(
                summary.contains(' ') && !summary.starts_with("api-"),
                "{name}: {summary}"
            );
        }
    }
}

#[test]
fn every_operation_with_a_token_names_its_scope_and_its_problems() {
    let document = the_document();
    for one in crate::book(&registry()).operations {
        let described = &document["paths"][plain(one.path)][one.method.to_ascii_lowercase()];
        assert_eq!(described["x-permission"], one.permission.unwrap().word());
        for status in ["401", "403", "404", "409", "422", "429"] {
            assert!(
                described["responses"][status].is_object(),
                "{} {status}",
                one.id
            );
        }
    }
}

#[test]
fn bodies_are_described_with_an_example_and_without_what_the_path_says() {
    let document = the_document();
    let operations = crate::book(&registry()).operations;
    let with_fields = |one: &&Operation| matches!(one.sends, Sends::Fields);
    for one in operations.iter().filter(with_fields) {
        let described = &document["paths"][plain(one.path)][one.method.to_ascii_lowercase()];
        let body = &described["requestBody"]["content"]["application/json"];
        assert_eq!(body.is_null(), one.example.is_empty(), "{}", one.id);
        if body.is_null() {
            continue;
        }
        let place = body["schema"]["$ref"].as_str().unwrap();
        let schema = document.pointer(place.strip_prefix('#').unwrap()).unwrap();
        assert_eq!(schema["additionalProperties"], false, "{}", one.id);
        assert!(schema["properties"].get("id").is_none(), "{}", one.id);
        for name in body["example"].as_object().unwrap().keys() {
            assert!(
                schema["properties"].get(name).is_some(),
                "{}: {name}",
                one.id
            );
        }
    }
}

#[test]
fn resources_have_their_states() {
    let document = the_document();
    let schemas = &document["components"]["schemas"];
    for noun in ["Domain", "Webspace", "Mailbox", "Alias", "Database"] {
        assert!(schemas[noun]["properties"]["state"].is_object(), "{noun}");
    }
}

#[test]
fn the_texts_of_the_document_exist() {
    for one in crate::book(&registry()).operations {
        let id = format!("api-op-{}", one.id.replace('_', "-"));
        for language in Language::ALL {
            assert!(
                !one.specs.is_empty() || Texts::global().has(language, &id),
                "{id}"
            );
        }
    }
}
