//! Whole trees: measured and deleted, handle by handle, never over a link.

use rustix::io::Errno;
use std::ffi::CStr;
use wabe_kernel::Bytes;
use wabe_kernel::content::ContentError;

use crate::embedded::files::beneath::{Folder, Kind, fault};

/// Paths have at most 40 names; deeper trees can only come from outside this layer.
const DEPTH_MAX: usize = 128;

/// What a tree holds beneath its top folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) bytes: Bytes,
    /// Files, folders and everything else that has a name.
    pub(super) entries: i64,
    /// Names from the top folder to the deepest entry.
    pub(super) depth: usize,
    /// Bytes of the longest way, with a slash before each name.
    pub(super) way: usize,
}

/// Measures everything beneath an open folder.
pub(super) fn measure(folder: &Folder) -> Result<Extent, ContentError> {
    measured(folder, 0)
}

fn measured(folder: &Folder, level: usize) -> Result<Extent, ContentError> {
    bounded(level)?;
    let mut all = Extent::default();
    let names = folder.names()?;
    let looked = folder.look_all(&names)?;
    for (name, found) in names.into_iter().zip(looked) {
        let found = match found {
            Err(ContentError::NotFound) => continue,
            found => found?,
        };
        let below = match found.kind {
            Kind::Folder => match folder.folder(&*name) {
                Ok(inner) => measured(&inner, level.saturating_add(1))?,
                // Swapped for a link or deleted meanwhile: counts as a name, is not entered.
                Err(Errno::LOOP | Errno::NOTDIR | Errno::NOENT) => Extent::default(),
                Err(errno) => return Err(fault(errno)),
            },
            _ => Extent::default(),
        };
        let way = name
            .to_bytes()
            .len()
            .saturating_add(1)
            .saturating_add(below.way);
        all.bytes = all
            .bytes
            .saturating_add(found.size)
            .saturating_add(below.bytes);
        all.entries = all.entries.saturating_add(1).saturating_add(below.entries);
        all.depth = all.depth.max(below.depth.saturating_add(1));
        all.way = all.way.max(way);
    }
    Ok(all)
}

/// Deletes `name` in an open folder with everything in it; `gone` grows as things go, also when
/// the end is an error.
pub(super) fn remove(folder: &Folder, name: &CStr, gone: &mut Extent) -> Result<(), ContentError> {
    removed(folder, name, gone, 0)
}

fn removed(
    folder: &Folder,
    name: &CStr,
    gone: &mut Extent,
    level: usize,
) -> Result<(), ContentError> {
    bounded(level)?;
    let found = folder.look(name)?;
    let is_folder = found.kind == Kind::Folder;
    if is_folder {
        let inner = folder.folder(name).map_err(fault)?;
        for below in inner.names()? {
            removed(&inner, &below, gone, level.saturating_add(1))?;
        }
    }
    folder.remove(name, is_folder).map_err(fault)?;
    gone.bytes = gone.bytes.saturating_add(found.size);
    gone.entries = gone.entries.saturating_add(1);
    Ok(())
}

/// Deletes everything in an open folder.
pub(super) fn clear(folder: &Folder) -> Result<(), ContentError> {
    for name in folder.names()? {
        remove(folder, &name, &mut Extent::default())?;
    }
    Ok(())
}

fn bounded(level: usize) -> Result<(), ContentError> {
    if level > DEPTH_MAX {
        return Err(ContentError::Fault("the tree is too deep".to_owned()));
    }
    Ok(())
}
