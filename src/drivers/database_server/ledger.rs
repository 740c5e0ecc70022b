//! What was applied last to each database of a server: one file each, named by id.
//!
//! A removed database leaves its entry behind, so that a late step cannot bring it back; the entry keeps
//! the name while something of that name may be left on the server.

use std::fs::{DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wabe_kernel::desired::{Database, Revision, StepFailure, Wish};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Engine, ServerName};

use crate::embedded::web::durable;

/// More than any entry of ours has, in bytes.
const ENTRY_BYTES_MAX: u64 = 64 << 10;

/// What was applied last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) revision: Revision,
    pub(super) engine: Engine,
    pub(super) wish: Wish<Database>,
    /// What it is called on the server; absent once nothing is left there.
    pub(super) name: Option<ServerName>,
}

/// The folder of the entries.
#[derive(Debug, Clone)]
pub(super) struct Ledger(PathBuf);

impl Ledger {
    pub(super) fn open(node_dir: &Path) -> Result<Self, StepFailure> {
        let folder = node_dir.join("database_server");
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder);
        made.map_err(files_failed)?;
        Ok(Self(folder))
    }

    fn path(&self, id: DatabaseId) -> PathBuf {
        self.0.join(format!("{id}.json"))
    }

    /// The entry, if there is one. One that cannot be understood is no reason to guess.
    pub(super) async fn read(&self, id: DatabaseId) -> Result<Option<Entry>, StepFailure> {
        let path = self.path(id);
        blocking(move || read(&path)).await
    }

    pub(super) async fn write(&self, id: DatabaseId, entry: &Entry) -> Result<(), StepFailure> {
        let (path, text) = (self.path(id), serde_json::to_vec(entry));
        let text = text.map_err(|fault| StepFailure::new("files-failed", fault))?;
        blocking(move || durable::replace(&path, &text, 0o600)).await
    }

    /// Every entry, with the id of its database.
    pub(super) async fn all(&self) -> Result<Vec<(DatabaseId, Entry)>, StepFailure> {
        let folder = self.0.clone();
        let listed = move || {
            let mut all = Vec::new();
            for file in std::fs::read_dir(folder)? {
                let file = file?;
                let name = file.file_name();
                let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
                let id = id.and_then(|id| id.parse().ok());
                if let Some((id, entry)) = id.zip(read(&file.path())?) {
                    all.push((id, entry));
                }
            }
            Ok(all)
        };
        blocking(listed).await
    }
}

fn read(path: &Path) -> io::Result<Option<Entry>> {
    let file = match File::open(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut text = Vec::new();
    file.take(ENTRY_BYTES_MAX).read_to_end(&mut text)?;
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(io::Error::other)
}

fn files_failed(fault: io::Error) -> StepFailure {
    StepFailure::new("files-failed", fault)
}

/// Does file work off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StepFailure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panicked| StepFailure::new("files-failed", panicked))?
        .map_err(files_failed)
}
