//! How instances come and go: written, tried, loaded, ended.

use futures_util::StreamExt as _;
use futures_util::stream;
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::apache::{Apaches, NAME, Served, folder_in, group_in, log};
use crate::daemon::account::Account;
use crate::daemon::{self, Confinement, Daemon, Ending, Order};
use crate::embedded::web::durable;
use crate::owners::ground;
use crate::php::said;

/// Instances that are made at the same time.
const AT_ONCE: usize = 8;
/// How often it is looked what instances complain about.
const LOOK: Duration = Duration::from_secs(1);

/// An instance that is kept alive.
pub(super) struct Running {
    daemon: Arc<Daemon>,
    stop: CancellationToken,
    kept: JoinHandle<()>,
}

fn failed(fault: impl std::fmt::Display) -> StepFailure {
    StepFailure::new("files-failed", fault)
}

/// What the program is called with over this configuration.
fn arguments(file: &Path, more: &str) -> [OsString; 3] {
    ["-f".into(), file.into(), more.into()]
}

impl Apaches {
    /// Keeps alive what is configured, until `stop`; ends with it.
    pub(crate) async fn run(self: Arc<Self>, stop: CancellationToken) {
        // A second one would have nothing to keep.
        let stop = self.stop.get_or_init(|| stop);
        tokio::select! {
            () = self.start_all() => {}
            () = stop.cancelled() => {}
        }
        while !stop.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => {}
            }
            let apaches = Arc::clone(&self);
            let passed = tokio::task::spawn_blocking(move || apaches.pass_on_complaints());
            if let Err(fault) = passed.await {
                tracing::error!(%fault, "passing on what Apache complains about broke off");
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Has these made, each in place of what its webspace has already; answers those that could not be, which are
    /// then as they were.
    pub(crate) async fn bring(&self, wanted: Vec<Served>) -> BTreeMap<WebspaceId, StepFailure> {
        if wanted.is_empty() {
            return BTreeMap::new();
        }
        let _turn = self.turn.lock().await;
        let brought = stream::iter(wanted).map(|one| async move {
            let done = self.bring_one(&one).await;
            (one.webspace.id, done)
        });
        let brought: Vec<_> = brought.buffer_unordered(AT_ONCE).collect().await;
        let failed = brought.into_iter();
        failed
            .filter_map(|(id, done)| Some((id, done.err()?)))
            .collect()
    }

    async fn bring_one(&self, wanted: &Served) -> Result<(), StepFailure> {
        let id = wanted.webspace.id;
        let account = self.account(id)?;
        let config = self.config(wanted)?;
        self.make_ground(id, account).map_err(failed)?;
        let file = self.file(id);
        let before = std::fs::read_to_string(&file).ok();
        let is_new = before.as_deref() != Some(&*config.text);
        if is_new {
            // What is tried is what runs once it is good.
            let staged = file.with_extension("trial");
            put(&staged, &config.text, account).map_err(failed)?;
            let tried = self.try_one(&staged, account).await;
            let swapped = match tried {
                Ok(()) => swap(&staged, &file).map_err(failed),
                Err(complaint) => {
                    tracing::error!(webspace.id = %id, complaint, "a configuration of Apache is refused");
                    Err(StepFailure::new("apache-failed", complaint))
                }
            };
            if let Err(why) = swapped {
                if before.is_none() {
                    self.end_one(id).await;
                } else if let Err(fault) = durable::remove(&staged) {
                    tracing::warn!(webspace.id = %id, %fault, "a refused configuration stays");
                }
                return Err(why);
            }
        }
        let Some((daemon, is_started)) = self.start_one(id, account) else {
            // Nothing is started before the whole is.
            return Ok(());
        };
        if is_new && !is_started && !daemon.reload() {
            tracing::warn!(webspace.id = %id, "Apache does not run; it reads its configuration when it starts");
        }
        Ok(())
    }

    /// Makes the folders of an instance, each for whom it is, and a key for the way between nginx and it.
    fn make_ground(&self, id: WebspaceId, account: Account) -> io::Result<()> {
        let folder = folder_in(&self.folder, id);
        ground::make_passable(&folder, account.group())?;
        ground::make_own(&folder.join("run"), account)?;
        ground::make_file(&folder.join("error.log"), account)?;
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        if !(cert.is_file() && key.is_file()) {
            let made = rcgen::generate_simple_self_signed(vec!["apache.invalid".to_owned()]);
            let made = made.map_err(io::Error::other)?;
            durable::replace(&cert, made.cert.pem().as_bytes(), 0o600)?;
            durable::replace(&key, made.signing_key.serialize_pem().as_bytes(), 0o600)?;
        }
        for file in [&cert, &key] {
            ground::share(file, account.group())?;
        }
        Ok(())
    }

    /// Errors: what the program says of a configuration, as the user that is to run it.
    async fn try_one(&self, file: &Path, account: Account) -> Result<(), String> {
        let program = self.program.as_ref().map_err(|why| why.detail.clone())?;
        let mut command = daemon::command_as(program, account, &self.limits.confinement(None));
        let command = command.args(arguments(file, "-t")).stderr(Stdio::piped());
        said(command).await.map_or(Ok(()), Err)
    }

    /// Starts an instance that does not run yet; with whether it did. Nothing before the whole is started.
    fn start_one(&self, id: WebspaceId, account: Account) -> Option<(Arc<Daemon>, bool)> {
        let (stop, program) = (self.stop.get()?.child_token(), self.program.as_ref().ok()?);
        let mut running = self.running();
        if let Some(known) = running.get(&id) {
            return Some((Arc::clone(&known.daemon), false));
        }
        let limits = self.limits.confinement(self.owners.slice_of(id));
        let confined = Confinement {
            low_ports: true,
            // Threads count, and those of a customer's other webspaces, too: PHP waits sooner than this fails.
            processes: limits.processes.saturating_mul(4),
            ..limits
        };
        let daemon = Daemon::new(Order {
            name: NAME.to_owned(),
            program: program.clone(),
            arguments: arguments(&self.file(id), "-DFOREGROUND").into(),
            environment: daemon::GREENWICH,
            account: Some(account),
            group_file: group_in(&folder_in(&self.folder, id)),
            reload: Signal::USR1,
            ending: Ending::Terminate,
            patience: daemon::FAREWELL,
            follows: false,
            log: None,
            confined: Some(confined),
        });
        let kept = self.tasks.spawn(Arc::clone(&daemon).keep(stop.clone()));
        let known = Running {
            daemon: Arc::clone(&daemon),
            stop,
            kept,
        };
        running.insert(id, known);
        Some((daemon, true))
    }

    /// Starts everything that is configured. What has no user any more is taken away.
    async fn start_all(&self) {
        for id in self.all() {
            let _turn = self.turn.lock().await;
            let is_whole = self.file(id).is_file();
            match self.account(id).ok().filter(|_| is_whole) {
                Some(account) => drop(self.start_one(id, account)),
                None => self.end_one(id).await,
            }
        }
    }

    /// Ends those of these that are not to stay.
    pub(crate) async fn leave_only(&self, left: Vec<(WebspaceId, bool)>) {
        for (id, stays) in left {
            if !stays && folder_in(&self.folder, id).exists() {
                let _turn = self.turn.lock().await;
                self.end_one(id).await;
            }
        }
    }

    /// Ends an instance, and takes away what it was made of.
    async fn end_one(&self, id: WebspaceId) {
        let known = self.running().remove(&id);
        if let Some(known) = known {
            known.stop.cancel();
            if let Err(fault) = known.kept.await {
                tracing::error!(webspace.id = %id, %fault, "the keeper of an Apache broke off");
            }
        }
        if let Err(fault) = ground::remove_tree(&folder_in(&self.folder, id)) {
            tracing::error!(webspace.id = %id, %fault, "an Apache stays");
        }
    }

    /// Adds what instances complain about to the logs of their webspaces. Blocks on file work.
    fn pass_on_complaints(&self) {
        for id in self.all() {
            let folder = folder_in(&self.folder, id);
            let passed = log::pass_on(&folder.join("error.log"), self.node(), id, self.clock.now());
            if let Err(fault) = passed {
                tracing::warn!(webspace.id = %id, %fault, "what Apache complains about is not passed on");
            }
        }
    }

    /// The node's own folder.
    fn node(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }
}

/// Writes a configuration that its user may read.
fn put(file: &Path, text: &str, account: Account) -> io::Result<()> {
    durable::replace(file, text.as_bytes(), 0o600)?;
    ground::share(file, account.group())
}

/// Puts what was tried in its place.
#[expect(
    clippy::disallowed_methods,
    reason = "an instance's own configuration, swapped in once it was tried"
)]
fn swap(staged: &Path, file: &Path) -> io::Result<()> {
    std::fs::rename(staged, file)?;
    durable::sync_folder_of(file)
}
