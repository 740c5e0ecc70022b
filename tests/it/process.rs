//! Running panels: the real binary as a process, in a data folder of its own.
//!
//! Invariants: no process outlives the test program for long (the kernel kills the shared one with its
//! parent, or tells it to end; a guard kills the others, and their folders end what they left); nothing waits without an end; a start that fails says what it printed.

use crate::client::Api;
use crate::folder::Folder;
use crate::postgres::ROLES;
use crate::probe;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, mpsc};
use std::time::Duration;
use wabe_identity::factor::code::TotpSecret;
use wabe_store::Location;
use wabe_testkit::{Engine, Postgres};

/// How long a start may take, on a machine that compiles meanwhile.
const START: Duration = Duration::from_mins(2);
/// What is started as `wabe demo --services`.
const SERVICES: &str = "demo --services";
/// The largest plan of the demo.
pub(crate) const PLAN: &str = "Agentur L";

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number that no other test of this run gets.
pub(crate) fn unique() -> u32 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A running panel.
pub(crate) struct Panel {
    child: Child,
    /// What the ready file says.
    pub(crate) ready: Value,
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The URL of its database; none for the file in the data folder.
    database: Option<String>,
    folder: Option<Folder>,
}

/// A customer made for one test.
pub(crate) struct Customer {
    /// Its number.
    pub(crate) number: String,
    /// Its owner's address.
    pub(crate) owner: String,
    /// The API with all rights of the owner.
    pub(crate) api: Api,
}

/// A program of this workspace; `./test` builds them before it runs the tests.
fn binary() -> &'static Path {
    let wabe = Path::new(env!("CARGO_BIN_EXE_wabe"));
    let beside = wabe.with_file_name("wabe-sql");
    assert!(
        beside.is_file(),
        "{} is missing: build wabe-sqlbox first",
        beside.display()
    );
    wabe
}

/// `wabe` with a clean environment.
pub(crate) fn wabe(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs `wabe` to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    wabe(arguments).output().unwrap()
}

/// The panel that tests share which do not disturb each other: each makes customers of its own.
pub(crate) fn shared() -> Arc<Panel> {
    static SHARED: LazyLock<Arc<Panel>> = LazyLock::new(|| kept(Panel::demo));
    SHARED.clone()
}

/// The same with private instances of real services, for the tests of databases on servers.
pub(crate) fn shared_with_services() -> Arc<Panel> {
    static SHARED: LazyLock<Arc<Panel>> = LazyLock::new(|| kept(Panel::with_services));
    SHARED.clone()
}

/// The same, whose database servers programs elsewhere come to, at 127.0.0.2.
pub(crate) fn shared_for_elsewhere() -> Arc<Panel> {
    static SHARED: LazyLock<Arc<Panel>> = LazyLock::new(|| kept(Panel::for_elsewhere));
    SHARED.clone()
}

/// A panel that lives as long as the tests do. It is started by a thread that never ends, because the
/// kernel ends it together with that thread.
fn kept(start: fn() -> Panel) -> Arc<Panel> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        tell.send(Arc::new(start())).unwrap();
        loop {
            std::thread::park();
        }
    });
    told.recv().unwrap()
}

impl Panel {
    /// A fresh demo in a folder that goes with it.
    pub(crate) fn demo() -> Self {
        Self::fresh("demo", None)
    }

    /// A fresh demo with private instances of real services.
    pub(crate) fn with_services() -> Self {
        Self::fresh(SERVICES, None)
    }

    /// The same, with servers of databases that listen at 127.0.0.2 for programs elsewhere.
    fn for_elsewhere() -> Self {
        let folder = Folder::new();
        let config = "[databases.remote]\nname = \"127.0.0.2\"\nlisten = [\"127.0.0.2\"]\n";
        std::fs::write(config_of(&folder.path().join("data")), config).unwrap();
        Self::in_folder(folder, SERVICES, None)
    }

    /// `wabe demo` or `wabe serve` over an empty folder that goes with it, its state on this engine: in
    /// that folder, or in an empty database of the process's own PostgreSQL.
    pub(crate) async fn on(engine: Engine, verb: &str) -> Self {
        match engine {
            Engine::Sqlite => Self::fresh(verb, None),
            Engine::Postgres => {
                // A start is refused while another test bends the server's roles.
                let _calm = ROLES.read().await;
                let url = empty_database().await;
                Self::fresh(verb, Some(&url))
            }
        }
    }

    /// A fresh demo under another policy profile.
    pub(crate) fn demo_under(profile: &str) -> Self {
        Self::demo_with(&format!("profile = \"{profile}\"\n"))
    }

    /// A fresh demo with this configuration.
    pub(crate) fn demo_with(config: &str) -> Self {
        let folder = Folder::new();
        let data = folder.path().join("data");
        std::fs::write(config_of(&data), config).unwrap();
        Self::in_folder(folder, "demo", None)
    }

    fn fresh(verb: &str, database: Option<&str>) -> Self {
        Self::in_folder(Folder::new(), verb, database)
    }

    fn in_folder(folder: Folder, verb: &str, database: Option<&str>) -> Self {
        let data = folder.path().join("data");
        if verb == "demo" {
            probe::pack(&plugins_of(&data));
        }
        let mut panel = Self::start_over(verb, &data, database);
        panel.folder = Some(folder);
        panel
    }

    /// `wabe demo` or `wabe serve` over `data`.
    pub(crate) fn start(verb: &str, data: &Path) -> Self {
        Self::start_over(verb, data, None)
    }

    /// The same with its state in the database of this URL.
    pub(crate) fn start_over(verb: &str, data: &Path, database: Option<&str>) -> Self {
        let started = Self::begin(verb, data, database);
        started.unwrap_or_else(|printed| panic!("wabe {verb}: {printed}"))
    }

    /// `wabe serve` over its folder and its database, once it has ended.
    pub(crate) fn serve_again(&self) -> Self {
        Self::start_over("serve", &self.data, self.database.as_deref())
    }

    /// As [`Panel::start`], with what it printed when it ended instead.
    pub(crate) fn try_start(verb: &str, data: &Path) -> Result<Self, String> {
        Self::begin(verb, data, None)
    }

    fn begin(verb: &str, data: &Path, database: Option<&str>) -> Result<Self, String> {
        let ready = data.with_extension(format!("ready{}", unique()));
        let mut child = spawn(verb, (data, database), &ready);
        if !says_it_is_ready(&mut child) {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(std::fs::read_to_string(errors_of(data)).unwrap_or_default());
        }
        let text = std::fs::read_to_string(&ready).unwrap();
        let ready = serde_json::from_str(&text).unwrap();
        Ok(Self {
            child,
            ready,
            data: data.to_owned(),
            database: database.map(str::to_owned),
            folder: None,
        })
    }

    /// Begins to start the demo over `data`, and kills it after `patience`.
    pub(crate) fn killed_while_starting(data: &Path, patience: Duration) {
        let ready = data.with_extension(format!("ready{}", unique()));
        let mut child = spawn("demo", (data, None), &ready);
        std::thread::sleep(patience);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends it the way a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn end(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        self.child.wait().unwrap();
    }

    /// Asks it to end and gives it time to, whatever comes of that: for what a failed test leaves.
    pub(crate) fn end_quietly(&mut self) {
        let pid = self.child.id().to_string();
        drop(Command::new("kill").arg(&pid).status());
        for _ in 0..200 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Where its state lies.
    pub(crate) fn location(&self) -> Location {
        match &self.database {
            Some(url) => Location::Postgres(url.clone()),
            None => Location::Sqlite(self.data.join("wabe.db")),
        }
    }

    /// A text of the ready file.
    pub(crate) fn told(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    /// The port at the end of an address of the ready file.
    pub(crate) fn port(&self, name: &str) -> u16 {
        self.told(name).rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Where a server of it answers.
    pub(crate) fn address(&self, name: &str) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port(name)))
    }

    /// Its certificate authority.
    pub(crate) fn authority(&self) -> reqwest::Certificate {
        let pem = std::fs::read(self.told("ca_file")).unwrap();
        reqwest::Certificate::from_pem(&pem).unwrap()
    }

    /// The account of the demo with this role: address and password.
    pub(crate) fn account(&self, role: &str) -> (String, String) {
        let accounts = self.ready["accounts"].as_array().unwrap();
        let found = accounts
            .iter()
            .find(|account| account["role"] == role)
            .unwrap();
        let text = |name: &str| found[name].as_str().unwrap().to_owned();
        (text("email"), text("password"))
    }

    /// The secret of the authenticator app of the demo's account with this address, if it has one.
    pub(crate) fn app(&self, email: &str) -> Option<TotpSecret> {
        let accounts = self.ready["accounts"].as_array()?;
        let found = accounts.iter().find(|account| account["email"] == email)?;
        TotpSecret::from_text(found["totp_secret"].as_str()?)
    }

    /// Runs a verb beside it; answers what it printed.
    pub(crate) fn cli(&self, arguments: &[&str]) -> String {
        let mut place = vec!["--data", self.data.to_str().unwrap()];
        if let Some(url) = &self.database {
            place.extend(["--database", url.as_str()]);
        }
        let output = run(&[arguments, place.as_slice()].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wabe {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A token for somebody, with these scopes or all of them.
    pub(crate) fn token(&self, email: &str, scopes: &[&str]) -> String {
        let mut arguments = vec!["token", "create", "--user", email];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        self.cli(&arguments)
    }

    /// The API for a token.
    pub(crate) fn api(&self, token: &str) -> Api {
        Api::new(self, token)
    }

    /// A new customer.
    pub(crate) fn customer(&self) -> Customer {
        let number = unique();
        let owner = format!("owner{number}@people.example");
        let (name, owner_name) = (format!("Customer {number}"), format!("Owner {number}"));
        let made = self.cli(&[
            "customer",
            "create",
            "--name",
            &name,
            "--plan",
            PLAN,
            "--owner-name",
            &owner_name,
            "--owner-email",
            &owner,
        ]);
        let mut lines = made.lines();
        let number = lines.next().unwrap().to_owned();
        let api = self.api(&self.token(&owner, &[]));
        Customer { number, owner, api }
    }
}

/// The URL of an empty database of the process's own PostgreSQL.
pub(crate) async fn empty_database() -> String {
    match Postgres::shared().await.empty_database().await {
        Location::Postgres(url) => url,
        Location::Sqlite(file) => panic!("{} is no PostgreSQL", file.display()),
    }
}

/// What a panel over `data` says when something is wrong.
fn errors_of(data: &Path) -> PathBuf {
    data.with_extension("stderr")
}

/// Where its configuration lies, if it has one.
fn config_of(data: &Path) -> PathBuf {
    data.with_extension("toml")
}

/// Where the packages of a demo's catalogue lie, if it has any.
fn plugins_of(data: &Path) -> PathBuf {
    data.with_extension("plugins")
}

/// Starts a panel that the kernel ends together with this thread.
fn spawn(verb: &str, (data, database): (&Path, Option<&str>), ready: &Path) -> Child {
    let mut command = Command::new("setpriv");
    // One with services is told to end, so that it ends them: nginx and PHP outlive a panel that is killed.
    let word = if verb == SERVICES { "TERM" } else { "KILL" };
    command.args(["--pdeathsig", word]).arg(binary());
    command
        .args(verb.split(' '))
        .args(["--ephemeral-ports", "--data"])
        .arg(data)
        .arg("--ready-file");
    command
        .arg(ready)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    if let Some(url) = database {
        command.args(["--database", url]);
    }
    if config_of(data).is_file() {
        command.arg("--config").arg(config_of(data));
    }
    if verb == "demo" && plugins_of(data).is_dir() {
        command.arg("--plugins").arg(plugins_of(data));
    }
    command.env_clear().env("PATH", "/usr/bin:/bin");
    let log = File::options()
        .create(true)
        .append(true)
        .open(errors_of(data))
        .unwrap();
    command.stderr(log).spawn().unwrap()
}

impl Drop for Panel {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads its output until it says that everything answers; false when it ends before or takes too
/// long. The rest is read by a thread, so that a full pipe never holds it up.
fn says_it_is_ready(child: &mut Child) -> bool {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        while output.read_line(&mut line).unwrap_or(0) > 0 {
            if line.contains("https://localhost:") {
                tell.send(()).unwrap_or_default();
                break;
            }
            line.clear();
        }
        drop(tell);
        drop(output.read_to_end(&mut Vec::new()));
    });
    told.recv_timeout(START).is_ok()
}
