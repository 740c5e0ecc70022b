//! A node with a private nginx, and PHP where that is installed: the drivers alone, without a panel.

use crate::client::until;
use crate::folder::Folder;
use crate::tools::{Ran, ran};
use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wabe_drivers::apache::{self, Apaches};
use wabe_drivers::daemon;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::files::WebFiles;
use wabe_drivers::embedded::web::{Sites, Visited};
use wabe_drivers::fetch::Network;
use wabe_drivers::nginx::{self, Nginx};
use wabe_drivers::owners::{self, Range, Users};
use wabe_drivers::php::{self, Limits, NoOwners, Owners, Pools};
use wabe_drivers::slices::{Share, Slices};
use wabe_kernel::desired::{
    Act, Redirect, Revision, Step, StepFailure, Subject, UploadAccess, Webspace, Wish,
};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Clock, PhpVersion};
use wabe_panel::system::{SystemClock, SystemRng};

/// A node, until it is ended; or until it is dropped, with whatever still runs.
pub(crate) struct Node {
    pub(crate) sites: Arc<Sites>,
    pub(crate) nginx: Arc<Nginx>,
    pub(crate) pools: Arc<Pools>,
    pub(crate) apaches: Arc<Apaches>,
    pub(crate) clock: Arc<SystemClock>,
    listen: Listen,
    ca_file: PathBuf,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    /// The users of customers, where they have any.
    pub(crate) users: Option<Arc<Users>>,
    range: Option<Range>,
    folder: Folder,
}

/// The program that goes into customers' shares of the machine, where there are any.
fn agent() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-agent")
}

/// Where visitors come, over HTTP and over HTTPS.
type Listen = (SocketAddr, SocketAddr);

/// Where they come, what networks applications behind sites may lie in, and by whom those are known.
type Ways = (Listen, Vec<Network>, Option<PathBuf>);

async fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

impl Node {
    /// A node that takes visitors.
    pub(crate) async fn new() -> Self {
        Self::over(Folder::new(), None).await
    }

    /// The same whose customers have users of their own, out of this range. For root.
    pub(crate) async fn with_users(range: Range) -> Self {
        let folder = Folder::new();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        Self::over(folder, Some(range)).await
    }

    async fn over(folder: Folder, range: Option<Range>) -> Self {
        let listen = (free_port().await, free_port().await);
        Self::over_at(folder, range, listen).await
    }

    async fn over_at(folder: Folder, range: Option<Range>, listen: Listen) -> Self {
        let mut node = Self::opened_with(folder, range, listen);
        node.run();
        node.nginx.ready().await.unwrap();
        node
    }

    /// A node that did not begin yet, over what lies there.
    pub(crate) async fn opened(folder: Folder) -> Self {
        let listen = (free_port().await, free_port().await);
        Self::opened_with(folder, None, listen)
    }

    fn opened_with(folder: Folder, range: Option<Range>, listen: Listen) -> Self {
        Self::opened_to(folder, range, (listen, Vec::new(), None))
    }

    /// A node that takes visitors, and whose sites may be answered for from these networks, too; by whom these
    /// authorities know, or the node's own.
    pub(crate) async fn open_to(networks: &[&str], authorities: Option<PathBuf>) -> Self {
        let listen = (free_port().await, free_port().await);
        let open = networks.iter().map(|text| text.parse().unwrap()).collect();
        let mut node = Self::opened_to(Folder::new(), None, (listen, open, authorities));
        node.run();
        node.nginx.ready().await.unwrap();
        node
    }

    fn opened_to(folder: Folder, range: Option<Range>, ways: Ways) -> Self {
        let (listen, open, authorities) = ways;
        let (clock, rng) = (Arc::new(SystemClock::default()), Arc::new(SystemRng));
        let ca =
            LocalCa::open_or_create(&folder.path().join("ca"), &[], clock.clone(), rng.clone());
        let ca = Arc::new(ca.unwrap());
        let ca_file = ca.ca_path().to_owned();
        let node = folder.path().join("node");
        let web = range.is_some().then(|| "www-data".to_owned());
        let users = range.map(|range| {
            let parts = owners::Parts {
                range,
                web_user: web.clone(),
                slices: Slices::open(Share::default(), agent()),
            };
            Users::open(&node, parts).unwrap()
        });
        let sites = Sites::open(&node, ca, clock.clone(), rng.clone()).unwrap();
        let mut owners: Arc<dyn Owners> = Arc::new(NoOwners);
        if let Some(users) = &users {
            sites.set_users(users.clone());
            owners = users.clone();
        }
        let for_apache = owners.clone();
        let parts = php::Parts {
            folders: daemon::folders(&[]),
            owners,
            web_group: web.clone(),
            without_users: range.is_none(),
            limits: Limits::default(),
        };
        let pools = Pools::open(&node, parts).unwrap();
        let parts = apache::Parts {
            folders: daemon::folders(&[]),
            owners: for_apache,
            limits: Limits::default(),
            mark: sites.probe_mark(),
            ports: (listen.0.port(), listen.1.port()),
            clock: clock.clone(),
        };
        let apaches = Apaches::open(&node, parts).unwrap();
        let parts = nginx::Parts {
            listen,
            folders: daemon::folders(&[]),
            clock: clock.clone(),
            probe_mark: sites.probe_mark(),
            worker_user: web,
            php: pools.clone(),
            apache: apaches.clone(),
            proxy_networks: open,
            authorities: Some(authorities.unwrap_or_else(|| ca_file.clone())),
        };
        let nginx = Nginx::open(&node, parts).unwrap();
        sites.set_front(nginx.clone(), listen.1);
        let (stop, tasks) = (CancellationToken::new(), JoinSet::new());
        Self {
            sites,
            nginx,
            pools,
            apaches,
            clock,
            listen,
            ca_file,
            stop,
            tasks,
            users,
            range,
            folder,
        }
    }

    /// Begins with what stands.
    pub(crate) fn run(&mut self) {
        let standing = self.sites.standing();
        let running = self.nginx.clone().run(standing, self.stop.clone());
        self.tasks.spawn(running);
    }

    /// Tells it to end, and does not wait.
    pub(crate) fn tell_to_end(&self) {
        self.stop.cancel();
    }

    /// Ends everything; what lies in its folder stays there.
    pub(crate) async fn end(mut self) -> Folder {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.folder
    }

    /// Ends everything, and begins over what lies there, at the same ports.
    pub(crate) async fn again(self) -> Self {
        let (range, listen) = (self.range, self.listen);
        Self::over_at(self.end().await, range, listen).await
    }

    /// A folder or a file of the node's.
    pub(crate) fn path(&self, beneath: &str) -> PathBuf {
        self.folder.path().join("node").join(beneath)
    }

    /// The files and logs of its webspaces.
    pub(crate) fn files(&self) -> WebFiles {
        let node = self.folder.path().join("node");
        WebFiles::new(node, self.sites.clone(), self.clock.clone())
    }

    /// The include of this.
    pub(crate) fn include(&self, of: &dyn std::fmt::Display) -> PathBuf {
        self.path(&format!("nginx/sites/{of}.conf"))
    }

    /// The newest version of PHP that is installed.
    pub(crate) fn php(&self) -> PhpVersion {
        let versions = self.pools.versions();
        *versions.last().unwrap()
    }

    /// A webspace that is reachable by this name.
    pub(crate) fn webspace(&self, name: &str) -> Webspace {
        Webspace {
            id: WebspaceId::new(self.clock.now(), &SystemRng),
            preview: format!("{name}.test").parse().unwrap(),
            hosts: Vec::new(),
            document_root: "".parse().unwrap(),
            quota: 1_000_000,
            https_redirect: true,
            full_addresses_until: None,
            upload: UploadAccess {
                login: name.to_owned(),
                password_hash: None,
                keys: Vec::new(),
            },
            suspended: false,
            unwanted_certificate: None,
            overwrites: None,
            php: None,
            rules: Box::default(),
            supplied: None,
            customer: None,
        }
    }

    /// Carries out these acts.
    pub(crate) async fn apply(
        &self,
        (subject, revision): (Subject, Revision),
        acts: Vec<Act>,
    ) -> Result<(), StepFailure> {
        for act in acts {
            let step = Step {
                subject,
                revision,
                act,
            };
            match subject {
                Subject::Domain(_) => self.sites.apply_redirect(&step).await?,
                _ => self.sites.apply(&step).await?,
            }
        }
        Ok(())
    }

    /// Brings a new webspace to life.
    pub(crate) async fn bring(&self, webspace: &Webspace) -> Result<(), StepFailure> {
        let names = std::iter::once(&webspace.preview).chain(&webspace.hosts);
        let names = names.cloned().collect();
        let acts = vec![
            Act::MakeFolder(
                webspace.id,
                webspace.document_root.clone(),
                webspace.customer,
            ),
            Act::IssueCertificate(webspace.id, names),
            Act::ConfigureSite(Wish::Present(webspace.clone())),
            Act::ProbeSite(webspace.id, webspace.preview.clone()),
        ];
        self.apply((Subject::Webspace(webspace.id), 1), acts).await
    }

    /// Configures a webspace that is there.
    pub(crate) async fn configure(
        &self,
        wish: Wish<Webspace>,
        revision: Revision,
    ) -> Result<(), StepFailure> {
        let id = match &wish {
            Wish::Present(webspace) | Wish::Hidden(webspace) => webspace.id,
            Wish::Gone => panic!("nothing to configure"),
        };
        let acts = vec![Act::ConfigureSite(wish)];
        self.apply((Subject::Webspace(id), revision), acts).await
    }

    /// Brings a redirect to life.
    pub(crate) async fn redirect(&self, name: &str, to: &str) -> Result<DomainId, StepFailure> {
        let id = DomainId::new(self.clock.now(), &SystemRng);
        let redirect = Redirect {
            id,
            name: name.parse().unwrap(),
            target: to.parse().unwrap(),
        };
        let acts = vec![
            Act::IssueRedirectCertificate(id, redirect.name.clone()),
            Act::ConfigureRedirect(redirect.clone()),
            Act::ProbeRedirect(id, redirect.name),
        ];
        self.apply((Subject::Domain(id), 1), acts)
            .await
            .map(|()| id)
    }

    /// Writes a file of a webspace's.
    pub(crate) fn put(&self, webspace: &Webspace, path: &str, text: &str) {
        let place = self.sites.place(Visited::Site(webspace.id));
        let file = place.files.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// What curl gets: the status, and everything with the headers first. 0 without an answer.
    pub(crate) async fn get(&self, url: &str) -> (u16, Ran) {
        self.curl(url, &[]).await
    }

    /// The same with more of curl's arguments.
    pub(crate) async fn curl(&self, url: &str, more: &[&str]) -> (u16, Ran) {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let at = if scheme == "http" {
            self.listen.0
        } else {
            self.listen.1
        };
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-i", "--max-time", "60", "--cacert"])
            .arg(&self.ca_file)
            .args(["--resolve", &format!("{host}:{}:127.0.0.1", at.port())])
            .args(more)
            .arg(format!("{scheme}://{host}:{}/{path}", at.port()));
        let ran = ran(curl).await;
        let status = ran.out.split(' ').nth(1);
        let status = status.and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, ran)
    }

    /// Waits until a page has this status.
    pub(crate) async fn until(&self, url: &str, status: u16) {
        let look = || async { (self.get(url).await.0 == status).then_some(()) };
        until(&format!("{url} to answer {status}"), look).await;
    }

    /// The authority that signs for its names.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.ca_file.clone()
    }

    /// Where sites are shown over HTTP.
    pub(crate) const fn http_at(&self) -> SocketAddr {
        self.listen.0
    }

    /// Where HTTPS is.
    pub(crate) const fn https_port(&self) -> u16 {
        self.listen.1.port()
    }
}
