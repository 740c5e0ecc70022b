//! Hostile and mistaken components: each is refused by its own name.

mod corpus;

use super::judge;
use crate::run::tests::guests;
use corpus::Component;
use wabe_package::compiled::Tier;

/// The code of the only flaw, and its arguments.
fn refusal(bytes: &[u8]) -> (&'static str, String) {
    let Err(flaws) = judge(bytes, Tier::Small) else {
        return ("accepted", String::new());
    };
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    (flaws[0].defect.code(), flaws[0].to_string())
}

#[track_caller]
fn refused(component: &Component, code: &str, says: &str) {
    let (found, sentence) = refusal(&component.bytes());
    assert_eq!(found, code, "{sentence}");
    assert!(sentence.contains(says), "{sentence}");
}

#[test]
fn a_healthy_component_is_described_and_compiled() {
    let bytes = guests::handler("", "");
    let (compiled, artifact) = super::compile(&bytes, Tier::Small).unwrap();
    assert_eq!(compiled.exports, ["wabe:plugin/events@1.0.0"]);
    assert_eq!(compiled.component, wabe_package::archive::sha256(&bytes));
    assert_eq!(compiled.sizes["artifact_bytes"], super::length(&artifact));
    assert!(compiled.sizes["functions"] > 0);
    assert!(wasmtime::Engine::detect_precompiled(&artifact).is_some());
}

#[test]
fn what_is_needed_is_read_from_the_imports() {
    let import = r#"(import "wabe:plugin/kv@1.0.0" "delete" (func (param i32 i32 i32)))"#;
    let shape = judge(&guests::handler(import, ""), Tier::Small).unwrap();
    assert!(
        shape.imports.contains(&"wabe:plugin/kv@1.0.0".to_owned()),
        "{:?}",
        shape.imports
    );
}

#[test]
fn functions_stay_small() {
    let code = "i32.const 0 drop ".repeat(90_000);
    refused(
        &Component::function("", &code),
        "function-too-large",
        "bytes, 262144 is the most",
    );
    let locals = format!("(local {})", "i64 ".repeat(5_001));
    refused(
        &Component::function(&locals, ""),
        "function-too-large",
        "5001 locals",
    );
    let targets = format!("block i32.const 0 br_table {} end", "0 ".repeat(4_002));
    refused(
        &Component::function("", &targets),
        "function-too-large",
        "4001 targets",
    );
    let nested = format!("{}{}", "block ".repeat(501), "end ".repeat(501));
    refused(
        &Component::function("", &nested),
        "function-too-large",
        "501 blocks within",
    );
}

#[test]
fn components_hold_few_things() {
    let functions = "(func)".repeat(20_001);
    refused(
        &Component::module(&functions),
        "count-too-large",
        "20001 functions",
    );
    let data = format!("(memory 1){}", "(data (i32.const 0) \"x\")".repeat(12_001));
    refused(
        &Component::module(&data),
        "count-too-large",
        "12001 data segments",
    );
    let elements = format!(
        "(table 1 funcref){}",
        "(elem (i32.const 0) func)".repeat(10_001)
    );
    refused(
        &Component::module(&elements),
        "count-too-large",
        "10001 element segments",
    );
    let types = "(type (func)) (type (func (param i32)))".repeat(5_001);
    refused(&Component::module(&types), "count-too-large", "10002 types");
    let globals = "(global i32 (i32.const 0))".repeat(50_001);
    refused(
        &Component::module(&globals),
        "count-too-large",
        "50001 items",
    );
    let modules = "(core module)".repeat(121);
    refused(&Component::text(&modules), "count-too-large", "121 modules");
}

#[test]
fn memory_is_counted_before_it_is_taken() {
    refused(
        &Component::module("(memory 1025)"),
        "count-too-large",
        "memory bytes at start",
    );
    let several = "(core module (memory 300))".repeat(4);
    refused(
        &Component::text(&several),
        "count-too-large",
        "memory bytes at start",
    );
    let many = "(core module (memory 0))".repeat(5);
    refused(&Component::text(&many), "count-too-large", "5 memories");
    refused(
        &Component::module("(table 9000000 funcref)"),
        "count-too-large",
        "table elements at start",
    );
    let tables = "(core module (table 0 funcref))".repeat(33);
    refused(&Component::text(&tables), "count-too-large", "33 tables");
}

#[test]
fn nesting_ends_early() {
    let components = format!("{}{}", "(component ".repeat(5), ")".repeat(5));
    refused(&Component::text(&components), "too-deep", "deeper than 4");
    let (code, sentence) = refusal(&corpus::types_within_types(200));
    assert_eq!(code, "too-deep", "{sentence}");
    // As deep as the bytes allow: three for each level.
    assert_eq!(refusal(&corpus::types_within_types(43_000)).0, "too-deep");
    assert_eq!(
        refusal(&corpus::types_within_types(1_300_000)).0,
        "count-too-large"
    );
    let list = |n: usize| format!("(type (list {n}))");
    let value: String = std::iter::once("(type (list u8))".to_owned())
        .chain((0..150).map(list))
        .collect();
    assert_eq!(refusal(&Component::text(&value).bytes()).0, "invalid-wasm");
}

#[test]
fn what_guests_do_not_need_is_off() {
    let off = |text: &str, feature: &str| {
        refused(&Component::module(text), "feature-off", feature);
    };
    off("(func (result v128) v128.const i32x4 0 0 0 0)", "simd");
    off("(memory 1 1 shared)", "threads");
    off("(memory i64 1)", "memory64");
    refused(
        &Component::module("(memory 1) (memory 1)"),
        "invalid-wasm",
        "multiple memories",
    );
    off("(func $f return_call $f)", "tail call");
    off("(tag)", "exceptions");
    off("(type (struct))", "gc");
    off("(func (param (ref func)))", "function references");
    let task = "(core func (canon task.cancel))";
    refused(&Component::text(task), "feature-off", "cm async");
}

#[test]
fn imports_are_those_that_the_host_has() {
    let import = |name: &str| Component::text(&format!("(import \"{name}\" (instance))"));
    refused(
        &import("wasi:http/outgoing-handler@0.2.6"),
        "unknown-import",
        "wasi:http/outgoing-handler",
    );
    refused(
        &import("wasi:cli/environment@0.3.0"),
        "unknown-import",
        "wasi:cli/environment@0.3.0",
    );
    refused(
        &import("wabe:plugin/root@1.0.0"),
        "unknown-import",
        "wabe:plugin/root",
    );
    refused(
        &import("wabe:plugin/kv@2.0.0"),
        "unknown-import",
        "wabe:plugin/kv@2.0.0",
    );
    refused(&import("env"), "unknown-import", "imports env");
    refused(
        &import("wasi:cli/environment@0.2.6"),
        "no-entry",
        "wabe:plugin/events@1.0.0",
    );
    let export = "(instance $i) (export \"wabe:plugin/forms@9.0.0\" (instance $i))";
    refused(
        &Component::text(export),
        "unknown-export",
        "wabe:plugin/forms@9.0.0",
    );
}

#[test]
fn an_entry_point_of_another_shape_is_refused_when_it_is_compiled() {
    let export = "(instance $i) (export \"wabe:plugin/forms@1.0.0\" (instance $i))";
    let bytes = Component::text(export).bytes();
    assert!(judge(&bytes, Tier::Small).is_ok());
    let flaws = super::compile(&bytes, Tier::Small).unwrap_err();
    assert_eq!(flaws[0].defect.code(), "compile-failed");
    assert!(
        flaws[0].to_string().contains("wabe:plugin/forms@1.0.0"),
        "{}",
        flaws[0]
    );
}

#[test]
fn what_is_no_component_is_recognised() {
    let says = |bytes: &[u8], code: &str, words: &str| {
        let (found, sentence) = refusal(bytes);
        assert_eq!(found, code, "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
    };
    says(b"", "text-format", "an empty file");
    says(b"(component)", "text-format", "text format");
    says(b"\x7fELF\x02\x01", "precompiled", "compiled already");
    says(b"PK\x03\x04", "text-format", "packed");
    says(
        b"import { plugin } from \"@wabe/plugin\"",
        "text-format",
        "source code",
    );
    says(b"\xff\xd8\xff", "not-wasm", "does not begin");
    says(
        &wat::parse_str("(module)").unwrap(),
        "core-module",
        "--target wasm32-wasip2",
    );
    says(
        &corpus::made_by("Rust"),
        "core-module",
        "cargo build --release --target wasm32-wasip2",
    );
    says(
        &corpus::made_by("TinyGo"),
        "core-module",
        "tinygo build -target=wasip2",
    );
    let large = vec![0; Tier::Small.bytes_max() + 1];
    says(&large, "part-too-large", "4194304 is the most");
}

#[test]
fn damage_never_panics() {
    let good = guests::handler("", "");
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        drop(judge(&bytes, Tier::Small));
        drop(judge(&good[..at], Tier::Small));
    }
}
