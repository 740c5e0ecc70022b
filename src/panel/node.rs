//! The embedded node: drivers, the servers they feed, and the reconciler that moves them.

use crate::agent::Agent;
use crate::certificates;
use crate::data_dir::DataDir;
use crate::ground::Ground;
use crate::listeners::Listeners;
use crate::sibling::beside;
use crate::support_mail;
use crate::web_server;
use std::net::TcpListener as StdListener;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wabe_drivers::agent_link::Answers;
use wabe_drivers::database_server::server::DatabaseServer;
use wabe_drivers::database_server::{Contents, DatabaseServers};
use wabe_drivers::embedded::SiteIndex;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::embedded::files::WebFiles;
use wabe_drivers::embedded::hands::{Divided, Embedded};
use wabe_drivers::embedded::mail::Mailboxes;
use wabe_drivers::embedded::mail::smtp::{self, SmtpSettings};
use wabe_drivers::embedded::sftp::{SftpParts, SftpServer};
use wabe_drivers::embedded::touched::Touched;
use wabe_drivers::embedded::web::Sites;
use wabe_drivers::nginx::Nginx;
use wabe_drivers::strays;
use wabe_kernel::desired::{Driver, StepFailure};
use wabe_kernel::{DomainName, Fault, Stray};
use wabe_reconcile::{PlannerForesight, Reconciler};

/// The drivers of this machine.
pub struct Node {
    /// The local certificate authority.
    pub ca: Arc<LocalCa>,
    /// Sites and their server.
    pub sites: Arc<Sites>,
    /// Mailboxes and their intake.
    pub mail: Arc<Mailboxes>,
    /// Databases in files.
    pub databases: Arc<Databases>,
    /// Databases on servers.
    pub servers: Arc<DatabaseServers>,
    /// What is in any of them.
    pub sql: Arc<Contents>,
    /// Files of webspaces.
    pub files: Arc<WebFiles>,
    /// Brings all of it to what is wanted.
    pub reconciler: Arc<Reconciler>,
    /// Shows the sites in place of the server that is built in, once it is started, where that is wanted.
    nginx: OnceLock<Arc<Nginx>>,
    /// Holds the drivers of sites in place of this process, where there is one.
    pub agent: Option<Agent>,
}

fn failed(doing: &'static str, failure: StepFailure) -> Fault {
    let StepFailure { code, detail } = failure;
    Fault::because(doing, std::io::Error::other(format!("{code}: {detail}")))
}

/// The local authority, whose certificates are good for names of this machine only.
///
/// # Errors
/// When its files cannot be read or made.
pub fn authority(ground: &Ground) -> Result<LocalCa, Fault> {
    let suffixes = [ground.house.preview_suffix.clone()];
    let (clock, rng) = (ground.clock.clone(), ground.rng.clone());
    let folder = ground.data.certificates();
    LocalCa::open_or_create(&folder, &suffixes, clock, rng)
        .map_err(|error| Fault::because("open the local certificate authority", error))
}

impl Node {
    /// Opens the drivers over what lies in the data folder, with these database servers; sites are the agent's
    /// where there is one.
    ///
    /// # Errors
    /// When any of them cannot be opened.
    pub fn open(
        ground: &Ground,
        servers: Vec<Arc<dyn DatabaseServer>>,
        agent: Option<Agent>,
    ) -> Result<Self, Fault> {
        let folder = ground.data.node();
        let (clock, rng) = (ground.clock.clone(), ground.rng.clone());
        let ca = Arc::new(authority(ground)?);
        let sites = Sites::open(&folder, ca.clone(), clock.clone(), rng.clone())
            .map_err(|failure| failed("open the sites", failure))?;
        sites.set_vault(certificates::vault(ground)?);
        let mail = Mailboxes::open(&folder, clock.clone(), rng.clone())
            .map_err(|failure| failed("open the mailboxes", failure))?;
        let program = beside("wabe-sql").map_err(|error| Fault::because("find wabe-sql", error))?;
        let databases = Databases::open(&folder, &program, Deadlines::default(), clock.clone())
            .map_err(|failure| failed("open the databases", failure))?;
        let servers = DatabaseServers::open(&folder, servers)
            .map_err(|failure| failed("open the ledger of database servers", failure))?;
        let sql = Arc::new(Contents {
            files: databases.clone(),
            servers: servers.clone(),
        });
        let files = match &agent {
            Some(agent) => WebFiles::behind(agent.doors.clone(), agent.index(), clock.clone()),
            None => WebFiles::new(folder, sites.clone(), clock.clone()),
        };
        files.sweep();
        let files = Arc::new(files);
        let hands = Embedded {
            sites: sites.clone(),
            mail: mail.clone(),
            databases: databases.clone(),
            servers: servers.clone(),
        };
        let driver: Arc<dyn Driver> = match &agent {
            Some(agent) => Arc::new(Divided {
                sites: agent.driver.clone(),
                rest: hands,
            }),
            None => Arc::new(hands),
        };
        let (house, events) = (ground.house.clone(), ground.gate.events().clone());
        let foresight = PlannerForesight {
            driver: driver.clone(),
            house: house.clone(),
            clock: clock.clone(),
        };
        ground.gate.set_foresight(Arc::new(foresight));
        let store = ground.store.clone();
        let reconciler = Arc::new(Reconciler {
            store,
            driver,
            events,
            house,
            clock,
            rng,
        });
        Ok(Self {
            ca,
            sites,
            mail,
            databases,
            servers,
            sql,
            files,
            reconciler,
            nginx: OnceLock::new(),
            agent,
        })
    }

    /// Starts the servers and the reconciler in `tasks`; they end with `stop`.
    ///
    /// # Errors
    /// When a server cannot start.
    pub fn start(
        &self,
        ground: &Ground,
        listeners: ServedListeners,
        stop: &Stop,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), Fault> {
        let ServedListeners {
            sites_http,
            sites_https,
            sftp,
            smtp,
        } = listeners;
        self.show_sites(ground, (sites_http, sites_https), stop, tasks)?;
        let sftp = self.sftp(ground, sftp)?;
        tasks.spawn(sftp.serve(stop.token.clone()));
        let name: DomainName = "wabe.localhost"
            .parse()
            .map_err(|_problem| Fault::new("name the intake"))?;
        let (mail, token) = (self.mail.clone(), stop.token.clone());
        let settings = SmtpSettings {
            post: support_mail::post(ground),
            ..SmtpSettings::new(name)
        };
        tasks.spawn(async move {
            if let Err(error) = smtp::serve(mail, smtp, settings, token).await {
                tracing::error!(%error, "the mail intake ended");
            }
        });
        tasks.spawn(self.reconciler.clone().run(stop.watch.subscribe()));
        Ok(())
    }

    /// Starts whatever shows the sites, at these sockets.
    fn show_sites(
        &self,
        ground: &Ground,
        (http, https): (tokio::net::TcpListener, tokio::net::TcpListener),
        stop: &Stop,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), Fault> {
        // They only held ports that the agent's web server listens at.
        if self.agent.is_some() {
            return Ok(());
        }
        let wrong = |error| Fault::because("ask a socket for its address", error);
        let listen = (
            http.local_addr().map_err(wrong)?,
            https.local_addr().map_err(wrong)?,
        );
        let (sites, token) = (self.sites.clone(), stop.token.clone());
        let Some(nginx) = web_server::open(ground, &sites, listen)? else {
            tasks.spawn(async move {
                if let Err(failure) = sites.serve(http, https, token).await {
                    tracing::error!(code = failure.code, detail = %failure.detail, "the site server ended");
                }
            });
            return Ok(());
        };
        // They only held the ports until now; nginx binds them itself.
        drop((http, https));
        tasks.spawn(sites.clone().keep_logs(token.clone()));
        tasks.spawn(nginx.clone().run(sites.standing(), token));
        // There is one start.
        self.nginx.get_or_init(|| nginx);
        Ok(())
    }

    /// What was shown and cannot be any more, by no change of its own; nothing where the built-in server shows.
    #[must_use]
    pub fn lost(&self) -> Option<Touched> {
        self.nginx.get().map(|nginx| nginx.lost())
    }

    /// What lies in folders of the servers that show sites, and is none of ours.
    ///
    /// # Errors
    /// When nobody can look.
    pub async fn strays(&self, ground: &Ground) -> Result<Vec<Stray>, Fault> {
        const LOOKING: &str = "look for files that are none of ours";
        if let Some(agent) = &self.agent {
            let found = agent.driver.strays().await;
            return found.map_err(|failure| failed(LOOKING, failure));
        }
        if self.nginx.get().is_none() {
            return Ok(Vec::new());
        }
        let (folder, sites) = (ground.data.node(), self.sites.clone());
        let looked = tokio::task::spawn_blocking(move || strays::beside(&folder, &sites)).await;
        let broken = |error| Fault::because(LOOKING, error);
        looked
            .map_err(broken)?
            .map_err(|error| Fault::because(LOOKING, error))
    }

    /// The sites that are shown.
    #[must_use]
    pub fn index(&self) -> Arc<dyn SiteIndex> {
        match &self.agent {
            Some(agent) => agent.index(),
            None => self.sites.clone(),
        }
    }

    /// What certificate authorities are answered under the names of sites.
    #[must_use]
    pub fn answers(&self) -> Arc<dyn Answers> {
        match &self.agent {
            Some(agent) => agent.doors.clone(),
            None => self.sites.challenges(),
        }
    }

    /// Waits until visitors are taken.
    ///
    /// # Errors
    /// When they are not, within some seconds.
    pub async fn ready(&self) -> Result<(), Fault> {
        match self.nginx.get() {
            Some(nginx) => nginx
                .ready()
                .await
                .map_err(|failure| failed("start nginx", failure)),
            None => Ok(()),
        }
    }

    fn sftp(
        &self,
        ground: &Ground,
        listener: tokio::net::TcpListener,
    ) -> Result<SftpServer, Fault> {
        let host_key = host_key(&ground.data);
        let parts = SftpParts {
            files: WebFiles::clone(&self.files),
            index: self.index(),
            guard: ground.identity.clone(),
            rng: ground.rng.clone(),
        };
        SftpServer::bind(listener, &host_key, parts)
            .map_err(|error| Fault::because("start the SFTP server", error))
    }
}

fn host_key(data: &DataDir) -> PathBuf {
    data.keys().join("sftp_host_ed25519")
}

/// The sockets of the node's servers.
pub struct ServedListeners {
    sites_http: tokio::net::TcpListener,
    sites_https: tokio::net::TcpListener,
    sftp: tokio::net::TcpListener,
    smtp: tokio::net::TcpListener,
}

impl ServedListeners {
    /// The sockets of the portal and of webhooks, and the node's.
    #[must_use]
    pub fn split(listeners: Listeners) -> ((StdListener, StdListener), Self) {
        let Listeners {
            portal,
            sites_http,
            sites_https,
            sftp,
            smtp,
            webhooks,
        } = listeners;
        (
            (portal, webhooks),
            Self {
                sites_http,
                sites_https,
                sftp,
                smtp,
            },
        )
    }
}

/// Says to everything that it is time to end.
pub struct Stop {
    /// For servers.
    pub token: CancellationToken,
    /// For loops.
    pub watch: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            token: CancellationToken::new(),
            watch: watch::Sender::new(false),
        }
    }
}

impl Stop {
    /// Ends everything.
    pub fn now(&self) {
        self.watch.send_replace(true);
        self.token.cancel();
    }
}
