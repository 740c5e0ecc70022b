//! The log: bounded, cut, and harmless in a terminal.

use crate::run::log::{Log, Stream, shown};
use crate::run::tests::{ROOMY, handle, trap};
use wabe_package::limits::Limits;

const LOG: &str =
    r#"(import "wabe:plugin/log@1.0.0" "write" (func $log (param i32 i32 i32 i32 i32 i32)))"#;

#[test]
fn a_flood_of_lines_is_counted_and_mostly_dropped() {
    let around = format!(r#"{LOG} (data (i32.const 1024) "warn" "hello")"#);
    let code = "(loop $on
        (call $log (i32.const 1024) (i32.const 4) (i32.const 1028) (i32.const 5)
            (i32.const 0) (i32.const 0))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $on (i32.lt_u (local.get $i) (i32.const 100000))))";
    let ended = handle(&around, code, ROOMY);
    assert_eq!(ended.log.len(), 200);
    assert_eq!(ended.usage.log_lines, 100_000);
    let line = &ended.log[0];
    assert_eq!(
        (line.level.as_str(), line.message.as_str()),
        ("warn", "hello")
    );
}

#[test]
fn what_drives_a_terminal_or_turns_a_line_is_shown_as_text() {
    let mut log = Log::new(&Limits::EVENT);
    let told = "a\u{1b}]0;title\u{7}\nnext\r\u{202e}txt.exe\u{9b}31m\u{0}";
    log.write(
        "error\u{1b}",
        told,
        "{\"a\": \"\u{202e}\u{7f}\", \"b\" : 1}",
    );
    let (lines, _) = log.close();
    assert_eq!(lines[0].level, "info");
    let hidden = |text: &str| {
        text.chars()
            .any(|letter| letter.is_control() || letter == '\u{202e}')
    };
    assert!(!hidden(&lines[0].message) && !hidden(&lines[0].fields));
    assert!(lines[0].message.contains("\\u{1b}]0;title") && lines[0].message.contains("\\nnext"));
    let fields: serde_json::Value = serde_json::from_str(&lines[0].fields).unwrap();
    assert_eq!(fields["a"], "\u{202e}\u{7f}");
}

#[test]
fn long_lines_are_cut_between_letters_and_marked() {
    let mut log = Log::new(&Limits {
        log_line_bytes: 5,
        ..Limits::EVENT
    });
    log.write("info", "äöüß", "");
    log.write("info", "short", "");
    log.write("info", "", r#"{"long":"object"}"#);
    log.write("info", "", "[1]");
    let (lines, _) = log.close();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.message.as_str(), line.cut))
        .collect();
    assert_eq!(
        told,
        [("äö", true), ("short", false), ("", true), ("", true)]
    );
    assert!(lines.iter().all(|line| line.fields.is_empty()));
}

#[test]
fn the_whole_log_is_bounded_in_bytes() {
    let mut log = Log::new(&Limits {
        log_bytes: 12,
        ..Limits::EVENT
    });
    for _ in 0..5 {
        log.write("info", "12345", "");
    }
    let (lines, seen) = log.close();
    let told: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!((told, seen), (vec!["12345", "12345", "12"], 5));
}

#[test]
fn streams_become_lines_wherever_they_are_cut() {
    let mut log = Log::new(&Limits::EVENT);
    for piece in ["one\ntw", "o\r\n\n", "thr", "ee"] {
        log.stream(Stream::Out, piece.as_bytes());
    }
    log.stream(Stream::Err, b"\xff broken\n");
    let (lines, _) = log.close();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.level.as_str(), line.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("info", "one"),
            ("info", "two"),
            ("error", "\u{fffd} broken"),
            ("info", "three")
        ]
    );
}

#[test]
fn a_panic_is_told_with_its_message_and_its_place() {
    let around = r#"(import "wasi:cli/stderr@0.2.6" "get-stderr" (func $open (result i32)))
        (import "wasi:io/streams@0.2.6" "[method]output-stream.blocking-write-and-flush"
            (func $write (param i32 i32 i32 i32)))
        (data (i32.const 1024)
            "\0athread 'main' panicked at src/lib.rs:12:5:\0aat the disco\0anote: run with x\0a")
        (func $rust_begin_unwind (unreachable))
        (func $_ZN6dyndns6update17h0123456789abcdefE (call $rust_begin_unwind))"#;
    let code = "(call $write (call $open) (i32.const 1024) (i32.const 76) (i32.const 2048))
        (call $_ZN6dyndns6update17h0123456789abcdefE)";
    let ended = handle(around, code, ROOMY);
    let message = trap(&ended);
    for part in [
        "the plugin gave up",
        "panicked at src/lib.rs:12:5: at the disco",
        "dyndns::update",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(
        !message.contains("unreachable") && !message.contains("rust_begin_unwind"),
        "{message}"
    );
    assert_eq!(ended.log[1].message, "at the disco");
}

#[test]
fn text_is_cut_before_it_is_too_long_even_when_escaped() {
    assert_eq!(shown("ab\u{1}", 6), ("ab".to_owned(), true));
    assert_eq!(shown("ab\u{1}", 7), ("ab\\u{1}".to_owned(), false));
}
