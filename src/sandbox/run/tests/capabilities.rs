//! Capabilities: what a guest asks reaches the host as it was meant, and the answer comes back.

use crate::run::tests::guests::{component, handler};
use crate::run::tests::{ROOMY, Stub, compiled, done, order, run};
use wabe_package::bytes::Blob;
use wabe_package::wire::{Answer, HostCall, Problem};

const KV: &str = r#"(import "wabe:plugin/kv@1.0.0" "get" (func $get (param i32 i32 i32)))
    (data (i32.const 1024) "counter")"#;

/// Asks for the key, and gives the bytes between two addresses of the answer back as data.
fn get(tell: &str) -> Vec<u8> {
    handler(
        KV,
        &format!("(call $get (i32.const 1024) (i32.const 7) (i32.const 2048)) {tell}"),
    )
}

#[test]
fn an_answer_reaches_the_guest() {
    let host = Stub::new(Ok(Answer::Versioned {
        found: Some((Blob(b"forty-two".to_vec()), 3)),
    }));
    // result ok, some: the value's place and length, then the version.
    let tell = "(if (i64.ne (i64.load (i32.const 2072)) (i64.const 3)) (then (unreachable)))
        (i32.store (i32.const 76) (i32.load (i32.const 2064)))
        (i32.store (i32.const 80) (i32.load (i32.const 2068)))";
    let ended = run(compiled(&get(tell)), order(ROOMY), host.clone());
    assert_eq!(done(&ended).data, "forty-two");
    let key = "counter".to_owned();
    assert_eq!(host.asked(), [HostCall::KvGet { key }]);
    assert_eq!(ended.usage.calls_bytes, 7 + 9);
}

#[test]
fn a_refusal_reaches_the_guest_as_a_value() {
    // result err: code, message, how.
    let tell = "(if (i32.ne (i32.load8_u (i32.const 2048)) (i32.const 1)) (then (unreachable)))
        (i32.store (i32.const 76) (i32.load (i32.const 2056)))
        (i32.store (i32.const 80) (i32.load (i32.const 2060)))";
    let ended = run(compiled(&get(tell)), order(ROOMY), Stub::denying());
    assert_eq!(done(&ended).data, "denied");
}

#[test]
fn the_answer_of_another_call_is_not_believed() {
    let tell = "(i32.store (i32.const 76) (i32.load (i32.const 2056)))
        (i32.store (i32.const 80) (i32.load (i32.const 2060)))";
    let wrong = Stub::new(Ok(Answer::Flag { yes: true }));
    let ended = run(compiled(&get(tell)), order(ROOMY), wrong);
    assert_eq!(done(&ended).data, "unavailable");
}

#[test]
fn all_capabilities_link_and_reach_the_host() {
    let nothing = "(i32.const 0)";
    let zeros = |count: usize| nothing.repeat(count);
    // Each with its parameters: an address and a length per text, and a place for the answer.
    let functions = [
        ("kv", "get", "i32 i32 i32", zeros(2)),
        (
            "kv",
            "set",
            "i32 i32 i32 i32 i32 i64 i32 i32 i32",
            format!("{}(i64.const 0){}", zeros(5), zeros(2)),
        ),
        ("kv", "delete", "i32 i32 i32", zeros(2)),
        ("kv", "keys", "i32 i32 i32 i32 i32 i32 i32", zeros(6)),
        (
            "http",
            "fetch",
            "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32",
            zeros(10),
        ),
        ("secrets", "use-in", "i32 i32 i32", zeros(2)),
        ("records", "query", "i32 i32 i32", zeros(2)),
        ("files", "read", "i32 i32 i32 i32 i32", zeros(4)),
        ("files", "write", "i32 i32 i32 i32 i32 i32 i32", zeros(6)),
        ("files", "list", "i32 i32 i32 i32 i32", zeros(4)),
        ("files", "delete", "i32 i32 i32 i32 i32", zeros(4)),
        (
            "crypto",
            "hmac-verify",
            "i32 i32 i32 i32 i32 i32 i32 i32 i32",
            zeros(8),
        ),
    ];
    let each = functions.iter().enumerate();
    let parts = each.map(|(index, (interface, function, parameters, arguments))| {
        let import = format!(
            r#"(import "wabe:plugin/{interface}@1.0.0" "{function}"
                (func $f{index} (param {parameters})))"#
        );
        let call = format!("(call $f{index} {arguments} (i32.const 2048))");
        (import, call)
    });
    let (imports, calls): (String, String) = parts.unzip();
    let host = Stub::new(Err(Problem::new("denied", "not granted", "ask for it")));
    let ended = run(
        compiled(&handler(&imports, &calls)),
        order(ROOMY),
        host.clone(),
    );
    done(&ended);
    let asked: Vec<_> = host.asked().iter().map(HostCall::name).collect();
    let names: Vec<_> = functions
        .iter()
        .map(|(interface, function, ..)| format!("{interface}.{function}"))
        .collect();
    assert_eq!(asked, names);
    assert_eq!(
        (ended.usage.calls, ended.usage.kv_calls, ended.usage.fetches),
        (12, 4, 1)
    );
}

#[test]
fn the_input_reaches_the_guest() {
    // The last text of the last record: the event's payload, behind the context.
    let echo = component(
        "events",
        &format!(
            r#"(module {}
            (func (export "wabe:plugin/events@1.0.0#handle") (param $in i32) (result i32)
                (i32.store (i32.const 76) (i32.load (i32.add (local.get $in) (i32.const 112))))
                (i32.store (i32.const 80) (i32.load (i32.add (local.get $in) (i32.const 116))))
                (i32.const 64)))"#,
            crate::run::tests::guests::FRAME
        ),
    );
    let ended = run(compiled(&echo), order(ROOMY), Stub::denying());
    assert_eq!(done(&ended).data, r#"{"change":"create"}"#);
}
