//! The folder of one database, and the entry that says what it should be.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wabe_kernel::desired::{Database, Revision, Wish};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;

/// More than any entry of ours has, in bytes.
const ENTRY_BYTES_MAX: u64 = 64 << 10;

/// What was applied last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) revision: Revision,
    pub(super) wish: Wish<Database>,
}

/// Where one database lies.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder of `id`; named by the typed id, which has no characters of a path.
    pub(super) fn new(root: &Path, id: DatabaseId) -> Self {
        Self {
            path: root.join(id.to_string()),
        }
    }

    /// The database file.
    pub(super) fn data(&self) -> PathBuf {
        self.path.join("data.sqlite")
    }

    /// The file in which the engine keeps what a transaction replaces.
    fn journal(&self) -> PathBuf {
        self.path.join("data.sqlite-journal")
    }

    fn entry(&self) -> PathBuf {
        self.path.join("entry.json")
    }

    /// Makes the folder where missing.
    pub(super) fn make(&self) -> io::Result<()> {
        make_folder(&self.path)
    }

    /// The entry, if there is one. One that cannot be understood counts as missing, so that it is
    /// written anew.
    pub(super) fn read_entry(&self) -> io::Result<Option<Entry>> {
        let file = match File::open(self.entry()) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut text = Vec::new();
        file.take(ENTRY_BYTES_MAX).read_to_end(&mut text)?;
        let entry = serde_json::from_slice(&text);
        if entry.is_err() {
            tracing::warn!(path = %self.path.display(), "database entry is damaged");
        }
        Ok(entry.ok())
    }

    /// Replaces the entry so that a crash leaves the old one or the new (3.18 T8).
    #[expect(
        clippy::disallowed_methods,
        reason = "the driver's own file, replaced atomically"
    )]
    pub(super) fn write_entry(&self, entry: &Entry) -> io::Result<()> {
        self.make()?;
        let temporary = self.path.join("entry.new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        file.sync_all()?;
        std::fs::rename(&temporary, self.entry())?;
        self.sync()
    }

    /// Deletes the database, not the entry; missing files are fine.
    #[expect(clippy::disallowed_methods, reason = "the driver's own files")]
    pub(super) fn remove_data(&self) -> io::Result<()> {
        for path in [self.data(), self.journal()] {
            match std::fs::remove_file(path) {
                Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
                _ => {}
            }
        }
        self.sync()
    }

    /// Bytes of the database and its journal.
    pub(super) fn bytes(&self) -> io::Result<Bytes> {
        let mut sum: Bytes = 0;
        for path in [self.data(), self.journal()] {
            match std::fs::metadata(path) {
                Ok(file) => {
                    sum = sum.saturating_add(Bytes::try_from(file.len()).unwrap_or(Bytes::MAX));
                }
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(sum)
    }

    /// Makes the names in the folder survive a crash.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

/// Makes a folder that only this user can look into, with those above it, where missing.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    match path.parent() {
        Some(above) => File::open(above)?.sync_all(),
        None => Ok(()),
    }
}
