//! What was applied last to each database of a server: one file each, named by id.
//!
//! A removed database leaves its entry behind, so that a late step cannot bring it back; the entry keeps
//! the name while something of that name may be left on the server. Once nothing is, the entry lies apart,
//! where nobody reads it again and again.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

impl Entry {
    /// Whether nothing is left of it anywhere.
    const fn is_over(&self) -> bool {
        matches!(self.wish, Wish::Gone) && self.name.is_none()
    }
}

/// The folder of the entries.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    folder: PathBuf,
    /// Entries that could not be understood, each said once.
    broken: Arc<Mutex<BTreeSet<DatabaseId>>>,
}

/// Where an entry lies, and where it lies once nothing is left.
struct Paths {
    here: PathBuf,
    apart: PathBuf,
}

impl Ledger {
    pub(super) fn open(node_dir: &Path) -> Result<Self, StepFailure> {
        let folder = node_dir.join("database_server");
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.join("gone"));
        made.map_err(files_failed)?;
        Ok(Self {
            folder,
            broken: Arc::default(),
        })
    }

    fn paths(&self, id: DatabaseId) -> Paths {
        let name = format!("{id}.json");
        Paths {
            apart: self.folder.join("gone").join(&name),
            here: self.folder.join(name),
        }
    }

    /// The entry, if there is one. One that cannot be understood is no reason to guess.
    pub(super) async fn read(&self, id: DatabaseId) -> Result<Option<Entry>, StepFailure> {
        let Paths { here, apart } = self.paths(id);
        blocking(move || match read(&here)? {
            Some(entry) => Ok(Some(entry)),
            None => read(&apart),
        })
        .await
    }

    pub(super) async fn write(&self, id: DatabaseId, entry: &Entry) -> Result<(), StepFailure> {
        let (Paths { here, apart }, text) = (self.paths(id), serde_json::to_vec(entry));
        let text = text.map_err(|fault| StepFailure::new("files-failed", fault))?;
        let is_over = entry.is_over();
        blocking(move || {
            // The one that lies here counts, whatever happens in between.
            let (written, removed) = if is_over {
                (apart, here)
            } else {
                (here, apart)
            };
            durable::replace(&written, &text, 0o600)?;
            durable::remove(&removed)
        })
        .await
    }

    /// Every entry of which something may be left, with the id of its database; those aside that cannot be
    /// understood, which keep no other from being looked at.
    pub(super) async fn all(&self) -> Result<Vec<(DatabaseId, Entry)>, StepFailure> {
        let ledger = self.clone();
        let listed = move || {
            let mut all = Vec::new();
            for file in std::fs::read_dir(&ledger.folder)? {
                let file = file?;
                let name = file.file_name();
                let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
                let Some(id) = id.and_then(|id| id.parse().ok()) else {
                    continue;
                };
                match read(&file.path()) {
                    Ok(Some(entry)) if entry.is_over() => ledger.put_apart(id)?,
                    Ok(entry) => all.extend(entry.map(|entry| (id, entry))),
                    Err(fault) => ledger.say_broken(id, &fault),
                }
            }
            Ok(all)
        };
        blocking(listed).await
    }

    /// Moves what an earlier version left here.
    #[expect(
        clippy::disallowed_methods,
        reason = "a driver's own files, named by a typed id"
    )]
    fn put_apart(&self, id: DatabaseId) -> io::Result<()> {
        let Paths { here, apart } = self.paths(id);
        std::fs::rename(here, apart)
    }

    fn say_broken(&self, id: DatabaseId, fault: &io::Error) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        if broken.insert(id) {
            tracing::error!(database.id = %id, %fault, "nobody looks after a database any more");
        }
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
