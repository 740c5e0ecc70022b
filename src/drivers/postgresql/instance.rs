//! A private PostgreSQL: a folder and a port of its own, a child of this process.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use wabe_kernel::rng::random;
use wabe_kernel::{Clock, Rng, Secret, hex};

use crate::daemon::account::Account;
use crate::daemon::{Ending, Kept, Order};
use crate::database_server::server::Place;
use crate::postgresql::hba::Hba;
use crate::postgresql::{HOME, Postgresql};
use crate::private::{
    CERTIFICATE, KEY, Outside, Service, ServiceFault, make_folder, order, run, write_file,
};

const SERVICE: Service = Service {
    name: "PostgreSQL",
    package: "postgresql",
    user: "postgres",
};
/// Where Debian keeps the versions that are installed.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Who may connect, in the folder of an instance.
const HBA: &str = "hba.conf";
/// The superuser.
const SUPERUSER: &str = "postgres";
/// How often, and after which pause, it is asked whether it answers.
const LOOKS: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Who may connect at all, before any right is asked for. A customer's role comes into the database of its
/// name alone; whoever is no member of that role does not even get to give a password.
pub const FOR_CUSTOMERS: &str = "host all postgres 127.0.0.1/32 scram-sha-256\n\
    host samerole all 127.0.0.1/32 scram-sha-256\n";
/// Everybody who has a password, into everything that lets them in.
pub const FOR_EVERYBODY: &str = "host all all 127.0.0.1/32 scram-sha-256\n";

/// How a private instance is to be.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its folder; made where missing.
    pub folder: PathBuf,
    /// Its port on loopback.
    pub port: u16,
    /// Who may connect: the lines of `pg_hba.conf`.
    pub admits: &'static str,
    /// Further settings, `name=value`.
    pub more: &'static [&'static str],
}

/// A private instance that runs.
pub struct Instance {
    /// Where it is, and who administers it.
    pub place: Place,
    /// Where its programs are.
    pub programs: PathBuf,
    /// What keeps it running.
    pub kept: Kept,
}

/// Where the newest installed version keeps its programs.
pub(super) fn programs() -> Result<PathBuf, ServiceFault> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let usable = numbered.filter(|(_, bin)| bin.join("initdb").is_file());
    let newest = usable.max_by_key(|(version, _)| *version);
    newest.map(|(_, bin)| bin).ok_or(SERVICE.missing())
}

/// The superuser's password: made with the instance, and kept beside it for the next start.
fn password(file: &Path, account: Option<Account>, rng: &dyn Rng) -> io::Result<Secret> {
    if let Ok(text) = fs::read_to_string(file) {
        return Ok(Secret::new(text.trim()));
    }
    let digits = hex(&random::<24>(rng));
    write_file(file, &digits, account)?;
    Ok(Secret::new(digits))
}

/// Makes the data where there is none: beside its place first, so that half of it is never taken for all.
#[expect(clippy::disallowed_methods, reason = "the driver's own folders")]
fn make_data(programs: &Path, settings: &Settings, account: Option<Account>) -> io::Result<()> {
    let (data, unfinished) = (
        settings.folder.join("data"),
        settings.folder.join("data.new"),
    );
    if data.is_dir() {
        return Ok(());
    }
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let arguments: [OsString; 13] = [
        "-D".into(),
        unfinished.clone().into(),
        "--pwfile".into(),
        settings.folder.join("password").into(),
        "-U".into(),
        SUPERUSER.into(),
        "-A".into(),
        "scram-sha-256".into(),
        "--no-sync".into(),
        "--locale".into(),
        "C".into(),
        "--encoding".into(),
        "UTF8".into(),
    ];
    run(&programs.join("initdb"), &arguments, account)?;
    fs::rename(&unfinished, &data)
}

fn ordered(
    programs: &Path,
    settings: &Settings,
    account: Option<Account>,
    outside: Option<&Outside>,
) -> Order {
    let setting = |text: String| ["-c".into(), OsString::from(text)];
    let mut arguments: Vec<OsString> = vec!["-D".into(), settings.folder.join("data").into()];
    let own = [
        format!("port={}", settings.port),
        format!("hba_file={}", settings.folder.join(HBA).display()),
        format!("listen_addresses={}", Outside::addresses(outside)),
        "unix_socket_directories=".to_owned(),
        "password_encryption=scram-sha-256".to_owned(),
        "max_connections=200".to_owned(),
        // Whoever administers comes in also where customers have taken every place.
        "superuser_reserved_connections=10".to_owned(),
    ];
    let tls = outside.map(|_outside| {
        let at =
            |name: &str, file: &str| format!("{name}={}", settings.folder.join(file).display());
        [
            "ssl=on".to_owned(),
            "ssl_min_protocol_version=TLSv1.2".to_owned(),
            // Strangers hold a place until then, and so does whoever began to log in before a list became shorter.
            "authentication_timeout=10s".to_owned(),
            at("ssl_cert_file", CERTIFICATE),
            at("ssl_key_file", KEY),
        ]
    });
    let more = settings.more.iter().map(|text| (*text).to_owned());
    let all = own.into_iter().chain(tls.into_iter().flatten()).chain(more);
    arguments.extend(all.flat_map(setting));
    order(
        (programs.join("postgres"), arguments),
        (&settings.folder, account),
        Ending::Interrupt,
    )
}

/// An instance that was started and may not answer yet.
struct Launched {
    password: Secret,
    programs: PathBuf,
    hba: Hba,
    kept: Kept,
}

/// What takes seconds and blocks.
fn launch(
    settings: &Settings,
    rng: &dyn Rng,
    outside: Option<&Outside>,
) -> Result<Launched, ServiceFault> {
    let (programs, account) = (programs()?, SERVICE.account()?);
    let failed = SERVICE.files();
    make_folder(&settings.folder, account).map_err(&failed)?;
    let password = password(&settings.folder.join("password"), account, rng).map_err(&failed)?;
    let hba = Hba::new(settings.folder.join(HBA), settings.admits, account);
    hba.begin(outside.is_some()).map_err(&failed)?;
    Outside::lay(outside, &settings.folder, account).map_err(&failed)?;
    make_data(&programs, settings, account).map_err(&failed)?;
    let order = ordered(&programs, settings, account, outside);
    let kept = Kept::start(order).map_err(&failed)?;
    Ok(Launched {
        password,
        programs,
        hba,
        kept,
    })
}

impl Instance {
    /// Starts a private instance, and returns when it answers.
    ///
    /// # Errors
    /// `Missing` with the package that brings it; what its files or its log say.
    pub async fn start(
        settings: Settings,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<(Self, Arc<Postgresql>), ServiceFault> {
        Self::start_for(settings, None, clock, rng).await
    }

    /// The same for programs elsewhere too.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_for(
        settings: Settings,
        outside: Option<Outside>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<(Self, Arc<Postgresql>), ServiceFault> {
        let (asked, dice) = (settings.clone(), rng.clone());
        let remote = Outside::way(outside.as_ref());
        let launched =
            tokio::task::spawn_blocking(move || launch(&asked, dice.as_ref(), outside.as_ref()));
        let launched = launched.await.map_err(io::Error::other);
        let Launched {
            password,
            programs,
            hba,
            kept,
        } = launched.map_err(SERVICE.files())??;
        let place = Place {
            host: "127.0.0.1".to_owned(),
            port: settings.port,
            user: SUPERUSER.to_owned(),
            password,
            remote,
        };
        let server = Postgresql::with_rules((place.clone(), hba), clock, rng);
        for _look in 0..LOOKS {
            if server.admin(HOME).await.is_ok() {
                let instance = Self {
                    place,
                    programs,
                    kept,
                };
                return Ok((instance, server));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(SERVICE.silent(&settings.folder.join("log")))
    }
}
