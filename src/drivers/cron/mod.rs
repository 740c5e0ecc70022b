//! Cron jobs: starts a program of a webspace, watches it, and says how it ended.
//!
//! Invariants:
//! - A program runs as the webspace's own user. Without one it runs as whoever runs us only where that was
//!   allowed, and not at all otherwise.
//! - No shell reads anything: the program is PHP with a script of the webspace, inside the walls that its site
//!   has, or a file of the webspace that says by itself what runs it (`#!`, ELF).
//! - It has nothing of ours: an environment of four words, nothing on its standard input, no privileges to gain,
//!   no more of the machine than [`limits`] says, and it does not outlive us.
//! - Its whole process group ends with its first process, with its time, and with whoever waits for it.
//!
//! What leaves its process group leaves this driver, too; the limits of each process stay. Start reading at
//! [`Cron`], then `life`.

mod group;
mod life;
mod limits;
mod output;
mod program;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use wabe_kernel::cron::{CronEnded, CronOrder, CronRunner, RUN_SECONDS_MAX};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;

use crate::daemon::account::Account;
use crate::php::Owners;
use crate::slices::Slice;

/// What a webspace without a user of its own runs as whoever runs us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutUsers {
    /// Nothing.
    Nothing,
    /// PHP, which has walls of its own: among customers who trust each other.
    Php,
    /// Everything: for trying.
    Everything,
}

/// What runs are made of.
pub struct Parts {
    /// The folders of programs.
    pub folders: Vec<PathBuf>,
    /// The users of webspaces.
    pub owners: Arc<dyn Owners>,
    /// What runs without them.
    pub without_users: WithoutUsers,
}

/// Runs programs of the webspaces beneath this node's folder.
pub struct Cron {
    node_dir: PathBuf,
    parts: Parts,
    /// How long a run takes at most.
    within: Duration,
    /// How long one that is told to end may take for it.
    farewell: Duration,
}

/// The folders of a webspace, as far as its programs know them.
pub(crate) struct Folders {
    /// What the customer uploads; where programs begin.
    pub(crate) files: PathBuf,
    /// For what is not kept.
    pub(crate) temporary: PathBuf,
}

/// A program that is ready to be started.
pub(crate) struct Ready {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<std::ffi::OsString>,
    pub(crate) folders: Folders,
    pub(crate) account: Option<Account>,
    /// What it shares with others of its customer, where the machine can.
    pub(crate) slice: Option<Slice>,
}

impl Cron {
    /// Over what lies in the node's folder.
    #[must_use]
    pub fn new(node_dir: &Path, parts: Parts) -> Self {
        Self {
            node_dir: node_dir.to_owned(),
            parts,
            within: Duration::from_secs(u64::from(RUN_SECONDS_MAX)),
            farewell: Duration::from_secs(5),
        }
    }

    fn folders(&self, id: WebspaceId) -> Folders {
        let folder = self.node_dir.join("web").join(id.to_string());
        Folders {
            files: folder.join("files"),
            temporary: folder.join("tmp"),
        }
    }

    /// Who runs it; whoever runs us when absent.
    ///
    /// Errors: `no-user` when there is nobody.
    fn account(&self, id: WebspaceId, is_php: bool) -> Result<Option<Account>, &'static str> {
        let Some(owner) = self.parts.owners.of(id) else {
            let allowed = match self.parts.without_users {
                WithoutUsers::Nothing => false,
                WithoutUsers::Php => is_php && !rustix::process::geteuid().is_root(),
                WithoutUsers::Everything => true,
            };
            return if allowed { Ok(None) } else { Err("no-user") };
        };
        // Only root becomes them, and they are never root.
        let account = owner.account();
        let account = account.filter(|_| rustix::process::geteuid().is_root());
        account.map(Some).ok_or("no-user")
    }

    /// Errors: the reason why it cannot be started. Blocks on file work.
    fn ready(&self, order: &CronOrder) -> Result<Ready, &'static str> {
        let account = self.account(order.webspace, order.command.is_php())?;
        let folders = self.folders(order.webspace);
        let (program, arguments) =
            program::of(order, &folders, (&self.parts.folders, account.as_ref()))?;
        Ok(Ready {
            program,
            arguments,
            folders,
            slice: account.and_then(|_| self.parts.owners.slice_of(order.webspace)),
            account,
        })
    }
}

/// Tells the thread that nobody waits any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl CronRunner for Cron {
    fn run(&self, order: CronOrder) -> Working<'_, CronEnded> {
        Box::pin(async move {
            // Looking at files takes no longer than starting a thread for it.
            let ready = match self.ready(&order) {
                Ok(ready) => ready,
                Err(reason) => return CronEnded::never(reason),
            };
            let gone = Arc::new(AtomicBool::new(false));
            let waiting = Waiting(Arc::clone(&gone));
            let (tell, told) = oneshot::channel();
            let bounds = life::Bounds {
                within: self.within,
                farewell: self.farewell,
                gone,
            };
            let thread = std::thread::Builder::new().name("cron".to_owned());
            // The kernel ends a program together with the thread that started it, so it has one of its own.
            let begun = thread.spawn(move || {
                // Whoever waited may have gone.
                drop(tell.send(life::live(&ready, &bounds)));
            });
            let ended = match begun {
                Ok(_thread) => told.await.ok(),
                Err(fault) => {
                    tracing::error!(%fault, run.id = %order.run, "no thread for a cron job");
                    None
                }
            };
            drop(waiting);
            ended.unwrap_or_else(|| CronEnded::never("not-started"))
        })
    }
}
