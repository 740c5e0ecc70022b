//! An agent of its own for one test, and what the panel has of it.

use crate::tools::{Ran, needs_root, ran};
use rustix::process::Signal;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use wabe_drivers::agent_link::message::Welcome;
use wabe_drivers::agent_link::{AgentDoors, AgentDriver, greet};
use wabe_drivers::embedded::files::WebFiles;
use wabe_kernel::certificate::{Bundle, Vault};
use wabe_kernel::desired::{
    Act, Driver as _, Observed, ObservedWebspace, Revision, Step, StepFailure, Subject,
    UploadAccess, Webspace, Wish, Working,
};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{Clock as _, RelPath};
use wabe_panel::system::{SystemClock, SystemRng};

/// A user that has nothing to do with the node.
pub(super) const STRANGER: u32 = 54_321;
/// The user that the panel runs as.
pub(super) const PEER: u32 = 54_320;

/// An agent that runs, until it is dropped.
pub(super) struct Agent {
    child: Child,
    listen: (SocketAddr, SocketAddr),
    users: String,
    pub(super) folder: TempDir,
}

/// No step of these tests names a certificate.
struct NoVault;

impl Vault for NoVault {
    fn bundle<'a>(
        &'a self,
        _id: WebspaceId,
        _fingerprint: &'a str,
    ) -> Working<'a, Result<Bundle, StepFailure>> {
        let none = StepFailure::new("certificate-missing", "there is none");
        Box::pin(std::future::ready(Err(none)))
    }
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// The numbers of one agent's users: whoever removes a customer ends all processes of theirs, and those of another
/// test, or of another run on this machine, are not meant.
fn users() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let of_run = 300_000_000 + (std::process::id() % 100_000) * 10_000;
    let first = of_run + NEXT.fetch_add(100, Ordering::SeqCst);
    format!("{first}-{}", first + 99)
}

fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-agent");
    assert!(
        program.is_file(),
        "{} is missing: build wabe-agent first",
        program.display()
    );
    program
}

impl Agent {
    /// A fresh one that takes steps.
    pub(super) async fn new() -> Self {
        needs_root();
        let folder = tempfile::tempdir().unwrap();
        let open = std::fs::Permissions::from_mode(0o711);
        std::fs::set_permissions(folder.path(), open).unwrap();
        std::fs::create_dir(folder.path().join("run")).unwrap();
        let listen = (free(), free());
        let users = users();
        let child = Self::spawn(folder.path(), listen, &users);
        let mut agent = Self {
            child,
            listen,
            users,
            folder,
        };
        agent.ready().await;
        agent
    }

    fn spawn(folder: &Path, (http, https): (SocketAddr, SocketAddr), users: &str) -> Child {
        let mut command = Command::new(program());
        command
            .arg("serve")
            .arg("--socket")
            .arg(folder.join("run/agent.sock"))
            .arg("--folder")
            .arg(folder.join("node"))
            .args(["--peer", &PEER.to_string(), "--name", "sites.localhost"])
            .args(["--http", &http.to_string(), "--https", &https.to_string()])
            .args(["--users", users])
            .env_clear()
            .stdin(Stdio::null());
        command.spawn().unwrap()
    }

    /// Waits until it answers.
    async fn ready(&mut self) {
        for _ in 0..1_200 {
            if greet(&self.socket()).await.is_ok() {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the agent ended: {ended:?}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the agent does not answer");
    }

    /// Ends it the way a power cut does, and starts it again.
    pub(super) async fn killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::fs::remove_file(self.socket()).unwrap();
        self.child = Self::spawn(self.folder.path(), self.listen, &self.users);
        self.ready().await;
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.path().join("run/agent.sock")
    }

    pub(super) fn path(&self, beneath: &str) -> PathBuf {
        self.folder.path().join("node").join(beneath)
    }

    pub(super) fn listen(&self) -> (SocketAddr, SocketAddr) {
        self.listen
    }

    pub(super) async fn driver(&self) -> Arc<AgentDriver> {
        self.connected().await.0
    }

    pub(super) async fn connected(&self) -> (Arc<AgentDriver>, Welcome) {
        let connected = AgentDriver::connect(self.socket(), Arc::new(NoVault)).await;
        connected.unwrap()
    }

    /// The files of its webspaces as the panel works on them.
    pub(super) fn files(&self, driver: &AgentDriver) -> WebFiles {
        let doors = Arc::new(AgentDoors::new(self.socket()));
        WebFiles::behind(doors, driver.known(), Arc::new(SystemClock::default()))
    }

    /// What a visitor gets.
    pub(super) async fn get(&self, host: &str, path: &str) -> Ran {
        let port = self.listen.1.port();
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-i", "--max-time", "60", "--cacert"])
            .arg(self.path("ca/ca.pem"))
            .args(["--resolve", &format!("{host}:{port}:127.0.0.1")])
            .arg(format!("https://{host}:{port}/{path}"));
        ran(curl).await
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // In order, so that its nginx ends with it.
        let pid = rustix::process::Pid::from_child(&self.child);
        if rustix::process::kill_process(pid, Signal::TERM).is_ok() {
            drop(self.child.wait());
        }
    }
}

/// A webspace that is reachable by this name.
pub(super) fn webspace(name: &str) -> Webspace {
    Webspace {
        id: WebspaceId::new(SystemClock::default().now(), &SystemRng),
        preview: format!("{name}.test").parse().unwrap(),
        hosts: Vec::new(),
        document_root: "public".parse().unwrap(),
        quota: 10_000_000,
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
        customer: Some(CustomerId::new(SystemClock::default().now(), &SystemRng)),
    }
}

/// The acts that bring a webspace to life.
pub(super) fn life(webspace: &Webspace) -> Vec<Act> {
    vec![
        Act::MakeFolder(
            webspace.id,
            webspace.document_root.clone(),
            webspace.customer,
        ),
        Act::IssueCertificate(webspace.id, vec![webspace.preview.clone()]),
        Act::ConfigureSite(Wish::Present(webspace.clone())),
        Act::ProbeSite(webspace.id, webspace.preview.clone()),
    ]
}

/// The acts that take it away.
pub(super) fn death(webspace: &Webspace) -> Vec<Act> {
    vec![Act::RemoveSite(webspace.id), Act::RemoveFolder(webspace.id)]
}

pub(super) fn step(webspace: &Webspace, revision: Revision, act: Act) -> Step {
    Step {
        subject: Subject::Webspace(webspace.id),
        revision,
        act,
    }
}

/// Carries out these acts, each once.
pub(super) async fn apply(
    driver: &AgentDriver,
    (webspace, revision): (&Webspace, Revision),
    acts: Vec<Act>,
) -> Result<(), StepFailure> {
    for act in acts {
        driver.apply(&step(webspace, revision, act)).await?;
    }
    Ok(())
}

/// What the node has of it.
pub(super) async fn seen(driver: &AgentDriver, webspace: &Webspace) -> ObservedWebspace {
    let subject = Subject::Webspace(webspace.id);
    match driver.observe(subject).await.unwrap() {
        Observed::Webspace(seen) => seen,
        other => panic!("{other:?}"),
    }
}

pub(super) fn at(path: &str) -> RelPath {
    path.parse().unwrap()
}
