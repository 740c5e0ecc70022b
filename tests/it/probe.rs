//! A plugin for running panels: it has every way to be started, answers nothing, and changes nothing.

use serde_json::{Value, json};
use std::path::Path;
use wabe_package::Package;
use wabe_package::archive::{COMPONENT_BYTES, Parts};

#[path = "../../src/sandbox/run/tests/guests.rs"]
pub(crate) mod guests;

/// Its name in the catalogue.
pub(crate) const NAME: &str = "probe";

const MANIFEST: &str = r#"
id = "probe"
version = "1.0.0"
api = "1.0"
author = "Tests"
settings = "settings.schema.json"
icon = "icon.svg"
component = "plugin.wasm"
name = { de = "Sonde", en = "Probe" }
summary = { de = "Zum Testen.", en = "For tests." }

[[capability]]
capability = "events:database.create"
reason = { de = "Zum Testen.", en = "For tests." }

[[capability]]
capability = "webhook"
reason = { de = "Zum Testen.", en = "For tests." }

[[capability]]
capability = "form"
optional = true
reason = { de = "Zum Testen.", en = "For tests." }

[[capability]]
capability = "card"
optional = true
reason = { de = "Zum Testen.", en = "For tests." }

[[capability]]
capability = "ticket"
optional = true
reason = { de = "Zum Testen.", en = "For tests." }

[[trigger]]
kind = "ticket"

[[trigger]]
kind = "event"
topic = "database.create"

[[trigger]]
kind = "webhook"
path = "update"
auth = ["basic"]

[[trigger]]
kind = "form"
name = "main"
card = true
title = { de = "Seite", en = "Page" }
"#;

const SETTINGS: &str = r#"{
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": { "word": { "type": "string", "title": "Word", "title:de": "Wort", "default": "" } },
    "additionalProperties": false
}"#;

const ICON: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>"#;

fn component() -> Vec<u8> {
    // Whatever it is asked, the answer is success with nothing in it.
    let ok = "(param i32) (result i32) (i32.const 64)";
    let exports = [
        "events@1.0.0#handle",
        "tasks@1.0.0#run",
        "actions@1.0.0#describe",
        "actions@1.0.0#run",
        "forms@1.0.0#render",
        "forms@1.0.0#submit",
        "webhooks@1.0.0#receive",
    ];
    let functions: Vec<String> = exports
        .iter()
        .map(|export| format!(r#"(func (export "wabe:plugin/{export}") {ok})"#))
        .collect();
    let (frame, functions) = (guests::FRAME, functions.concat());
    guests::component("everything", &format!("(module {frame} {functions})"))
}

/// Leaves its package in a folder for `wabe demo --plugins`.
pub(crate) fn pack(folder: &Path) {
    let parts = Parts::from([
        ("plugin.toml".to_owned(), MANIFEST.as_bytes().to_vec()),
        (
            "settings.schema.json".to_owned(),
            SETTINGS.as_bytes().to_vec(),
        ),
        ("icon.svg".to_owned(), ICON.as_bytes().to_vec()),
        ("plugin.wasm".to_owned(), component()),
    ]);
    let package = Package::of_parts(parts, COMPONENT_BYTES).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("probe.wabeplugin"), package.write()).unwrap();
}

/// What its installation is asked for with.
pub(crate) fn wanted() -> Value {
    json!({
        "plugin": NAME,
        "capabilities": {
            "events:database.create": true, "webhook": true, "form": true, "card": true,
            "ticket": true,
        },
        "settings": { "word": "canary" },
    })
}
