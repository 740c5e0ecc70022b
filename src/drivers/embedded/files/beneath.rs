//! The only place that turns a customer's path into a file handle.
//!
//! Every open starts at the handle of the webspace's folder and goes through `openat2` with
//! `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS`, so whatever is swapped in meanwhile, a way over a
//! link fails instead of being followed (security bar 3.13, P2). Names are looked at with
//! `AT_SYMLINK_NOFOLLOW`. Only plain files with one name are opened: a hard link could be another
//! tenant's file, a FIFO or a device would block or act.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::path::Path;
use wabe_kernel::content::ContentError;
use wabe_kernel::{Bytes, RelPath, Timestamp};

/// New folders; the node's folder above them is private to the panel's user.
pub(super) const FOLDER_MODE: Mode = Mode::from_raw_mode(0o755);
/// New files.
pub(super) const FILE_MODE: Mode = Mode::from_raw_mode(0o644);

/// `openat2` answers `EAGAIN` while somebody renames around it.
const TRIES: usize = 64;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    /// A FIFO, a socket, a device.
    Other,
}

/// What the file system says about a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
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
    pub(super) fn of(stat: &Stat) -> Self {
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

/// The handles of one webspace on disk.
pub(super) struct Root {
    webspace: OwnedFd,
    files: OwnedFd,
}

impl Root {
    /// Opens `folder` (`node/web/<id>`) and `files/` in it.
    pub(super) fn open(folder: &Path) -> Result<Self, ContentError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let webspace = rustix::fs::open(folder, flags, Mode::empty()).map_err(fault)?;
        let files = beneath(webspace.as_fd(), "files", flags, Mode::empty()).map_err(fault)?;
        Ok(Self { webspace, files })
    }

    pub(super) fn files(&self) -> BorrowedFd<'_> {
        self.files.as_fd()
    }

    /// The folder for what is not finished yet: beside the visible tree, on the same file system.
    pub(super) fn staging(&self) -> Result<OwnedFd, ContentError> {
        match rustix::fs::mkdirat(&self.webspace, "staging", Mode::from_raw_mode(0o700)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(fault(errno)),
        }
        folder_in(self.webspace.as_fd(), "staging").map_err(fault)
    }

    /// `logs/`, where the site server writes.
    pub(super) fn logs(&self) -> Result<OwnedFd, ContentError> {
        folder_in(self.webspace.as_fd(), "logs").map_err(fault)
    }

    /// `tmp/`, where applications keep uploads and sessions; nothing where none ever ran.
    pub(super) fn temporary(&self) -> Result<Option<OwnedFd>, ContentError> {
        match folder_in(self.webspace.as_fd(), "tmp") {
            Ok(folder) => Ok(Some(folder)),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(fault(errno)),
        }
    }

    /// Opens a folder beneath `files/`.
    pub(super) fn folder(&self, path: &RelPath) -> Result<OwnedFd, ContentError> {
        let text = path.to_string();
        let way = if path.is_root() { "." } else { text.as_str() };
        folder_in(self.files(), way).map_err(fault)
    }

    /// Opens the folder that holds `path`; with the last name.
    ///
    /// Errors: `WrongKind` for the root, which nothing holds.
    pub(super) fn parent<'p>(&self, path: &'p RelPath) -> Result<(OwnedFd, &'p str), ContentError> {
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
        look(parent.as_fd(), name)
    }

    /// Opens a plain file.
    pub(super) fn file(&self, path: &RelPath, writable: bool) -> Result<File, ContentError> {
        let (parent, name) = self.parent(path)?;
        // Looked at before the open, because opening a device can already do something; and after
        // it, because only the handle says what was really opened.
        look(parent.as_fd(), name)?.plain_file()?;
        let access = if writable {
            OFlags::RDWR
        } else {
            OFlags::RDONLY
        };
        let flags = access | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = beneath(parent.as_fd(), name, flags, Mode::empty()).map_err(fault)?;
        handle(&file)?.plain_file()?;
        Ok(File::from(file))
    }
}

/// What an open handle stands for.
pub(super) fn handle(file: impl AsFd) -> Result<Found, ContentError> {
    Ok(Found::of(&rustix::fs::fstat(file).map_err(fault)?))
}

/// What `name` in an open folder stands for, a link not followed.
pub(super) fn look(
    folder: BorrowedFd<'_>,
    name: impl rustix::path::Arg,
) -> Result<Found, ContentError> {
    let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).map_err(fault)?;
    Ok(Found::of(&stat))
}

/// Opens a folder beneath an open folder.
pub(super) fn folder_in(
    at: BorrowedFd<'_>,
    name: impl rustix::path::Arg,
) -> Result<OwnedFd, Errno> {
    beneath(
        at,
        name,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )
}

/// Opens beneath `at`, never over a link and never outside.
pub(super) fn beneath(
    at: BorrowedFd<'_>,
    way: impl rustix::path::Arg,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let way = way.into_c_str()?;
    for _ in 0..TRIES {
        match rustix::fs::openat2(at, &*way, flags, mode, resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            answer => return answer,
        }
    }
    Err(Errno::AGAIN)
}

/// The names in an open folder, without itself and the one above.
pub(super) fn names(folder: BorrowedFd<'_>) -> Result<Vec<CString>, ContentError> {
    let mut found = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            found.push(entry.file_name().to_owned());
        }
    }
    Ok(found)
}

/// Makes the names in an open folder survive a crash.
pub(super) fn sync(folder: impl AsFd) -> Result<(), ContentError> {
    rustix::fs::fsync(folder).map_err(fault)
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
