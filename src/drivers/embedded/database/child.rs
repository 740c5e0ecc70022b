//! Runs `wabe-sql` for one request, and sees to it that it ends.
//!
//! A guardian task owns the child and its place: it kills at the deadline, when the database is
//! removed, and when nobody waits for the answer any more; the place is free once the child is gone.

use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::Database;

use crate::embedded::database::Databases;
use crate::embedded::database::queue::Place;

/// More than any answer, in bytes: a page of 4 MiB with its column names.
const ANSWER_BYTES_MAX: u64 = 8 << 20;
/// More than any complaint, in bytes.
const COMPLAINT_BYTES_MAX: u64 = 16 << 10;

/// Signals that a child ends with: the limits of processor time and file size, and out of memory.
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;

/// How a child ended.
#[derive(Debug)]
enum Ended {
    /// By itself, or by a limit.
    Exited(ExitStatus),
    /// Killed at the deadline.
    TimedOut,
    /// Killed because the database is being removed.
    Gone,
}

/// A child at work; dropping it kills the child.
#[derive(Debug)]
pub(super) struct Running {
    /// The child's input, until it is taken and closed.
    pub(super) stdin: Option<ChildStdin>,
    /// The child's answer.
    pub(super) stdout: ChildStdout,
    stderr: ChildStderr,
    ended: oneshot::Receiver<Ended>,
    quota: i64,
    _guard: DropGuard,
}

/// What the program says went wrong.
#[derive(Debug, Deserialize)]
struct Complaint {
    error: Reason,
}

#[derive(Debug, Deserialize)]
struct Reason {
    kind: String,
    message: String,
}

impl Databases {
    /// Starts the program for one operation on a database: an absolute path, a list of typed
    /// arguments, no environment (3.14 T2).
    pub(super) fn start(
        &self,
        operation: &'static str,
        (place, database): (Place, &Database),
        deadline: Duration,
    ) -> Result<Running, ContentError> {
        // The program gives up a little earlier by itself, with better words than being killed.
        let seconds = deadline.as_secs().saturating_sub(1).max(1);
        let mut child = Command::new(&self.program)
            .arg(operation)
            .arg("--database")
            .arg(self.folder(database.id).data())
            .args([
                "--quota",
                &database.quota.to_string(),
                "--seconds",
                &seconds.to_string(),
            ])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(fault)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(ContentError::Fault("a child without pipes".to_owned()));
        };
        let unwanted = CancellationToken::new();
        let (tell, ended) = oneshot::channel();
        tokio::spawn(guard(child, place, deadline, unwanted.clone(), tell));
        Ok(Running {
            stdin: Some(stdin),
            stdout,
            stderr,
            ended,
            quota: database.quota,
            _guard: unwanted.drop_guard(),
        })
    }
}

/// Waits for the end of a child, and brings it about when it is due.
async fn guard(
    mut child: Child,
    place: Place,
    deadline: Duration,
    unwanted: CancellationToken,
    tell: oneshot::Sender<Ended>,
) {
    let end = tokio::select! {
        status = child.wait() => status.ok().map(Ended::Exited),
        () = tokio::time::sleep(deadline) => Some(Ended::TimedOut),
        () = place.gone.cancelled() => Some(Ended::Gone),
        () = unwanted.cancelled() => None,
    };
    if !matches!(end, Some(Ended::Exited(_)))
        && let Err(error) = child.kill().await
    {
        tracing::error!(%error, "a database program could not be ended");
    }
    drop(place);
    if let Some(end) = end {
        // Nobody may be waiting any more.
        drop(tell.send(end));
    }
}

impl Running {
    /// The answer, read to its end.
    pub(super) async fn answer(&mut self) -> Result<serde_json::Value, ContentError> {
        let text = read_to_end(&mut self.stdout, ANSWER_BYTES_MAX).await?;
        self.finish().await?;
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(fault)?;
        match Complaint::deserialize(&value) {
            Ok(complaint) => Err(complaint.error.into_content_error(self.quota)),
            Err(_) => Ok(value),
        }
    }

    /// Waits for the end of a child whose output has ended; only a good end is `Ok`.
    pub(super) async fn finish(&mut self) -> Result<(), ContentError> {
        let complaint = read_to_end(&mut self.stderr, COMPLAINT_BYTES_MAX).await?;
        let ended = (&mut self.ended).await;
        let status = match ended.map_err(fault)? {
            Ended::Exited(status) => status,
            Ended::TimedOut => return Err(ContentError::TimedOut),
            Ended::Gone => return Err(ContentError::NotFound),
        };
        if status.success() {
            return Ok(());
        }
        match status.signal() {
            Some(SIGXCPU | SIGKILL) => return Err(ContentError::TimedOut),
            Some(SIGXFSZ) => return Err(ContentError::OverQuota { quota: self.quota }),
            Some(SIGABRT) => return Err(ContentError::Refused("sql-limit")),
            _ => {}
        }
        match serde_json::from_slice::<Complaint>(&complaint) {
            Ok(complaint) => Err(complaint.error.into_content_error(self.quota)),
            Err(_) => Err(ContentError::Fault(format!(
                "the database program ended with {status}"
            ))),
        }
    }
}

impl Reason {
    fn into_content_error(self, quota: i64) -> ContentError {
        match self.kind.as_str() {
            "rejected" => ContentError::Rejected(self.message),
            "denied" => ContentError::Refused("sql-denied"),
            "missing" => ContentError::NotFound,
            "limit" => ContentError::Refused("sql-limit"),
            "unfinished" => ContentError::Refused("sql-unfinished"),
            "busy" => ContentError::Refused("busy"),
            "full" => ContentError::OverQuota { quota },
            "timeout" => ContentError::TimedOut,
            _ => ContentError::Fault(self.message),
        }
    }
}

async fn read_to_end(from: impl AsyncRead + Unpin, max: u64) -> Result<Vec<u8>, ContentError> {
    let mut bytes = Vec::new();
    from.take(max)
        .read_to_end(&mut bytes)
        .await
        .map_err(fault)?;
    Ok(bytes)
}

/// A fault of the machine.
pub(super) fn fault(error: impl std::fmt::Display) -> ContentError {
    ContentError::Fault(error.to_string())
}
