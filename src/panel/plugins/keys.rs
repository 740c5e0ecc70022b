//! Keys of plugins, each a file outside the database: one seals customers' secrets, one compiled plugins.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng};
use zeroize::Zeroizing;

/// 32 random bytes.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// The key that lies in this file; made when it is missing.
///
/// Shape: 32 bytes, mode 0600.
///
/// # Errors
/// A fault when the file cannot be read or made, or holds anything else.
pub(super) fn open_or_create(file: &Path, rng: &dyn Rng) -> Result<Key, Fault> {
    match File::open(file) {
        Ok(found) => read(found),
        Err(error) if error.kind() == ErrorKind::NotFound => create(file, rng),
        Err(error) => Err(Fault::because("open a key of plugins", error)),
    }
}

fn read(file: File) -> Result<Key, Fault> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    file.take(33)
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::because("read a key of plugins", error))?;
    let key = <[u8; 32]>::try_from(bytes.as_slice());
    key.map(Zeroizing::new)
        .map_err(|error| Fault::because("understand a key of plugins", error))
}

fn create(file: &Path, rng: &dyn Rng) -> Result<Key, Fault> {
    let failed = |error| Fault::because("keep a new key of plugins", error);
    let key: Key = Zeroizing::new(random(rng));
    let mut options = OpenOptions::new();
    let mut made = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    made.write_all(key.as_slice()).map_err(failed)?;
    made.sync_all().map_err(failed)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::{OpenOptions, open_or_create};
    use crate::system::SystemRng;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("some.key");
        let made = open_or_create(&file, &SystemRng).unwrap();
        let again = open_or_create(&file, &SystemRng).unwrap();
        assert_eq!(made, again);
        let rights = file.metadata().unwrap().permissions().mode();
        assert_eq!(rights & 0o777, 0o600);
        OpenOptions::new()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(5)
            .unwrap();
        assert!(open_or_create(&file, &SystemRng).is_err());
    }
}
