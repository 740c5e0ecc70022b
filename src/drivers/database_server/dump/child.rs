//! The engine's own program that writes a dump, and whoever sees to it that it ends.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, ChildStdout};
use tokio::sync::mpsc;
use wabe_kernel::Secret;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::Working;

use crate::daemon;

/// How long writing a dump may take, at the pace of whoever reads it.
const EXPORT: Duration = Duration::from_mins(10);
/// The size of a piece, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// Pieces that wait for whoever reads them.
const WAITING: usize = 4;
/// What is read of its complaints, in bytes.
const COMPLAINT_BYTES_MAX: usize = 4 << 10;

/// Changes a dump on its way out.
pub(crate) trait Filter: Send + 'static {
    /// What of this can go on.
    fn pass(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ContentError>;
    /// What was held back.
    fn rest(&mut self) -> Result<Vec<u8>, ContentError>;
}

/// A program that writes a dump.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    /// The variable that it reads the password from: arguments are read by everybody on the machine.
    pub(crate) password: (&'static str, Secret),
}

/// The program at the first of these paths that is there.
pub(crate) fn installed(paths: &[&str]) -> Result<PathBuf, ContentError> {
    let mut paths = paths.iter().map(Path::new);
    let found = paths.find(|path| path.is_file());
    found
        .map(Path::to_owned)
        .ok_or(ContentError::Refused("no-dump-program"))
}

/// A dump that is being written. The program waits when nobody reads, and ends when this is dropped.
pub(crate) struct Written {
    pieces: mpsc::Receiver<Result<Vec<u8>, ContentError>>,
    first: Option<Result<Vec<u8>, ContentError>>,
}

impl Written {
    /// Starts the program. `after` runs once it has ended, however that comes, and before its end is told; also
    /// when it could not be started.
    pub(crate) async fn begin(
        program: Program,
        filter: impl Filter,
        after: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Self, ContentError> {
        let Program {
            path,
            arguments,
            password: (variable, password),
        } = program;
        let mut command = daemon::command(&path);
        command
            .args(arguments)
            .env(variable, password.expose())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                after.await;
                return Err(fault(error));
            }
        };
        let (tell, pieces) = mpsc::channel(WAITING);
        tokio::spawn(guard(child, filter, after, tell));
        Ok(Self {
            pieces,
            first: None,
        })
    }

    /// Waits for the first piece, so that what fails at once is known at once.
    pub(crate) async fn first(&mut self) -> Result<(), ContentError> {
        match self.pieces.recv().await {
            Some(Err(failure)) => Err(failure),
            first => {
                self.first = first;
                Ok(())
            }
        }
    }
}

impl ByteSource for Written {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(async move {
            match self.first.take() {
                Some(first) => Some(first),
                None => self.pieces.recv().await,
            }
        })
    }
}

async fn guard(
    mut child: Child,
    mut filter: impl Filter,
    after: impl Future<Output = ()> + Send,
    tell: mpsc::Sender<Result<Vec<u8>, ContentError>>,
) {
    let ended = tokio::select! {
        ended = follow(&mut child, &mut filter, &tell) => ended,
        () = tokio::time::sleep(EXPORT) => Err(ContentError::TimedOut),
        () = tell.closed() => Ok(()),
    };
    // One that has ended cannot be ended again.
    drop(child.kill().await);
    after.await;
    if let Err(failure) = ended {
        drop(tell.send(Err(failure)).await);
    }
}

async fn follow(
    child: &mut Child,
    filter: &mut impl Filter,
    tell: &mpsc::Sender<Result<Vec<u8>, ContentError>>,
) -> Result<(), ContentError> {
    let pipes = child.stdout.take().zip(child.stderr.take());
    let missing = || ContentError::Fault("a program without pipes".to_owned());
    let (stdout, stderr) = pipes.ok_or_else(missing)?;
    let (passed, said) = tokio::join!(pass(stdout, filter, tell), complaints(stderr));
    passed?;
    let status = child.wait().await.map_err(fault)?;
    if status.success() {
        let rest = filter.rest()?;
        if !rest.is_empty() {
            drop(tell.send(Ok(rest)).await);
        }
        return Ok(());
    }
    // It is about the customer's own tables, as a rule: a view of something that is gone.
    Err(ContentError::Rejected(said))
}

async fn pass(
    mut stdout: ChildStdout,
    filter: &mut impl Filter,
    tell: &mpsc::Sender<Result<Vec<u8>, ContentError>>,
) -> Result<(), ContentError> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let length = stdout.read(&mut piece).await.map_err(fault)?;
        if length == 0 {
            return Ok(());
        }
        let passed = filter.pass(piece.get(..length).unwrap_or_default())?;
        if !passed.is_empty() && tell.send(Ok(passed)).await.is_err() {
            return Ok(());
        }
    }
}

/// The beginning of what it complains of; the rest is read and forgotten, so that it never waits.
async fn complaints(mut from: impl AsyncRead + Unpin) -> String {
    let (mut said, mut piece) = (Vec::new(), vec![0; 1 << 10]);
    while let Ok(length) = from.read(&mut piece).await {
        if length == 0 {
            break;
        }
        let room = COMPLAINT_BYTES_MAX.saturating_sub(said.len());
        said.extend(piece.iter().take(length.min(room)));
    }
    String::from_utf8_lossy(&said).trim().to_owned()
}

fn fault(error: impl std::fmt::Display) -> ContentError {
    ContentError::Fault(error.to_string())
}
