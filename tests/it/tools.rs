//! Clients that people have: Python's smtplib, OpenSSH, curl, the SQLite shell.

use crate::process::Panel;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// What a program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) worked: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a program to its end on a thread of its own, so that the test's other clients go on.
pub(crate) async fn ran(mut command: Command) -> Ran {
    command.stdin(Stdio::null()).env_remove("SSH_AUTH_SOCK");
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let Output {
        status,
        stdout,
        stderr,
    } = output.unwrap().unwrap();
    Ran {
        worked: status.success(),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Delivers a message; prints one line: the code and the words of whoever answered last.
const DELIVER: &str = r"
import smtplib, sys
port, sender, recipient, file = sys.argv[1:]
message = open(file, 'rb').read()
with smtplib.SMTP('127.0.0.1', int(port), timeout=60) as server:
    try:
        server.sendmail(sender, [recipient], message)
        print(250, 'taken')
    except smtplib.SMTPRecipientsRefused as refused:
        print(*next(iter(refused.recipients.values())))
    except smtplib.SMTPResponseException as refused:
        print(refused.smtp_code, refused.smtp_error)
";

/// Delivers `message` over SMTP; the code of the answer and its words.
pub(crate) async fn deliver(panel: &Panel, recipient: &str, message: &[u8]) -> (u16, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message");
    fs::write(&file, message).unwrap();
    let mut python = Command::new("python3");
    python.args([
        "-c",
        DELIVER,
        &panel.port("smtp").to_string(),
        "ada@sender.example",
        recipient,
    ]);
    python.arg(&file);
    let ran = ran(python).await;
    assert!(ran.worked, "{}", ran.err);
    let (code, words) = ran.out.trim().split_once(' ').unwrap();
    (code.parse().unwrap(), words.to_owned())
}

/// A plain message with this subject.
pub(crate) fn letter(recipient: &str, subject: &str, body: &str) -> Vec<u8> {
    let body = body.replace('\n', "\r\n");
    format!(
        "From: Ada <ada@sender.example>\r\nTo: {recipient}\r\nSubject: {subject}\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{subject}@sender.example>\r\n\r\n\
         {body}\r\n"
    )
    .into_bytes()
}

/// Somebody with OpenSSH: a key, and a folder for files.
pub(crate) struct Uploader {
    folder: TempDir,
    port: u16,
}

impl Uploader {
    /// With a new key.
    pub(crate) async fn new(panel: &Panel) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut keygen = Command::new("ssh-keygen");
        keygen
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(folder.path().join("key"));
        assert!(ran(keygen).await.worked);
        Self {
            folder,
            port: panel.port("sftp"),
        }
    }

    /// The public half of the key.
    pub(crate) fn public_key(&self) -> String {
        fs::read_to_string(self.file("key.pub"))
            .unwrap()
            .trim()
            .to_owned()
    }

    /// A file on the client's side.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file there.
    pub(crate) fn local(&self, name: &str, content: &[u8]) -> PathBuf {
        let file = self.file(name);
        fs::write(&file, content).unwrap();
        file
    }

    /// `-b` asks for no passwords unless that was said before: the first word counts.
    fn sftp(&self, asks: &str, lines: &str) -> Command {
        let batch = self.local("batch", lines.as_bytes());
        let mut sftp = Command::new("sftp");
        sftp.args(["-o", &format!("BatchMode={asks}")]);
        sftp.args([
            "-F",
            "none",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "LogLevel=ERROR",
        ]);
        sftp.args([
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "IdentitiesOnly=yes",
        ]);
        sftp.args(["-o", "ConnectTimeout=30", "-P", &self.port.to_string()]);
        sftp.arg("-b").arg(batch);
        sftp
    }

    /// Runs lines of `sftp` with the key.
    pub(crate) async fn with_key(&self, login: &str, lines: &str) -> Ran {
        let mut sftp = self.sftp("yes", lines);
        sftp.arg("-i").arg(self.file("key"));
        sftp.arg(format!("{login}@127.0.0.1"));
        ran(sftp).await
    }

    /// Runs lines of `sftp` with a password, which OpenSSH asks a program for.
    pub(crate) async fn with_password(&self, login: &str, password: &str, lines: &str) -> Ran {
        let secret = self.local("password", password.as_bytes());
        let script = format!("#!/bin/sh\ncat {}\n", secret.display());
        let asker = self.local("asker", script.as_bytes());
        fs::set_permissions(&asker, PermissionsExt::from_mode(0o700)).unwrap();
        let mut sftp = self.sftp("no", lines);
        sftp.args([
            "-o",
            "PubkeyAuthentication=no",
            "-o",
            "NumberOfPasswordPrompts=1",
        ]);
        sftp.args(["-o", "PreferredAuthentications=password"]);
        sftp.env("SSH_ASKPASS", asker)
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env("DISPLAY", ":0");
        sftp.arg(format!("{login}@127.0.0.1"));
        ran(sftp).await
    }
}

/// `curl` that finds `host` at the panel's sites and trusts its authority alone.
pub(crate) fn curl(panel: &Panel, host: &str) -> Command {
    let mut curl = Command::new("curl");
    curl.args(["-sS", "--max-time", "60", "--cacert", panel.told("ca_file")]);
    for port in [panel.port("sites_https"), panel.port("sites_http")] {
        curl.args(["--resolve", &format!("{host}:{port}:127.0.0.1")]);
    }
    curl
}

/// Runs SQL in a file with the SQLite shell.
pub(crate) async fn sqlite(file: &Path, sql: &str) -> Ran {
    let mut shell = Command::new("sqlite3");
    shell
        .args(["-batch", "-bail", "-cmd", ".timeout 10000"])
        .arg(file)
        .arg(sql);
    ran(shell).await
}

/// Ends a test on the spot that works as other users and could not be what it says; none is passed over in silence.
pub(crate) fn needs_root() {
    assert!(
        rustix::process::geteuid().is_root(),
        "this test works as other users: run it as root"
    );
}
