//! One version of PHP, its master process, and the pools that share it.

use rustix::process::Signal;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use wabe_kernel::PhpVersion;
use wabe_kernel::id::WebspaceId;

use crate::daemon::{self, Daemon, Ending, Order};
use crate::embedded::web::durable;
use crate::php::{group_in, name_of, pool};

/// One version: its master process and its pools.
pub(super) struct Master {
    pub(super) version: PhpVersion,
    pub(super) program: PathBuf,
    /// What the program is called with, whatever it is to do.
    pub(super) arguments: Vec<OsString>,
    /// `{version}` beneath the folder of all pools.
    pub(super) folder: PathBuf,
    pub(super) daemon: Arc<Daemon>,
    pub(super) is_started: AtomicBool,
}

impl Master {
    /// `without_users`: whether pools may run as whoever runs us, be that root.
    pub(super) fn open(
        folder: &Path,
        version: PhpVersion,
        (program, without_users): (PathBuf, bool),
    ) -> std::io::Result<Self> {
        let folder = folder.join(version.to_string());
        std::fs::create_dir_all(folder.join("pool"))?;
        let arguments = Self::arguments_of(&folder.join("fpm.conf"), without_users);
        let daemon = Daemon::new(Order {
            name: name_of(version),
            program: program.clone(),
            arguments: arguments.iter().cloned().chain(["-F".into()]).collect(),
            environment: daemon::GREENWICH,
            account: None,
            group_file: group_in(&folder),
            reload: Signal::USR2,
            ending: Ending::Quit,
            patience: daemon::FAREWELL,
            follows: false,
            log: None,
            confined: None,
        });
        let master = Self {
            version,
            program,
            arguments,
            folder,
            daemon,
            is_started: AtomicBool::new(false),
        };
        master.write_head()?;
        Ok(master)
    }

    /// What the program is called with over this configuration. Code that is compiled and kept is nobody's
    /// who could not read it himself.
    fn arguments_of(head: &Path, without_users: bool) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["-y".into(), head.into()];
        for setting in ["opcache.validate_permission=1", "opcache.validate_root=1"] {
            arguments.extend(["-d".into(), setting.into()]);
        }
        if without_users && rustix::process::geteuid().is_root() {
            arguments.push("-R".into());
        }
        arguments
    }

    fn head(&self) -> PathBuf {
        self.folder.join("fpm.conf")
    }

    pub(super) fn pools(&self) -> PathBuf {
        self.folder.join("pool")
    }

    /// Where the pool of this webspace lies.
    pub(super) fn pool(&self, id: WebspaceId) -> PathBuf {
        self.pools().join(format!("{id}.conf"))
    }

    /// Whether it has any pool.
    pub(super) fn is_needed(&self) -> bool {
        std::fs::read_dir(self.pools()).is_ok_and(|mut pools| pools.next().is_some())
    }

    fn write_head(&self) -> std::io::Result<()> {
        let text = pool::head(&self.folder);
        let text = text.map_err(|fault| std::io::Error::other(fault.detail))?;
        durable::keep(&self.head(), text.as_bytes(), 0o600)
    }
}
