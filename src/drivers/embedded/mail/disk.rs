//! The mail folder as a directory handle: durable writes, and the end of trust after a failed sync.
//!
//! Invariant: every path is beneath the handle (openat2); after one failed sync nothing more is
//! acknowledged until the process restarts, because the kernel may have dropped what it could not
//! write. Source: bar 3.18 T8.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirBuilder, File, OpenOptions};
use cap_std::fs::{DirBuilderExt, OpenOptionsExt};
use rustix::fs::{Mode, OFlags};

/// The folder of all mailboxes.
pub(super) const BOXES: &str = "box";
/// Messages on their way in; their files have no name there.
const SPOOL: &str = "spool";

/// The folder `mail` of the node.
pub(super) struct Disk {
    root: Dir,
    faulted: AtomicBool,
}

impl Disk {
    /// Opens the folder `mail` beneath `node_dir`, making it where missing.
    pub(super) fn open(node_dir: &Path) -> io::Result<Self> {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        std::fs::create_dir_all(node_dir)?;
        let node = Dir::open_ambient_dir(node_dir, ambient_authority())?;
        make(&node, "mail", &builder)?;
        let disk = Self {
            root: node.open_dir("mail")?,
            faulted: AtomicBool::new(false),
        };
        disk.sync_dir(&node)?;
        disk.folder(&disk.root, BOXES)?;
        disk.folder(&disk.root, SPOOL)?;
        Ok(disk)
    }

    /// The folder itself.
    pub(super) const fn root(&self) -> &Dir {
        &self.root
    }

    /// The handle of the folder `name` in `parent`, made durably where missing.
    pub(super) fn folder(&self, parent: &Dir, name: &str) -> io::Result<Dir> {
        let mut builder = DirBuilder::new();
        builder.mode(0o700);
        if make(parent, name, &builder)? {
            self.sync_dir(parent)?;
        }
        parent.open_dir(name)
    }

    /// Fails when an earlier sync failed: nothing can be promised any more.
    pub(super) fn usable(&self) -> io::Result<()> {
        if self.faulted.load(Ordering::SeqCst) {
            return Err(io::Error::other("an earlier sync failed"));
        }
        Ok(())
    }

    /// Passes the result of a sync on, and remembers a failure for good.
    pub(super) fn synced(&self, result: io::Result<()>) -> io::Result<()> {
        if let Err(error) = &result {
            self.faulted.store(true, Ordering::SeqCst);
            tracing::error!(%error, "mail: a sync failed, nothing more is accepted until a restart");
        }
        result
    }

    /// Brings the names in `dir` to disk.
    pub(super) fn sync_dir(&self, dir: &Dir) -> io::Result<()> {
        // The handle may be a bare path handle, which cannot be synced.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = rustix::fs::openat(dir, ".", flags, Mode::empty())?;
        self.synced(rustix::fs::fsync(handle).map_err(io::Error::from))
    }

    /// Replaces the file `name` in `dir` as a whole: temporary file, sync, rename, sync of the folder.
    pub(super) fn replace(&self, dir: &Dir, name: &str, content: &[u8]) -> io::Result<()> {
        self.usable()?;
        let temporary = format!("{name}.tmp");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = dir.open_with(&temporary, &options)?;
        file.write_all(content)?;
        self.synced(file.sync_all())?;
        drop(file);
        dir.rename(&temporary, dir, name)?;
        self.sync_dir(dir)
    }

    /// A file without a name, gone when it is closed or the process ends.
    pub(super) fn spool(&self, name: &str) -> io::Result<std::fs::File> {
        self.usable()?;
        let spool = self.root.open_dir(SPOOL)?;
        let file = create(&spool, name)?;
        spool.remove_file(name)?;
        Ok(file.into_std())
    }
}

/// A new file, for its owner only; fails when there is one.
pub(super) fn create(dir: &Dir, name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600);
    dir.open_with(name, &options)
}

/// Makes a folder; false when it was there.
fn make(parent: &Dir, name: &str, builder: &DirBuilder) -> io::Result<bool> {
    match parent.create_dir_with(name, builder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
