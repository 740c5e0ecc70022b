//! Starts the child that runs guests, and greets it.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Socket;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use wabe_package::wire::{FromSandbox, ToSandbox};

use crate::sandbox::frame::{self, Broken};
use crate::sandbox::health::Reason;
use crate::sandbox::lines::{self, LastLine};

/// The most letters of an engine's word.
const WORD_MAX: usize = 64;
/// How long a child whose socket closed may take to end by itself, and say how.
const LAST_BREATH: Duration = Duration::from_millis(500);

/// A child that was started; dropping it kills it.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) socket: Option<UnixStream>,
    last: LastLine,
}

/// Starts `program run` with a cleared environment and one end of a socket pair as its standard input.
pub(super) fn start(program: &Path) -> Result<Started, Reason> {
    let failed = |error: std::io::Error| Reason::Unstartable(error.to_string());
    let (ours, theirs) = Socket::pair().map_err(failed)?;
    ours.set_nonblocking(true).map_err(failed)?;
    let mut child = Command::new(program)
        .arg("run")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let last = LastLine::default();
    if let Some(stderr) = child.stderr.take() {
        // Ends with the child.
        tokio::spawn(lines::log(stderr, last.clone()));
    }
    let socket = UnixStream::from_std(ours).map_err(failed)?;
    Ok(Started {
        child,
        socket: Some(socket),
        last,
    })
}

impl Started {
    /// Says hello, and hears the engine's word.
    pub(super) async fn greet(
        &mut self,
        hello: &ToSandbox,
        within: Duration,
    ) -> Result<String, Reason> {
        let frame = frame::of(hello)
            .ok_or_else(|| Reason::Unstartable("the greeting does not fit a frame".to_owned()))?;
        let Some(socket) = &mut self.socket else {
            return Err(Reason::NotStarted);
        };
        let greeting = async {
            let written = socket.write_all(&frame).await;
            written.map_err(|_gone| Broken::Over)?;
            frame::read::<FromSandbox>(socket).await
        };
        match tokio::time::timeout(within, greeting).await {
            Ok(Ok(FromSandbox::Ready { engine })) if is_word(&engine) => Ok(engine),
            Ok(Ok(_)) => Err(Reason::Nonsense("it did not greet first".to_owned())),
            Ok(Err(Broken::Nonsense(text))) => Err(Reason::Nonsense(text)),
            Ok(Err(Broken::Over)) => Err(self.end().await),
            Err(_late) => Err(Reason::Silent),
        }
    }

    /// How the child ended, whose socket has closed.
    pub(super) async fn end(&mut self) -> Reason {
        match tokio::time::timeout(LAST_BREATH, self.child.wait()).await {
            Ok(Ok(status)) => self.died(status),
            _ => Reason::Died("it closed its socket".to_owned()),
        }
    }

    /// How it ended, with its last word.
    pub(super) fn died(&self, status: ExitStatus) -> Reason {
        let last = self.last.get();
        let separator = if last.is_empty() { "" } else { ": " };
        Reason::Died(format!("{status}{separator}{last}"))
    }
}

/// Words of engines are parts of file names.
pub(super) fn is_word(text: &str) -> bool {
    (1..=WORD_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
