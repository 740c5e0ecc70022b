//! Folders made, names moved, things deleted.

use rustix::fd::AsFd;
use rustix::fs::{AtFlags, RenameFlags};
use std::ffi::CString;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};

use crate::embedded::files::beneath::{FOLDER_MODE, Found, Kind, fault, folder_in, look, sync};
use crate::embedded::files::handle::set_modified;
use crate::embedded::files::space::{Change, Claim};
use crate::embedded::files::{Ground, WebFiles, holds, tree};

/// Limits of [`RelPath`], which everything must stay within to remain reachable.
const NAMES_MAX: usize = 40;
const WAY_MAX: usize = 2_000;

impl WebFiles {
    /// Deletes a file or a link, not a folder.
    pub async fn remove_file(&self, web: WebspaceId, path: &RelPath) -> Result<(), ContentError> {
        let at = path.clone();
        self.changing(web, move |ground| {
            let (parent, name) = ground.root.parent(&at)?;
            let found = look(parent.as_fd(), name)?;
            if found.kind == Kind::Folder {
                return Err(ContentError::WrongKind);
            }
            rustix::fs::unlinkat(&parent, name, AtFlags::empty()).map_err(fault)?;
            ground.space.shrink(found.size, 1);
            sync(&parent)
        })
        .await
    }

    /// Deletes an empty folder.
    pub async fn remove_folder(&self, web: WebspaceId, path: &RelPath) -> Result<(), ContentError> {
        let at = path.clone();
        self.changing(web, move |ground| {
            let (parent, name) = ground.root.parent(&at)?;
            rustix::fs::unlinkat(&parent, name, AtFlags::REMOVEDIR).map_err(fault)?;
            ground.space.shrink(0, 1);
            sync(&parent)
        })
        .await
    }

    /// Renames or moves; a file may replace a file, nothing else is replaced.
    pub async fn rename_over(
        &self,
        web: WebspaceId,
        from: &RelPath,
        to: &RelPath,
    ) -> Result<(), ContentError> {
        self.moved(web, from, to, true).await
    }

    /// Sets when a file or a folder was last written.
    pub async fn set_modified(
        &self,
        web: WebspaceId,
        path: &RelPath,
        at: Timestamp,
    ) -> Result<(), ContentError> {
        let path = path.clone();
        self.changing(web, move |ground| match ground.root.find(&path)?.kind {
            Kind::Folder => set_modified(ground.root.folder(&path)?, at),
            _ => set_modified(ground.root.file(&path, false)?, at),
        })
        .await
    }

    pub(super) async fn moved(
        &self,
        web: WebspaceId,
        from: &RelPath,
        to: &RelPath,
        replace: bool,
    ) -> Result<(), ContentError> {
        let (from, to) = (from.clone(), to.clone());
        self.changing(web, move |ground| ground.rename(&from, &to, replace))
            .await
    }
}

impl Ground {
    pub(super) fn make_folder(&self, path: &RelPath) -> Result<(), ContentError> {
        if path.is_root() {
            return Err(ContentError::Exists);
        }
        let (parent, name) = self.root.parent(path)?;
        match look(parent.as_fd(), name) {
            Err(ContentError::NotFound) => {}
            found => return found.and(Err(ContentError::Exists)),
        }
        let by = Change {
            bytes: 0,
            entries: 1,
        };
        self.space.change(&mut Claim::default(), by, self.quota)?;
        let made = rustix::fs::mkdirat(&parent, name, FOLDER_MODE).map_err(fault);
        if made.is_err() {
            self.space.doubt();
        }
        made.and_then(|()| sync(&parent))
    }

    pub(super) fn delete(&self, path: &RelPath) -> Result<(), ContentError> {
        if path.is_root() {
            return Err(ContentError::Refused("root-folder"));
        }
        let (parent, name) = self.root.parent(path)?;
        let name = CString::new(name).map_err(|_nul| ContentError::NotFound)?;
        let mut gone = tree::Extent::default();
        let removed = tree::remove(parent.as_fd(), &name, &mut gone);
        self.space.shrink(gone.bytes, gone.entries);
        removed.and_then(|()| sync(&parent))
    }

    fn rename(&self, from: &RelPath, to: &RelPath, replace: bool) -> Result<(), ContentError> {
        if from.is_root() || to.is_root() {
            return Err(ContentError::Refused("root-folder"));
        }
        let (from_folder, from_name) = self.root.parent(from)?;
        let source = look(from_folder.as_fd(), from_name)?;
        if !matches!(source.kind, Kind::File | Kind::Folder) {
            return Err(ContentError::NotPlain);
        }
        if from == to {
            return Ok(());
        }
        if holds(from, to) {
            return Err(ContentError::Refused("folder-into-itself"));
        }
        let (to_folder, to_name) = self.root.parent(to)?;
        let target = match look(to_folder.as_fd(), to_name) {
            Err(ContentError::NotFound) => None,
            found => Some(found?),
        };
        let flags = match target {
            None => RenameFlags::NOREPLACE,
            Some(target) => replaces(source, target, replace)?,
        };
        if source.kind == Kind::Folder {
            let inner = folder_in(from_folder.as_fd(), from_name).map_err(fault)?;
            stays_reachable(&tree::measure(inner.as_fd())?, to)?;
        }
        rustix::fs::renameat_with(&from_folder, from_name, &to_folder, to_name, flags)
            .map_err(fault)?;
        if let Some(target) = target {
            self.space.shrink(target.size, 1);
        }
        sync(&from_folder)?;
        sync(&to_folder)
    }
}

fn replaces(source: Found, target: Found, replace: bool) -> Result<RenameFlags, ContentError> {
    match (source.kind, target.kind) {
        _ if !replace => Err(ContentError::Exists),
        // One file under two names: renaming would do nothing and the count would go wrong.
        _ if source.identity == target.identity => Err(ContentError::NotPlain),
        (Kind::File, Kind::File) => Ok(RenameFlags::empty()),
        (_, Kind::Link | Kind::Other) => Err(ContentError::NotPlain),
        _ => Err(ContentError::Exists),
    }
}

fn stays_reachable(below: &tree::Extent, to: &RelPath) -> Result<(), ContentError> {
    let names = to.names().len().saturating_add(below.depth);
    let way = to
        .to_string()
        .len()
        .saturating_add(1)
        .saturating_add(below.way);
    if names > NAMES_MAX || way > WAY_MAX {
        return Err(ContentError::Refused("path-too-long"));
    }
    Ok(())
}
