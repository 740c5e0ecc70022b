//! The binary from outside: hostile statements, quotas, dumps, and being killed.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests are about a process and its files"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failure here is the test's"
)]

mod tests {
    mod dumps;
    mod hostile;
    mod statements;
}

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A database in a folder of its own.
struct Desk {
    folder: tempfile::TempDir,
    quota: u64,
    seconds: u64,
}

/// How a request ended.
struct Outcome {
    code: Option<i32>,
    out: Vec<u8>,
    err: String,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            quota: 50_000_000,
            seconds: 8,
        };
        assert_eq!(desk.ask("create", b"").answer(), json!({}));
        desk
    }

    fn file(&self) -> PathBuf {
        // SQLite is told to follow no link, not even on the way.
        self.folder
            .path()
            .canonicalize()
            .unwrap()
            .join("data.sqlite")
    }

    fn start(&self, operation: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_wabe-sql"))
            .arg(operation)
            .arg("--database")
            .arg(self.file())
            .args([
                "--quota",
                &self.quota.to_string(),
                "--seconds",
                &self.seconds.to_string(),
            ])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn ask(&self, operation: &str, input: &[u8]) -> Outcome {
        let mut child = self.start(operation);
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Outcome {
            code: output.status.code(),
            out: output.stdout,
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn page(&self, sql: &str, skip: usize, limit: usize) -> Value {
        let request = json!({ "sql": sql, "skip": skip, "limit": limit });
        self.ask("query", request.to_string().as_bytes()).answer()
    }

    fn query(&self, sql: &str) -> Value {
        self.page(sql, 0, 500)
    }

    fn rows(&self, sql: &str) -> Value {
        self.query(sql)["rows"].clone()
    }

    /// The kind of failure that a statement ends with.
    fn kind(&self, sql: &str) -> String {
        kind(&self.query(sql))
    }

    fn import(&self, dump: &str) -> Value {
        self.ask("import", format!("{dump}\0").as_bytes()).answer()
    }

    fn export(&self) -> String {
        let outcome = self.ask("export", b"");
        assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""));
        String::from_utf8(outcome.out).unwrap()
    }

    fn is_intact(&self) -> bool {
        self.ask("check", b"").answer() == json!({ "intact": true })
    }
}

impl Outcome {
    fn answer(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.err);
        serde_json::from_slice(&self.out).unwrap()
    }
}

fn kind(answer: &Value) -> String {
    answer["error"]["kind"]
        .as_str()
        .unwrap_or("none")
        .to_owned()
}

/// What SQLite's own shell says.
fn shell(file: &Path, input: &str) -> String {
    let mut child = Command::new("/usr/bin/sqlite3")
        .arg("-batch")
        .arg("-bail")
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need SQLite's shell: apt-get install sqlite3");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
