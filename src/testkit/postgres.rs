//! One private PostgreSQL per test process.
//!
//! Invariants: it is a private instance as `wabe demo --services` starts it, on loopback and a port of its
//! own, beneath a folder of its own, and ends with the process that started it. What an earlier process
//! left behind is swept.

use crate::{TestClock, TestRng};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::{Mutex, OnceCell};
use wabe_drivers::postgresql::instance::{FOR_EVERYBODY, Instance, Settings};
use wabe_drivers::private::free_port;
use wabe_store::{Location, Store};

/// The folder's name before the process id.
const FOLDER: &str = "wabe-test-postgres-";
/// The owner of the panel's schema: an ordinary role that may make roles, as an operator would set up.
const OWNER: &str = "wabe_owner";
/// The migrated database that every test's own is copied from.
const TEMPLATE: &str = "wabe_template";
/// Opens this server and nothing else; it ends with the tests.
const PASSWORD: &str = "only-for-tests";
/// What is lost with the power does not matter here.
const CARELESS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

static SHARED: OnceCell<Postgres> = OnceCell::const_new();
/// So many databases that nobody uses any more are dropped together: a hundred would fill a disk, one at a time costs
/// each test a program's start.
const TOGETHER: usize = 16;

static COUNT: AtomicU32 = AtomicU32::new(0);
/// The names of databases that nobody uses any more.
static GIVEN_BACK: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// A database that goes when this does.
pub(crate) struct Lent(String);

impl Lent {
    pub(crate) fn of(location: &Location) -> Self {
        Self(database_of(location).unwrap_or_default().to_owned())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Ok(mut names) = GIVEN_BACK.lock() {
            names.push(std::mem::take(&mut self.0));
        }
    }
}

/// The name of a location's database.
fn database_of(location: &Location) -> Option<&str> {
    let Location::Postgres(url) = location else {
        return None;
    };
    let (_, database) = url.rsplit_once('/')?;
    database.split('?').next()
}

/// A running PostgreSQL.
pub struct Postgres {
    instance: Instance,
    /// A template must not be in use while it is copied.
    copying: Mutex<()>,
}

impl Postgres {
    /// The server of this process, started on first use, with its migrated template.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    async fn start() -> Self {
        sweep();
        let settings = Settings {
            folder: std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id())),
            port: free_port().expect("a port is free"),
            admits: FOR_EVERYBODY,
            more: CARELESS,
        };
        // The superuser's password is the same in every run, and no test writes it down.
        let (clock, rng) = (Arc::new(TestClock::default()), Arc::new(TestRng::seeded(1)));
        let started = Instance::start(settings, clock, rng).await;
        let (instance, _server) = started.expect("PostgreSQL starts");
        let server = Self {
            instance,
            copying: Mutex::new(()),
        };
        server.sql(
            "postgres",
            "postgres",
            &[&format!(
                "CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE PASSWORD '{PASSWORD}'"
            )],
        );
        server.create_database(TEMPLATE, "template0");
        let store = Store::open(&server.location(TEMPLATE))
            .await
            .expect("the template opens");
        store.migrate().await.expect("the template migrates");
        store.close().await;
        server
    }

    /// A fresh copy of the migrated template; it ends with the server, if not before.
    pub async fn database(&self) -> Location {
        let copying = self.copying.lock().await;
        self.drop_given_back();
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
        if let Some(database) = database_of(location) {
            self.sql("postgres", database, &[sql]);
        }
    }

    fn drop_given_back(&self) {
        let names = match GIVEN_BACK.lock() {
            Ok(mut names) if names.len() >= TOGETHER => std::mem::take(&mut *names),
            _ => return,
        };
        let dropped = names
            .iter()
            .map(|name| format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
        let dropped: Vec<String> = dropped.collect();
        let dropped: Vec<&str> = dropped.iter().map(String::as_str).collect();
        self.sql("postgres", "postgres", &dropped);
    }

    fn location(&self, database: &str) -> Location {
        let port = self.instance.place.port;
        Location::Postgres(format!(
            "postgres://{OWNER}:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode=disable"
        ))
    }

    fn client(&self, program: &str, user: &str) -> Command {
        let place = &self.instance.place;
        let password = if user == place.user {
            place.password.expose()
        } else {
            PASSWORD
        };
        let mut command = Command::new(self.instance.programs.join(program));
        command
            .env_clear()
            .env("PGPASSWORD", password)
            .args(["--host", "127.0.0.1", "--username", user, "--port"])
            .arg(place.port.to_string());
        command
    }

    fn create_database(&self, name: &str, template: &str) {
        let mut command = self.client("createdb", OWNER);
        command.args(["--template", template, "--encoding", "UTF8"]);
        expect_success(&command.args(["--locale", "C", name]).output());
    }

    /// Runs statements one after the other, each in a transaction of its own.
    fn sql(&self, user: &str, database: &str, statements: &[&str]) {
        let mut command = self.client("psql", user);
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
        command.args(["--dbname", database]);
        for statement in statements {
            command.args(["--command", statement]);
        }
        expect_success(&command.output());
    }
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
