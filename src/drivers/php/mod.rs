//! PHP-FPM: the versions that are installed, and a pool for each webspace that has PHP.
//!
//! Where customers have users of their own, each webspace has a master of its own that is that user from the
//! start: nothing of PHP is ever root. Where they have none, one master process per version has all pools. Both
//! are private instances, and start processes only while somebody asks. Invariants:
//! - A pool sees its webspace's files and its own temporary folder (`open_basedir`), starts no programs, and
//!   cannot change that: all of it are administrators' values.
//! - Without users of customers, a pool runs as whoever runs us where that was allowed, and not at all otherwise:
//!   under one and the same user PHP's own walls are no walls between strangers, since a pool can be spoken
//!   to by everybody who may open its socket.
//! - What a pool is configured with is from a closed list, is read back before it is used, and is tried by
//!   `php-fpm -t` before it is loaded.
//!
//! Start reading at [`Pools`], then `pool`, `master` (shared), and `own` with `gate`.

pub(crate) mod aged;
mod fastcgi;
mod gate;
mod installed;
mod limits;
mod load;
mod master;
mod own;
mod owner;
pub(crate) mod pool;
pub(crate) mod status;
#[cfg(test)]
mod tests;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex as Plain, OnceLock};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::PhpVersion;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::daemon;
use crate::daemon::account::Account;
use crate::embedded::web::Place;
use crate::nginx::{SOCKET_BYTES_MAX, is_fit};
use crate::owners;
use crate::php::master::Master;
use crate::php::own::Running;
use crate::php::pool::{By, Given, Pool};
use crate::php::status::Sockets;

pub use installed::installed;
pub use limits::Limits;
pub(crate) use load::said;
pub use owner::{NoOwners, Owner, Owners};
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
    for (id, version) in own::all_in(&node_dir.join("php")) {
        let folder = own::folder_in(&node_dir.join("php"), id, version);
        daemon::end_former(&name_of(version), &group_in(&folder));
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
    /// What a webspace may take.
    pub limits: Limits,
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
    /// The group whose members reach its sockets, where that is not the web server's.
    pub reached_by: Option<u32>,
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
    /// The group whose members reach its sockets, where that is not the web server's.
    pub reached_by: Option<u32>,
}

/// All pools of this node.
pub struct Pools {
    folder: PathBuf,
    masters: BTreeMap<PhpVersion, Master>,
    owners: Arc<dyn Owners>,
    /// Whose members reach sockets: the name, and the number.
    web_group: (String, u32),
    limits: Limits,
    is_root: bool,
    without_users: bool,
    /// The masters of webspaces with users of their own.
    own: Plain<BTreeMap<(WebspaceId, PhpVersion), Running>>,
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
    /// When a folder cannot be made, or there is no such group.
    pub fn open(node_dir: &Path, parts: Parts) -> std::io::Result<Arc<Self>> {
        let folder = node_dir.join("php");
        let web_group = match parts.web_group {
            Some(name) => (name.clone(), owners::group_here(&name)?),
            None => ("root".to_owned(), 0),
        };
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
        for name in ["run", "own"] {
            let path = folder.join(name);
            std::fs::create_dir_all(&path)?;
            std::fs::set_permissions(&path, Permissions::from_mode(0o711))?;
        }
        Ok(Arc::new(Self {
            folder,
            masters,
            owners: parts.owners,
            web_group,
            limits: parts.limits,
            is_root: rustix::process::geteuid().is_root(),
            without_users: parts.without_users,
            own: Plain::default(),
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
        tokio::select! {
            () = self.start_all_own() => {}
            () = stop.cancelled() => {}
        }
        stop.cancelled().await;
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Where the PHP of a webspace is reached.
    #[must_use]
    pub fn socket(&self, id: WebspaceId, version: PhpVersion) -> PathBuf {
        self.sockets(id, version).requests
    }

    /// All ways to the PHP of a webspace.
    fn sockets(&self, id: WebspaceId, version: PhpVersion) -> Sockets {
        Sockets::of((&self.folder, self.owner(id).is_some()), id, version)
    }

    /// The user that a webspace's PHP is run by; none where we could not become them.
    fn owner(&self, id: WebspaceId) -> Option<Account> {
        let owner = self.owners.of(id).filter(|_| self.is_root);
        owner?.account()
    }

    /// Whether exactly this pool, or none, is configured for a webspace. Blocks on file work.
    #[must_use]
    pub fn runs(
        &self,
        id: WebspaceId,
        wanted: Option<&(PhpVersion, PoolValues)>,
        place: &Place,
    ) -> bool {
        let is_own = self.owner(id).is_some();
        self.masters.values().all(|master| {
            let shared = std::fs::read_to_string(master.pool(id)).ok();
            let own = std::fs::read_to_string(self.own_file(id, master.version)).ok();
            let (text, other) = if is_own { (own, shared) } else { (shared, own) };
            match wanted {
                Some((version, values)) if *version == master.version && other.is_none() => {
                    let should = self.pool(id, master.version, (place, values));
                    should.is_ok_and(|pool| {
                        text.and_then(|text| pool::parse(&text)) == Some(pool.lines)
                    })
                }
                _ => text.is_none() && other.is_none(),
            }
        }) && wanted.is_none_or(|(version, _)| self.masters.contains_key(version))
    }

    /// How the pool of a webspace is doing; nothing where none runs.
    ///
    /// # Errors
    /// When it does not say so in time.
    pub async fn status(
        &self,
        id: WebspaceId,
        version: PhpVersion,
    ) -> Result<Option<PhpStatus>, ContentError> {
        status::read(&self.folder, id, version).await
    }

    /// Every webspace that has a pool. Blocks on file work.
    #[must_use]
    pub fn all(&self) -> BTreeSet<WebspaceId> {
        let own = own::all_in(&self.folder).into_iter();
        let mut found: BTreeSet<WebspaceId> = own.map(|(id, _)| id).collect();
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
        for (id, version) in own::all_in(&self.folder) {
            let folder = own::folder_in(&self.folder, id, version);
            daemon::bound_log("php-fpm", &folder.join("fpm.log"));
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
        let owner = self.owner(id);
        if owner.is_none() && !self.without_users {
            let why = "the webspace has no user of its own that could run it";
            return Err(StepFailure::new("php-without-user", why));
        }
        let sockets = self.sockets(id, version);
        for socket in std::iter::once(&sockets.requests).chain(&sockets.status) {
            if socket.as_os_str().len() > SOCKET_BYTES_MAX {
                let why = format!("the path of the socket is too long: {}", socket.display());
                return Err(StepFailure::new("php-failed", why));
            }
        }
        let folder = own::folder_in(&self.folder, id, version);
        let by = match owner {
            Some(_) => By::Itself(&folder),
            None if self.is_root => By::Root(&self.web_group.0),
            None => By::Us,
        };
        Pool::new(&Given {
            id,
            sockets: &sockets,
            place,
            runs: values,
            limits: &self.limits,
            by,
        })
    }
}
