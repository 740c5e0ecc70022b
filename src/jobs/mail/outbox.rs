//! A folder that takes the place of a mail server: for trying out, and for tests.

use crate::mail::{Letter, Transport};
use crate::queue::JobFailure;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use wabe_kernel::desired::Working;
use wabe_kernel::id::NoticeId;

/// Writes each letter as `{id}.eml`, readable by the owner alone; a file is there wholly or not.
pub struct FileOutbox {
    folder: PathBuf,
}

impl FileOutbox {
    /// An outbox in this folder, which is made with the first letter.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the folder is this transport's mail server, and its names are ids"
)]
fn keep(folder: &Path, id: NoticeId, bytes: &[u8]) -> std::io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let (unfinished, finished) = (
        folder.join(format!(".{id}.part")),
        folder.join(format!("{id}.eml")),
    );
    let mut open = OpenOptions::new();
    let mut file = open
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &finished)?;
    File::open(folder)?.sync_all()
}

impl Transport for FileOutbox {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Working<'a, Result<(), JobFailure>> {
        let (folder, id, bytes) = (self.folder.clone(), letter.id(), letter.bytes());
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || keep(&folder, id, &bytes)).await;
            match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the outbox cannot be written");
                    Err(JobFailure::later("outbox-not-writable"))
                }
                Err(_ended) => Err(JobFailure::later("outbox-not-writable")),
            }
        })
    }
}
