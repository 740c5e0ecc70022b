//! The only place that turns a customer's path into a file handle.
//!
//! Every open starts at the handle of the webspace's folder and goes through `openat2` with
//! `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS`, so whatever is swapped in meanwhile, a way over a
//! link fails instead of being followed (security bar 3.13, P2). Names are looked at with
//! `AT_SYMLINK_NOFOLLOW`. Only plain files with one name are opened: a hard link could be another
//! tenant's file, a FIFO or a device would block or act.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, Stat};
use rustix::io::Errno;
use rustix::path::Arg;
use serde::{Deserialize, Serialize};
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::sync::Arc;
use wabe_kernel::content::ContentError;
use wabe_kernel::{Bytes, RelPath, Timestamp};

use crate::embedded::files::hands::{Door, Hands, Opening};

/// New folders; the one of the webspace above them lets nobody else pass.
pub(super) const FOLDER_MODE: Mode = Mode::from_raw_mode(0o755);
/// New folders that are their owner's alone.
pub(super) const PRIVATE_MODE: Mode = Mode::from_raw_mode(0o700);
/// New files.
pub(super) const FILE_MODE: Mode = Mode::from_raw_mode(0o644);

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    /// A FIFO, a socket, a device.
    Other,
}

/// What the file system says about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(super) kind: Kind,
    /// 0 for everything but files.
    pub(super) size: Bytes,
    pub(super) modified_at: Timestamp,
    /// How many names the file has; 0 once it was deleted.
    pub(super) names: i64,
    /// Device and inode.
    pub(super) identity: (u64, u64),
}

impl Found {
    pub(crate) fn of(stat: &Stat) -> Self {
        let kind = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        };
        let micros = i64::try_from(stat.st_mtime_nsec).unwrap_or(0) / 1_000;
        Self {
            kind,
            size: if kind == Kind::File { stat.st_size } else { 0 },
            modified_at: Timestamp(
                stat.st_mtime
                    .saturating_mul(1_000_000)
                    .saturating_add(micros),
            ),
            names: i64::try_from(stat.st_nlink).unwrap_or(i64::MAX),
            identity: (stat.st_dev, stat.st_ino),
        }
    }

    /// Errors: `WrongKind` for a folder, `NotPlain` for links, special and hard-linked files.
    pub(super) fn plain_file(self) -> Result<Self, ContentError> {
        match self.kind {
            Kind::File if self.names == 0 => Err(ContentError::NotFound),
            Kind::File if self.names == 1 => Ok(self),
            Kind::Folder => Err(ContentError::WrongKind),
            _ => Err(ContentError::NotPlain),
        }
    }
}

/// An open folder, and whose hands work in it.
pub(super) struct Folder {
    fd: OwnedFd,
    hands: Arc<dyn Hands>,
}

impl AsFd for Folder {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Folder {
    pub(super) const fn new(fd: OwnedFd, hands: Arc<dyn Hands>) -> Self {
        Self { fd, hands }
    }

    /// Opens what lies beneath it.
    pub(super) fn open(&self, way: impl Arg, what: Opening) -> Result<OwnedFd, Errno> {
        let way = way.into_c_str()?;
        self.hands.open((self.as_fd(), &*way), what)
    }

    /// Opens a folder beneath it.
    pub(super) fn folder(&self, way: impl Arg) -> Result<Self, Errno> {
        let fd = self.open(way, Opening::Folder)?;
        Ok(Self::new(fd, Arc::clone(&self.hands)))
    }

    /// What a name in it stands for, a link not followed.
    pub(super) fn look(&self, name: impl Arg) -> Result<Found, ContentError> {
        let name = name.into_c_str().map_err(fault)?.into_owned();
        let mut looked = self.look_all(std::slice::from_ref(&name))?;
        looked.pop().unwrap_or(Err(ContentError::NotFound))
    }

    /// What each of these names in it stands for.
    pub(super) fn look_all(
        &self,
        names: &[CString],
    ) -> Result<Vec<Result<Found, ContentError>>, ContentError> {
        let looked = self.hands.look(self.as_fd(), names).map_err(fault)?;
        let found = looked.into_iter().map(|found| found.map_err(fault));
        Ok(found.collect())
    }

    /// The names in it, without itself and the one above.
    pub(super) fn names(&self) -> Result<Vec<CString>, ContentError> {
        let mut found = Vec::new();
        // A handle of its own: how far a folder was read is a matter of the handle.
        let own = self.open(".", Opening::Folder).map_err(fault)?;
        for entry in rustix::fs::Dir::new(own).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
                found.push(entry.file_name().to_owned());
            }
        }
        Ok(found)
    }

    /// Makes a folder in it; a private one is its owner's alone.
    pub(super) fn make_folder(&self, name: impl Arg, is_private: bool) -> Result<(), Errno> {
        let name = name.into_c_str()?;
        self.hands.make_folder((self.as_fd(), &*name), is_private)
    }

    /// Removes a name from it, or an empty folder.
    pub(super) fn remove(&self, name: impl Arg, is_folder: bool) -> Result<(), Errno> {
        let name = name.into_c_str()?;
        self.hands.remove((self.as_fd(), &*name), is_folder)
    }

    /// Moves a name from it.
    pub(super) fn rename(
        &self,
        from: impl Arg,
        (folder, to): (&Self, &str),
        replace: bool,
    ) -> Result<(), Errno> {
        let (from, to) = (from.into_c_str()?, to.into_c_str()?);
        let (from, to) = ((self.as_fd(), &*from), (folder.as_fd(), &*to));
        // Those of the place where it goes: a worker that was there when a long upload began has ended since.
        folder.hands.rename(from, to, replace)
    }

    /// Sets when it was last written.
    pub(super) fn set_modified(&self, at: Timestamp) -> Result<(), ContentError> {
        self.hands.set_modified(self.as_fd(), at).map_err(fault)
    }

    /// Sets when an open file of it was last written.
    pub(super) fn set_modified_of(
        &self,
        file: impl AsFd,
        at: Timestamp,
    ) -> Result<(), ContentError> {
        let set = self.hands.set_modified(file.as_fd(), at);
        set.map_err(fault)
    }

    /// Makes the names in it survive a crash.
    pub(super) fn sync(&self) -> Result<(), ContentError> {
        rustix::fs::fsync(self).map_err(fault)
    }
}

/// The handles of one webspace on disk.
pub(super) struct Root {
    webspace: Folder,
    files: Folder,
}

impl Root {
    /// Opens `files/` behind a door, which leads to `node/web/<id>`.
    pub(super) fn enter(door: &Door) -> Result<Self, ContentError> {
        let webspace = door.folder.try_clone().map_err(disk)?;
        let webspace = Folder::new(webspace, Arc::clone(&door.hands));
        let files = webspace.folder("files").map_err(fault)?;
        Ok(Self { webspace, files })
    }

    pub(super) const fn files(&self) -> &Folder {
        &self.files
    }

    /// Sets when an open file was last written.
    pub(super) fn set_modified(&self, file: impl AsFd, at: Timestamp) -> Result<(), ContentError> {
        self.files.set_modified_of(file, at)
    }

    /// The folder for what is not finished yet: beside the visible tree, on the same file system.
    pub(super) fn staging(&self) -> Result<Folder, ContentError> {
        match self.webspace.folder("staging") {
            Err(Errno::NOENT) => {}
            answer => return answer.map_err(fault),
        }
        match self.webspace.make_folder("staging", true) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(fault(errno)),
        }
        self.webspace.folder("staging").map_err(fault)
    }

    /// `logs/`, where the site server writes.
    pub(super) fn logs(&self) -> Result<Folder, ContentError> {
        self.webspace.folder("logs").map_err(fault)
    }

    /// `tmp/`, where applications keep uploads and sessions; nothing where none ever ran.
    pub(super) fn temporary(&self) -> Result<Option<Folder>, ContentError> {
        match self.webspace.folder("tmp") {
            Ok(folder) => Ok(Some(folder)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(fault(errno)),
        }
    }

    /// Opens a folder beneath `files/`.
    pub(super) fn folder(&self, path: &RelPath) -> Result<Folder, ContentError> {
        let text = path.to_string();
        let way = if path.is_root() { "." } else { text.as_str() };
        self.files.folder(way).map_err(fault)
    }

    /// Opens the folder that holds `path`; with the last name.
    ///
    /// Errors: `WrongKind` for the root, which nothing holds.
    pub(super) fn parent<'p>(&self, path: &'p RelPath) -> Result<(Folder, &'p str), ContentError> {
        match (path.parent(), path.name()) {
            (Some(parent), Some(name)) => Ok((self.folder(&parent)?, name)),
            _ => Err(ContentError::WrongKind),
        }
    }

    /// What is at `path`, links not followed.
    pub(super) fn find(&self, path: &RelPath) -> Result<Found, ContentError> {
        if path.is_root() {
            return handle(&self.files);
        }
        let (parent, name) = self.parent(path)?;
        parent.look(name)
    }

    /// Opens a plain file.
    pub(super) fn file(&self, path: &RelPath, writable: bool) -> Result<File, ContentError> {
        let (parent, name) = self.parent(path)?;
        // Looked at before the open, because opening a device can already do something; and after
        // it, because only the handle says what was really opened.
        parent.look(name)?.plain_file()?;
        let what = if writable {
            Opening::Change
        } else {
            Opening::Read
        };
        let file = parent.open(name, what).map_err(fault)?;
        handle(&file)?.plain_file()?;
        Ok(File::from(file))
    }
}

/// What an open handle stands for.
pub(super) fn handle(file: impl AsFd) -> Result<Found, ContentError> {
    Ok(Found::of(&rustix::fs::fstat(file).map_err(fault)?))
}

/// The file system's refusal in the words of the content layer.
pub(super) fn fault(errno: Errno) -> ContentError {
    match errno {
        Errno::NOENT => ContentError::NotFound,
        Errno::EXIST => ContentError::Exists,
        Errno::LOOP | Errno::XDEV | Errno::NXIO => ContentError::NotPlain,
        Errno::NOTDIR | Errno::ISDIR => ContentError::WrongKind,
        Errno::NOTEMPTY => ContentError::NotEmpty,
        Errno::NAMETOOLONG => ContentError::Refused("path-too-long"),
        Errno::PERM | Errno::ACCESS => ContentError::Refused("not-permitted"),
        Errno::NOSPC | Errno::DQUOT => {
            tracing::error!("the disk that webspaces lie on is full");
            ContentError::Refused("disk-full")
        }
        _ => ContentError::Fault(errno.to_string()),
    }
}

/// The same for the standard library's errors.
#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function for map_err"
)]
pub(super) fn disk(error: io::Error) -> ContentError {
    match Errno::from_io_error(&error) {
        Some(errno) => fault(errno),
        None => ContentError::Fault(error.to_string()),
    }
}
