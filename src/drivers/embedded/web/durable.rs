//! Replacing a file so that a crash leaves either the old content or the new, never a part.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::owners::ground;

/// Puts `bytes` in place of the file at `path`, readable as `mode` says from the first byte on.
///
/// Temporary file, fsync, rename, fsync of the folder. One writer per path at a time: the temporary
/// file has a fixed name, so that leftovers of a crash are used up by the next write.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own files, replaced atomically"
)]
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let temporary = path.with_extension("new");
    remove(&temporary)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    sync_folder_of(path)
}

/// The mode of a secret that the server of sites reads: its group may, where the folder hands that on.
pub(crate) fn secret_mode(path: &Path) -> u32 {
    let is_shared = path.parent().is_some_and(ground::hands_group_on);
    if is_shared { 0o640 } else { 0o600 }
}

/// Removes the file at `path`; one that is missing already is fine.
#[expect(clippy::disallowed_methods, reason = "a driver's own files")]
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

/// Makes the names in the folder that holds `path` survive a crash.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
