//! The drivers of this node, and what is done with what the panel says.

use rustix::fd::OwnedFd;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;
use wabe_drivers::agent_link::message::{Told, VERSION, Welcome};
use wabe_drivers::apache::{self, Apaches};
use wabe_drivers::cron::{self, Cron, WithoutUsers};
use wabe_drivers::daemon;
use wabe_drivers::daemon::account::Account;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::web::{Challenges, Showing, Sites};
use wabe_drivers::nginx::{self, Nginx};
use wabe_drivers::owners::{self, Range, Users};
use wabe_drivers::php::{self, Limits, Owners, Pools};
use wabe_drivers::slices::{Share, Slices};
use wabe_drivers::strays;
use wabe_drivers::system::{SystemClock, SystemRng};
use wabe_kernel::certificate::{Bundle, Vault};
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::cron::{CronEnded, CronOrder, CronRunner as _};
use wabe_kernel::desired::{Act, Observed, Step, StepFailure, Subject, Webspace, Wish, Working};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Clock, DomainName, PhpVersion, Rng, Stray};

use crate::keeper::{Folders, make_ours};
use crate::workers::{ITSELF, Started, Trouble, Workers};

/// How much of the sites is told at once, in bytes of JSON.
const SITES_BYTES: usize = 256 * 1_024;

/// Certificates that came with a step, until the step is over.
#[derive(Default)]
struct Handed(Mutex<HashMap<(WebspaceId, String), Bundle>>);

impl Vault for Handed {
    fn bundle<'a>(
        &'a self,
        id: WebspaceId,
        fingerprint: &'a str,
    ) -> Working<'a, Result<Bundle, StepFailure>> {
        let handed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = handed.get(&(id, fingerprint.to_owned())).cloned();
        let missing = || StepFailure::new("certificate-missing", "none came with the step");
        Box::pin(std::future::ready(found.ok_or_else(missing)))
    }
}

/// What a node is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) listen: (SocketAddr, SocketAddr),
    pub(crate) web_user: &'a str,
    pub(crate) names: &'a [DomainName],
    pub(crate) range: Range,
}

/// The drivers of this node.
pub(crate) struct Node {
    sites: Arc<Sites>,
    nginx: Arc<Nginx>,
    pools: Arc<Pools>,
    apaches: Arc<Apaches>,
    challenges: Arc<Challenges>,
    folders: Arc<Folders>,
    workers: Arc<Workers>,
    cron: Cron,
    handed: Arc<Handed>,
    folder: PathBuf,
    authority: PathBuf,
    gaps: Vec<String>,
}

fn failed(failure: StepFailure) -> String {
    let StepFailure { code, detail } = failure;
    format!("{code}: {detail}")
}

/// The users of customers.
fn users(parts: &Parts<'_>) -> Result<Arc<Users>, String> {
    let made_of = owners::Parts {
        range: parts.range,
        web_user: Some(parts.web_user.to_owned()),
        slices: Slices::open(Share::default(), ITSELF.into()),
    };
    Users::open(parts.folder, made_of).map_err(|fault| fault.to_string())
}

/// What runs programs of webspaces, each as its user and otherwise not.
fn cron(folder: &Path, owners: Arc<dyn Owners>) -> Cron {
    let parts = cron::Parts {
        folders: daemon::folders(&[]),
        owners,
        without_users: WithoutUsers::Nothing,
    };
    Cron::new(folder, parts)
}

/// What reads `.htaccess`, where that can be.
fn apaches(
    parts: &Parts<'_>,
    owners: Arc<dyn Owners>,
    sites: &Sites,
    clock: Arc<dyn Clock>,
) -> std::io::Result<Arc<Apaches>> {
    let made_of = apache::Parts {
        folders: daemon::folders(&[]),
        owners,
        limits: Limits::default(),
        mark: sites.probe_mark(),
        ports: (parts.listen.0.port(), parts.listen.1.port()),
        clock,
    };
    let apaches = Apaches::open(parts.folder, made_of)?;
    if let Some(gap) = apaches.gap() {
        // Less than that is not in the agent's log as a rule.
        tracing::warn!(code = gap.code, detail = gap.detail, "no Apache for sites");
    }
    Ok(apaches)
}

/// PHP, each webspace's as its own user.
fn pools(parts: &Parts<'_>, owners: Arc<dyn Owners>) -> std::io::Result<Arc<Pools>> {
    let php_parts = php::Parts {
        folders: daemon::folders(&[]),
        owners,
        web_group: Some(parts.web_user.to_owned()),
        without_users: false,
        limits: Limits::default(),
    };
    Pools::open(parts.folder, php_parts)
}

impl Node {
    /// Opens the drivers over what lies in the folder. Blocks on file work.
    pub(crate) fn open(parts: Parts<'_>) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("{}: {error}", parts.folder.display());
        make_ours(parts.folder, 0o711).map_err(said)?;
        make_ours(&parts.folder.join("web"), 0o711).map_err(said)?;
        nginx::end_former(parts.folder);
        php::end_former(parts.folder);
        apache::end_former(parts.folder);
        let web = Account::of(parts.web_user);
        let web = web.map_err(|error| format!("--web-user: {error}"))?;
        let web = web.ok_or("the agent is root's to start: it works as many users")?;
        if web.user() == 0 {
            return Err("--web-user: visitors are served by nobody who is root".to_owned());
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let ca_folder = parts.folder.join("ca");
        let ca = LocalCa::open_or_create(&ca_folder, parts.names, clock.clone(), rng.clone());
        let ca = Arc::new(ca.map_err(|error| format!("the local authority: {error}"))?);
        let authority = ca.ca_path().to_owned();
        let sites = Sites::open(parts.folder, ca, clock.clone(), rng).map_err(failed)?;
        let handed = Arc::new(Handed::default());
        sites.set_vault(handed.clone());
        let users = users(&parts)?;
        sites.set_users(users.clone());
        let owners: Arc<dyn Owners> = users;
        let workers = Arc::new(Workers::new(parts.folder, owners.clone()));
        let folders = Folders::new(parts.folder, workers.clone(), web).map_err(said)?;
        let folders = Arc::new(folders);
        sites.set_keeper(folders.clone());
        let pools = pools(&parts, owners.clone()).map_err(said)?;
        let apaches = apaches(&parts, owners.clone(), &sites, clock.clone()).map_err(said)?;
        let nginx_parts = nginx::Parts {
            listen: parts.listen,
            folders: daemon::folders(&[]),
            clock,
            probe_mark: sites.probe_mark(),
            worker_user: Some(parts.web_user.to_owned()),
            php: pools.clone(),
            apache: apaches.clone(),
            // The panel names addresses, and is not believed about networks of the operator's.
            proxy_networks: Vec::new(),
            authorities: None,
        };
        let nginx = Nginx::open(parts.folder, nginx_parts).map_err(|error| error.to_string())?;
        nginx.set_keeper(folders.clone());
        let gaps = workers.try_walls(parts.folder, (web.user(), web.group()));
        let gaps = gaps.map_err(|trouble| format!("start a worker: {trouble:?}"))?;
        for gap in &gaps {
            tracing::warn!("workers for customers' files: {gap}");
        }
        sites.set_front(nginx.clone(), parts.listen.1);
        Ok(Self {
            challenges: sites.challenges(),
            sites,
            nginx,
            pools,
            apaches,
            folders,
            workers,
            cron: cron(parts.folder, owners),
            handed,
            folder: parts.folder.to_owned(),
            authority,
            gaps,
        })
    }

    /// Shows everything until `stop`.
    pub(crate) async fn show(self: Arc<Self>, stop: CancellationToken) {
        let logs = self.sites.clone().keep_logs(stop.clone());
        let shown = self.nginx.clone().run(self.sites.standing(), stop);
        tokio::join!(logs, shown);
    }

    /// Waits until visitors are taken.
    pub(crate) async fn ready(&self) -> Result<(), String> {
        self.nginx.ready().await.map_err(failed)
    }

    /// What the agent says of itself.
    pub(crate) fn welcome(&self) -> Welcome {
        Welcome {
            version: VERSION,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            php: self.pools.versions().into_iter().collect(),
            apache: self.apaches.is_there(),
            authority: std::fs::read_to_string(&self.authority).unwrap_or_default(),
            gaps: self.gaps.clone(),
        }
    }

    pub(crate) async fn observe(&self, subject: Subject) -> Result<Observed, StepFailure> {
        match subject {
            Subject::Webspace(id) => self.sites.observe(id).await.map(Observed::Webspace),
            Subject::Domain(id) => self.sites.observe_redirect(id).await.map(Observed::Domain),
            Subject::Mailbox(_) | Subject::Alias(_) | Subject::Database(_) => Err(elsewhere()),
        }
    }

    pub(crate) async fn apply(
        &self,
        step: &Step,
        supplied: Option<Bundle>,
    ) -> Result<(), StepFailure> {
        match (&step.act, step.subject) {
            (Act::SupplyCertificate(id, fingerprint), Subject::Webspace(_)) => {
                let key = (*id, fingerprint.clone());
                let handed = || self.handed.0.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(bundle) = supplied {
                    handed().insert(key.clone(), bundle);
                }
                let applied = self.sites.apply(step).await;
                handed().remove(&key);
                applied
            }
            (Act::ConfigureRedirect(redirect), Subject::Domain(id)) if redirect.id == id => {
                let folders = self.folders.clone();
                let made = tokio::task::spawn_blocking(move || folders.make_redirect(id)).await;
                let files = |error: std::io::Error| StepFailure::new("files-failed", error);
                let broken = |error| StepFailure::new("files-failed", error);
                made.map_err(broken)?.map_err(files)?;
                self.sites.apply_redirect(step).await
            }
            (_, Subject::Webspace(_)) => self.sites.apply(step).await,
            (_, Subject::Domain(_)) => self.sites.apply_redirect(step).await,
            (_, Subject::Mailbox(_) | Subject::Alias(_) | Subject::Database(_)) => Err(elsewhere()),
        }
    }

    /// The configured webspaces after this one, as many as are told at once.
    pub(crate) fn sites(&self, after: Option<WebspaceId>) -> Told {
        let mut all: Vec<(WebspaceId, Wish<Webspace>)> = Vec::new();
        for (what, _) in self.sites.standing() {
            if let Showing::Site(wish) = what
                && let Wish::Present(webspace) | Wish::Hidden(webspace) = &wish
            {
                all.push((webspace.id, wish));
            }
        }
        all.retain(|(id, _)| after.is_none_or(|after| *id > after));
        all.sort_unstable_by_key(|(id, _)| *id);
        let (mut sites, mut bytes, mut more) = (Vec::new(), 0_usize, false);
        for (_, wish) in all {
            if bytes > SITES_BYTES {
                more = true;
                break;
            }
            let text = serde_json::to_vec(&wish).unwrap_or_default();
            bytes = bytes.saturating_add(text.len());
            sites.push(wish);
        }
        Told::Sites { sites, more }
    }

    /// What lies in folders of the servers, and is none of ours.
    pub(crate) async fn strays(&self) -> Result<Vec<Stray>, StepFailure> {
        let (folder, sites) = (self.folder.clone(), self.sites.clone());
        let looked = tokio::task::spawn_blocking(move || strays::beside(&folder, &sites)).await;
        let broken = |error| StepFailure::new("files-failed", error);
        let failed = |error: std::io::Error| StepFailure::new("files-failed", error);
        looked.map_err(broken)?.map_err(failed)
    }

    /// A worker for the files of a webspace.
    pub(crate) async fn worker(&self, webspace: WebspaceId) -> Result<Started, Trouble> {
        let workers = self.workers.clone();
        let started = tokio::task::spawn_blocking(move || workers.start(webspace)).await;
        let started = started.map_err(|error| Trouble::Failed(error.to_string()))??;
        // Walls do not come and go with one kernel; one that does is worth a line.
        if self.gaps != started.gaps {
            tracing::error!(gaps = ?started.gaps, "a worker has other walls than at the start");
        }
        Ok(started)
    }

    pub(crate) fn redirect_logs(&self, domain: DomainId) -> Result<OwnedFd, Trouble> {
        match self.folders.redirect_logs(domain) {
            Err(rustix::io::Errno::NOENT) => Err(Trouble::NotFound),
            found => found.map_err(|errno| Trouble::Failed(errno.to_string())),
        }
    }

    pub(crate) async fn php(
        &self,
        webspace: WebspaceId,
        version: PhpVersion,
    ) -> Result<Option<PhpStatus>, ContentError> {
        self.pools.status(webspace, version).await
    }

    /// Runs a program of a webspace to its end, or until whoever waits for it goes.
    pub(crate) async fn run(&self, order: CronOrder) -> CronEnded {
        self.cron.run(order).await
    }

    pub(crate) fn challenges(&self) -> Arc<Challenges> {
        self.challenges.clone()
    }
}

fn elsewhere() -> StepFailure {
    StepFailure::new("wrong-subject", "mail and databases are not the agent's")
}
