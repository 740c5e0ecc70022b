//! The socket that the panel comes to, and who may.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use tokio::net::{UnixListener, UnixStream};

/// Listens at `path` for one user, in a folder that is root's and that nobody else may write into.
///
/// # Errors
/// What is wrong with the folder, or what the system says.
pub(crate) fn listen(path: &Path, peer: u32) -> Result<UnixListener, String> {
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    let folder = path.parent().filter(|_| path.is_absolute());
    let folder = folder.ok_or_else(|| format!("{}: name it by its whole path", path.display()))?;
    let about = std::fs::symlink_metadata(folder).map_err(failed)?;
    if !about.is_dir() || about.uid() != 0 || about.mode() & 0o022 != 0 {
        return Err(format!(
            "{}: it must be a folder of root's that nobody else may write into; chown root and chmod go-w",
            folder.display()
        ));
    }
    #[expect(clippy::disallowed_methods, reason = "what a former agent left")]
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    // Root's alone until it is theirs: connecting takes a right to write, which this process's umask gives nobody
    // else. It is not changed for this, because whatever another thread makes or starts meanwhile would have it, too.
    let listener = UnixListener::bind(path).map_err(failed)?;
    chown(path, Some(peer), Some(0)).map_err(failed)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o660)).map_err(failed)?;
    Ok(listener)
}

/// Whether whoever connected may say anything: root, and the panel's user. The system tells, not they.
pub(crate) fn is_welcome(stream: &UnixStream, peer: u32) -> bool {
    let user = stream.peer_cred().map(|known| known.uid());
    user.is_ok_and(|user| user == 0 || user == peer)
}
