//! What is no plugin, or one for another host: told with the next step.

use crate::run::Unloadable;
use crate::run::tests::guests::{FRAME, component, handler};
use crate::run::tests::{ROOMY, RUNNER, Stub, compiled, done, order, run};
use wabe_package::bytes::Blob;
use wabe_package::entry::Entry;
use wabe_package::wire::Ending;

#[track_caller]
fn unfit(bytes: &[u8]) -> String {
    match RUNNER.compile(bytes) {
        Err(Unloadable::Unfit(message)) => message,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it fits"),
    }
}

#[test]
fn a_core_module_is_named_with_the_way_to_a_component() {
    let message = unfit(&wat::parse_str("(module)").unwrap());
    assert!(
        message.contains("core module") && message.contains("wasm32-wasip2"),
        "{message}"
    );
}

#[test]
fn text_and_rubbish_are_no_components() {
    for bytes in [&b"(component)"[..], b"", b"\0asm", b"MZ\x90\0"] {
        assert!(unfit(bytes).contains("not WebAssembly"));
    }
    let mut cut = handler("", "");
    cut.truncate(cut.len() - 9);
    let message = unfit(&cut);
    assert!(!message.is_empty());
}

#[test]
fn foreign_imports_are_named_with_the_way_out() {
    let http = component(
        "nothing",
        r#"(module (import "wasi:http/outgoing-handler@0.2.6" "handle" (func (param i32 i32)))
            (memory (export "memory") 1))"#,
    );
    let message = unfit(&http);
    assert!(
        message.contains("wasi:http/outgoing-handler@0.2.6"),
        "{message}"
    );
    assert!(message.contains("wabe:plugin/http"), "{message}");

    let foreign = r#"(component (import "acme:mail/send@1.0.0" (instance
        (export "send" (func)))))"#;
    let message = unfit(&wat::parse_str(foreign).unwrap());
    assert!(message.contains("acme:mail/send@1.0.0"), "{message}");

    let newer = r#"(component (import "wabe:plugin/kv@2.0.0" (instance
        (export "compare" (func)))))"#;
    let message = unfit(&wat::parse_str(newer).unwrap());
    assert!(
        message.contains("wabe:plugin/kv@2.0.0") && message.contains("1.0.0"),
        "{message}"
    );
}

#[test]
fn an_interface_of_another_shape_is_told() {
    let other = |function: &str| {
        let text = format!(
            r#"(component
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func $handle (canon lift (core func $i "f")))
        (instance $events (export "{function}" (func $handle)))
        (export "wabe:plugin/events@1.0.0" (instance $events)))"#
        );
        wat::parse_str(text).unwrap()
    };
    let message = unfit(&other("hand"));
    assert!(message.contains("not whole"), "{message}");
    let ended = run(compiled(&other("handle")), order(ROOMY), Stub::denying());
    let Ending::Unfit { message } = &ended.ending else {
        panic!("{ended:?}");
    };
    assert!(
        message.contains("another shape") && message.contains("wit/"),
        "{message}"
    );
}

#[test]
fn a_component_answers_the_entry_points_it_has_and_names_the_others() {
    let guest = compiled(&handler("", ""));
    let mut asked = order(ROOMY);
    asked.entry = Entry::Task {
        task: "nightly".to_owned(),
        scheduled_for_ms: 0,
        cursor: None,
    };
    let ended = run(guest, asked, Stub::denying());
    let Ending::Unfit { message } = &ended.ending else {
        panic!("{ended:?}");
    };
    assert!(message.contains("wabe:plugin/tasks@1.0.0"), "{message}");
    assert!(message.contains("wabe:plugin/events@1.0.0"), "{message}");
    assert!(message.contains("plugin.toml"), "{message}");

    let empty = compiled(&wat::parse_str("(component)").unwrap());
    let ended = run(empty, order(ROOMY), Stub::denying());
    assert!(matches!(ended.ending, Ending::Unfit { .. }));
}

#[test]
fn every_entry_point_is_called_with_its_input_and_its_answer_is_taken() {
    let ok = "(param i32) (result i32) (i32.const 64)";
    // Cursors and pages lie behind discriminants: all zero is none and empty, everywhere.
    let all = component(
        "everything",
        &format!(
            r#"(module {FRAME}
            (func (export "wabe:plugin/events@1.0.0#handle") {ok})
            (func (export "wabe:plugin/tasks@1.0.0#run") {ok})
            (func (export "wabe:plugin/actions@1.0.0#describe") {ok})
            (func (export "wabe:plugin/actions@1.0.0#run") {ok})
            (func (export "wabe:plugin/forms@1.0.0#render") {ok})
            (func (export "wabe:plugin/forms@1.0.0#submit") {ok})
            (func (export "wabe:plugin/webhooks@1.0.0#receive") {ok}))"#
        ),
    );
    let text = String::new;
    let entries = [
        order(ROOMY).entry,
        Entry::Task {
            task: "nightly".to_owned(),
            scheduled_for_ms: 7,
            cursor: Some("next".to_owned()),
        },
        Entry::Describe { ticket: text() },
        Entry::Action {
            action: text(),
            ticket: text(),
            input: text(),
        },
        Entry::Render {
            form: text(),
            state: text(),
        },
        Entry::Submit {
            form: text(),
            input: text(),
        },
        Entry::Webhook {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: text(),
            headers: vec![("host".to_owned(), "example.org".to_owned())],
            body: Blob(vec![0, 255]),
            remote: text(),
            user: text(),
        },
    ];
    for entry in entries {
        let mut order = order(ROOMY);
        order.entry = entry.clone();
        let ended = run(compiled(&all), order, Stub::denying());
        let outcome = done(&ended);
        let page = matches!(
            entry,
            Entry::Action { .. } | Entry::Render { .. } | Entry::Submit { .. }
        );
        assert_eq!(outcome.ui.is_some(), page);
        assert_eq!(
            outcome.reply.is_some(),
            matches!(entry, Entry::Webhook { .. })
        );
    }
}

/// A healthy handler with another component inside, which is instantiated after it.
pub(super) fn with_inner(component: &str) -> Vec<u8> {
    let mut whole = handler("", "");
    let inside = wasmparser::Parser::new(0).parse_all(&whole);
    let mut depth = 0;
    let mut components = 0;
    for payload in inside {
        match payload.unwrap() {
            wasmparser::Payload::ComponentSection { .. } => {
                components += i32::from(depth == 0);
                depth += 1;
            }
            wasmparser::Payload::ModuleSection { .. } => depth += 1,
            wasmparser::Payload::End(_) => depth -= 1,
            _ => {}
        }
    }
    section(&mut whole, 4, &wat::parse_str(component).unwrap());
    // One instance of that component, without arguments.
    section(&mut whole, 5, &[1, 0, u8::try_from(components).unwrap(), 0]);
    whole
}

fn section(whole: &mut Vec<u8>, id: u8, content: &[u8]) {
    whole.push(id);
    let mut rest = content.len();
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap();
        rest >>= 7;
        if rest == 0 {
            whole.push(low);
            break;
        }
        whole.push(low | 0x80);
    }
    whole.extend_from_slice(content);
}
