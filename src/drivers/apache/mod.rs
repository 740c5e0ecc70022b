//! Apache behind nginx, for webspaces that want `.htaccess` read: one instance each.
//!
//! A `.htaccess` is a program of the customer's: it names files, sockets and hosts as it likes, and reads what Apache
//! may read. So Apache is the customer's user from the start, as PHP is, and the kernel says what it reaches. What a
//! `.htaccess` can do beyond its own webspace is what its PHP could do anyway. Invariants:
//! - An instance is its webspace's user, in a group of its own ([`Owners::server_of`]) that reaches the webspace's PHP
//!   and nothing else; without users there is no Apache.
//! - It listens at an address of the machine's own that is nobody else's, at ports that only root gives away, so that
//!   nobody answers in its place; and it answers nobody but nginx, which knows the webspace's word.
//! - What it is configured with is from a closed list, is read back before it is used, and is tried by `apache2 -t`
//!   before it is loaded.
//!
//! ```text
//! apache/mark               root:root   0600   what the words of all are made from
//! apache/own/{id}/          root:server 0710   the configuration and the key are ours, the log is the server's
//! apache/own/{id}/run/      user:server 0700   what it needs while it runs
//! ```
//!
//! Start reading at [`Apaches`], then `config` (what is written) and `life` (how it gets there).

pub(crate) mod config;
mod life;
mod log;
mod syntax;
#[cfg(test)]
mod tests;

use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as Plain, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Clock, Secret, hex};

use crate::apache::config::{Config, Given, MODULES, ROOT, TYPES};
use crate::apache::life::Running;
use crate::daemon;
use crate::daemon::account::Account;
use crate::embedded::web::{Place, durable};
use crate::nginx::is_fit;
use crate::php::{Limits, Owners};

/// What the process is called.
const NAME: &str = "apache2";
/// Where it comes from, and where types of files do.
const PACKAGE: &str = "apache2-bin";
const TYPES_PACKAGE: &str = "media-types";
/// The ports over HTTP and HTTPS; below those that everybody may listen at.
const PORTS: (u16, u16) = (812, 813);
/// Where the kernel says from which port on everybody may listen.
const OPEN_PORTS: &str = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
/// The first address of 127.64.0.0/10, and how many there are.
const FIRST_ADDRESS: u32 = 0x7f40_0000;
pub(crate) const ADDRESSES: u32 = 1 << 22;
/// How long an instance may take to say whether it listens.
const ANSWER: Duration = Duration::from_secs(1);

/// Ends instances beneath the node's folder that nobody keeps any more. Blocks for a moment where there is one.
pub fn end_former(node_dir: &Path) {
    let apache = node_dir.join("apache");
    for id in all_in(&apache) {
        daemon::end_former(NAME, &group_in(&folder_in(&apache, id)));
    }
}

/// The folder of an instance, in the folder of all of them.
fn folder_in(apache: &Path, id: WebspaceId) -> PathBuf {
    apache.join("own").join(id.to_string())
}

/// Where an instance's process group is written down.
fn group_in(folder: &Path) -> PathBuf {
    folder.join("group")
}

/// Every webspace with a folder there. Blocks on file work.
fn all_in(apache: &Path) -> BTreeSet<WebspaceId> {
    let entries = std::fs::read_dir(apache.join("own"));
    let entries = entries.into_iter().flatten().flatten();
    let id = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    entries.filter_map(id).collect()
}

/// What instances are made of.
pub struct Parts {
    /// The folders of programs.
    pub folders: Vec<PathBuf>,
    /// The users of webspaces.
    pub owners: Arc<dyn Owners>,
    /// What a webspace may take.
    pub limits: Limits,
    /// What the words of webspaces are made from, where none are there yet.
    pub mark: Secret,
    /// Where visitors come over HTTP, and over HTTPS.
    pub ports: (u16, u16),
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// Where the Apache of a webspace is reached, and by which word.
#[derive(Debug, Clone)]
pub(crate) struct Backend {
    pub(crate) http: SocketAddr,
    pub(crate) https: SocketAddr,
    pub(crate) word: Secret,
}

impl Backend {
    /// That of the server with this group, whose number is nobody else's.
    fn of(group: u32, word: Secret) -> Self {
        let address = Ipv4Addr::from(FIRST_ADDRESS | (group % ADDRESSES));
        Self {
            http: (address, PORTS.0).into(),
            https: (address, PORTS.1).into(),
            word,
        }
    }
}

/// An instance that there should be.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) webspace: Webspace,
    pub(crate) place: Place,
    /// Where PHP is reached, when the site has it.
    pub(crate) php: Option<PathBuf>,
}

/// All instances of this node.
pub struct Apaches {
    folder: PathBuf,
    /// The program, or why there is none to start.
    program: Result<PathBuf, StepFailure>,
    owners: Arc<dyn Owners>,
    limits: Limits,
    mark: Secret,
    ports: (u16, u16),
    clock: Arc<dyn Clock>,
    running: Plain<BTreeMap<WebspaceId, Running>>,
    stop: OnceLock<CancellationToken>,
    tasks: TaskTracker,
    /// One change after the other.
    turn: Mutex<()>,
}

impl Apaches {
    /// The instances in the folder `apache` of the node's; none is started. Blocks on file work.
    ///
    /// # Errors
    /// When a folder cannot be made, or what words are made from is not kept.
    pub fn open(node_dir: &Path, parts: Parts) -> io::Result<Arc<Self>> {
        let folder = node_dir.join("apache");
        let program = program(&folder, &parts.folders);
        let own = folder.join("own");
        std::fs::create_dir_all(&own)?;
        for path in [&folder, &own] {
            std::fs::set_permissions(path, Permissions::from_mode(0o711))?;
        }
        let mark = kept_mark(&folder.join("mark"), parts.mark)?;
        Ok(Arc::new(Self {
            folder,
            program,
            owners: parts.owners,
            limits: parts.limits,
            mark,
            ports: parts.ports,
            clock: parts.clock,
            running: Plain::default(),
            stop: OnceLock::new(),
            tasks: TaskTracker::new(),
            turn: Mutex::new(()),
        }))
    }

    /// Whether webspaces can have one.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.program.is_ok()
    }

    /// Why webspaces cannot have one, for the operator; nothing where they can.
    #[must_use]
    pub fn gap(&self) -> Option<&StepFailure> {
        self.program.as_ref().err()
    }

    /// As whom the server of a webspace runs.
    pub(crate) fn account(&self, id: WebspaceId) -> Result<Account, StepFailure> {
        self.program.as_ref().map_err(Clone::clone)?;
        self.owners.server_of(id).ok_or_else(|| {
            let why = "the webspace has no user of its own that could run it";
            StepFailure::new("apache-without-user", why)
        })
    }

    /// Where the Apache of a webspace is reached.
    ///
    /// Errors: why it can have none.
    pub(crate) fn backend(&self, id: WebspaceId) -> Result<Backend, StepFailure> {
        let account = self.account(id)?;
        let said = format!("apache {id} {}", self.mark.expose());
        let digest = Sha256::digest(said.as_bytes());
        let word = hex(digest.get(..16).unwrap_or_default());
        Ok(Backend::of(account.group(), Secret::new(word)))
    }

    /// Whether exactly this is configured. Blocks on file work.
    pub(crate) fn runs(&self, wanted: &Served) -> bool {
        let text = std::fs::read_to_string(self.file(wanted.webspace.id)).ok();
        let written = text.and_then(|text| syntax::parse(&text));
        let should = self.config(wanted);
        should.is_ok_and(|config| written == Some(config.tree))
    }

    /// Whether nothing is there for a webspace: what could not be taken away is tried again. Blocks on file work.
    pub(crate) fn is_clear(&self, id: WebspaceId) -> bool {
        !folder_in(&self.folder, id).exists()
    }

    /// Every webspace that has one. Blocks on file work.
    pub(crate) fn all(&self) -> BTreeSet<WebspaceId> {
        all_in(&self.folder)
    }

    /// Whether the Apache of a webspace takes connections.
    pub(crate) async fn answers(&self, id: WebspaceId) -> bool {
        let Ok(backend) = self.backend(id) else {
            return false;
        };
        let asked = tokio::time::timeout(ANSWER, TcpStream::connect(backend.http)).await;
        matches!(asked, Ok(Ok(_)))
    }

    fn file(&self, id: WebspaceId) -> PathBuf {
        folder_in(&self.folder, id).join("apache.conf")
    }

    fn config(&self, wanted: &Served) -> Result<Config, StepFailure> {
        let id = wanted.webspace.id;
        Config::new(&Given {
            webspace: &wanted.webspace,
            place: &wanted.place,
            folder: &folder_in(&self.folder, id),
            backend: &self.backend(id)?,
            php: wanted.php.as_deref(),
            ports: self.ports,
        })
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<WebspaceId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The mark that lies there, or else this one from now on. Words outlive us: an include of nginx that somebody edited
/// by hand goes on with the one that it has.
fn kept_mark(file: &Path, new: Secret) -> io::Result<Secret> {
    match std::fs::read_to_string(file) {
        Ok(mark) if !mark.is_empty() => Ok(Secret::new(mark)),
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => {
            durable::replace(file, new.expose().as_bytes(), 0o600)?;
            Ok(new)
        }
    }
}

/// The program, where it can do what it has to.
///
/// Errors: why it cannot be started.
fn program(folder: &Path, folders: &[PathBuf]) -> Result<PathBuf, StepFailure> {
    let missing = |what: &Path, package: &str| {
        let what = what.display();
        let why = format!("{what} is not there; it is in the package {package}");
        StepFailure::new("apache-not-installed", why)
    };
    let program = daemon::find(NAME, folders);
    let program = program.ok_or_else(|| missing(Path::new(NAME), PACKAGE))?;
    let file_of = |module: &str| Path::new(ROOT).join(format!("modules/mod_{module}.so"));
    let modules = MODULES.into_iter().map(|module| (file_of(module), PACKAGE));
    for (file, package) in modules.chain([(TYPES.into(), TYPES_PACKAGE)]) {
        if !file.is_file() {
            return Err(missing(&file, package));
        }
    }
    let failed = |why: String| StepFailure::new("apache-failed", why);
    if !is_fit(folder) {
        let why = format!(
            "the path {} cannot stand in a configuration",
            folder.display()
        );
        return Err(failed(why));
    }
    let open = std::fs::read_to_string(OPEN_PORTS).unwrap_or_default();
    match open.trim().parse::<u32>() {
        Ok(first) if first > u32::from(PORTS.1) => Ok(program),
        _ => Err(failed(format!(
            "everybody may listen at the ports {} and {}: see {OPEN_PORTS}",
            PORTS.0, PORTS.1
        ))),
    }
}
