//! Daemons that others wrote, as private instances: found, started, kept alive, reloaded, ended.
//!
//! A daemon is a child in a process group of its own, with a cleared environment and typed arguments (bar
//! 3.14 T2). Its workers outlive a parent that is killed and go on holding its sockets, so whatever ends
//! ends as a group; what a former life left behind is ended before the next one begins.

mod leftover;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Where system administrators' programs lie, whether a path says so or not.
const FOLDERS: [&str; 4] = ["/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin"];
/// The pause before a daemon is started again, doubled each time it ends soon.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Whoever lived this long did not end soon.
const LIVED: Duration = Duration::from_mins(1);
/// How long a daemon that is told to end may take for what it is at.
const FAREWELL: Duration = Duration::from_secs(5);

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
    leftover::end(name, group_file);
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
    /// Remembers its process group, for the next life.
    pub group_file: PathBuf,
    /// Tells it to read its configuration again.
    pub reload: Signal,
}

impl Order {
    /// The program with a cleared environment; times are those of Greenwich.
    #[must_use]
    pub fn command(&self) -> Command {
        command(&self.program)
    }
}

/// A program with nothing of ours but standard streams that lead nowhere.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("TZ", "UTC")
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// A daemon that is kept alive.
pub struct Daemon {
    order: Order,
    process: watch::Sender<Option<Pid>>,
}

/// Ends a whole group however its time comes about.
struct Group(Pid);

impl Drop for Group {
    fn drop(&mut self) {
        // Nobody left in it is as good.
        if let Err(fault) = kill_process_group(self.0, Signal::KILL) {
            tracing::debug!(%fault, "a group had ended by itself");
        }
    }
}

impl Daemon {
    /// A daemon that is not started yet.
    #[must_use]
    pub fn new(order: Order) -> Arc<Self> {
        Arc::new(Self {
            order,
            process: watch::Sender::new(None),
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

    /// Keeps it alive until `stop`, then lets it end what it is at.
    pub async fn keep(self: Arc<Self>, stop: CancellationToken) {
        let mut pause = PAUSE;
        while !stop.is_cancelled() {
            let order = self.order.clone();
            let looked = move || leftover::end(&order.name, &order.group_file);
            if let Err(fault) = tokio::task::spawn_blocking(looked).await {
                tracing::error!(%fault, "looking for leftovers broke off");
            }
            let began = Instant::now();
            let ended = self.live(&stop).await;
            if stop.is_cancelled() {
                return;
            }
            pause = if began.elapsed() > LIVED {
                PAUSE
            } else {
                (pause * 2).min(PAUSE_MAX)
            };
            let how = ended.map_or_else(|fault| fault.to_string(), |status| status.to_string());
            tracing::error!(
                daemon = self.order.name,
                how,
                wait_ms = pause.as_millis(),
                "a daemon ended"
            );
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// One life, to its end.
    async fn live(&self, stop: &CancellationToken) -> std::io::Result<ExitStatus> {
        let mut child = self
            .order
            .command()
            .args(&self.order.arguments)
            .process_group(0)
            .spawn()?;
        let process = child.id().and_then(|id| i32::try_from(id).ok());
        let Some(process) = process.and_then(Pid::from_raw) else {
            return child.wait().await;
        };
        let group = Group(process);
        leftover::remember(&self.order, process);
        self.process.send_replace(Some(process));
        tracing::info!(daemon = self.order.name, "a daemon is up");
        let ended = tokio::select! {
            ended = child.wait() => ended,
            () = stop.cancelled() => farewell(&mut child, process).await,
        };
        self.process.send_replace(None);
        drop(group);
        ended
    }
}

/// Tells a daemon to end, and waits for it.
async fn farewell(child: &mut Child, process: Pid) -> std::io::Result<ExitStatus> {
    kill_process(process, Signal::QUIT)?;
    match tokio::time::timeout(FAREWELL, child.wait()).await {
        Ok(ended) => ended,
        Err(_late) => {
            child.kill().await?;
            child.wait().await
        }
    }
}

#[cfg(test)]
mod tests;
