//! The binary from outside: a panel that is honest, one that talks nonsense, one that dies, and
//! artifacts that were tampered with.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests are about a process and its files"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is the test's"
)]

mod tests {
    mod artifacts;
    mod compile;
    mod crowds;
    mod wire;
}
#[path = "run/tests/guests.rs"]
mod guests;

use serde::Serialize;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use wabe_package::bytes::Blob;
use wabe_package::compiled::Report;
use wabe_package::entry::{Context, Entry};
use wabe_package::limits::Limits;
use wabe_package::seal::seal;
use wabe_package::wire::{Answer, Ending, FromSandbox, RunOrder, ToSandbox};

/// Keeps the tests' artifacts from everybody else's.
const KEY: &[u8] = b"the key of these tests";

/// Room for everything; no test waits for a limit of time to pass.
const ROOMY: Limits = Limits {
    wall_ms: 600_000,
    cpu_ms: 600_000,
    ..Limits::EVENT
};

/// A guest that asks the store once, and answers.
const ASKING: &str = r#"(import "wabe:plugin/kv@1.0.0" "get" (func $get (param i32 i32 i32)))"#;
const ASK: &str = "(call $get (i32.const 0) (i32.const 3) (i32.const 128))";

/// A folder of artifacts.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Compiles and seals a component; its artifact's name.
    fn add(&self, component: &[u8]) -> String {
        let (report, artifact) = compile(component);
        let Report::Compiled(compiled) = report else {
            panic!("{report:?}");
        };
        let name = format!("{}-{}", compiled.component, compiled.engine);
        self.put(&name, &artifact, &seal(KEY, &name, &artifact));
        name
    }

    fn put(&self, name: &str, artifact: &[u8], seal: &[u8]) {
        std::fs::write(self.path().join(format!("{name}.cwasm")), artifact).unwrap();
        std::fs::write(self.path().join(format!("{name}.seal")), seal).unwrap();
    }
}

fn compile(component: &[u8]) -> (Report, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wabe-sandbox"))
        .arg("compile")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let component = component.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&component)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    (
        serde_json::from_slice(&output.stderr).unwrap(),
        output.stdout,
    )
}

/// The panel's side of a running sandbox.
struct Panel {
    child: Child,
    socket: UnixStream,
}

impl Panel {
    /// Starts the sandbox without a word to it.
    fn silent() -> Self {
        Self::by(Command::new(env!("CARGO_BIN_EXE_wabe-sandbox")).arg("run"))
    }

    fn by(command: &mut Command) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let child = command
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            child,
            socket: ours,
        }
    }

    /// Starts the sandbox on this folder, with so many places.
    fn start(folder: &Folder, slots: u32) -> Self {
        let mut panel = Self::silent();
        panel.greet(folder, slots);
        panel
    }

    fn greet(&mut self, folder: &Folder, slots: u32) {
        self.say(&ToSandbox::Hello {
            artifacts: folder.path().to_str().unwrap().to_owned(),
            seal_key: Blob(KEY.to_vec()),
            slots,
        });
        assert!(matches!(self.hear(), FromSandbox::Ready { .. }));
    }

    fn say(&mut self, words: &impl Serialize) {
        let bytes = serde_json::to_vec(words).unwrap();
        let length = u32::try_from(bytes.len()).unwrap();
        self.socket.write_all(&length.to_be_bytes()).unwrap();
        self.socket.write_all(&bytes).unwrap();
    }

    fn try_hear(&mut self) -> Option<FromSandbox> {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
        self.socket.read_exact(&mut bytes).ok()?;
        Some(serde_json::from_slice(&bytes).unwrap())
    }

    fn hear(&mut self) -> FromSandbox {
        let heard = self.try_hear();
        heard.unwrap_or_else(|| panic!("the sandbox is gone: {}", self.last_words()))
    }

    fn run(&mut self, order: RunOrder) {
        self.say(&ToSandbox::Run(Box::new(order)));
    }

    fn answer(&mut self, run: u64, call: u32) {
        let answer = Ok(Answer::Versioned { found: None });
        self.say(&ToSandbox::Answer { run, call, answer });
    }

    /// Hears the end of a run, answering what it asks.
    fn end(&mut self, run: u64) -> Ending {
        loop {
            match self.hear() {
                FromSandbox::Call { run, call, .. } => self.answer(run, call),
                FromSandbox::Ended {
                    run: ended, ending, ..
                } if ended == run => return ending,
                _ => {}
            }
        }
    }

    /// How the sandbox ended, and its standard error.
    fn exit(mut self) -> (ExitStatus, String) {
        let words = self.last_words();
        (self.child.wait().unwrap(), words)
    }

    fn last_words(&mut self) -> String {
        let mut words = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut words).unwrap();
        words
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn order(run: u64, artifact: &str, installation: &str) -> RunOrder {
    RunOrder {
        run,
        artifact: artifact.to_owned(),
        context: Context {
            run_id: format!("run_{run}"),
            installation: installation.to_owned(),
            customer: "K10234".to_owned(),
            locale: "de".to_owned(),
            api: "1.0.0".to_owned(),
            attempt: 1,
            idempotency_key: "key".to_owned(),
            deadline_ms: 10_000,
            dry_run: false,
            now_ms: 1_800_000_000_000,
            settings: "{}".to_owned(),
        },
        entry: Entry::Event {
            id: "evt_1".to_owned(),
            topic: "mailbox.create".to_owned(),
            schema_version: 1,
            occurred_at_ms: 1_800_000_000_000,
            payload: "{}".to_owned(),
        },
        limits: ROOMY,
        seed: Blob(vec![7; 32]),
    }
}
