//! Whose the folders of a node and of its webspaces are, and who passes through them.
//!
//! ```text
//! node/                root:root  0711   everybody passes, nobody looks around
//!   web/ php/          root:root  0711
//!     web_…/           root:root  0711   documents, keys and names are no customer's to change
//!       files/         user:web   0750   the gate: this user and the web server, nobody else
//!       tmp/           user:user  0700
//!       logs/          web:user   2750   the web server names its logs by the day; the user reads them, and PHP
//!                                        writes into files of its own that are there already
//!       key            root:web   0640
//!   nginx/ redirect/ challenges/  root:web 0750
//! ```
//!
//! Beneath `files` modes are the customer's business: whoever is not let through that one folder reaches
//! nothing, so that `0644` means “the web server may read it”, without access lists and without a group in which
//! the web server would have to be once for each customer.

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Uid};
use rustix::io::Errno;
use std::ffi::{CString, OsStr};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use wabe_kernel::RelPath;

use crate::daemon::account::Account;
use crate::embedded::web::Place;
use crate::owners::walk::{self, Passed, beneath, change, clear, give_all};

/// Who passes where, of the folders of a node: everybody, or the web server's group.
const OF_NODE: [(&str, u32, bool); 6] = [
    ("web", 0o711, false),
    ("php", 0o711, false),
    ("apache", 0o711, false),
    ("nginx", 0o750, true),
    ("redirect", 0o750, true),
    ("challenges", 0o750, true),
];
/// What is on a node beside them and concerns no customer's processes.
const CLOSED: [&str; 4] = ["mail", "db", "database_server", "sftp"];

/// Opens the node's folder as far as customers' processes and the web server need it, and closes the rest.
///
/// Errors: what the system says.
pub(super) fn open_node(node: &Path, web_group: u32) -> io::Result<()> {
    std::fs::create_dir_all(node)?;
    put(&folder(node)?, (0, 0), 0o711)?;
    for (name, mode, is_webs) in OF_NODE {
        let path = node.join(name);
        std::fs::create_dir_all(&path)?;
        put(
            &folder(&path)?,
            (0, if is_webs { web_group } else { 0 }),
            mode,
        )?;
    }
    for name in CLOSED {
        match folder(&node.join(name)) {
            Ok(found) => rustix::fs::fchmod(&found, Mode::from_raw_mode(0o700))?,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// The first folder on the way to the node's that customers' processes cannot pass.
///
/// Errors: what the system says.
pub(super) fn barred(node: &Path) -> io::Result<Option<PathBuf>> {
    for above in node.ancestors().skip(1) {
        if above.as_os_str().is_empty() {
            continue;
        }
        if std::fs::metadata(above)?.permissions().mode() & 0o001 == 0 {
            return Ok(Some(above.to_owned()));
        }
    }
    Ok(None)
}

/// Gives a webspace's folders to its user, with everything in them; the gate last, so that a pass which breaks
/// off is begun again. Where all of that was done, only what was made since on the way to the document root.
///
/// Errors: what the system says; `NotFound` where nothing was made yet.
pub(super) fn settle(
    place: &Place,
    user: Account,
    web: Account,
    root: &RelPath,
) -> io::Result<Passed> {
    put(&folder(&place.folder)?, (0, 0), 0o711)?;
    create(&place.logs)?;
    put(&folder(&place.logs)?, (web.user(), user.group()), 0o2750)?;
    for key in [&place.key, &place.public.1] {
        share(key, web.group())?;
    }
    let files = folder(&place.files)?;
    let about = rustix::fs::fstat(&files)?;
    let gate = Account::new(user.user(), web.group());
    let is_settled = (about.st_uid, about.st_gid) == (gate.user(), gate.group());
    let passed = if is_settled {
        give_way(&files, root, user)?
    } else {
        // Nobody comes in while some of it is nobody's yet.
        put(&files, (0, 0), 0o700)?;
        give_all(&files, user)?
    };
    put(&files, (gate.user(), gate.group()), 0o750)?;
    Ok(passed)
}

/// Has the next pass give everything again.
///
/// Errors: what the system says.
pub(super) fn unsettle(place: &Place) -> io::Result<()> {
    put(&folder(&place.files)?, (0, 0), 0o700)
}

/// Lets the user of a webspace into every folder of it again, whatever they made of its modes.
///
/// Errors: what the system says.
pub(super) fn unlock(place: &Place) -> io::Result<()> {
    for name in ["files", "staging", "tmp"] {
        match folder(&place.folder.join(name)) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
            found => walk::unlock(&found?)?,
        }
    }
    Ok(())
}

/// Makes a folder of this owner, with everything in it theirs; what is there and is theirs stays.
///
/// Errors: what the system says.
pub(crate) fn make_own(path: &Path, owner: Account) -> io::Result<()> {
    create(path)?;
    let made = folder(path)?;
    let about = rustix::fs::fstat(&made)?;
    if (about.st_uid, about.st_gid) != (owner.user(), owner.group()) {
        put(&made, (0, 0), 0o700)?;
        give_all(&made, owner)?;
    }
    put(&made, (owner.user(), owner.group()), 0o700)
}

/// Makes a folder of ours that this group passes, without looking around.
///
/// Errors: what the system says.
pub(crate) fn make_passable(path: &Path, group: u32) -> io::Result<()> {
    create(path)?;
    put(&folder(path)?, (0, group), 0o710)
}

/// Makes a folder of ours that everybody passes, without looking around.
///
/// Errors: what the system says.
pub(crate) fn make_open(path: &Path) -> io::Result<()> {
    create(path)?;
    put(&folder(path)?, (0, 0), 0o711)
}

/// Makes a folder of ours, or empties it, and gives it to this user, whom alone it lets in: where nobody goes who
/// could be led elsewhere.
///
/// Errors: what the system says; `InvalidData` where what lies there is too deep.
pub(crate) fn hand_over(path: &Path, user: Account) -> io::Result<()> {
    create(path)?;
    let held = folder(path)?;
    // Nothing comes in behind what is cleared.
    put(&held, (0, 0), 0o700)?;
    clear(&held)?;
    put(&held, (user.user(), user.group()), 0o700)
}

/// Takes a folder back once its user made sockets of these names in it, and lets this group pass to them; false
/// while one of them is missing.
///
/// Errors: what the system says; `InvalidData` where something else lies in the place of one, and nobody passes.
pub(crate) fn take_back(
    path: &Path,
    (user, names): (Account, &[&OsStr]),
    group: u32,
) -> io::Result<bool> {
    let held = folder(path)?;
    let is_there = |name: &&OsStr| {
        let about = rustix::fs::statat(&held, *name, AtFlags::SYMLINK_NOFOLLOW);
        about.is_ok()
    };
    if !names.iter().all(is_there) {
        return Ok(false);
    }
    // What is looked at stays what it is.
    put(&held, (0, 0), 0o700)?;
    for name in names {
        let about = rustix::fs::statat(&held, *name, AtFlags::SYMLINK_NOFOLLOW)?;
        let is_socket = FileType::from_raw_mode(about.st_mode) == FileType::Socket;
        if !is_socket || about.st_uid != user.user() {
            let why = format!("{} is no socket of its user's", path.join(name).display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
    }
    put(&held, (0, group), 0o710)?;
    Ok(true)
}

/// Whether a folder was taken back, and not given since.
pub(crate) fn is_taken(path: &Path) -> bool {
    let about = folder(path).and_then(|held| Ok(rustix::fs::fstat(&held)?));
    about.is_ok_and(|about| about.st_uid == 0 && about.st_mode & 0o010 != 0)
}

/// The group that passes a folder that was taken back; nothing while it is somebody's.
pub(crate) fn passed_by(path: &Path) -> Option<u32> {
    let held = folder(path).ok()?;
    let about = rustix::fs::fstat(&held).ok()?;
    (about.st_uid == 0 && about.st_mode & 0o010 != 0).then_some(about.st_gid)
}

/// Makes an empty file of this owner, whom alone it lets write, in a folder that they do not change. One that is
/// there is theirs from now on.
///
/// Errors: what the system says.
pub(crate) fn make_file(path: &Path, owner: Account) -> io::Result<()> {
    let flags = OFlags::WRONLY
        | OFlags::CREATE
        | OFlags::APPEND
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::from_raw_mode(0o600))?;
    let about = rustix::fs::fstat(&file)?;
    let is_file = FileType::from_raw_mode(about.st_mode) == FileType::RegularFile;
    if !is_file || about.st_nlink != 1 {
        let why = format!("{} is no file of its own", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    put(&file, (owner.user(), owner.group()), 0o600)
}

/// Removes a folder with everything in it, where there is one: what is in it may be a stranger's.
///
/// Errors: what the system says; `InvalidData` where it is too deep.
pub(crate) fn remove_tree(path: &Path) -> io::Result<()> {
    match folder(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => clear(&found?)?,
    }
    std::fs::remove_dir(path)
}

/// Lets a group read a file of ours, where there is one.
///
/// Errors: what the system says.
pub(crate) fn share(path: &Path, group: u32) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Err(Errno::NOENT) => Ok(()),
        file => put(&file?, (0, group), 0o640),
    }
}

/// Gives the folders on the way to the document root, which may have been made by us since.
fn give_way(files: &OwnedFd, root: &RelPath, user: Account) -> io::Result<Passed> {
    let mut passed = Passed::default();
    let mut here = files.try_clone()?;
    let text = root.to_string();
    for name in text.split('/').filter(|name| !name.is_empty()) {
        let name = CString::new(name)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        here = match beneath(here.as_fd(), &name, flags) {
            // The customer put something else there; visitors are told.
            Err(Errno::NOENT | Errno::LOOP | Errno::NOTDIR | Errno::XDEV) => return Ok(passed),
            folder => folder?,
        };
        if rustix::fs::fstat(&here)?.st_uid != user.user() {
            change(here.as_fd(), user)?;
            passed.given = passed.given.saturating_add(1);
        }
    }
    Ok(passed)
}

fn create(path: &Path) -> io::Result<()> {
    match std::fs::create_dir(path) {
        Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists => Err(fault),
        _ => Ok(()),
    }
}

fn folder(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// Owner first: changing it takes bits away.
fn put(held: &OwnedFd, (owner, group): (u32, u32), mode: u32) -> io::Result<()> {
    let (owner, group) = (Uid::from_raw(owner), Gid::from_raw(group));
    rustix::fs::fchown(held, Some(owner), Some(group))?;
    Ok(rustix::fs::fchmod(held, Mode::from_raw_mode(mode))?)
}
