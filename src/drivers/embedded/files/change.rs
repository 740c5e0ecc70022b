//! Folders made, names moved, things deleted.

use std::ffi::CString;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{RelPath, Timestamp};

use crate::embedded::files::beneath::{Found, Kind, fault};
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
            let found = parent.look(name)?;
            if found.kind == Kind::Folder {
                return Err(ContentError::WrongKind);
            }
            parent.remove(name, false).map_err(fault)?;
            ground.space.shrink(found.size, 1);
            parent.sync()
        })
        .await
    }

    /// Deletes an empty folder.
    pub async fn remove_folder(&self, web: WebspaceId, path: &RelPath) -> Result<(), ContentError> {
        let at = path.clone();
        self.changing(web, move |ground| {
            let (parent, name) = ground.root.parent(&at)?;
            parent.remove(name, true).map_err(fault)?;
            ground.space.shrink(0, 1);
            parent.sync()
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
        self.changing(web, move |ground| {
            if ground.root.find(&path)?.kind == Kind::Folder {
                return ground.root.folder(&path)?.set_modified(at);
            }
            let file = ground.root.file(&path, false)?;
            ground.root.set_modified(file, at)
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
        match parent.look(name) {
            Err(ContentError::NotFound) => {}
            found => return found.and(Err(ContentError::Exists)),
        }
        let by = Change {
            bytes: 0,
            entries: 1,
        };
        self.space.change(&mut Claim::default(), by, self.quota)?;
        let made = parent.make_folder(name, false).map_err(fault);
        if made.is_err() {
            self.space.doubt();
        }
        made.and_then(|()| parent.sync())
    }

    pub(super) fn delete(&self, path: &RelPath) -> Result<(), ContentError> {
        if path.is_root() {
            return Err(ContentError::Refused("root-folder"));
        }
        let (parent, name) = self.root.parent(path)?;
        let name = CString::new(name).map_err(|_nul| ContentError::NotFound)?;
        let mut gone = tree::Extent::default();
        let removed = tree::remove(&parent, &name, &mut gone);
        self.space.shrink(gone.bytes, gone.entries);
        removed.and_then(|()| parent.sync())
    }

    fn rename(&self, from: &RelPath, to: &RelPath, replace: bool) -> Result<(), ContentError> {
        if from.is_root() || to.is_root() {
            return Err(ContentError::Refused("root-folder"));
        }
        let (from_folder, from_name) = self.root.parent(from)?;
        let source = from_folder.look(from_name)?;
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
        let target = match to_folder.look(to_name) {
            Err(ContentError::NotFound) => None,
            found => Some(found?),
        };
        if let Some(target) = target {
            may_replace(source, target, replace)?;
        }
        if source.kind == Kind::Folder {
            let inner = from_folder.folder(from_name).map_err(fault)?;
            stays_reachable(&tree::measure(&inner)?, to)?;
        }
        from_folder
            .rename(from_name, (&to_folder, to_name), target.is_some())
            .map_err(fault)?;
        if let Some(target) = target {
            self.space.shrink(target.size, 1);
        }
        from_folder.sync()?;
        to_folder.sync()
    }
}

fn may_replace(source: Found, target: Found, replace: bool) -> Result<(), ContentError> {
    match (source.kind, target.kind) {
        _ if !replace => Err(ContentError::Exists),
        // One file under two names: renaming would do nothing and the count would go wrong.
        _ if source.identity == target.identity => Err(ContentError::NotPlain),
        (Kind::File, Kind::File) => Ok(()),
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
