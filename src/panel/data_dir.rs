//! The data folder: what lies where in it, and who may open it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use wabe_kernel::Fault;

/// The data folder of one installation; made when missing, readable by its owner alone.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

fn failed(error: std::io::Error) -> Fault {
    Fault::because("open the data folder", error)
}

impl DataDir {
    /// The folder at `path`, with its keys' and its node's folders.
    ///
    /// # Errors
    /// When it cannot be made, or is somebody else's and this process is root.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(path).map_err(failed)?;
        let dir = Self::existing(path)?;
        for folder in [dir.keys(), dir.node(), dir.certificates(), dir.artifacts()] {
            builder.create(folder).map_err(failed)?;
        }
        Ok(dir)
    }

    /// The folder at `path` as it is, for whoever only looks.
    ///
    /// # Errors
    /// When there is none, or it is somebody else's and this process is root.
    pub fn existing(path: &Path) -> Result<Self, Fault> {
        let dir = Self(path.canonicalize().map_err(failed)?);
        let owner = std::fs::metadata(&dir.0).map_err(failed)?.uid();
        if owner != 0 && rustix::process::geteuid().is_root() {
            // What root makes in it, its owner could not open.
            let text = format!(
                "it belongs to user {owner}, and this is root; as on a node: runuser -u wabe -- wabe …"
            );
            return Err(failed(std::io::Error::other(text)));
        }
        Ok(dir)
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The panel's SQLite database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("wabe.db")
    }

    /// Keys of the installation.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// What drivers materialise.
    #[must_use]
    pub fn node(&self) -> PathBuf {
        self.0.join("node")
    }

    /// The local certificate authority, and the portal's certificate.
    #[must_use]
    pub fn certificates(&self) -> PathBuf {
        self.0.join("ca")
    }

    /// Compiled plugins, sealed.
    #[must_use]
    pub fn artifacts(&self) -> PathBuf {
        self.0.join("plugins")
    }

    /// Letters, where no mail server is configured.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.0.join("outbox")
    }

    /// The socket on which a running panel takes the command line's requests.
    #[must_use]
    pub fn control_socket(&self) -> PathBuf {
        self.0.join("control.sock")
    }

    /// Takes the folder for this process alone, as long as the answer is kept.
    ///
    /// # Errors
    /// When another process has it.
    pub fn lock(&self) -> Result<File, Fault> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true).mode(0o600);
        let file = options.open(self.0.join("lock"));
        let file = file.map_err(|error| Fault::because("open the lock file", error))?;
        let taken = Fault::new("the data folder is in use by another process");
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(_busy) => Err(taken),
        }
    }
}
