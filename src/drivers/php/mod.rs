//! PHP-FPM: the versions that are installed, and a pool for each webspace that has PHP.
//!
//! One master process per version, a private instance; a pool starts processes only while somebody asks.
//! Invariants:
//! - A pool sees its webspace's files and its own temporary folder (`open_basedir`), starts no programs, and
//!   cannot change that: all of it are administrators' values.
//! - A pool runs as the webspace's own user. Without one it runs as whoever runs us where that was allowed,
//!   and not at all otherwise: under one and the same user PHP's own walls are no walls between strangers,
//!   since a pool can be spoken to by everybody who may open its socket.
//! - What a pool is configured with is from a closed list, is read back before it is used, and is tried by
//!   `php-fpm -t` before it is loaded.
//!
//! Start reading at [`Pools`], then `pool`.

pub(crate) mod aged;
mod fastcgi;
mod installed;
mod load;
mod pool;
pub(crate) mod status;
#[cfg(test)]
mod tests;
mod values;

use rustix::process::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::PhpVersion;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::daemon::{self, Daemon, Ending, Order};
use crate::embedded::web::{Place, durable};
use crate::nginx::{SOCKET_BYTES_MAX, is_fit};
use crate::php::pool::{Pool, Sockets};

pub use installed::installed;
pub(crate) use pool::NO_PROGRAMS;
pub use values::PoolValues;

/// Ends masters beneath the node's folder that nobody keeps any more, of whatever version. Blocks for a moment
/// where there is one.
pub fn end_former(node_dir: &Path) {
    let folders = std::fs::read_dir(node_dir.join("php"));
    for entry in folders.into_iter().flatten().flatten() {
        let name = entry.file_name();
        let version = name.to_str().and_then(|name| name.parse().ok());
        if let Some(version) = version {
            daemon::end_former(&name_of(version), &group_in(&entry.path()));
        }
    }
}

/// What the process of a version is called.
fn name_of(version: PhpVersion) -> String {
    format!("php-fpm{version}")
}

/// Where the master in this folder writes down its process group.
fn group_in(folder: &Path) -> PathBuf {
    folder.join("group")
}

/// Who owns what a webspace runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub user: String,
    /// The group.
    pub group: String,
}

/// Knows the users of webspaces.
pub trait Owners: Send + Sync + 'static {
    /// The user that this webspace's programs run as; whoever runs us when absent.
    fn of(&self, webspace: WebspaceId) -> Option<Owner>;
}

/// Every webspace belongs to whoever runs us.
pub struct NoOwners;

impl Owners for NoOwners {
    fn of(&self, _webspace: WebspaceId) -> Option<Owner> {
        None
    }
}

/// What pools are made of.
pub struct Parts {
    /// The folders of programs.
    pub folders: Vec<PathBuf>,
    /// The users of webspaces.
    pub owners: Arc<dyn Owners>,
    /// The group whose members reach the sockets of webspaces with users of their own.
    pub web_group: Option<String>,
    /// Whether a webspace without a user of its own runs as whoever runs us, be that root; for trying, or
    /// among customers who trust each other.
    pub without_users: bool,
}

/// A pool that there should be.
#[derive(Debug, Clone)]
pub struct Pooled {
    /// Of this webspace.
    pub id: WebspaceId,
    /// By this version.
    pub version: PhpVersion,
    /// With this.
    pub values: PoolValues,
    /// Where its things lie.
    pub place: Place,
}

/// The only pool that a webspace should have left.
#[derive(Debug, Clone)]
pub struct Left {
    /// Of this webspace.
    pub id: WebspaceId,
    /// Of this version; none at all when absent.
    pub version: Option<PhpVersion>,
    /// Where its things lie, as far as that is known.
    pub place: Option<Place>,
}

/// One version: its master process and its pools.
struct Master {
    version: PhpVersion,
    program: PathBuf,
    /// What the program is called with, whatever it is to do.
    arguments: Vec<OsString>,
    /// `{version}` beneath the folder of all pools.
    folder: PathBuf,
    daemon: Arc<Daemon>,
    is_started: AtomicBool,
}

/// All pools of this node.
pub struct Pools {
    folder: PathBuf,
    masters: BTreeMap<PhpVersion, Master>,
    owners: Arc<dyn Owners>,
    web_group: Option<String>,
    is_root: bool,
    without_users: bool,
    stop: OnceLock<CancellationToken>,
    tasks: TaskTracker,
    /// One change after the other.
    turn: Mutex<()>,
}

impl Pools {
    /// The pools in the folder `php` of the node's, for whatever versions are installed; none is started.
    /// Blocks on file work.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn open(node_dir: &Path, parts: Parts) -> std::io::Result<Arc<Self>> {
        let folder = node_dir.join("php");
        let mut masters = BTreeMap::new();
        let found = if is_fit(&folder) {
            installed(&parts.folders)
        } else {
            BTreeMap::new()
        };
        for (version, program) in found {
            let master = Master::open(&folder, version, (program, parts.without_users))?;
            masters.insert(version, master);
        }
        std::fs::create_dir_all(folder.join("run"))?;
        Ok(Arc::new(Self {
            folder,
            masters,
            owners: parts.owners,
            web_group: parts.web_group,
            is_root: rustix::process::geteuid().is_root(),
            without_users: parts.without_users,
            stop: OnceLock::new(),
            tasks: TaskTracker::new(),
            turn: Mutex::new(()),
        }))
    }

    /// The versions that webspaces can have.
    #[must_use]
    pub fn versions(&self) -> BTreeSet<PhpVersion> {
        self.masters.keys().copied().collect()
    }

    /// Keeps the masters alive that are needed, until `stop`; ends with them.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        // A second one would have nothing to keep.
        let stop = self.stop.get_or_init(|| stop);
        for master in self.masters.values() {
            master.sort_out();
        }
        for master in self.masters.values().filter(|master| master.is_needed()) {
            self.start(master);
        }
        stop.cancelled().await;
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Where the PHP of a webspace is reached.
    #[must_use]
    pub fn socket(&self, id: WebspaceId, version: PhpVersion) -> PathBuf {
        status::requests_of(&self.folder, id, version)
    }

    /// Whether exactly this pool, or none, is configured for a webspace. Blocks on file work.
    #[must_use]
    pub fn runs(
        &self,
        id: WebspaceId,
        wanted: Option<&(PhpVersion, PoolValues)>,
        place: &Place,
    ) -> bool {
        self.masters.values().all(|master| {
            let text = std::fs::read_to_string(master.pool(id)).ok();
            match wanted {
                Some((version, values)) if *version == master.version => {
                    let should = self.pool(id, master.version, (place, values));
                    should.is_ok_and(|pool| {
                        text.and_then(|text| pool::parse(&text)) == Some(pool.lines)
                    })
                }
                _ => text.is_none(),
            }
        }) && wanted.is_none_or(|(version, _)| self.masters.contains_key(version))
    }

    /// Every webspace that has a pool. Blocks on file work.
    #[must_use]
    pub fn all(&self) -> BTreeSet<WebspaceId> {
        let mut found = BTreeSet::new();
        for master in self.masters.values() {
            for entry in std::fs::read_dir(master.pools())
                .into_iter()
                .flatten()
                .flatten()
            {
                let name = entry.file_name();
                let stem = name.to_str().and_then(|name| name.strip_suffix(".conf"));
                found.extend(stem.and_then(|id| id.parse::<WebspaceId>().ok()));
            }
        }
        found
    }

    /// Holds the masters' own logs within their bounds. Blocks on file work.
    pub(crate) fn bound_logs(&self) {
        for master in self.masters.values() {
            daemon::bound_log("php-fpm", &master.folder.join("fpm.log"));
        }
    }

    /// Starts a master that is not started yet; answers whether it did.
    fn start(&self, master: &Master) -> bool {
        let Some(stop) = self.stop.get() else {
            return false;
        };
        if master.is_started.swap(true, Ordering::SeqCst) {
            return false;
        }
        let kept = Arc::clone(&master.daemon).keep(stop.clone());
        drop(self.tasks.spawn(kept));
        true
    }

    /// The pool of a webspace as it should be.
    fn pool(
        &self,
        id: WebspaceId,
        version: PhpVersion,
        (place, values): (&Place, &PoolValues),
    ) -> Result<Pool, StepFailure> {
        let owner = self.owners.of(id).filter(|_| self.is_root);
        if owner.is_none() && !self.without_users {
            let why = "the webspace has no user of its own that could run it";
            return Err(StepFailure::new("php-without-user", why));
        }
        let socket = self.socket(id, version);
        let status = status::socket_of(&self.folder, id, version);
        for socket in std::iter::once(&socket).chain(&status) {
            if socket.as_os_str().len() > SOCKET_BYTES_MAX {
                let why = format!("the path of the socket is too long: {}", socket.display());
                return Err(StepFailure::new("php-failed", why));
            }
        }
        let owner = match owner {
            Some(owner) => Some(owner),
            None if self.is_root => Some(Owner {
                user: "root".to_owned(),
                group: "root".to_owned(),
            }),
            None => None,
        };
        let sockets = Sockets {
            requests: &socket,
            status: status.as_deref(),
        };
        Pool::new(
            id,
            &sockets,
            (place, values),
            (owner.as_ref(), self.web_group.as_deref()),
        )
    }
}

impl Master {
    /// `without_users`: whether pools may run as whoever runs us, be that root.
    fn open(
        folder: &Path,
        version: PhpVersion,
        (program, without_users): (PathBuf, bool),
    ) -> std::io::Result<Self> {
        let folder = folder.join(version.to_string());
        std::fs::create_dir_all(folder.join("pool"))?;
        let arguments = Self::arguments_of(&folder.join("fpm.conf"), without_users);
        let daemon = Daemon::new(Order {
            name: name_of(version),
            program: program.clone(),
            arguments: arguments.iter().cloned().chain(["-F".into()]).collect(),
            environment: daemon::GREENWICH,
            account: None,
            group_file: group_in(&folder),
            reload: Signal::USR2,
            ending: Ending::Quit,
            patience: daemon::FAREWELL,
            follows: false,
            log: None,
            confined: None,
        });
        let master = Self {
            version,
            program,
            arguments,
            folder,
            daemon,
            is_started: AtomicBool::new(false),
        };
        master.write_head()?;
        Ok(master)
    }

    /// What the program is called with over this configuration. Code that is compiled and kept is nobody's
    /// who could not read it himself.
    fn arguments_of(head: &Path, without_users: bool) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["-y".into(), head.into()];
        for setting in ["opcache.validate_permission=1", "opcache.validate_root=1"] {
            arguments.extend(["-d".into(), setting.into()]);
        }
        if without_users && rustix::process::geteuid().is_root() {
            arguments.push("-R".into());
        }
        arguments
    }

    fn head(&self) -> PathBuf {
        self.folder.join("fpm.conf")
    }

    fn pools(&self) -> PathBuf {
        self.folder.join("pool")
    }

    /// Where the pool of this webspace lies.
    fn pool(&self, id: WebspaceId) -> PathBuf {
        self.pools().join(format!("{id}.conf"))
    }

    /// Whether it has any pool.
    fn is_needed(&self) -> bool {
        std::fs::read_dir(self.pools()).is_ok_and(|mut pools| pools.next().is_some())
    }

    fn write_head(&self) -> std::io::Result<()> {
        let text = pool::head(&self.folder);
        let text = text.map_err(|fault| std::io::Error::other(fault.detail))?;
        durable::replace(&self.head(), text.as_bytes(), 0o600)
    }
}
