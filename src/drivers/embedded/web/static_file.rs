//! Opening files of webspaces for visitors.
//!
//! A file is opened beneath a handle of its webspace's folder: the kernel resolves the whole path
//! and refuses any step out of it, links included (openat2 with RESOLVE_BENEATH, bar 3.13 T1).
//! What the kernel has at hand is opened at once on the runtime's thread, by RESOLVE_CACHED, which
//! never waits for a disk; everything else goes to the threads that may wait.

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::embedded::web::conditional::Validators;

/// A file that may be sent.
pub(super) struct Opened {
    pub(super) file: Arc<File>,
    pub(super) size: u64,
    pub(super) is: Validators,
}

/// What lies at a path.
pub(super) enum Found {
    File(Opened),
    Folder,
    /// Nothing, or nothing that is shown: links out of the webspace, sockets, devices, unreadable.
    Nothing,
}

/// The folder that holds all webspaces.
pub(super) struct Shelf {
    path: PathBuf,
    handle: OwnedFd,
}

impl Shelf {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            handle: File::open(path)?.into(),
        })
    }

    /// Looks for the first of `paths` that is there, beneath `files` of the shelf.
    ///
    /// Shape: `files` as in a site, made from its id; `paths` relative and already checked.
    pub(super) async fn find(&self, files: &str, paths: Vec<String>) -> io::Result<Found> {
        if let Some(found) = self.find_cached(files, &paths) {
            return Ok(found);
        }
        let folder = self.path.join(files);
        tokio::task::spawn_blocking(move || find_waiting(&folder, &paths))
            .await
            .map_err(io::Error::other)?
    }

    /// None when it cannot be told without waiting.
    fn find_cached(&self, files: &str, paths: &[String]) -> Option<Found> {
        let within = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS | ResolveFlags::CACHED;
        let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let strict = within | ResolveFlags::NO_SYMLINKS;
        let folder =
            rustix::fs::openat2(&self.handle, files, folder, Mode::empty(), strict).ok()?;
        for path in paths {
            match rustix::fs::openat2(&folder, path, FLAGS, Mode::empty(), within) {
                Ok(handle) => return found(File::from(handle)).ok(),
                Err(Errno::NOENT | Errno::NOTDIR) => {}
                Err(_) => return None,
            }
        }
        Some(Found::Nothing)
    }
}

/// Without waiting for the other end of a pipe, and never as a controlling terminal.
const FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

fn find_waiting(folder: &Path, paths: &[String]) -> io::Result<Found> {
    let folder = match Dir::open_ambient_dir(folder, ambient_authority()) {
        Ok(folder) => folder,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(fault) => return Err(fault),
    };
    let mut options = OpenOptions::new();
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or(0);
    options.read(true).custom_flags(flags);
    for path in paths {
        match folder.open_with(path, &options) {
            Ok(file) => return found(file.into_std()),
            Err(fault) if is_scarcity(&fault) => return Err(fault),
            // Missing, a link out, or not to be read: all the same to a visitor.
            Err(_) => {}
        }
    }
    Ok(Found::Nothing)
}

/// The machine's trouble, not the path's.
fn is_scarcity(fault: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(fault),
        Some(Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::IO)
    )
}

fn found(file: File) -> io::Result<Found> {
    let about = file.metadata()?;
    if about.is_dir() {
        return Ok(Found::Folder);
    }
    if !about.is_file() {
        return Ok(Found::Nothing);
    }
    Ok(Found::File(Opened {
        size: about.len(),
        is: validators(&about),
        file: Arc::new(file),
    }))
}

/// Inode, size and time to the nanosecond: differs whenever a file was replaced or rewritten.
fn validators(about: &Metadata) -> Validators {
    let seconds = u64::try_from(about.mtime()).unwrap_or(0);
    Validators {
        tag: format!(
            "\"{:x}-{:x}-{:x}{:08x}\"",
            about.ino(),
            about.len(),
            seconds,
            about.mtime_nsec()
        ),
        modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
    }
}
