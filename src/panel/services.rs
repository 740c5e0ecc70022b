//! Private instances of real services, for `wabe demo --services`: in a folder and on ports of their own,
//! children of this process. The system's own services are not touched.

use crate::ground::Ground;
use crate::node::authority;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_drivers::database_server::server::{DatabaseServer, Trouble};
use wabe_drivers::private::{Outside, ServiceFault, free_port};
use wabe_drivers::{mariadb, postgresql};
use wabe_kernel::Fault;

/// Where instances lie when this process is root: the system's users that they run as do not come into the
/// data folder, which is its owner's alone.
const SYSTEM: &str = "/var/lib/wabe-services";
/// Names the data folder that an instance belongs to.
const OWNER: &str = "data-folder";

/// How long a certificate of theirs lives, in days; each start makes a new one.
const CERTIFICATE_DAYS: u16 = 397;

/// The private services.
pub struct Services {
    /// Where MariaDB answers, `host:port`.
    pub mariadb: String,
    /// Where PostgreSQL answers, `host:port`.
    pub postgresql: String,
    servers: Vec<Arc<dyn DatabaseServer>>,
    instances: (mariadb::instance::Instance, postgresql::instance::Instance),
}

fn failed(error: io::Error) -> Fault {
    Fault::because("make the folder of the private services", error)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Where the services of a data folder lie.
fn place(data: &Path) -> PathBuf {
    if !is_root() {
        return data.join("node").join("services");
    }
    // One folder for each data folder, named after its path in letters that every path can be made of.
    let name: String = data
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(*byte).to_string(),
            other => format!("-{other:02x}"),
        })
        .collect::<Vec<_>>()
        .concat();
    let tail = name.len().saturating_sub(200);
    Path::new(SYSTEM).join(name.get(tail..).unwrap_or("data"))
}

/// Makes the folder of a data folder's services, through which their users come to their own.
fn folder(data: &Path) -> io::Result<PathBuf> {
    let place = place(data);
    let mut builder = fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(if is_root() { 0o711 } else { 0o700 });
    builder.create(&place)?;
    if is_root() {
        sweep()?;
        #[expect(clippy::disallowed_methods, reason = "a note of the panel's own")]
        fs::write(place.join(OWNER), data.as_os_str().as_encoded_bytes())?;
    }
    Ok(place)
}

/// Removes the services of data folders that are gone.
fn sweep() -> io::Result<()> {
    for entry in fs::read_dir(SYSTEM)? {
        let path = entry?.path();
        let Ok(owner) = fs::read(path.join(OWNER)) else {
            continue;
        };
        if !Path::new(std::ffi::OsStr::from_bytes(&owner)).exists() {
            remove(&path)?;
        }
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a folder that the panel made for its own services"
)]
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Where the services of a data folder lie, which may not be there yet.
///
/// # Errors
/// When the path cannot be followed.
pub fn of(data: &Path) -> Result<PathBuf, Fault> {
    let known = data.canonicalize();
    let data = known.or_else(|_missing| std::path::absolute(data));
    Ok(place(&data.map_err(failed)?))
}

/// Removes what services left behind.
///
/// # Errors
/// When it cannot be removed.
pub fn forget(place: &Path) -> Result<(), Fault> {
    remove(place).map_err(failed)
}

fn unstarted(fault: ServiceFault) -> Fault {
    Fault::because("start the private services", fault)
}

fn unprepared(trouble: Trouble) -> Fault {
    let (Trouble::Away(detail) | Trouble::Refused(detail)) = trouble;
    Fault::because("prepare PostgreSQL", io::Error::other(detail))
}

/// What the servers prove themselves with to programs elsewhere, signed by the local authority; nothing where
/// nobody comes from elsewhere.
fn outside(ground: &Ground) -> Result<Option<Outside>, Fault> {
    let Some(remote) = &ground.config.databases.remote else {
        return Ok(None);
    };
    let ca = authority(ground)?;
    let issued = ca
        .issue(&[remote.name.as_str()], CERTIFICATE_DAYS)
        .map_err(|error| Fault::because("certify databases.remote.name", error))?;
    Ok(Some(Outside {
        host: remote.name.clone(),
        listen: remote.listen.clone(),
        certificate: issued.cert_pem,
        key: issued.key_pem,
        authority: ca.ca_pem().to_owned(),
    }))
}

impl Services {
    /// Starts MariaDB and PostgreSQL, and returns when both answer.
    ///
    /// # Errors
    /// Which one is not installed, with the package that brings it; or what it said instead.
    pub async fn start(ground: &Ground, ephemeral: bool) -> Result<Self, Fault> {
        let folder = folder(ground.data.path()).map_err(failed)?;
        let listen = &ground.config.listen;
        let port = |configured: u16| {
            if ephemeral {
                free_port().map_err(|error| Fault::because("find a free port", error))
            } else {
                Ok(configured)
            }
        };
        let (clock, rng) = (ground.clock.clone(), ground.rng.clone());
        let at = (folder.join("mariadb"), port(listen.mariadb.port())?);
        let settings = postgresql::instance::Settings {
            folder: folder.join("postgresql"),
            port: port(listen.postgresql.port())?,
            admits: postgresql::instance::FOR_CUSTOMERS,
            more: &[],
        };
        let (here, outside) = ((at.0.as_path(), at.1), outside(ground)?);
        let mariadb = mariadb::instance::Instance::start_for(
            here,
            outside.clone(),
            clock.clone(),
            rng.clone(),
        );
        let postgresql = postgresql::instance::Instance::start_for(settings, outside, clock, rng);
        let (mariadb, postgresql) = tokio::join!(mariadb, postgresql);
        let (maria, maria_server) = mariadb.map_err(unstarted)?;
        let (postgres, postgres_server) = postgresql.map_err(unstarted)?;
        postgres_server.prepare().await.map_err(unprepared)?;
        Ok(Self {
            mariadb: format!("{}:{}", maria.place.host, maria.place.port),
            postgresql: format!("{}:{}", postgres.place.host, postgres.place.port),
            servers: vec![maria_server, postgres_server],
            instances: (maria, postgres),
        })
    }

    /// The servers for customers' databases.
    #[must_use]
    pub fn servers(&self) -> Vec<Arc<dyn DatabaseServer>> {
        self.servers.clone()
    }

    /// Ends all of them in order.
    pub async fn end(self) {
        let ending = tokio::task::spawn_blocking(move || {
            let (maria, postgres) = self.instances;
            maria.kept.end();
            postgres.kept.end();
        });
        if ending.await.is_err() {
            tracing::error!("the private services were not ended in order");
        }
    }
}
