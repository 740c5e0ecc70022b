//! The folder of a webspace: made with a first page, deleted with everything in it.

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use std::io;
use std::path::Path;
use wabe_kernel::RelPath;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::{Sites, durable, page};

impl Sites {
    /// Makes the folder and its document root, where missing; a new folder gets a first page.
    ///
    /// A new folder is prepared beside its place and renamed into it, so that it is never seen
    /// without its first page.
    pub(super) fn make_folder(&self, id: WebspaceId, root: &RelPath) -> Result<(), StepFailure> {
        if let Some(keeper) = self.keeper() {
            return keeper.make(id, root, page::FIRST.as_bytes());
        }
        let files = self.layout.files(id);
        let made = if files.is_dir() {
            make_root(&files, root).map(drop)
        } else {
            make_files(&files, root)
        };
        made.and_then(|()| std::fs::create_dir_all(self.layout.logs(id)))
            .map_err(failed)
    }

    /// Deletes everything that a webspace has on this node.
    pub(super) fn remove_webspace(&self, id: WebspaceId) -> Result<(), StepFailure> {
        match self.keeper() {
            Some(keeper) => keeper.remove(id),
            None => Self::remove_folder(&self.layout.folder(id)),
        }
    }

    /// Deletes everything that a webspace or a redirect has on this node.
    #[expect(
        clippy::disallowed_methods,
        reason = "the driver's own folder, named by a typed id"
    )]
    pub(super) fn remove_folder(folder: &Path) -> Result<(), StepFailure> {
        match std::fs::remove_dir_all(folder) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(failed(fault)),
            _ => Ok(()),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the driver's own folder, named by a typed id"
)]
fn make_files(files: &Path, root: &RelPath) -> io::Result<()> {
    let fresh = files.with_extension("new");
    if fresh.try_exists()? {
        std::fs::remove_dir_all(&fresh)?;
    }
    std::fs::create_dir_all(&fresh)?;
    let folder = make_root(&fresh, root)?;
    folder.write("index.html", page::FIRST)?;
    std::fs::rename(&fresh, files)?;
    durable::sync_folder_of(files)
}

/// Makes the document root beneath `files`; refuses a way that leads over a link out of it.
fn make_root(files: &Path, root: &RelPath) -> io::Result<Dir> {
    let folder = Dir::open_ambient_dir(files, ambient_authority())?;
    if root.is_root() {
        return Ok(folder);
    }
    let root = root.to_string();
    folder.create_dir_all(&root)?;
    folder.open_dir(&root)
}

fn failed(fault: io::Error) -> StepFailure {
    StepFailure::new("files-failed", fault)
}
