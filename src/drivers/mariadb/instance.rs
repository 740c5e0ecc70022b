//! A private MariaDB: a folder and a port of its own, a child of this process.
//!
//! Its administrator has another password with each start, which is kept in memory only: the server reads
//! the hash from a file before it takes the first connection.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use wabe_kernel::rng::random;
use wabe_kernel::{Clock, Engine, PasswordVerifier, Rng, Secret, hex};

use crate::daemon::account::Account;
use crate::daemon::{Ending, Kept, Order};
use crate::database_server::server::Place;
use crate::mariadb::Mariadb;
use crate::private::{
    CERTIFICATE, KEY, Outside, Service, ServiceFault, make_folder, order, run, write_file,
};

const SERVICE: Service = Service {
    name: "MariaDB",
    package: "mariadb-server",
    user: "mysql",
};
/// Where Debian keeps its programs.
const SERVER: &[&str] = &["/usr/sbin/mariadbd", "/usr/sbin/mysqld"];
const INSTALL: &[&str] = &["/usr/bin/mariadb-install-db", "/usr/bin/mysql_install_db"];
/// The administrator.
const ADMINISTRATOR: &str = "wabe";
/// How often, and after which pause, it is asked whether it answers.
const LOOKS: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// A private instance that runs.
pub struct Instance {
    /// Where it is, and who administers it.
    pub place: Place,
    /// What keeps it running.
    pub kept: Kept,
}

/// What the server does before it takes connections. The name is ours, and the verifier has no quotes.
fn first(verifier: &PasswordVerifier) -> String {
    format!(
        "CREATE OR REPLACE USER '{ADMINISTRATOR}'@'127.0.0.1' IDENTIFIED VIA mysql_native_password \
         USING '{verifier}';\nGRANT ALL PRIVILEGES ON *.* TO '{ADMINISTRATOR}'@'127.0.0.1' WITH GRANT OPTION;\n"
    )
}

/// Makes the data where there is none: beside its place first, so that half of it is never taken for all.
#[expect(clippy::disallowed_methods, reason = "the driver's own folders")]
fn make_data(folder: &Path, account: Option<Account>) -> Result<(), ServiceFault> {
    let failed = SERVICE.files();
    let (data, unfinished) = (folder.join("data"), folder.join("data.new"));
    if data.is_dir() {
        return Ok(());
    }
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(&failed)?;
    }
    let mut place: OsString = "--datadir=".into();
    place.push(&unfinished);
    let arguments = [
        "--no-defaults".into(),
        place,
        // Nobody is root without a password: the system's root through the socket alone, and no test data.
        "--auth-root-authentication-method=socket".into(),
        "--skip-test-db".into(),
        "--skip-name-resolve".into(),
    ];
    run(&SERVICE.program(INSTALL)?, &arguments, account).map_err(&failed)?;
    fs::rename(&unfinished, &data).map_err(&failed)
}

fn ordered(
    program: PathBuf,
    (folder, port): (&Path, u16),
    account: Option<Account>,
    outside: Option<&Outside>,
) -> Order {
    let beneath = |option: &str, name: &str| {
        let mut argument = OsString::from(option);
        argument.push(folder.join(name));
        argument
    };
    let mut arguments = vec![
        "--no-defaults".into(),
        beneath("--datadir=", "data"),
        beneath("--init-file=", "first.sql"),
        beneath("--secure-file-priv=", "nothing"),
        format!("--port={port}").into(),
        format!("--bind-address={}", Outside::addresses(outside)).into(),
    ];
    if outside.is_some() {
        arguments.push("--tls-version=TLSv1.2,TLSv1.3".into());
        arguments.push(beneath("--ssl-cert=", CERTIFICATE));
        arguments.push(beneath("--ssl-key=", KEY));
    }
    let plain = [
        // Beneath the data: paths of sockets must be short.
        "--socket=s.sock",
        "--pid-file=pid",
        "--skip-name-resolve",
        "--skip-log-bin",
        // It ends itself where a rollback finds no room. What it would look up first keeps it down for many seconds,
        // and puts customers' statements into its log.
        "--skip-stack-trace",
        "--local-infile=0",
        "--symbolic-links=0",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        // How much a database holds is read from InnoDB's files; whoever names another engine gets this one.
        "--enforce-storage-engine=InnoDB",
        "--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO",
        "--innodb-buffer-pool-size=64M",
        "--max-connections=200",
    ];
    arguments.extend(plain.into_iter().map(OsString::from));
    order((program, arguments), (folder, account), Ending::Terminate)
}

/// What takes seconds and blocks.
fn launch(
    (folder, port): (&Path, u16),
    verifier: &PasswordVerifier,
    outside: Option<&Outside>,
) -> Result<Kept, ServiceFault> {
    let (program, account) = (SERVICE.program(SERVER)?, SERVICE.account()?);
    let failed = SERVICE.files();
    for place in [folder.to_owned(), folder.join("nothing")] {
        make_folder(&place, account).map_err(&failed)?;
    }
    write_file(&folder.join("first.sql"), &first(verifier), account).map_err(&failed)?;
    Outside::lay(outside, folder, account).map_err(&failed)?;
    make_data(folder, account)?;
    let order = ordered(program, (folder, port), account, outside);
    Kept::start(order).map_err(&failed)
}

impl Instance {
    /// Starts a private instance in `folder` on `port` of loopback, and returns when it answers.
    ///
    /// # Errors
    /// `Missing` with the package that brings it; what its files or its log say.
    pub async fn start(
        place: (&Path, u16),
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<(Self, Arc<Mariadb>), ServiceFault> {
        Self::start_for(place, None, clock, rng).await
    }

    /// The same for programs elsewhere too.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_for(
        (folder, port): (&Path, u16),
        outside: Option<Outside>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<(Self, Arc<Mariadb>), ServiceFault> {
        let password = Secret::new(hex(&random::<24>(rng.as_ref())));
        let verifier = PasswordVerifier::of(Engine::Mariadb, &password, rng.as_ref());
        let verifier = verifier.ok_or_else(|| io::Error::other("no verifier"));
        let (verifier, place) = (verifier.map_err(SERVICE.files())?, folder.to_owned());
        let remote = Outside::way(outside.as_ref());
        let launched = tokio::task::spawn_blocking(move || {
            launch((&place, port), &verifier, outside.as_ref())
        });
        let launched = launched.await.map_err(io::Error::other);
        let kept = launched.map_err(SERVICE.files())??;
        let place = Place {
            host: "127.0.0.1".to_owned(),
            port,
            user: ADMINISTRATOR.to_owned(),
            password,
            remote,
        };
        let server = Mariadb::new(place.clone(), clock, rng);
        for _look in 0..LOOKS {
            if server.version().await.is_ok() {
                return Ok((Self { place, kept }, server));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(SERVICE.silent(&folder.join("log")))
    }
}
