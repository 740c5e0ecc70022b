//! The calls that need the rights of whoever the files belong to, and the door of a webspace.
//!
//! Everything else in this layer works on handles that are open already, for which it does not matter who holds
//! them. So the layer is one, whether the files belong to this process or to a customer's own user: then the
//! hands are a worker that is that user, and hands back what it opened.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, ResolveFlags, Timespec, Timestamps, UTIME_OMIT,
};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{PhpVersion, Timestamp};

use crate::embedded::files::beneath::{FILE_MODE, FOLDER_MODE, Found, PRIVATE_MODE, fault};
use crate::php::status;

/// `openat2` answers `EAGAIN` while somebody renames around it.
const TRIES: usize = 64;

/// What something is opened for; nothing else can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Opening {
    /// A folder, to go on from there.
    Folder,
    /// A file, to be read.
    Read,
    /// A file, to be read and written in place.
    Change,
    /// A file that is not there yet, to be written.
    Create,
}

impl Opening {
    const fn flags(self) -> OFlags {
        let asked = match self {
            Self::Folder => OFlags::RDONLY.union(OFlags::DIRECTORY),
            Self::Read => OFlags::RDONLY.union(OFlags::NONBLOCK),
            Self::Change => OFlags::RDWR.union(OFlags::NONBLOCK),
            Self::Create => OFlags::RDWR.union(OFlags::CREATE).union(OFlags::EXCL),
        };
        asked.union(OFlags::NOCTTY).union(OFlags::CLOEXEC)
    }
}

/// A name in an open folder.
pub(crate) type Named<'a> = (BorrowedFd<'a>, &'a CStr);

/// Does what a name in a webspace needs. Every way starts at an open folder, leads over no link and not out of it.
pub(crate) trait Hands: Send + Sync + 'static {
    /// Opens what lies there.
    fn open(&self, at: Named<'_>, what: Opening) -> Result<OwnedFd, Errno>;

    /// What each of the names stands for, links not followed.
    fn look(
        &self,
        at: BorrowedFd<'_>,
        names: &[CString],
    ) -> Result<Vec<Result<Found, Errno>>, Errno>;

    /// Makes a folder; a private one is its owner's alone.
    fn make_folder(&self, at: Named<'_>, is_private: bool) -> Result<(), Errno>;

    /// Removes a name, or an empty folder.
    fn remove(&self, at: Named<'_>, is_folder: bool) -> Result<(), Errno>;

    /// Gives something another name; what has that name is replaced where that is said.
    fn rename(&self, from: Named<'_>, to: Named<'_>, replace: bool) -> Result<(), Errno>;

    /// Sets when an open file or folder was last written.
    fn set_modified(&self, file: BorrowedFd<'_>, at: Timestamp) -> Result<(), Errno>;
}

/// This process's own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own;

impl Hands for Own {
    fn open(&self, (at, way): Named<'_>, what: Opening) -> Result<OwnedFd, Errno> {
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let mode = match what {
            Opening::Create => FILE_MODE,
            Opening::Folder | Opening::Read | Opening::Change => Mode::empty(),
        };
        for _ in 0..TRIES {
            match rustix::fs::openat2(at, way, what.flags(), mode, resolve) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                answer => return answer,
            }
        }
        Err(Errno::AGAIN)
    }

    fn look(
        &self,
        at: BorrowedFd<'_>,
        names: &[CString],
    ) -> Result<Vec<Result<Found, Errno>>, Errno> {
        let looked = names.iter().map(|name| {
            rustix::fs::statat(at, name.as_c_str(), AtFlags::SYMLINK_NOFOLLOW)
                .map(|stat| Found::of(&stat))
        });
        Ok(looked.collect())
    }

    fn make_folder(&self, (at, name): Named<'_>, is_private: bool) -> Result<(), Errno> {
        let mode = if is_private {
            PRIVATE_MODE
        } else {
            FOLDER_MODE
        };
        rustix::fs::mkdirat(at, name, mode)
    }

    fn remove(&self, (at, name): Named<'_>, is_folder: bool) -> Result<(), Errno> {
        let flags = if is_folder {
            AtFlags::REMOVEDIR
        } else {
            AtFlags::empty()
        };
        rustix::fs::unlinkat(at, name, flags)
    }

    fn rename(&self, from: Named<'_>, to: Named<'_>, replace: bool) -> Result<(), Errno> {
        let flags = if replace {
            RenameFlags::empty()
        } else {
            RenameFlags::NOREPLACE
        };
        rustix::fs::renameat_with(from.0, from.1, to.0, to.1, flags)
    }

    fn set_modified(&self, file: BorrowedFd<'_>, at: Timestamp) -> Result<(), Errno> {
        let times = Timestamps {
            last_access: Timespec {
                tv_sec: 0,
                tv_nsec: UTIME_OMIT,
            },
            last_modification: Timespec {
                tv_sec: at.0.div_euclid(1_000_000),
                tv_nsec: at.0.rem_euclid(1_000_000).saturating_mul(1_000),
            },
        };
        rustix::fs::futimens(file, &times)
    }
}

/// A webspace's folder, and whose hands work beneath it. Clones share both.
#[derive(Clone)]
pub struct Door {
    pub(crate) folder: Arc<OwnedFd>,
    pub(crate) hands: Arc<dyn Hands>,
}

impl Door {
    /// The folder of a webspace, worked on by this process.
    #[must_use]
    pub fn own(folder: OwnedFd) -> Self {
        Self {
            folder: Arc::new(folder),
            hands: Arc::new(Own),
        }
    }
}

/// Opens webspaces. Blocks.
pub trait Doors: Send + Sync + 'static {
    /// The door of a webspace.
    ///
    /// # Errors
    /// `NotFound` when it has no folder here.
    fn open(&self, web: WebspaceId) -> Result<Door, ContentError>;

    /// The folder with the logs of a domain's redirect.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    fn redirect_logs(&self, domain: DomainId) -> Result<OwnedFd, ContentError>;

    /// How the PHP of a webspace is doing; nothing where none runs.
    ///
    /// # Errors
    /// When it does not say so in time.
    fn php(
        &self,
        web: WebspaceId,
        version: PhpVersion,
    ) -> Working<'_, Result<Option<PhpStatus>, ContentError>>;

    /// Every webspace that has a folder, as far as that can be told.
    fn all(&self) -> Vec<WebspaceId>;
}

/// The folders of this process's own user.
pub(super) struct OwnDoors {
    pub(super) web: PathBuf,
    pub(super) redirect: PathBuf,
    pub(super) php: PathBuf,
}

/// Opens a folder of this process's own.
pub(crate) fn open_folder(path: &Path) -> Result<OwnedFd, ContentError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).map_err(fault)
}

impl Doors for OwnDoors {
    fn open(&self, web: WebspaceId) -> Result<Door, ContentError> {
        open_folder(&self.web.join(web.to_string())).map(Door::own)
    }

    fn redirect_logs(&self, domain: DomainId) -> Result<OwnedFd, ContentError> {
        open_folder(&self.redirect.join(domain.to_string()).join("logs"))
    }

    fn php(
        &self,
        web: WebspaceId,
        version: PhpVersion,
    ) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(status::read(&self.php, web, version))
    }

    fn all(&self) -> Vec<WebspaceId> {
        let names = std::fs::read_dir(&self.web);
        let names = names.into_iter().flatten().flatten();
        names
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect()
    }
}

impl AsFd for Door {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }
}
