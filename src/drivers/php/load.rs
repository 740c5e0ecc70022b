//! How pools come and go: written, tried, loaded, waited for.

use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{PhpVersion, SiteLog};

use crate::daemon;
use crate::embedded::web::{Place, durable};
use crate::owners::ground;
use crate::php::pool::{self, Pool, temporary};
use crate::php::{Left, Master, Pooled, Pools, gate, status};

/// A trial that takes longer hangs.
const TRIAL: Duration = Duration::from_secs(30);
/// The most that is read of what it says, in bytes.
const SAID_BYTES_MAX: u64 = 16 * 1_024;

/// A pool that is to be written, and what lay there.
struct Put {
    pool: Pool,
    place: Place,
    before: Option<String>,
}

impl Pools {
    /// Has these pools made, each beside what its webspace has already; answers those that could not be, which
    /// are then as they were. Nobody is waited for: `answers` says whether one takes requests.
    pub async fn bring(&self, wanted: Vec<Pooled>) -> BTreeMap<WebspaceId, StepFailure> {
        let _turn = self.turn.lock().await;
        let (own, wanted) = self.parted(wanted);
        let mut failed = self.bring_all_own(own).await;
        let mut by_version: BTreeMap<PhpVersion, BTreeMap<WebspaceId, Put>> = BTreeMap::new();
        for pooled in wanted {
            let Pooled {
                id,
                version,
                values,
                place,
                reached_by: _,
            } = pooled;
            let Some(master) = self.masters.get(&version) else {
                failed.insert(id, StepFailure::new("php-not-installed", version));
                continue;
            };
            match self.pool(id, version, (&place, &values)) {
                Ok(pool) => {
                    let before = std::fs::read_to_string(master.pool(id)).ok();
                    let put = Put {
                        pool,
                        place,
                        before,
                    };
                    by_version.entry(version).or_default().insert(id, put);
                }
                Err(why) => {
                    failed.insert(id, why);
                }
            }
        }
        let versions = by_version.into_iter().filter_map(|(version, puts)| {
            let master = self.masters.get(&version)?;
            Some(self.bring_to(master, puts))
        });
        failed.extend(join_all(versions).await.into_iter().flatten());
        failed
    }

    /// The same for one version.
    async fn bring_to(
        &self,
        master: &Master,
        mut puts: BTreeMap<WebspaceId, Put>,
    ) -> BTreeMap<WebspaceId, StepFailure> {
        let mut failed = BTreeMap::new();
        let mut is_new = false;
        puts.retain(|id, put| match write(master, *id, put) {
            Ok(written) => {
                is_new |= written;
                true
            }
            Err(fault) => {
                failed.insert(*id, StepFailure::new("files-failed", fault));
                false
            }
        });
        if is_new {
            master.sort_out();
        }
        if is_new && let Some(complaint) = master.complaint().await {
            // Pools are made of nothing that is a customer's; nobody of them is more at fault than another.
            tracing::error!(version = %master.version, complaint, "pools are refused");
            for (id, put) in std::mem::take(&mut puts) {
                if let Err(fault) = put_back(master, id, put.before.as_deref()) {
                    tracing::error!(webspace.id = %id, %fault, "a refused pool stays");
                }
                failed.insert(id, StepFailure::new("php-failed", &complaint));
            }
            return failed;
        }
        let is_started = self.start(master);
        if is_new && !is_started && !master.daemon.reload() {
            tracing::warn!(version = %master.version, "PHP does not run; it reads its pools when it starts");
        }
        failed
    }

    /// Whether the pool of a webspace takes requests now.
    pub(crate) async fn answers(&self, id: WebspaceId, version: PhpVersion) -> bool {
        let socket = self.socket(id, version);
        let is_open = self.owner(id).is_none() || gate::is_open(&socket);
        is_open && status::connect(&socket).await.is_ok()
    }

    /// Takes away every pool of these webspaces but the one that is left to each; without any, what PHP kept
    /// for it goes, too.
    pub async fn leave_only(&self, left: Vec<Left>) {
        let _turn = self.turn.lock().await;
        let mut touched = BTreeSet::new();
        for left in left {
            self.leave_only_own(&left).await;
            let Left {
                id, version, place, ..
            } = left;
            let shared = version.filter(|_| self.owner(id).is_none());
            for master in self.masters.values() {
                if shared == Some(master.version) || !master.pool(id).exists() {
                    continue;
                }
                touched.insert(master.version);
                if let Err(fault) = durable::remove(&master.pool(id)) {
                    tracing::error!(webspace.id = %id, %fault, "a pool stays");
                }
            }
            if version.is_none()
                && let Some(place) = place
                && let Err(fault) = forget(&place)
            {
                tracing::error!(webspace.id = %id, %fault, "what PHP kept stays");
            }
        }
        for version in touched {
            let Some(master) = self.masters.get(&version) else {
                continue;
            };
            if !master.daemon.reload() {
                tracing::debug!(%version, "PHP does not run");
            }
            self.sweep(master);
        }
    }

    /// Removes sockets whose pools are gone.
    fn sweep(&self, master: &Master) {
        let ends = ["sock", "status"].map(|end| format!("-{}.{end}", master.version));
        let run = self.folder.join("run");
        for entry in std::fs::read_dir(run).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_str();
            let id = name.and_then(|name| ends.iter().find_map(|end| name.strip_suffix(&**end)));
            let id = id.and_then(|id| id.parse::<WebspaceId>().ok());
            let stale = id.is_some_and(|id| !master.pool(id).exists());
            if stale && let Err(fault) = durable::remove(&entry.path()) {
                tracing::warn!(%fault, "a socket stays");
            }
        }
    }
}

impl Master {
    /// Takes away pools whose folders are gone: one of them would keep all others from starting.
    pub(super) fn sort_out(&self) {
        for entry in std::fs::read_dir(self.pools())
            .into_iter()
            .flatten()
            .flatten()
        {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let lines = pool::parse(&text).unwrap_or_default();
            let stands = pool::folder_of_logs(&lines).is_none_or(Path::is_dir);
            if !stands && let Err(fault) = durable::remove(&entry.path()) {
                tracing::error!(%fault, "a pool without a folder stays");
            }
        }
    }

    /// What the program says of its configuration: nothing when all is well.
    async fn complaint(&self) -> Option<String> {
        let mut command = daemon::command(&self.program);
        command
            .args(&self.arguments)
            .arg("-t")
            .stderr(Stdio::piped());
        said(&mut command).await
    }
}

/// What a program says that was asked to try a configuration: nothing when all is well.
pub(crate) async fn said(command: &mut Command) -> Option<String> {
    match tokio::time::timeout(TRIAL, tried(command)).await {
        Err(_late) => Some("it took too long".to_owned()),
        Ok(Err(fault)) => Some(fault.to_string()),
        Ok(Ok((status, _))) if status.success() => None,
        Ok(Ok((_, said))) => {
            let text = String::from_utf8_lossy(&said);
            let text = text.trim().chars().take(400);
            let plain = |c: char| if c.is_control() { ' ' } else { c };
            Some(text.map(plain).collect())
        }
    }
}

/// How it ended, and the beginning of what it said: where it is a customer's user, whatever else is that user writes
/// as much as it likes into its pipe.
async fn tried(command: &mut Command) -> io::Result<(ExitStatus, Vec<u8>)> {
    let mut child = command.spawn()?;
    let mut said = Vec::new();
    if let Some(pipe) = child.stderr.take() {
        pipe.take(SAID_BYTES_MAX).read_to_end(&mut said).await?;
    }
    Ok((child.wait().await?, said))
}

/// Writes a pool, and makes its temporary folder; false when it lies there already.
fn write(master: &Master, id: WebspaceId, put: &Put) -> io::Result<bool> {
    let temporary = temporary(&put.place);
    if !temporary.is_dir() {
        std::fs::create_dir_all(&temporary)?;
    }
    std::fs::create_dir_all(&put.place.logs)?;
    if put.before.as_deref() == Some(&*put.pool.text) {
        return Ok(false);
    }
    durable::replace(&master.pool(id), put.pool.text.as_bytes(), 0o600)?;
    Ok(true)
}

fn put_back(master: &Master, id: WebspaceId, before: Option<&str>) -> io::Result<()> {
    match before {
        Some(text) => durable::replace(&master.pool(id), text.as_bytes(), 0o600),
        None => durable::remove(&master.pool(id)),
    }
}

/// Deletes uploads and sessions that PHP kept for a webspace, and its logs.
fn forget(place: &Place) -> io::Result<()> {
    for entry in std::fs::read_dir(&place.logs).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name();
        let ours = |name: &str| {
            [SiteLog::Php, SiteLog::Slow]
                .iter()
                .any(|log| name.starts_with(log.word()))
        };
        if name.to_str().is_some_and(ours) {
            durable::remove(&entry.path())?;
        }
    }
    ground::remove_tree(&temporary(place))
}
