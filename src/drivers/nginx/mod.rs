//! nginx as a private instance that shows sites and redirects: one include each, written from typed values,
//! tried before it runs, looked at afterwards, and taken back by itself when it does not answer.
//!
//! It stands behind [`Sites`](crate::embedded::web::Sites), which keep what is wanted, certificates and
//! logs, and tell it through [`Front`]. Invariants:
//! - A configuration that `nginx -t` refuses never reaches the running nginx, and holds nobody else up.
//! - What visitors got before is what they get when a change fails.
//! - A name that is nobody's gets no answer, and no certificate.
//! - Changes that arrive together share one trial and one reload; the first of them does not wait.
//!
//! Start reading at [`Nginx`], then `include` (what is written) and `turn` (how it gets there).

mod difference;
mod disk;
mod edited;
mod errors;
mod hand;
mod head;
mod include;
mod program;
mod protects;
mod reading;
mod shut;
mod syntax;
mod turn;
mod wants;

use rustix::process::Signal;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use wabe_kernel::desired::{StepFailure, Wish, Working};
use wabe_kernel::{Clock, EditMark, Secret};

use crate::apache::Apaches;
use crate::daemon::account::Account;
use crate::daemon::{self, Daemon, Ending, NotInstalled, Order};
use crate::embedded::touched::Touched;
use crate::embedded::web::probe::reachable;
use crate::embedded::web::{Front, Keeper, Place, Showing, Visited};
use crate::fetch::{Network, Upstreams};
use crate::nginx::disk::Disk;
use crate::nginx::include::{Given, Ground, Include, rules};
use crate::nginx::program::Program;
use crate::nginx::protects::lets_nobody_in;
use crate::nginx::turn::{Asked, Change};
use crate::nginx::wants::{behind, pool_of, version_of};
use crate::php::Pools;

pub use edited::{Edited, edited};

/// How long a start may take once everything is written and tried.
const START: Duration = Duration::from_secs(15);

/// Paths of sockets fit into this many bytes. Source: unix(7).
pub(crate) const SOCKET_BYTES_MAX: usize = 107;

/// What the process is called.
const NAME: &str = "nginx";

/// The authorities that Debian's `ca-certificates` trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Ends an instance beneath the node's folder that nobody keeps any more, so that its ports are free. Blocks
/// for a moment where there is one.
pub fn end_former(node_dir: &Path) {
    daemon::end_former(NAME, &disk::group_in(&node_dir.join("nginx")));
}

/// Why an instance cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The program is missing.
    #[error(transparent)]
    NotInstalled(#[from] NotInstalled),
    /// A folder cannot be made or read.
    #[error("a folder of nginx: {0}")]
    Folder(#[from] std::io::Error),
    /// The path of the node's folder has letters that a configuration would read as something else.
    #[error("the path {} cannot stand in a configuration of nginx: use letters, digits and . _ - /", .0.display())]
    Path(PathBuf),
}

/// What an instance is made of.
pub struct Parts {
    /// Where visitors come over HTTP, and over HTTPS.
    pub listen: (SocketAddr, SocketAddr),
    /// The folders of programs.
    pub folders: Vec<PathBuf>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Marks the driver's own requests.
    pub probe_mark: Secret,
    /// Whom its workers are, where it is started by root; root as well when absent.
    pub worker_user: Option<String>,
    /// What runs PHP.
    pub php: Arc<Pools>,
    /// What reads `.htaccess`.
    pub apache: Arc<Apaches>,
    /// Networks that applications behind sites may lie in beside the public internet.
    pub proxy_networks: Vec<Network>,
    /// The authorities by whose signatures those are known over TLS, in PEM; those that this machine trusts when absent.
    pub authorities: Option<PathBuf>,
}

/// A private instance of nginx.
pub struct Nginx {
    disk: Disk,
    ground: Ground,
    program: Program,
    daemon: Arc<Daemon>,
    clock: Arc<dyn Clock>,
    php: Arc<Pools>,
    apache: Arc<Apaches>,
    asked: mpsc::UnboundedSender<Asked>,
    waiting: Mutex<Option<mpsc::UnboundedReceiver<Asked>>>,
    refused: Mutex<HashMap<Visited, String>>,
    lost: Touched,
    /// Whether what stood was brought to its folder, or never will be.
    begun: watch::Sender<bool>,
    /// Looks into the folders of webspaces, where it is not this process's own user who does.
    keeper: OnceLock<Arc<dyn Keeper>>,
}

impl Nginx {
    /// An instance in the folder `nginx` of the node's; not started yet. Blocks on file work.
    ///
    /// # Errors
    /// What is missing.
    pub fn open(node_dir: &Path, parts: Parts) -> Result<Arc<Self>, OpenFault> {
        let folder = node_dir.join("nginx");
        if !is_fit(&folder) {
            return Err(OpenFault::Path(folder));
        }
        let path = Program::find(&parts.folders)?;
        let worker_user = worker_user(parts.worker_user);
        let disk = Disk::open(folder, readers(worker_user.as_deref()))?;
        let ground = Ground {
            http: parts.listen.0,
            https: parts.listen.1,
            pages: disk.pages(),
            errors: Some(disk.socket()).filter(|path| path.as_os_str().len() <= SOCKET_BYTES_MAX),
            http2_apart: Program::has_http2_apart(&path),
            upstreams: Upstreams::new(
                parts.proxy_networks,
                vec![parts.listen.0.port(), parts.listen.1.port()],
            ),
            authorities: parts.authorities.unwrap_or_else(|| AUTHORITIES.into()),
        };
        let program = Program::new(
            path,
            disk.folder().to_owned(),
            parts.probe_mark,
            worker_user,
        );
        let daemon = Daemon::new(Order {
            name: NAME.to_owned(),
            program: program.path().to_owned(),
            arguments: program.arguments(&disk.head()),
            environment: daemon::GREENWICH,
            account: None,
            group_file: disk.group(),
            reload: Signal::HUP,
            ending: Ending::Quit,
            patience: daemon::FAREWELL,
            // Sites stay up while the panel is put up again.
            follows: false,
            log: None,
            confined: None,
        });
        let (asked, waiting) = mpsc::unbounded_channel();
        Ok(Arc::new(Self {
            disk,
            ground,
            program,
            daemon,
            clock: parts.clock,
            php: parts.php,
            apache: parts.apache,
            asked,
            waiting: Mutex::new(Some(waiting)),
            refused: Mutex::default(),
            lost: Touched::default(),
            begun: watch::Sender::new(false),
            keeper: OnceLock::new(),
        }))
    }

    /// Leaves looking into the folders of webspaces to this one from now on.
    pub fn set_keeper(&self, keeper: Arc<dyn Keeper>) {
        // There is one start.
        self.keeper.get_or_init(|| keeper);
    }

    /// Sites and redirects that were shown and could not be any more, by no change of theirs.
    #[must_use]
    pub fn lost(&self) -> Touched {
        self.lost.clone()
    }

    /// Shows what stands already, and everything that is told from now on, until `stop`.
    pub async fn run(self: Arc<Self>, standing: Vec<(Showing, Place)>, stop: CancellationToken) {
        let waiting = lock(&self.waiting).take();
        let Some(waiting) = waiting else {
            return tracing::error!("nginx was started twice");
        };
        turn::run(self, waiting, standing, stop).await;
    }

    /// Its process, while there is one.
    #[must_use]
    pub fn process(&self) -> Option<rustix::process::Pid> {
        self.daemon.process()
    }

    /// Waits until it takes visitors: however long it takes to write and to try what stands, which grows with that,
    /// and 15 seconds from then on.
    ///
    /// # Errors
    /// `nginx-not-running` when it does not.
    pub async fn ready(&self) -> Result<(), StepFailure> {
        let mut begun = self.begun.subscribe();
        let over = |_closed| StepFailure::new("nginx-not-running", "it is ending");
        drop(begun.wait_for(|begun| *begun).await.map_err(over)?);
        let address = reachable(self.ground.https);
        let asked = async {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        tokio::time::timeout(START, asked)
            .await
            .map_err(|_late| StepFailure::new("nginx-not-running", self.disk.errors().display()))
    }

    /// What stands for this, by what is known now; and whether whole addresses are logged.
    fn include(&self, what: &Showing, place: &Place) -> Result<(Include, bool), StepFailure> {
        self.given(what, place, |given| {
            Ok((Include::new(what, given)?, given.full))
        })
    }

    /// What is made of everything that decides over the include of this now.
    fn given<T>(
        &self,
        what: &Showing,
        place: &Place,
        make: impl FnOnce(&Given<'_>) -> Result<T, StepFailure>,
    ) -> Result<T, StepFailure> {
        let now = self.clock.now();
        let until = match what {
            Showing::Site(Wish::Present(webspace) | Wish::Hidden(webspace)) => {
                webspace.full_addresses_until
            }
            Showing::Site(Wish::Gone) | Showing::Redirect(_) => None,
        };
        let full = until.is_some_and(|until| now < until);
        let socket = version_of(what).map(|(id, version)| self.php.socket(id, version));
        let backend = self.backend_of(what)?;
        let shut = match what {
            Showing::Site(Wish::Present(_)) => shut::kept(&place.folder)?,
            Showing::Site(Wish::Hidden(_) | Wish::Gone) | Showing::Redirect(_) => Vec::new(),
        };
        make(&Given {
            ground: &self.ground,
            place,
            full,
            php: socket.as_deref(),
            apache: backend.as_ref(),
            shut: &shut,
        })
    }

    /// The files of names and passwords that the include of this leads to.
    fn keys(what: &Showing, place: &Place) -> Result<Vec<(PathBuf, String)>, StepFailure> {
        let Showing::Site(Wish::Present(webspace)) = what else {
            return Ok(Vec::new());
        };
        let files = rules::key_files(&webspace.rules.keys, place)?;
        Ok(files.into_values().collect())
    }

    async fn ask(&self, of: Visited, change: Change) -> Result<(), StepFailure> {
        let (done, told) = oneshot::channel();
        let over = || StepFailure::new("nginx-not-running", "it is ending");
        let asked = Asked {
            of,
            change,
            done: vec![done],
            until: None,
        };
        self.asked.send(asked).map_err(|_closed| over())?;
        told.await.map_err(|_closed| over())?
    }

    fn note_refused(&self, of: Visited, why: Option<&StepFailure>) {
        let mut refused = lock(&self.refused);
        match why {
            Some(why) => refused.insert(of, format!("{}: {}", why.code, why.detail)),
            None => refused.remove(&of),
        };
    }
}

impl Front for Nginx {
    fn show(&self, what: Showing, place: Place) -> Working<'_, Result<(), StepFailure>> {
        Box::pin(async move {
            let of = what.of();
            let of = of.ok_or_else(|| StepFailure::new("wrong-subject", "nothing to show"))?;
            if let Err(why) = lets_nobody_in(&what, &place, self.keeper.get()).await {
                self.note_refused(of, Some(&why));
                return Err(why);
            }
            self.ask(of, Change::Show(Box::new((what, place)))).await
        })
    }

    fn hide(&self, of: Visited) -> Working<'_, Result<(), StepFailure>> {
        Box::pin(self.ask(of, Change::Hide))
    }

    fn renew(&self, of: Visited) -> Working<'_, Result<(), StepFailure>> {
        // It is read at each handshake.
        tracing::debug!(visited.id = %of, "another certificate");
        Box::pin(std::future::ready(Ok(())))
    }

    fn shows(&self, what: &Showing, place: &Place) -> bool {
        let (Some(of), Ok((include, _))) = (what.of(), self.include(what, place)) else {
            return false;
        };
        // What was written is what lies there, as a rule; only where it is not, its meaning is looked at.
        let same = |text: String| {
            text == include.text || syntax::parse(&text).as_ref() == Some(&include.tree)
        };
        let keys = || Self::keys(what, place).is_ok_and(|keys| Disk::has_keys(&keys));
        if !self.disk.text(of).is_some_and(same) || !keys() {
            return false;
        }
        match of {
            Visited::Site(id) => {
                let wanted = pool_of(what).map(|(_, version, values)| (version, values));
                let served = self.served(what, place);
                let apache = match &served {
                    Some(served) => self.apache.runs(served),
                    None => self.apache.is_clear(id),
                };
                apache && self.php.runs(id, wanted.as_ref(), place)
            }
            Visited::Redirect(_) => true,
        }
    }

    fn refused(&self, of: Visited) -> Option<String> {
        lock(&self.refused).get(&of).cloned()
    }

    fn edited(&self, what: &Showing, place: &Place) -> Option<Box<wabe_kernel::Edited>> {
        self.by_hand(what, place).map(Box::new)
    }

    fn restore(&self, what: &Showing, place: &Place, mark: &EditMark) -> Result<(), StepFailure> {
        self.put_back(what, place, mark)
    }
}

/// Whom workers are: whoever starts nginx, unless that is root, who can be somebody else.
fn worker_user(chosen: Option<String>) -> Option<String> {
    rustix::process::geteuid()
        .is_root()
        .then(|| chosen.unwrap_or_else(|| "root".to_owned()))
}

/// The group of a user whom workers are, so that they read what nobody else does.
fn readers(worker_user: Option<&str>) -> Option<u32> {
    let user = worker_user.filter(|user| *user != "root")?;
    Some(Account::of(user).ok()??.group())
}

/// Whether a path of ours means the same in every configuration.
pub(crate) fn is_fit(path: &Path) -> bool {
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    path.is_absolute() && path.to_str().is_some_and(|text| text.chars().all(fit))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
