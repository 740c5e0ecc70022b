//! What is said over the wire, and what is not understood.

use crate::guests::handler;
use crate::{ASK, ASKING, Folder, Panel, order};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use wabe_package::wire::{Ending, FRAME_BYTES, FromSandbox, HostCall, ToSandbox};

#[test]
fn a_run_asks_and_ends() {
    let folder = Folder::new();
    let artifact = folder.add(&handler(ASKING, ASK));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(7, &artifact, "ins_a"));
    let FromSandbox::Call { run, call, request } = panel.hear() else {
        panic!("no call");
    };
    assert!(matches!(request, HostCall::KvGet { .. }));
    assert_eq!((run, call), (7, 1));
    panel.answer(run, call);
    let FromSandbox::Ended {
        run, ending, usage, ..
    } = panel.hear()
    else {
        panic!("no end");
    };
    assert_eq!((run, usage.calls), (7, 1));
    assert!(matches!(ending, Ending::Done { .. }));
}

#[test]
fn a_run_ends_when_it_is_cancelled() {
    let folder = Folder::new();
    let looping = folder.add(&handler("", "(loop $on (br $on))"));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &looping, "ins_a"));
    panel.say(&ToSandbox::Cancel { run: 1 });
    assert_eq!(panel.end(1), Ending::Cancelled);
    // Of a run that is over, or never was: nothing happens.
    panel.say(&ToSandbox::Cancel { run: 1 });
    panel.answer(99, 1);
    let healthy = folder.add(&handler("", ""));
    panel.run(order(2, &healthy, "ins_a"));
    assert!(matches!(panel.end(2), Ending::Done { .. }));
}

#[test]
fn the_sandbox_goes_when_its_panel_has_gone() {
    let folder = Folder::new();
    let looping = folder.add(&handler(ASKING, &format!("{ASK} (loop $on (br $on))")));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &looping, "ins_a"));
    let FromSandbox::Call { run, call, .. } = panel.hear() else {
        panic!("no call");
    };
    panel.answer(run, call);
    panel.socket.shutdown(std::net::Shutdown::Both).unwrap();
    let (status, words) = panel.exit();
    assert!(status.success(), "{status} {words}");
}

#[test]
fn a_sandbox_that_is_killed_takes_nothing_with_it() {
    let folder = Folder::new();
    let artifact = folder.add(&handler(ASKING, ASK));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &artifact, "ins_a"));
    assert!(matches!(panel.hear(), FromSandbox::Call { .. }));
    panel.child.kill().unwrap();
    assert!(panel.try_hear().is_none());
    assert_eq!(panel.exit().0.signal(), Some(9));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &artifact, "ins_a"));
    assert!(matches!(panel.end(1), Ending::Done { .. }));
}

#[test]
fn what_is_not_understood_ends_the_sandbox_with_a_word() {
    let too_large = u32::try_from(FRAME_BYTES + 1).unwrap();
    let frame = |text: &str| {
        let mut frame = u32::try_from(text.len()).unwrap().to_be_bytes().to_vec();
        frame.extend_from_slice(text.as_bytes());
        frame
    };
    let hello = r#"{"say":"hello","artifacts":"","seal_key":"","slots":1}"#;
    let broken = [
        (u32::MAX.to_be_bytes().to_vec(), "announced a frame"),
        (too_large.to_be_bytes().to_vec(), "announced a frame"),
        (frame("{"), "not understood"),
        (frame(r#"{"say":"run","run":1}"#), "not understood"),
        (frame(r#"{"say":"sing"}"#), "not understood"),
        (frame(hello), "a second greeting"),
        (vec![0, 0], "socket"),
        (vec![0, 0, 0, 9, b'{'], "socket"),
    ];
    let folder = Folder::new();
    for (bytes, word) in broken {
        let mut panel = Panel::start(&folder, 1);
        panel.socket.write_all(&bytes).unwrap();
        panel.socket.shutdown(std::net::Shutdown::Write).unwrap();
        let (status, words) = panel.exit();
        assert_eq!(status.code(), Some(2), "{bytes:?} {words}");
        assert!(words.contains(word), "{words}");
    }
}

#[test]
fn two_runs_of_one_number_are_not_understood() {
    let folder = Folder::new();
    let looping = folder.add(&handler("", "(loop $on (br $on))"));
    let mut panel = Panel::start(&folder, 4);
    panel.run(order(1, &looping, "ins_a"));
    panel.run(order(1, &looping, "ins_a"));
    let (status, words) = panel.exit();
    assert_eq!(status.code(), Some(2));
    assert!(words.contains("two runs of one number"), "{words}");
}

#[test]
fn nobody_is_served_before_the_greeting() {
    let mut panel = Panel::silent();
    panel.say(&ToSandbox::Cancel { run: 1 });
    let (status, words) = panel.exit();
    assert_eq!(status.code(), Some(2));
    assert!(words.contains("greet"), "{words}");
    let output = Command::new(env!("CARGO_BIN_EXE_wabe-sandbox"))
        .arg("run")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("not a socket"), "{words}");
}

#[test]
fn the_sandbox_has_taken_off_its_rights_before_it_is_ready() {
    let folder = Folder::new();
    let panel = Panel::start(&folder, 1);
    let status = std::fs::read_to_string(format!("/proc/{}/status", panel.child.id())).unwrap();
    let line = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim().to_owned()
    };
    assert_eq!(line("NoNewPrivs:"), "1");
    assert_eq!(line("Seccomp:"), "2");
}

#[test]
fn runs_need_no_pool_where_addresses_are_few() {
    let folder = Folder::new();
    let artifact = folder.add(&handler(ASKING, ASK));
    // In KiB: one run's memory with its guards fits, a pool does not.
    let mut panel = Panel::by(
        Command::new("/bin/sh")
            .args(["-c", "ulimit -v 12000000; exec \"$0\" run"])
            .arg(env!("CARGO_BIN_EXE_wabe-sandbox")),
    );
    panel.greet(&folder, 50);
    for run in 0..3 {
        panel.run(order(run, &artifact, "ins_a"));
        assert!(matches!(panel.end(run), Ending::Done { .. }));
    }
    panel.socket.shutdown(std::net::Shutdown::Both).unwrap();
    let (status, words) = panel.exit();
    assert!(status.success() && words.contains("no pool"), "{words}");
}
