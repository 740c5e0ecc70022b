//! The server's own key: made once, kept, readable by nobody else.

use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use wabe_kernel::Rng;
use wabe_kernel::rng::random;

use crate::embedded::web::durable;

pub(super) fn load(path: &Path, rng: &dyn Rng) -> io::Result<PrivateKey> {
    let text = match std::fs::read(path) {
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return make(path, rng),
        text => text?,
    };
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        return Err(io::Error::other("others may read the SFTP host key"));
    }
    PrivateKey::from_openssh(text).map_err(io::Error::other)
}

fn make(path: &Path, rng: &dyn Rng) -> io::Result<PrivateKey> {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&random(rng)));
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    durable::replace(path, text.as_bytes(), 0o600)?;
    Ok(key)
}
