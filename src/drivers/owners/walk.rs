//! Gives a whole tree to a user, handle by handle.
//!
//! What the tree holds is a stranger's, who may change it meanwhile. Each name is held first, without being
//! followed or opened (`O_PATH`), looked at, and given by that very handle: a link is given itself and never
//! what it leads to, nothing outside the tree and no other file system is reached. A file of somebody else's
//! that has a second name stays as it is: its other name may be anywhere.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, ResolveFlags, Stat, Uid};
use rustix::io::Errno;
use std::ffi::{CStr, CString};
use std::io;

use crate::daemon::account::Account;

/// Deeper trees can only have been made to be deep; what is below stays as it is.
const DEPTH_MAX: usize = 200;
/// `openat2` answers `EAGAIN` while somebody renames around it.
const TRIES: usize = 64;

/// What came of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Passed {
    /// Things that were somebody else's.
    pub(super) given: u64,
    /// Things that stay as they are.
    pub(super) left: u64,
}

/// Gives everything beneath an open folder to this user, not the folder itself. What is theirs already is
/// passed over, so that a pass which was interrupted goes on.
///
/// Errors: what the system says.
pub(super) fn give_all(folder: &OwnedFd, to: Account) -> io::Result<Passed> {
    let mut passed = Passed::default();
    let mut open = vec![(folder.try_clone()?, names(folder.as_fd())?)];
    while let Some((here, names_left)) = open.last_mut() {
        let Some(name) = names_left.pop() else {
            open.pop();
            continue;
        };
        let held = match beneath(here.as_fd(), &name, OFlags::PATH | OFlags::NOFOLLOW) {
            // Gone meanwhile.
            Err(Errno::NOENT) => continue,
            Err(Errno::XDEV | Errno::LOOP) => {
                passed.left = passed.left.saturating_add(1);
                continue;
            }
            held => held?,
        };
        let about = rustix::fs::fstat(&held)?;
        match give(held.as_fd(), &about, to)? {
            Some(true) => passed.given = passed.given.saturating_add(1),
            Some(false) => {}
            None => passed.left = passed.left.saturating_add(1),
        }
        if FileType::from_raw_mode(about.st_mode) != FileType::Directory {
            continue;
        }
        if open.len() >= DEPTH_MAX {
            passed.left = passed.left.saturating_add(1);
            continue;
        }
        // The one that was held, however it is called by now.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let below = rustix::fs::openat(&held, c".", flags, Mode::empty())?;
        let names_below = names(below.as_fd())?;
        open.push((below, names_below));
    }
    Ok(passed)
}

/// Gives what is held, unless it is theirs already (`false`) or may be somebody else's elsewhere (nothing).
fn give(held: BorrowedFd<'_>, about: &Stat, to: Account) -> io::Result<Option<bool>> {
    if (about.st_uid, about.st_gid) == (to.user(), to.group()) {
        return Ok(Some(false));
    }
    let is_folder = FileType::from_raw_mode(about.st_mode) == FileType::Directory;
    if !is_folder && about.st_nlink > 1 && about.st_uid != to.user() {
        return Ok(None);
    }
    change(held, to)?;
    Ok(Some(true))
}

/// Gives what a handle holds, of whatever kind it is.
pub(super) fn change(held: BorrowedFd<'_>, to: Account) -> io::Result<()> {
    let (user, group) = (Uid::from_raw(to.user()), Gid::from_raw(to.group()));
    let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW;
    Ok(rustix::fs::chownat(
        held,
        c"",
        Some(user),
        Some(group),
        flags,
    )?)
}

/// Lets the owner of an open folder, and of those beneath it, into each of them again, whatever their modes say; not
/// on another file system.
///
/// Errors: what the system says.
pub(super) fn unlock(folder: &OwnedFd) -> io::Result<()> {
    let_in(folder)?;
    let mut open = vec![(folder.try_clone()?, names(folder.as_fd())?)];
    while let Some((here, names_left)) = open.last_mut() {
        let Some(name) = names_left.pop() else {
            open.pop();
            continue;
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let below = match beneath(here.as_fd(), &name, flags) {
            // No folder, or gone meanwhile.
            Err(Errno::NOTDIR | Errno::LOOP | Errno::NOENT | Errno::XDEV) => continue,
            below => below?,
        };
        let_in(&below)?;
        if open.len() < DEPTH_MAX {
            let names_below = names(below.as_fd())?;
            open.push((below, names_below));
        }
    }
    Ok(())
}

fn let_in(folder: &OwnedFd) -> io::Result<()> {
    let mode = Mode::from_raw_mode(rustix::fs::fstat(folder)?.st_mode);
    if !mode.contains(Mode::RWXU) {
        rustix::fs::fchmod(folder, Mode::RWXU)?;
    }
    Ok(())
}

/// Deletes everything beneath an open folder, over no link and on no other file system. It asks no stack for the
/// depth of a tree that may have been made to be deep.
///
/// Errors: what the system says; `InvalidData` for a tree that is too deep.
pub(super) fn clear(folder: &OwnedFd) -> io::Result<()> {
    let mut open = vec![(folder.try_clone()?, names(folder.as_fd())?)];
    while let Some((here, names_left)) = open.last_mut() {
        let Some(name) = names_left.last().cloned() else {
            open.pop();
            // It is empty now, and still the last name of the one above.
            if let Some((above, names_above)) = open.last_mut()
                && let Some(emptied) = names_above.pop()
            {
                remove(above.as_fd(), &emptied, AtFlags::REMOVEDIR)?;
            }
            continue;
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW;
        match beneath(here.as_fd(), &name, flags) {
            Ok(below) => {
                if open.len() >= DEPTH_MAX {
                    let why = "a tree is too deep";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
                let names_below = names(below.as_fd())?;
                open.push((below, names_below));
            }
            // No folder: the name goes, and what it leads to stays.
            Err(Errno::NOTDIR | Errno::LOOP | Errno::NOENT) => {
                remove(here.as_fd(), &name, AtFlags::empty())?;
                names_left.pop();
            }
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

fn remove(at: BorrowedFd<'_>, name: &CStr, flags: AtFlags) -> io::Result<()> {
    match rustix::fs::unlinkat(at, name, flags) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

/// Opens a name of an open folder: never over a link, never outside, never on another file system.
pub(super) fn beneath(at: BorrowedFd<'_>, name: &CStr, flags: OFlags) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH
        | ResolveFlags::NO_SYMLINKS
        | ResolveFlags::NO_MAGICLINKS
        | ResolveFlags::NO_XDEV;
    for _ in 0..TRIES {
        match rustix::fs::openat2(at, name, flags | OFlags::CLOEXEC, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            answer => return answer,
        }
    }
    Err(Errno::AGAIN)
}

fn names(folder: BorrowedFd<'_>) -> io::Result<Vec<CString>> {
    let mut found = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
            found.push(entry.file_name().to_owned());
        }
    }
    Ok(found)
}
