//! Compilers that meet their limits die alone, and say of what.

use crate::guests;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use wabe_package::compiled::Report;

/// Compiles with these arguments; the report is the whole standard error.
fn compile(arguments: &[&str], component: &[u8]) -> (Report, Output) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wabe-sandbox"))
        .arg("compile")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let written = stdin.write_all(component);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    // Who refuses by size does not read to the end.
    drop(written);
    let report = serde_json::from_slice(&output.stderr).unwrap();
    (report, output)
}

fn code(report: &Report) -> &'static str {
    match report {
        Report::Compiled(_) => "compiled",
        Report::Refused { flaws } => flaws[0].defect.code(),
    }
}

#[test]
fn the_artifact_is_all_there_is_on_the_standard_output() {
    let (report, output) = compile(&[], &guests::handler("", ""));
    let Report::Compiled(compiled) = report else {
        panic!("{report:?}");
    };
    assert!(output.status.success());
    assert!(output.stdout.starts_with(b"\x7fELF"));
    let bytes = u64::try_from(output.stdout.len()).unwrap();
    assert_eq!(compiled.sizes["artifact_bytes"], bytes);
    assert_eq!(compiled.engine.len(), 16);
}

#[test]
fn a_refusal_has_no_artifact() {
    let (report, output) = compile(&[], b"(component)");
    assert_eq!(code(&report), "text-format");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}

#[test]
fn components_of_the_second_tier_are_asked_for() {
    let five = vec![b' '; 5 << 20];
    assert_eq!(code(&compile(&[], &five).0), "part-too-large");
    assert_eq!(code(&compile(&["--large"], &five).0), "text-format");
}

#[test]
fn a_component_that_takes_too_long_ends_with_its_compiler() {
    // Every limit of shape is kept: many functions as large as they may be, all of branches.
    let branches = "(if (local.get 0) (then (local.set 0 (i32.const 1))))".repeat(19_000);
    let function = format!("(func (param i32) {branches})");
    let handler = guests::handler(&function.repeat(12), "");
    assert!(handler.len() < 4 << 20, "{}", handler.len());
    let (report, output) = compile(&["--cpu", "1"], &handler);
    assert_eq!(code(&report), "compile-limit", "{report:?}");
    assert!(output.stdout.is_empty());
}
