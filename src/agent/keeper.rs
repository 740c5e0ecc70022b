//! The folders of webspaces: made and removed by root, worked in by the customer's user alone.
//!
//! `web/<id>` is root's, lets everybody pass and shows nobody what is in it. Beneath it `files` is the customer's, and
//! the group of the web server comes in; `staging` and `tmp` are the customer's alone; `logs` is written by the web
//! server and read by the customer. So nobody but root puts anything in the place of one of the four.

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;
use std::io;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_drivers::agent_link::door;
use wabe_drivers::daemon::account::Account;
use wabe_drivers::embedded::files::Door;
use wabe_drivers::embedded::web::Keeper;
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{RelPath, Timestamp};

use crate::workers::{Trouble, Workers, folder_of};

/// Keeps the folders of this node.
pub(crate) struct Folders {
    workers: Arc<Workers>,
    redirects: PathBuf,
    /// Whom the web server's workers are.
    web: Account,
}

/// Whose a folder is, and who comes in.
pub(crate) struct Ownership {
    pub(crate) user: u32,
    pub(crate) group: u32,
    pub(crate) mode: u32,
}

fn failed(error: impl std::fmt::Display) -> StepFailure {
    StepFailure::new("files-failed", error)
}

fn refused(refused: &ContentError) -> StepFailure {
    failed(format_args!("{refused:?}"))
}

fn unstarted(trouble: Trouble) -> ContentError {
    match trouble {
        Trouble::NotFound => ContentError::NotFound,
        Trouble::Busy => ContentError::Fault("too many workers".to_owned()),
        Trouble::Failed(why) => ContentError::Fault(why),
    }
}

/// Makes a folder of ours somebody's, whoever had it before; it is never a link.
fn own(at: BorrowedFd<'_>, name: &str, to: &Ownership) -> Result<(), Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(at, name, flags, Mode::empty())?;
    let (user, group) = (Uid::from_raw(to.user), Gid::from_raw(to.group));
    rustix::fs::fchown(&folder, Some(user), Some(group))?;
    // After it: giving something away takes bits off.
    rustix::fs::fchmod(&folder, Mode::from_raw_mode(to.mode))
}

/// Makes a folder of ours, where it is missing, and somebody's.
pub(crate) fn make_own(at: BorrowedFd<'_>, name: &str, to: &Ownership) -> Result<(), Errno> {
    match rustix::fs::mkdirat(at, name, Mode::from_raw_mode(0o700)) {
        Ok(()) | Err(Errno::EXIST) => own(at, name, to),
        Err(errno) => Err(errno),
    }
}

/// Makes a folder of root's, where missing, and opens it.
pub(crate) fn make_ours(path: &Path, mode: u32) -> io::Result<OwnedFd> {
    std::fs::create_dir_all(path)?;
    let folder = folder_of(path)?;
    let ours = Ownership {
        user: 0,
        group: 0,
        mode,
    };
    own(folder.as_fd(), ".", &ours)?;
    Ok(folder)
}

impl Folders {
    pub(crate) fn new(folder: &Path, workers: Arc<Workers>, web: Account) -> io::Result<Self> {
        let redirects = folder.join("redirect");
        std::fs::create_dir_all(&redirects)?;
        let inside = Ownership {
            user: 0,
            group: web.group(),
            mode: 0o750,
        };
        own(folder_of(&redirects)?.as_fd(), ".", &inside)?;
        Ok(Self {
            workers,
            redirects,
            web,
        })
    }

    /// A door of our own to a webspace, by a worker that ends with it.
    fn door(&self, id: WebspaceId) -> Result<Door, ContentError> {
        let started = self.workers.start(id).map_err(unstarted)?;
        let fault = |error: io::Error| ContentError::Fault(error.to_string());
        door(started.socket, started.folder).map_err(fault)
    }

    /// The folder of a redirect's logs, made where missing.
    pub(crate) fn make_redirect(&self, id: DomainId) -> io::Result<()> {
        let folder = self.redirects.join(id.to_string());
        std::fs::create_dir_all(&folder)?;
        let written = Ownership {
            user: self.web.user(),
            group: self.web.group(),
            mode: 0o755,
        };
        make_own(folder_of(&folder)?.as_fd(), "logs", &written)?;
        Ok(())
    }

    /// Where the logs of a redirect lie, to be read by whoever gets the handle.
    pub(crate) fn redirect_logs(&self, id: DomainId) -> Result<OwnedFd, Errno> {
        let folder = folder_of(&self.redirects.join(id.to_string()))?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(&folder, "logs", flags, Mode::empty())
    }

    /// Makes the folder of the customer's files in one go: with its document root and first page, or not at all.
    fn make_files(
        folder: &Path,
        (root, first): (&RelPath, &[u8]),
        (user, group): (u32, u32),
    ) -> io::Result<()> {
        let fresh = folder.join("files.new");
        #[expect(
            clippy::disallowed_methods,
            reason = "what a former life left; nobody but root came in"
        )]
        if fresh.try_exists()? {
            std::fs::remove_dir_all(&fresh)?;
        }
        make_ours(&fresh, 0o700)?;
        let top = Dir::open_ambient_dir(&fresh, ambient_authority())?;
        let mut here = fresh.clone();
        if root.is_root() {
            top.write("index.html", first)?;
        } else {
            let root_text = root.to_string();
            top.create_dir_all(&root_text)?;
            top.open_dir(&root_text)?.write("index.html", first)?;
            for name in root.names() {
                here.push(name.as_str());
                chown(&here, Some(user), Some(group))?;
            }
        }
        chown(here.join("index.html"), Some(user), Some(group))
    }

    /// Makes what lies beside the customer's files, where missing.
    fn make_beside(&self, at: BorrowedFd<'_>, (user, group): (u32, u32)) -> Result<(), Errno> {
        let theirs = Ownership {
            user,
            group,
            mode: 0o700,
        };
        for name in ["staging", "tmp"] {
            make_own(at, name, &theirs)?;
        }
        let logs = Ownership {
            user: self.web.user(),
            group,
            // What is put there is the customer's group's to read, whoever writes it.
            mode: 0o2750,
        };
        make_own(at, "logs", &logs)
    }

    fn make_all(&self, id: WebspaceId, root: &RelPath, first: &[u8]) -> Result<(), StepFailure> {
        let owner = self.workers.owner(id);
        let (user, group) = owner.ok_or_else(|| failed("the webspace has no user of its own"))?;
        let folder = self.workers.folder(id);
        let at = make_ours(&folder, 0o711).map_err(failed)?;
        self.make_beside(at.as_fd(), (user, group))
            .map_err(failed)?;
        let shown = Ownership {
            user,
            group: self.web.group(),
            mode: 0o750,
        };
        match rustix::fs::statat(&at, "files", AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(failed(errno)),
            // What came from elsewhere, and is given with everything in it before it is shown.
            Ok(about) if (about.st_uid, about.st_gid) != (user, shown.group) => return Ok(()),
            Ok(_) if root.is_root() => return Ok(()),
            Ok(_) => {
                let made = self.door(id).and_then(|door| door.make_way(root));
                return made.map_err(|why| refused(&why));
            }
        }
        Self::make_files(&folder, (root, first), (user, group)).map_err(failed)?;
        own(at.as_fd(), "files.new", &shown).map_err(failed)?;
        rustix::fs::renameat(&at, "files.new", &at, "files").map_err(failed)?;
        // What leads on can not be synced: opened anew.
        std::fs::File::open(&folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)
    }

    fn remove_all(&self, id: WebspaceId) -> Result<(), StepFailure> {
        let folder = self.workers.folder(id);
        let at = match folder_of(&folder) {
            Err(Errno::NOENT) => return Ok(()),
            at => at.map_err(failed)?,
        };
        if let Some(owner) = self.workers.owner(id) {
            // A former removal may have come half the way, and a worker needs all of it.
            self.make_beside(at.as_fd(), owner).map_err(failed)?;
        }
        match self.door(id).and_then(|door| door.clear()) {
            Ok(()) | Err(ContentError::NotFound) => {}
            Err(why) => return Err(refused(&why)),
        }
        // The files last: without them there is no worker to empty the others.
        for name in ["staging", "tmp", "files"] {
            // It goes empty or not at all: what is in it is not for root to walk through.
            match rustix::fs::unlinkat(&at, name, AtFlags::REMOVEDIR) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(failed(format_args!("{name}: {errno}"))),
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "what is left is the node's own, named by a typed id"
        )]
        let removed = std::fs::remove_dir_all(&folder);
        removed.map_err(failed)
    }
}

impl Keeper for Folders {
    fn make(&self, id: WebspaceId, root: &RelPath, first: &[u8]) -> Result<(), StepFailure> {
        self.make_all(id, root, first)
    }

    fn remove(&self, id: WebspaceId) -> Result<(), StepFailure> {
        self.remove_all(id)
    }

    fn rule_files(&self, id: WebspaceId) -> Result<Vec<RuleFile>, ContentError> {
        self.door(id)?.rule_files()
    }

    fn sweep(&self, id: WebspaceId, before: Timestamp) -> Result<(), ContentError> {
        self.door(id)?.sweep(before)
    }
}
