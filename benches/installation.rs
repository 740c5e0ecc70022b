//! An installation of one's own: a data folder, a running `wabe`, people who are logged in.

use crate::client::{Answer, Connection, Place, Visit};
use crate::load::Caller;
use crate::report::Outcome;
use hyper::{Method, header};
use serde::Deserialize;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wabe_identity::factor::code::{STEP_SECONDS, TotpSecret, step_of};
use wabe_kernel::Clock as _;
use wabe_panel::ready::Account;
use wabe_panel::system::SystemClock;
use wabe_store::{Location, Statement, Store};
use wabe_testkit::{Bulk, fill};

/// The customer that rows in bulk begin with.
const FIRST: &str = "cus_01kaj000000000000000000000";
const BOUNDLESS: Statement = Statement {
    name: "bench.usage",
    sql: "UPDATE usage SET max = 1000000000000000",
};
const CONNECTIONS: Statement = Statement {
    name: "bench.connections",
    sql: "UPDATE plan SET database_connections_sum = 1000000000",
};
const USER: Statement = Statement {
    name: "bench.user",
    sql: "SELECT id FROM wabe_user WHERE email = $1",
};
const MOVE: Statement = Statement {
    name: "bench.member",
    sql: "UPDATE member SET customer_id = $1 \
          WHERE user_id = (SELECT id FROM wabe_user WHERE email = $2)",
};

/// The cookies of a session, and of a login whose code is still to come.
const SESSION: &str = "__Host-wabe=";
const HALF: &str = "__Host-wabe-half=";
/// So many codes of an app are tried.
const CODES: usize = 3;

/// What the ready file says.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    pub(crate) portal: String,
    pub(crate) sites_http: String,
    pub(crate) sites_https: String,
    pub(crate) smtp: String,
    pub(crate) ca_file: PathBuf,
    #[serde(default)]
    accounts: Vec<Account>,
}

/// A data folder, and the accounts that its demo made.
pub(crate) struct Folder {
    root: TempDir,
    location: Location,
    accounts: Vec<Account>,
    /// The configuration that every start has.
    config: String,
    /// Whether ports are those of the configuration.
    fixed_ports: bool,
    /// A program that becomes the panel, with what it is started with.
    through: Vec<OsString>,
}

/// A running panel; ends when dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) ready: Ready,
    /// From the start of the process to its first page.
    pub(crate) first_page: Duration,
}

/// The port at the end of an address.
pub(crate) fn port(address: &str) -> Outcome<u16> {
    let digits = address.rsplit(':').next().unwrap_or_default();
    Ok(digits.trim_end_matches('/').parse()?)
}

impl Folder {
    /// A fresh demo, ended again, whose customers may have as much of everything as they like.
    pub(crate) async fn new() -> Outcome<Self> {
        Self::on(None).await
    }

    /// The same with its state in an empty PostgreSQL database, if one is named.
    pub(crate) async fn on(postgres: Option<String>) -> Outcome<Self> {
        let root = tempfile::tempdir()?;
        let mut config = "proxies = [\"127.0.0.1\"]\n".to_owned();
        let location = match postgres {
            None => Location::Sqlite(root.path().join("data/wabe.db")),
            Some(url) => {
                writeln!(config, "database = {url:?}")?;
                Location::Postgres(url)
            }
        };
        let mut folder = Self {
            root,
            location,
            accounts: Vec::new(),
            config,
            fixed_ports: false,
            through: Vec::new(),
        };
        folder.configure("")?;
        let running = folder.start("demo").await?;
        folder.accounts.clone_from(&running.ready.accounts);
        running.end()?;
        let store = folder.store().await?;
        let mut tx = store.write().await?;
        BOUNDLESS.query().execute(&mut tx).await?;
        CONNECTIONS.query().execute(&mut tx).await?;
        tx.commit().await?;
        store.close().await;
        Ok(folder)
    }

    /// Where the data lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// The configuration.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.root.path().join("wabe.toml")
    }

    /// Has the next start configured with this, too.
    pub(crate) fn configure(&self, more: &str) -> Outcome<()> {
        Ok(std::fs::write(
            self.config_file(),
            format!("{}{more}", self.config),
        )?)
    }

    /// Starts at the ports that the configuration names from now on, and through a program that becomes the
    /// panel where one is named.
    pub(crate) fn settle_down(&mut self, through: Vec<OsString>) {
        self.fixed_ports = true;
        self.through = through;
    }

    /// Its database; the panel must not be running when it is written.
    pub(crate) async fn store(&self) -> Outcome<Store> {
        Ok(Store::open(&self.location).await?)
    }

    /// Adds rows in bulk.
    pub(crate) async fn fill(&self, customers: i64, mailboxes_each: i64) -> Outcome<()> {
        let store = self.store().await?;
        let bulk = Bulk {
            customers,
            mailboxes_each,
        };
        fill(&store, &SystemClock::default(), bulk).await?;
        store.close().await;
        Ok(())
    }

    /// Lets the first owner work in the first customer of the bulk, and nowhere else.
    pub(crate) async fn move_owner_to_bulk(&self) -> Outcome<()> {
        let store = self.store().await?;
        let mut tx = store.write().await?;
        let owner = self.account(0)?;
        MOVE.bind(FIRST).bind(&owner.email).execute(&mut tx).await?;
        tx.commit().await?;
        store.close().await;
        Ok(())
    }

    /// Whose account this is.
    pub(crate) async fn user(&self, account: &Account) -> Outcome<String> {
        let store = self.store().await?;
        let mut tx = store.read().await?;
        let found = USER.bind(&account.email).one(&mut tx).await?.text("id")?;
        tx.rollback().await?;
        store.close().await;
        Ok(found)
    }

    /// One of the demo's accounts: two owners, then staff.
    pub(crate) fn account(&self, place: usize) -> Outcome<&Account> {
        Ok(self
            .accounts
            .get(place)
            .ok_or("the demo has no such account")?)
    }

    /// Starts `wabe demo` or `wabe serve`, and waits for its login page.
    pub(crate) async fn start(&self, verb: &str) -> Outcome<Running> {
        let file = self.root.path().join("ready.json");
        if file.exists() {
            std::fs::remove_file(&file)?;
        }
        let begun = Instant::now();
        let mut command = self.command(verb);
        if !self.fixed_ports {
            command.arg("--ephemeral-ports");
        }
        let mut child = command.arg("--ready-file").arg(&file).spawn()?;
        while !file.exists() {
            if let Some(status) = child.try_wait()? {
                return Err(format!("wabe {verb} ended by itself: {status}").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let ready: Ready = serde_json::from_slice(&std::fs::read(&file)?)?;
        let mut running = Running {
            child,
            ready,
            first_page: Duration::ZERO,
        };
        let mut connection = running.connect().await?;
        connection
            .get("/login", &Visit::from(0)?)
            .await?
            .expect(200)?;
        running.first_page = begun.elapsed();
        Ok(running)
    }

    fn command(&self, verb: &str) -> Command {
        let panel = env!("CARGO_BIN_EXE_wabe");
        let mut command = match self.through.split_first() {
            None => Command::new(panel),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(panel);
                command
            }
        };
        command.args(verb.split(' ')).arg("--data").arg(self.data());
        command.arg("--config").arg(self.config_file());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// A token of the first owner, made by the command line beside the running panel.
    pub(crate) fn token(&self) -> Outcome<String> {
        let mut command = self.command("token create");
        let command = command
            .args(["--user", &self.account(0)?.email])
            .stdout(Stdio::piped());
        let output = command.output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl Running {
    /// The portal.
    pub(crate) fn portal(&self) -> Outcome<Place> {
        Place::new("localhost", port(&self.ready.portal)?, &self.ready.ca_file)
    }

    /// A connection to the portal.
    pub(crate) async fn connect(&self) -> Outcome<Connection> {
        Connection::open(&self.portal()?).await
    }

    /// Sends the login form.
    pub(crate) async fn log_in(
        &self,
        connection: &mut Connection,
        account: &Account,
        visit: &Visit,
    ) -> Outcome<Answer> {
        let form = format!(
            "next=%2F&email={}&password={}",
            encoded(&account.email),
            encoded(&account.password)
        );
        let visit = visit.clone().with("sec-fetch-site", "same-origin")?;
        let visit = visit.with("content-type", "application/x-www-form-urlencoded")?;
        connection
            .send(Method::POST, "/login", &visit, form.into())
            .await?
            .expect(303)
    }

    /// Visitors of one account, each with a session, an address and a connection of their own.
    pub(crate) async fn visitors(&self, account: &Account, count: usize) -> Outcome<Vec<Caller>> {
        let mut callers = Vec::new();
        for number in 1..=count {
            let mut connection = self.connect().await?;
            let visit = Visit::from(number)?;
            let answer = self.log_in(&mut connection, account, &visit).await?;
            let visit = visit.with("cookie", cookie(&answer, SESSION)?)?.packed()?;
            callers.push(Caller::new(&self.portal()?, visit).await?);
        }
        Ok(callers)
    }

    /// An employee who logged in with a code of their app.
    pub(crate) async fn employee(&self, account: &Account) -> Outcome<Visit> {
        let secret = account.totp_secret.as_deref();
        let secret = secret.and_then(TotpSecret::from_text);
        let secret = secret.ok_or("this account has no app")?;
        let visit = Visit::from(1)?;
        let mut connection = self.connect().await?;
        let answer = self.log_in(&mut connection, account, &visit).await?;
        let asking = visit.clone().with("cookie", cookie(&answer, HALF)?)?;
        let asking = asking.with("sec-fetch-site", "same-origin")?;
        let asking = asking.with("content-type", "application/x-www-form-urlencoded")?;
        for _ in 0..CODES {
            let code = secret.code(step_of(SystemClock::default().now()))?;
            let form = format!("next=%2F&code={}", code.expose());
            let mut connection = self.connect().await?;
            let send = connection.send(Method::POST, "/login/factor", &asking, form.into());
            let answer = send.await?;
            if answer.status == 303 {
                return visit.with("cookie", cookie(&answer, SESSION)?);
            }
            // Each code is good once, and the demo itself used one.
            tokio::time::sleep(Duration::from_secs(STEP_SECONDS.unsigned_abs())).await;
        }
        Err("no code of the app was taken".into())
    }

    /// Memory that the process holds, in MiB.
    pub(crate) fn resident(&self) -> Outcome<f64> {
        resident(self.child.id())
    }

    /// Ends it as an operator would.
    pub(crate) fn end(mut self) -> Outcome<()> {
        tell(&self.child)?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone after `end`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn tell(child: &Child) -> Outcome<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let id = Pid::from_raw(i32::try_from(child.id())?).ok_or("a process without a number")?;
    Ok(kill_process(id, Signal::TERM)?)
}

/// Memory that a process holds, in MiB.
pub(crate) fn resident(process: u32) -> Outcome<f64> {
    let text =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line
        .unwrap_or_default()
        .trim()
        .trim_end_matches(" kB")
        .parse()?;
    Ok(kib / 1_024.0)
}

/// The cookie of an answer that begins like this, as it is sent back.
fn cookie<'a>(answer: &'a Answer, begin: &str) -> Outcome<&'a str> {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let found = cookies.find(|cookie| cookie.starts_with(begin));
    Ok(found.ok_or("the login gave no cookie")?)
}

/// A value of a form.
fn encoded(text: &str) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    text.bytes()
        .flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)])
        .collect()
}
