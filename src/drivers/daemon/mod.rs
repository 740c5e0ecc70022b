//! Daemons that others wrote, as private instances: found, started, kept alive, reloaded, ended.
//!
//! A daemon is a child in a process group of its own, with a cleared environment and typed arguments (bar
//! 3.14 T2). Its workers may outlive a parent that is killed and go on holding its sockets, so whatever ends
//! ends as a group; what a former life left behind is ended before the next one begins. A thread of its own
//! keeps each daemon and lives as long as that does, because the kernel ends a program together with the
//! thread that started it (parent-death signal): so a daemon that [follows](Order::follows) does not outlive
//! this process, not even when this is killed.
//!
//! Start reading at [`Daemon`], then `life`.

pub mod account;
mod confinement;
mod kept;
mod leftover;
mod life;

use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::daemon::account::Account;

pub use confinement::Confinement;
pub(crate) use confinement::PRLIMIT;
pub use kept::Kept;
pub(crate) use leftover::told;

/// Where system administrators' programs lie, whether a path says so or not.
const FOLDERS: [&str; 4] = ["/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin"];
/// How long a server of sites that is told to end may take for what it is at.
pub(crate) const FAREWELL: Duration = Duration::from_secs(5);
/// Times are those of Greenwich.
pub(crate) const GREENWICH: Environment = &[("TZ", "UTC")];

/// The whole environment of a program.
pub(crate) type Environment = &'static [(&'static str, &'static str)];

/// A program that is not installed, and the package that has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{program} is not installed; it is in the package {package}")]
pub struct NotInstalled {
    /// The program.
    pub program: &'static str,
    /// The Debian package.
    pub package: &'static str,
}

/// The folders that programs are looked for in: those of a path, then the usual ones.
#[must_use]
pub fn folders(path: &[PathBuf]) -> Vec<PathBuf> {
    let usual = FOLDERS.iter().map(PathBuf::from);
    let given = path.iter().filter(|folder| folder.is_absolute()).cloned();
    given.chain(usual).collect()
}

/// The program of this name.
#[must_use]
pub fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let mut places = folders.iter().map(|folder| folder.join(name));
    places.find(|place| place.is_file())
}

/// Ends what a former life of a daemon left running, whose process group stands in this file: it holds
/// its sockets. Blocks for a moment where there is something.
pub fn end_former(name: &str, group_file: &Path) {
    leftover::end(name, group_file, Duration::ZERO);
}

/// Begins a log anew that a daemon of this name appends to, once it grew too long. Blocks on file work.
pub(crate) fn bound_log(name: &str, log: &Path) {
    if let Err(fault) = life::bound(log) {
        tracing::warn!(daemon = name, %fault, "a log grows");
    }
}

/// What ends a daemon in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// SIGINT: PostgreSQL's fast shutdown.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGQUIT: nginx and PHP-FPM let requests end.
    Quit,
}

impl Ending {
    const fn signal(self) -> Signal {
        match self {
            Self::Interrupt => Signal::INT,
            Self::Terminate => Signal::TERM,
            Self::Quit => Signal::QUIT,
        }
    }

    /// As `setpriv` calls it.
    const fn word(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
            Self::Quit => "QUIT",
        }
    }
}

/// How a daemon is started and spoken to.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it is called in logs; the name of its process, too.
    pub name: String,
    /// An absolute path.
    pub program: PathBuf,
    /// What it is started with; it must not leave the foreground.
    pub arguments: Vec<OsString>,
    /// Its whole environment.
    pub environment: &'static [(&'static str, &'static str)],
    /// Who it runs as; this process's own user when absent.
    pub account: Option<Account>,
    /// Remembers its process group, for the next life.
    pub group_file: PathBuf,
    /// Tells it to read its configuration again.
    pub reload: Signal,
    /// What ends it.
    pub ending: Ending,
    /// How long that may take for what it is at.
    pub patience: Duration,
    /// Whether it ends with this process, however that ends.
    pub follows: bool,
    /// Where what it says is kept; nowhere when absent, since it has a log of its own.
    pub log: Option<PathBuf>,
    /// What it is held to; nothing but what this process is held to when absent.
    pub confined: Option<Confinement>,
}

/// What surrounds each life of a daemon.
pub(crate) trait Around: Send + Sync + 'static {
    /// Makes ready what the daemon begins with. Blocks on file work.
    ///
    /// # Errors
    /// Why it must not begin now.
    fn prepare(&self) -> io::Result<()>;

    /// Looks at what the daemon made once it runs; false while it is not done with that. Blocks on file work.
    ///
    /// # Errors
    /// Why it must not go on.
    fn look(&self) -> io::Result<bool>;
}

/// A program with nothing of ours but standard streams that lead nowhere.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(GREENWICH.iter().copied())
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// What [`command`] makes, as this account and held to this, as a daemon of theirs is.
pub(crate) fn command_as(program: &Path, account: Account, confined: &Confinement) -> Command {
    let mut command = life::confined(program, (Some(account), None), Some(confined));
    command
        .envs(GREENWICH.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut command = Command::from(command);
    command.kill_on_drop(true);
    command
}

/// Runs a program of a service to its end, as this account. Blocks; for programs that take seconds.
///
/// # Errors
/// What starting it says, or what it said itself when it did not end well.
pub(crate) fn run(
    (program, arguments): (&Path, &[OsString]),
    environment: Environment,
    account: Option<Account>,
) -> io::Result<Output> {
    let mut command = life::command(program, account, None);
    command.envs(environment.iter().copied()).args(arguments);
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {said}", output.status)))
}

/// A daemon that is kept alive.
pub struct Daemon {
    order: Order,
    around: Option<Box<dyn Around>>,
    process: watch::Sender<Option<Pid>>,
    ending: AtomicBool,
}

impl Daemon {
    /// A daemon that is not started yet.
    #[must_use]
    pub fn new(order: Order) -> Arc<Self> {
        Self::within(order, None)
    }

    /// The same with something around each of its lives.
    pub(crate) fn within(order: Order, around: Option<Box<dyn Around>>) -> Arc<Self> {
        Arc::new(Self {
            order,
            around,
            process: watch::Sender::new(None),
            ending: AtomicBool::new(false),
        })
    }

    /// Its process, while there is one.
    #[must_use]
    pub fn process(&self) -> Option<Pid> {
        *self.process.borrow()
    }

    /// Tells it to read its configuration again; false when it does not run, and reads it anyway when
    /// it starts.
    #[must_use]
    pub fn reload(&self) -> bool {
        self.process()
            .is_some_and(|process| kill_process(process, self.order.reload).is_ok())
    }

    /// Keeps it alive until `stop`, then lets it end what it is at. Whoever goes away before has it ended, too.
    pub async fn keep(self: Arc<Self>, stop: CancellationToken) {
        if stop.is_cancelled() {
            return;
        }
        let (over, mut told) = oneshot::channel();
        let begun = self.on_a_thread(move |daemon| {
            daemon.stay(None);
            if over.send(()).is_err() {
                tracing::debug!("nobody waited for the end of a daemon");
            }
        });
        let ends = match begun {
            Ok(thread) => kept::Ends(Arc::clone(&self), thread.thread().clone()),
            Err(fault) => {
                tracing::error!(daemon = self.order.name, %fault, "no thread keeps a daemon");
                return;
            }
        };
        let ended = tokio::select! {
            ended = &mut told => Some(ended),
            () = stop.cancelled() => None,
        };
        drop(ends);
        let ended = match ended {
            Some(ended) => ended,
            None => told.await,
        };
        if ended.is_err() {
            tracing::error!(daemon = self.order.name, "the keeper of a daemon panicked");
        }
    }

    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests;
