//! Replacing a file so that a crash leaves either the old content or the new, never a part.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Puts `bytes` in place of the file at `path`, readable as `mode` says from the first byte on.
///
/// Temporary file, fsync, rename, fsync of the folder. One writer per path at a time: the temporary
/// file has a fixed name, so that leftovers of a crash are used up by the next write.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    put(path, bytes, (mode, None))
}

/// The same where something else lies there, or nothing: whoever begins on a full disk goes on with what it has.
pub(crate) fn keep(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|lies| lies == bytes) {
        return Ok(());
    }
    replace(path, bytes, mode)
}

/// As [`replace`] for what is nobody else's to read, but for members of the group `readers`.
pub(crate) fn replace_secret(path: &Path, bytes: &[u8], readers: Option<u32>) -> io::Result<()> {
    let mode = if readers.is_some() { 0o640 } else { 0o600 };
    put(path, bytes, (mode, readers))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own files, replaced atomically"
)]
fn put(path: &Path, bytes: &[u8], (mode, group): (u32, Option<u32>)) -> io::Result<()> {
    let temporary = path.with_extension("new");
    remove(&temporary)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)?;
    if group.is_some() {
        std::os::unix::fs::fchown(&file, None, group)?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    sync_folder_of(path)
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

#[cfg(test)]
mod tests {
    use super::keep;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn what_lies_there_already_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        let number = || std::fs::metadata(&path).unwrap().ino();
        keep(&path, b"one", 0o644).unwrap();
        let first = number();
        keep(&path, b"one", 0o644).unwrap();
        assert_eq!(number(), first);
        keep(&path, b"two", 0o644).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_ne!(number(), first);
    }
}
