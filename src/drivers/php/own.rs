//! Masters of one webspace each, that are the webspace's user from the start.
//!
//! ```text
//! php/own/{id}-{version}/   root:user 0710   the configuration is ours, the log is the user's
//! php/run/{id}/{version}/   root:web  0710   who passes (`gate`)
//!   s/                      root:web  0710   the sockets
//! ```

use futures_util::StreamExt as _;
use futures_util::stream;
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wabe_kernel::PhpVersion;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::daemon::account::Account;
use crate::daemon::{self, Daemon, Ending, Order};
use crate::embedded::web::durable;
use crate::owners::ground;
use crate::php::gate::{Gate, Way};
use crate::php::load::said;
use crate::php::pool::temporary;
use crate::php::status::Sockets;
use crate::php::{Left, Pooled, Pools, group_in, name_of};

/// Masters that are started at the same time, so that none waits for its turn longer than for its start.
const AT_ONCE: usize = 8;
const FILE: &str = "fpm.conf";
/// How long a master may take at the start until its pool takes requests.
const PATIENCE: Duration = Duration::from_secs(8);
const AGAIN: Duration = Duration::from_millis(20);
/// Looks in a row without a master after which it is down: one that is only begun anew is back before.
const DOWN: u32 = 75;

/// A master that is kept alive.
pub(super) struct Running {
    daemon: Arc<Daemon>,
    stop: CancellationToken,
    kept: JoinHandle<()>,
    /// The way to its sockets.
    way: Way,
}

/// The folder of a master, in the folder of all pools.
pub(super) fn folder_in(php: &Path, id: WebspaceId, version: PhpVersion) -> PathBuf {
    php.join("own").join(format!("{id}-{version}"))
}

/// Every master that is configured there. Blocks on file work.
pub(super) fn all_in(php: &Path) -> Vec<(WebspaceId, PhpVersion)> {
    let entries = std::fs::read_dir(php.join("own"));
    let mut found = Vec::new();
    for entry in entries.into_iter().flatten().flatten() {
        let name = entry.file_name();
        let parts = name.to_str().and_then(|name| name.rsplit_once('-'));
        let parts = parts.and_then(|(id, version)| {
            Some((
                id.parse::<WebspaceId>().ok()?,
                version.parse::<PhpVersion>().ok()?,
            ))
        });
        found.extend(parts);
    }
    found
}

fn failed(fault: impl std::fmt::Display) -> StepFailure {
    StepFailure::new("files-failed", fault)
}

impl Pools {
    fn running(&self) -> MutexGuard<'_, BTreeMap<(WebspaceId, PhpVersion), Running>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the configuration of a webspace's own master is.
    pub(super) fn own_file(&self, id: WebspaceId, version: PhpVersion) -> PathBuf {
        folder_in(&self.folder, id, version).join(FILE)
    }

    /// Those of these that have users of their own, and the others.
    pub(super) fn parted(&self, wanted: Vec<Pooled>) -> (Vec<(Pooled, Account)>, Vec<Pooled>) {
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for one in wanted {
            match self.owner(one.id) {
                Some(owner) => own.push((one, owner)),
                None => shared.push(one),
            }
        }
        (own, shared)
    }

    /// Brings these to life, a few at a time; answers those that could not be.
    pub(super) async fn bring_all_own(
        &self,
        wanted: Vec<(Pooled, Account)>,
    ) -> BTreeMap<WebspaceId, StepFailure> {
        let brought = stream::iter(wanted).map(|(one, owner)| async move {
            let done = self.bring_own(&one, owner).await;
            (one.id, done)
        });
        let brought: Vec<_> = brought.buffer_unordered(AT_ONCE).collect().await;
        let failed = brought.into_iter();
        failed
            .filter_map(|(id, done)| Some((id, done.err()?)))
            .collect()
    }

    async fn bring_own(&self, wanted: &Pooled, owner: Account) -> Result<(), StepFailure> {
        let (id, version) = (wanted.id, wanted.version);
        let Some(master) = self.masters.get(&version) else {
            return Err(StepFailure::new("php-not-installed", version));
        };
        let pool = self.pool(id, version, (&wanted.place, &wanted.values))?;
        self.make_ground(wanted, owner).map_err(failed)?;
        let file = self.own_file(id, version);
        let before = std::fs::read_to_string(&file).ok();
        let is_new = before.as_deref() != Some(&*pool.text);
        if is_new {
            put(&file, &pool.text, owner).map_err(failed)?;
            let tried = self.try_own(&master.program, &file, owner).await;
            if let Err(complaint) = tried {
                tracing::error!(webspace.id = %id, complaint, "a pool is refused");
                let Some(before) = before else {
                    self.end_own(id, version).await;
                    return Err(StepFailure::new("php-failed", complaint));
                };
                if let Err(fault) = put(&file, &before, owner) {
                    tracing::error!(webspace.id = %id, %fault, "a refused pool stays");
                }
                return Err(StepFailure::new("php-failed", complaint));
            }
        }
        // Whoever reaches one that runs goes on doing so until the change has come to visitors.
        let reached_by = wanted.reached_by.unwrap_or(self.web_group.1);
        let started = self.start_own((id, version), owner, reached_by);
        let Some((daemon, is_started)) = started else {
            // Nothing is started before the whole is.
            return Ok(());
        };
        if is_new && !is_started && !daemon.reload() {
            tracing::warn!(webspace.id = %id, "PHP does not run; it reads its pool when it starts");
        }
        Ok(())
    }

    /// Makes the folders of a master, each for whom it is.
    fn make_ground(&self, wanted: &Pooled, user: Account) -> io::Result<()> {
        let folder = folder_in(&self.folder, wanted.id, wanted.version);
        ground::make_passable(&folder, user.group())?;
        ground::make_file(&folder.join("fpm.log"), user)?;
        std::fs::create_dir_all(&wanted.place.logs)?;
        for name in ["php.log", "slow.log"] {
            ground::make_file(&wanted.place.logs.join(name), user)?;
        }
        ground::make_own(&temporary(&wanted.place), user)
    }

    /// Errors: what the program says of a configuration, as the user that is to run it.
    async fn try_own(&self, program: &Path, file: &Path, user: Account) -> Result<(), String> {
        let confined = self.limits.confinement(None);
        let mut command = daemon::command_as(program, user, &confined);
        let command = command.arg("-y").arg(file).arg("-t").stderr(Stdio::piped());
        said(command).await.map_or(Ok(()), Err)
    }

    /// Starts a master that does not run yet; with whether it did. Nothing before the whole is started.
    fn start_own(
        &self,
        (id, version): (WebspaceId, PhpVersion),
        owner: Account,
        reached_by: u32,
    ) -> Option<(Arc<Daemon>, bool)> {
        let (stop, master) = (self.stop.get()?.child_token(), self.masters.get(&version)?);
        let mut running = self.running();
        if let Some(known) = running.get(&(id, version)) {
            return Some((Arc::clone(&known.daemon), false));
        }
        let folder = folder_in(&self.folder, id, version);
        let slice = self.owners.slice_of(id);
        let way = Way::of(reached_by);
        let gate = Gate {
            sockets: Sockets::of((&self.folder, true), id, version),
            user: owner,
            way: way.clone(),
        };
        let order = Order {
            name: name_of(version),
            program: master.program.clone(),
            arguments: vec!["-y".into(), folder.join(FILE).into(), "-F".into()],
            environment: daemon::GREENWICH,
            account: Some(owner),
            group_file: group_in(&folder),
            reload: Signal::USR2,
            ending: Ending::Quit,
            patience: daemon::FAREWELL,
            follows: false,
            log: None,
            confined: Some(self.limits.confinement(slice)),
        };
        let daemon = Daemon::within(order, Some(Box::new(gate)));
        let kept = self.tasks.spawn(Arc::clone(&daemon).keep(stop.clone()));
        let known = Running {
            daemon: Arc::clone(&daemon),
            stop,
            kept,
            way,
        };
        running.insert((id, version), known);
        Some((daemon, true))
    }

    /// Starts everything that is configured, a few at a time. A master whose webspace has no user any more is
    /// taken away.
    pub(super) async fn start_all_own(&self) {
        let all = stream::iter(all_in(&self.folder));
        let started = all.for_each_concurrent(AT_ONCE, |(id, version)| async move {
            let begun = {
                let _turn = self.turn.lock().await;
                let is_whole = self.own_file(id, version).is_file();
                match self.owner(id).filter(|_| is_whole) {
                    Some(owner) => {
                        let reached_by = self.was_reached_by(id, version);
                        self.start_own((id, version), owner, reached_by)
                    }
                    None => return self.end_own(id, version).await,
                }
            };
            // The next ones begin when these are there; changes do not wait for it.
            if let Some((daemon, true)) = begun
                && !self.comes(&daemon, (id, version)).await
            {
                tracing::error!(webspace.id = %id, %version, "the pool takes no requests");
            }
        });
        started.await;
    }

    /// The group that reached a pool in a former life; whoever wants it otherwise says so later on.
    fn was_reached_by(&self, id: WebspaceId, version: PhpVersion) -> u32 {
        let sockets = Sockets::of((&self.folder, true), id, version);
        let folder = sockets.requests.parent();
        let was = folder.and_then(ground::passed_by);
        let server = self.owners.server_of(id).map(Account::group);
        was.filter(|was| Some(*was) == server)
            .unwrap_or(self.web_group.1)
    }

    /// Waits until a pool takes requests; not for long where it could not.
    async fn comes(&self, daemon: &Daemon, (id, version): (WebspaceId, PhpVersion)) -> bool {
        let asked = async {
            let mut down = 0_u32;
            while !self.answers(id, version).await {
                down = match daemon.process() {
                    Some(_) => 0,
                    None => down.saturating_add(1),
                };
                if down > DOWN {
                    return false;
                }
                tokio::time::sleep(AGAIN).await;
            }
            true
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or(false)
    }

    /// Ends every master of a webspace but the one that is left to it; without any, its sockets' folder goes,
    /// too.
    pub(super) async fn leave_only_own(&self, left: &Left) {
        let keeps = left.version.filter(|_| self.owner(left.id).is_some());
        let all = all_in(&self.folder);
        for (id, version) in all.into_iter().filter(|(id, _)| *id == left.id) {
            if keeps != Some(version) {
                self.end_own(id, version).await;
            }
        }
        if let Some(version) = keeps {
            let reached_by = left.reached_by.unwrap_or(self.web_group.1);
            self.let_pass(left.id, version, reached_by);
        }
        let run = self.folder.join("run").join(left.id.to_string());
        if keeps.is_none()
            && let Err(fault) = ground::remove_tree(&run)
        {
            tracing::error!(webspace.id = %left.id, %fault, "a folder of sockets stays");
        }
    }

    /// Lets this group reach the sockets of a master, and nobody else.
    fn let_pass(&self, id: WebspaceId, version: PhpVersion, group: u32) {
        let way = self
            .running()
            .get(&(id, version))
            .map(|known| known.way.clone());
        let Some(way) = way else { return };
        let sockets = Sockets::of((&self.folder, true), id, version);
        if let Err(fault) = way.lead(&sockets, group) {
            tracing::error!(webspace.id = %id, %fault, "who reaches a pool is not who should");
        }
    }

    /// Ends a master, and takes away what it was made of.
    async fn end_own(&self, id: WebspaceId, version: PhpVersion) {
        let known = self.running().remove(&(id, version));
        if let Some(known) = known {
            known.stop.cancel();
            if let Err(fault) = known.kept.await {
                tracing::error!(webspace.id = %id, %fault, "the keeper of a pool broke off");
            }
        }
        let sockets = Sockets::of((&self.folder, true), id, version);
        // With the folder around it, which says who passes.
        let run = sockets.requests.ancestors().nth(2);
        let run = run.map_or(Ok(()), ground::remove_tree);
        let removed = ground::remove_tree(&folder_in(&self.folder, id, version)).and(run);
        if let Err(fault) = removed {
            tracing::error!(webspace.id = %id, %fault, "a pool stays");
        }
    }
}

/// Writes a configuration that its user may read.
fn put(file: &Path, text: &str, user: Account) -> io::Result<()> {
    durable::replace(file, text.as_bytes(), 0o600)?;
    ground::share(file, user.group())
}
