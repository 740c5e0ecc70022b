//! Files beneath a root: looked at without following a link at their end, and replaced as a whole.

use crate::machine::Found;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, fchown, symlink};
use std::path::{Path, PathBuf};

/// The longest file that is looked into, in bytes.
const READ_MAX: u64 = 1024 * 1024;

/// Where an absolute path lies beneath a root.
pub(crate) fn inside(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

/// What lies at a path of this root.
pub(crate) fn found(root: &Path, path: &Path) -> Found {
    let place = inside(root, path);
    let hidden = |error: &io::Error| {
        let gone = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
        if gone.contains(&error.kind()) {
            Found::Nothing
        } else {
            Found::Hidden
        }
    };
    let kind = match place.symlink_metadata() {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return hidden(&error),
    };
    if kind.is_symlink() {
        let target = std::fs::read_link(&place);
        return target.map_or_else(|error| hidden(&error), Found::Link);
    }
    if !kind.is_file() {
        return Found::Other;
    }
    read(&place).map_or_else(|error| hidden(&error), Found::File)
}

/// The beginning of a file that is no link.
pub(crate) fn read(place: &Path) -> io::Result<Vec<u8>> {
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits();
    let flags = i32::try_from(no_follow).map_err(io::Error::other)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(place)?;
    let mut bytes = Vec::new();
    file.take(READ_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes the folders that lead to a path.
fn lead_to(place: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    match place.parent() {
        Some(folder) => builder.recursive(true).mode(0o755).create(folder),
        None => Ok(()),
    }
}

/// Who may do what with a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Access {
    /// Its mode.
    pub(crate) mode: u32,
    /// Its group; root owns it. Whoever is not root keeps what they write.
    pub(crate) group: u32,
}

/// Puts a file in place of what lies there, as a whole and durably.
#[expect(
    clippy::disallowed_methods,
    reason = "files of the node, replaced atomically"
)]
pub(crate) fn put(place: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    lead_to(place)?;
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".wabe-new");
    let unfinished = place.with_file_name(name);
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Nobody reads it before it belongs to whom it shall.
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    if rustix::process::geteuid().is_root() {
        fchown(&file, Some(0), Some(access.group))?;
    }
    let mode = std::os::unix::fs::PermissionsExt::from_mode(access.mode);
    file.set_permissions(mode)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, place)?;
    sync_folder_of(place)
}

/// Keeps what lay at a place beside it, under a name that its content gives it, for root alone; answers where.
pub(crate) fn keep(place: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mark = crate::ledger::fingerprint(bytes);
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".before-");
    name.push(mark.get(..8).unwrap_or(&mark));
    let kept = place.with_file_name(name);
    let access = Access {
        mode: 0o600,
        group: 0,
    };
    put(&kept, bytes, access)?;
    Ok(kept)
}

/// Makes a link where nothing is.
pub(crate) fn link(place: &Path, to: &Path) -> io::Result<()> {
    lead_to(place)?;
    symlink(to, place)?;
    sync_folder_of(place)
}

/// Makes the names in the folder that holds `place` survive a crash.
fn sync_folder_of(place: &Path) -> io::Result<()> {
    match place.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
