//! How a finished file becomes visible, and what an unfinished one leaves behind: nothing.

use rustix::io::Errno;
use std::fs::File;
use std::sync::Arc;
use wabe_kernel::content::ContentError;
use wabe_kernel::{Bytes, RelPath};

use crate::embedded::files::Ground;
use crate::embedded::files::beneath::{Folder, Found, Kind, Root, fault};
use crate::embedded::files::hands::Opening;
use crate::embedded::files::space::{Change, Claim, Space};

/// A file in the staging folder; deleted and its share given back unless it was placed.
pub(super) struct Staged {
    space: Arc<Space>,
    folder: Option<Folder>,
    name: String,
    claim: Claim,
}

/// What is at the place where a file shall go.
pub(super) struct Target {
    /// Folders on the way that do not exist yet.
    missing: usize,
    replaced: Option<Found>,
}

impl Target {
    /// Bytes that become free when the target is replaced.
    pub(super) fn credit(&self) -> Bytes {
        self.replaced.map_or(0, |found| found.size)
    }
}

impl Staged {
    /// A new file in the staging folder, open for reading and writing.
    pub(super) fn make(
        space: &Arc<Space>,
        root: &Root,
        name: String,
        credit: Bytes,
    ) -> Result<(Self, File), ContentError> {
        let folder = root.staging()?;
        let file = folder.open(&*name, Opening::Create).map_err(fault)?;
        let staged = Self {
            space: Arc::clone(space),
            folder: Some(folder),
            name,
            claim: Claim::replacing(credit),
        };
        Ok((staged, File::from(file)))
    }

    /// Takes room for `size` bytes; errors as [`Space::stage`].
    pub(super) fn grow(&mut self, size: Bytes, quota: Bytes) -> Result<(), ContentError> {
        self.space.stage(&mut self.claim, size, quota)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let space = Arc::clone(&self.space);
        let mut claim = std::mem::take(&mut self.claim);
        let Some(folder) = self.folder.take() else {
            return space.release(&mut claim);
        };
        let name = std::mem::take(&mut self.name);
        let mut work = move || {
            // By other hands, where these are no more.
            let again = |_gone| {
                space
                    .open()?
                    .staging()?
                    .remove(&*name, false)
                    .map_err(fault)
            };
            match folder.remove(&*name, false).or_else(again) {
                Ok(()) | Err(ContentError::NotFound) => {}
                Err(why) => tracing::warn!(?why, "an unfinished file stays until the next start"),
            }
            space.release(&mut claim);
        };
        // Freeing a large file takes a while; a runtime's own thread must not wait for it.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(work)),
            Err(_outside) => work(),
        }
    }
}

impl Ground {
    /// Looks where a file would go.
    ///
    /// Errors: `Exists` when something is there and `fresh` is wanted, `WrongKind` for a folder or
    /// a file on the way, `NotPlain` for everything that is neither, also on the way.
    pub(super) fn target(&self, path: &RelPath, fresh: bool) -> Result<Target, ContentError> {
        let Some((parent, name)) = path.parent().zip(path.name()) else {
            return Err(ContentError::WrongKind);
        };
        let mut here = self.root.folder(&RelPath::root())?;
        for (at, step) in parent.names().iter().enumerate() {
            match here.folder(step.as_str()) {
                Ok(inner) => here = inner,
                Err(Errno::NOENT) => {
                    return Ok(Target {
                        missing: parent.names().len().saturating_sub(at),
                        replaced: None,
                    });
                }
                Err(errno) => return Err(fault(errno)),
            }
        }
        let replaced = match here.look(name) {
            Err(ContentError::NotFound) => None,
            found => Some(found?),
        };
        match replaced.map(|found| found.kind) {
            Some(Kind::File) if fresh => Err(ContentError::Exists),
            None | Some(Kind::File) => Ok(Target {
                missing: 0,
                replaced,
            }),
            Some(Kind::Folder) => Err(ContentError::WrongKind),
            Some(Kind::Link | Kind::Other) => Err(ContentError::NotPlain),
        }
    }

    /// Makes a finished file of `size` bytes visible, with the folders on the way; answers the
    /// folder that holds it, whose names do not survive a crash before they are synced.
    ///
    /// Errors: as [`Self::target`], `OverQuota`, `Refused("too-many-files")`; nothing changes then.
    pub(super) fn place(
        &self,
        mut staged: Staged,
        path: &RelPath,
        size: Bytes,
        fresh: bool,
    ) -> Result<Folder, ContentError> {
        let target = self.target(path, fresh)?;
        let missing = i64::try_from(target.missing).unwrap_or(i64::MAX);
        let by = Change {
            bytes: size.saturating_sub(target.credit()),
            entries: missing.saturating_add(i64::from(target.replaced.is_none())),
        };
        self.space.change(&mut staged.claim, by, self.quota)?;
        let moved = self.swap_in(&staged, path, fresh);
        match &moved {
            Ok(_) => staged.folder = None,
            Err(_) => self.space.doubt(),
        }
        moved
    }

    fn swap_in(
        &self,
        staged: &Staged,
        path: &RelPath,
        fresh: bool,
    ) -> Result<Folder, ContentError> {
        let Some((parent, name)) = path.parent().zip(path.name()) else {
            return Err(ContentError::WrongKind);
        };
        let Some(from) = &staged.folder else {
            return Err(ContentError::NotFound);
        };
        let (folder, made) = self.make_way(&parent)?;
        match from.rename(&*staged.name, (&folder, name), !fresh) {
            Ok(()) => Ok(folder),
            Err(errno) => {
                self.unmake(&made);
                Err(fault(errno))
            }
        }
    }

    /// Makes a folder and those on the way, where missing.
    ///
    /// Errors: as [`Self::target`], `Refused("too-many-files")`; nothing changes then.
    pub(super) fn ensure_folder(&self, path: &RelPath) -> Result<(), ContentError> {
        let missing = match path.join("x").map(|below| self.target(&below, false)) {
            Ok(target) => target?.missing,
            Err(_too_long) => return Err(ContentError::Refused("path-too-long")),
        };
        let by = Change {
            bytes: 0,
            entries: i64::try_from(missing).unwrap_or(i64::MAX),
        };
        self.space.change(&mut Claim::default(), by, self.quota)?;
        let made = self.make_way(path).map(drop);
        if made.is_err() {
            self.space.doubt();
        }
        made
    }

    /// Opens a folder, making what is missing on the way; with the folders it made.
    fn make_way(&self, path: &RelPath) -> Result<(Folder, Vec<RelPath>), ContentError> {
        let mut here = self.root.folder(&RelPath::root())?;
        let mut at = RelPath::root();
        let mut made = Vec::new();
        for name in path.names() {
            at = at.join(name).map_err(|_unusable| ContentError::NotFound)?;
            here = match step_into(&here, name) {
                Ok((inner, new)) => {
                    made.extend(new.then(|| at.clone()));
                    inner
                }
                Err(refused) => {
                    self.unmake(&made);
                    return Err(refused);
                }
            };
        }
        Ok((here, made))
    }

    /// Takes back folders that were made for a file that did not come.
    fn unmake(&self, made: &[RelPath]) {
        for path in made.iter().rev() {
            let removed = self
                .root
                .parent(path)
                .and_then(|(parent, name)| parent.remove(name, true).map_err(fault));
            if let Err(refused) = removed {
                tracing::warn!(?refused, "an empty folder stays behind");
            }
        }
    }
}

/// Opens a folder in an open one, making it where missing; with whether it was made.
fn step_into(here: &Folder, name: &str) -> Result<(Folder, bool), ContentError> {
    match here.folder(name) {
        Err(Errno::NOENT) => {}
        answer => return Ok((answer.map_err(fault)?, false)),
    }
    here.make_folder(name, false).map_err(fault)?;
    here.sync()?;
    Ok((here.folder(name).map_err(fault)?, true))
}
