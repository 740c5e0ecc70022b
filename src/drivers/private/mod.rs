//! Private instances of real services: a folder and a port of their own, daemons that follow this process,
//! started again when they die. They never touch the system's own.
//!
//! Invariants: a service listens on loopback, and elsewhere only with an [`Outside`]; it runs as the system's
//! user for it when this process is root, and ends with this process, however that ends. Where a program is
//! missing, the error names the package that brings it.

mod outside;

use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;

pub use outside::Outside;
pub(crate) use outside::{CERTIFICATE, KEY};

use crate::daemon::account::Account;
use crate::daemon::{self, Ending, Environment, Order};

/// How long the end of a service may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where services find programs of their own.
const PATHS: Environment = &[("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")];
/// What is shown of a log when a service does not start, in bytes.
const TAIL_BYTES: u64 = 800;

/// Why a service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServiceFault {
    /// One of its programs is not installed.
    #[error("{service} is not installed: apt-get install {package}")]
    Missing {
        /// What people call it.
        service: &'static str,
        /// The package of Debian that brings it.
        package: &'static str,
    },
    /// Its files could not be made.
    #[error("prepare {service}: {fault}")]
    Files {
        /// What people call it.
        service: &'static str,
        /// What the system said.
        fault: io::Error,
    },
    /// It was started and does not answer.
    #[error("{service} does not answer; its log ends with: {log}")]
    Silent {
        /// What people call it.
        service: &'static str,
        /// The end of its log.
        log: String,
    },
}

/// What a service is called, and the package that brings it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    /// The system's user that it runs as.
    pub(crate) user: &'static str,
}

impl Service {
    pub(crate) const fn missing(self) -> ServiceFault {
        ServiceFault::Missing {
            service: self.name,
            package: self.package,
        }
    }

    pub(crate) fn files(self) -> impl Fn(io::Error) -> ServiceFault {
        move |fault| ServiceFault::Files {
            service: self.name,
            fault,
        }
    }

    pub(crate) fn silent(self, log: &Path) -> ServiceFault {
        ServiceFault::Silent {
            service: self.name,
            log: tail(log).unwrap_or_default(),
        }
    }

    /// The program at the first of these paths that is there.
    pub(crate) fn program(self, paths: &[&str]) -> Result<PathBuf, ServiceFault> {
        let found = paths.iter().map(PathBuf::from).find(|path| path.is_file());
        found.ok_or(self.missing())
    }

    /// Who it runs as; nobody else when this process is not root.
    pub(crate) fn account(self) -> Result<Option<Account>, ServiceFault> {
        Account::of(self.user).map_err(|fault| match fault.kind() {
            io::ErrorKind::NotFound => self.missing(),
            _ => self.files()(fault),
        })
    }
}

/// How a service that keeps its things in `folder` is run.
pub(crate) fn order(
    (program, arguments): (PathBuf, Vec<OsString>),
    (folder, account): (&Path, Option<Account>),
    ending: Ending,
) -> Order {
    let name = program.file_name().unwrap_or_default();
    Order {
        name: name.to_string_lossy().into_owned(),
        program,
        arguments,
        environment: PATHS,
        account,
        group_file: folder.join("group"),
        reload: Signal::HUP,
        ending,
        patience: PATIENCE,
        follows: true,
        log: Some(folder.join("log")),
        confined: None,
    }
}

/// Runs a program of a service to its end. Blocks; for programs that take seconds.
///
/// # Errors
/// What starting it says, or what it said itself when it did not end well.
pub(crate) fn run(
    program: &Path,
    arguments: &[OsString],
    account: Option<Account>,
) -> io::Result<()> {
    daemon::run((program, arguments), PATHS, account).map(drop)
}

/// A port of this machine that nobody listens on.
///
/// # Errors
/// When the system has none left.
pub fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Makes a folder that only the service looks into, where missing.
pub(crate) fn make_folder(path: &Path, account: Option<Account>) -> io::Result<()> {
    if !path.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    }
    account.map_or(Ok(()), |account| account.own(path))
}

/// Writes a file that only the service reads.
pub(crate) fn write_file(path: &Path, text: &str, account: Option<Account>) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    account.map_or(Ok(()), |account| account.own(path))
}

/// The end of a log.
fn tail(log: &Path) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}
