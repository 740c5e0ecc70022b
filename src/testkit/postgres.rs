//! One private PostgreSQL per test process.
//!
//! Invariants: it listens on loopback and a port of its own, works beneath a folder of its own, and
//! ends with the process that started it: its parent-death signal is SIGINT, sent because the thread
//! that started it waits until the process is gone. What an earlier process left behind is swept.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};
use wabe_store::{Location, Store};

/// The folder's name before the process id.
const FOLDER: &str = "wabe-test-postgres-";
/// The owner of the panel's schema: an ordinary role that may make roles, as an operator would set up.
const OWNER: &str = "wabe_owner";
/// The migrated database that every test's own is copied from.
const TEMPLATE: &str = "wabe_template";
/// Opens this server and nothing else; it ends with the tests.
const PASSWORD: &str = "only-for-tests";

static SHARED: OnceCell<Postgres> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A running PostgreSQL.
pub struct Postgres {
    bin: PathBuf,
    port: u16,
    /// A template must not be in use while it is copied.
    copying: Mutex<()>,
}

impl Postgres {
    /// The server of this process, started on first use, with its migrated template.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    async fn start() -> Self {
        let starting = tokio::task::spawn_blocking(launch);
        let server = starting.await.expect("PostgreSQL starts");
        server.sql(
            "postgres",
            "postgres",
            &format!("CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{PASSWORD}'"),
        );
        server.create_database(TEMPLATE, "template0");
        let store = Store::open(&server.location(TEMPLATE))
            .await
            .expect("the template opens");
        store.migrate().await.expect("the template migrates");
        store.close().await;
        server
    }

    /// A fresh copy of the migrated template; it ends with the server.
    pub async fn database(&self) -> Location {
        let copying = self.copying.lock().await;
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.create_database(&name, TEMPLATE);
        drop(copying);
        self.location(&name)
    }

    /// An empty database without any schema.
    pub async fn empty_database(&self) -> Location {
        let copying = self.copying.lock().await;
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.create_database(&name, "template0");
        drop(copying);
        self.location(&name)
    }

    /// Runs SQL as the superuser in the database of `location`.
    pub fn as_superuser(&self, location: &Location, sql: &str) {
        let Location::Postgres(url) = location else {
            return;
        };
        let (_, database) = url.rsplit_once('/').expect("a location names its database");
        self.sql("postgres", database, sql);
    }

    fn location(&self, database: &str) -> Location {
        let port = self.port;
        Location::Postgres(format!(
            "postgres://{OWNER}:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode=disable"
        ))
    }

    fn client(&self, program: &str, user: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .env_clear()
            .env("PGPASSWORD", PASSWORD)
            .args(["--host", "127.0.0.1", "--username", user, "--port"])
            .arg(self.port.to_string());
        command
    }

    fn create_database(&self, name: &str, template: &str) {
        let mut command = self.client("createdb", OWNER);
        command.args(["--template", template, "--encoding", "UTF8"]);
        expect_success(&command.args(["--locale", "C", name]).output());
    }

    fn sql(&self, user: &str, database: &str, sql: &str) {
        let database = database.split('?').next().unwrap_or(database);
        let mut command = self.client("psql", user);
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        expect_success(
            &command
                .args(["--dbname", database, "--command", sql])
                .output(),
        );
    }
}

/// Starts the server and waits until it answers.
fn launch() -> Postgres {
    sweep();
    let bin = binaries();
    let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the server's folder can be made");
    let account = account(&folder);
    let password = folder.join("password");
    fs::write(&password, format!("{PASSWORD}\n")).expect("the password file can be written");
    if account.is_some() {
        let owner = fs::metadata(&folder).expect("the folder is there");
        chown(&password, Some(owner.uid()), Some(owner.gid())).expect("the file can be given away");
    }
    let mut init = as_account(account, &bin.join("initdb"), None);
    init.arg("-D")
        .arg(folder.join("data"))
        .arg("--pwfile")
        .arg(password);
    init.args(["-U", "postgres", "-A", "scram-sha-256", "--no-sync"]);
    expect_success(&init.args(["--locale", "C", "--encoding", "UTF8"]).output());
    let port = free_port();
    let mut serve = as_account(account, &bin.join("postgres"), Some("INT"));
    serve
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(&folder);
    serve.args([
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "max_connections=200",
    ]);
    serve.args([
        "-c",
        "fsync=off",
        "-c",
        "synchronous_commit=off",
        "-c",
        "full_page_writes=off",
    ]);
    serve.arg("-p").arg(port.to_string());
    keep(serve, &folder);
    let server = Postgres {
        bin,
        port,
        copying: Mutex::new(()),
    };
    server.wait(&folder.join("log"));
    server
}

impl Postgres {
    /// Returns when the server takes connections.
    fn wait(&self, log: &Path) {
        let answers = (0..600).any(|_| {
            let mut command = self.client("pg_isready", "postgres");
            let status = command.arg("--quiet").status();
            if !status.is_ok_and(|status| status.success()) {
                std::thread::park_timeout(Duration::from_millis(50));
                return false;
            }
            true
        });
        let said = fs::read_to_string(log).unwrap_or_default();
        assert!(
            answers,
            "PostgreSQL does not answer within half a minute: {said}"
        );
    }
}

/// Starts the server from a thread that lives as long as the process does.
fn keep(mut serve: Command, folder: &Path) {
    let log = fs::File::create(folder.join("log")).expect("the log can be made");
    serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let thread = std::thread::Builder::new().name("postgres".to_owned());
    let kept = thread.spawn(move || {
        let mut child: Child = serve.spawn().expect("the server starts");
        // Until the server ends; in the ordinary case the process ends first.
        drop(child.wait());
    });
    drop(kept.expect("a thread can be started"));
}

/// The uid and gid to run the server as: it refuses to run as root.
fn account(folder: &Path) -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").map_or(1, |own| own.uid()) != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the list of users can be read");
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let mut parts = line.expect("there is a user postgres").split(':').skip(2);
    let mut number = || parts.next().and_then(|part| part.parse().ok());
    let (uid, gid) = number().zip(number()).expect("a user has numbers");
    chown(folder, Some(uid), Some(gid)).expect("the folder can be given away");
    Some((uid, gid))
}

fn as_account(account: Option<(u32, u32)>, program: &Path, signal: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = account {
        command
            .arg(format!("--reuid={uid}"))
            .arg(format!("--regid={gid}"));
        command.arg("--clear-groups");
    }
    if let Some(signal) = signal {
        command.arg("--pdeathsig").arg(signal);
    }
    command.arg(program).current_dir("/");
    command
}

/// Where the newest installed PostgreSQL keeps its programs.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let numbered = versions.flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let usable = numbered.filter(|(_, bin)| bin.join("initdb").exists());
    usable.max().expect("a PostgreSQL server is installed").1
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener
        .local_addr()
        .expect("a listener has an address")
        .port()
}

/// Removes the folders of processes that are gone.
fn sweep() {
    let entries = fs::read_dir(std::env::temp_dir())
        .into_iter()
        .flatten()
        .flatten();
    for entry in entries {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            // Somebody else's folder stays; it is theirs to sweep.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn expect_success(output: &std::io::Result<Output>) {
    let output = output.as_ref().expect("a program of PostgreSQL can be run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let result = if output.status.success() {
        Ok(())
    } else {
        Err(said)
    };
    result.expect("a program of PostgreSQL does its work");
}
