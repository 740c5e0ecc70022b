//! What the program says to whoever starts it by hand.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests are about a process; a failure here is the test's"
)]

use std::process::{Command, Output, Stdio};

fn agent(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabe-agent"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_worker_that_the_agent_did_not_start_does_nothing() {
    let ended = agent(&["worker", "--user", "70000", "--group", "70000"]);
    assert_eq!(ended.status.code(), Some(1), "{}", said(&ended));
}

#[test]
fn a_program_begins_in_its_share_of_the_machine_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let slice = dir.path().to_str().unwrap();
    let procs = dir.path().join("cgroup.procs");
    let procs = procs.to_str().unwrap();
    let enter = ["enter", "--slice", slice, "--", "/bin/cat", "--", procs];
    let ended = agent(&enter);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stdout.is_empty() && said(&ended).contains("share of the machine"));
    std::fs::write(procs, "").unwrap();
    let ended = agent(&enter);
    assert!(ended.status.success(), "{}", said(&ended));
    assert_eq!(ended.stdout, b"0");
}

#[test]
fn users_of_the_system_are_nobodys_customer() {
    let rest = [
        "--socket",
        "/run/x/agent.sock",
        "--folder",
        "/nowhere",
        "--peer",
        "1000",
    ];
    for users in ["0-10", "500-70000", "2000-1000", "5", "a-b"] {
        let arguments = [&["serve", "--users", users][..], &rest[..]].concat();
        let ended = agent(&arguments);
        assert_eq!(ended.status.code(), Some(2), "{users}");
        assert!(said(&ended).contains("FIRST-LAST"), "{}", said(&ended));
    }
}
