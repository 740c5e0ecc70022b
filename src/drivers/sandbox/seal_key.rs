//! The key that seals artifacts.

use std::io;
use std::path::Path;
use std::sync::Arc;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng};

use crate::embedded::web::durable;

/// The key's file in the folder of keys.
const FILE: &str = "artifact_seal.key";
/// Its length, in bytes.
const LENGTH: usize = 32;

/// The key of the seals; only the panel and its own sandbox have it.
#[derive(Clone)]
pub struct SealKey(Arc<[u8; LENGTH]>);

impl SealKey {
    /// Reads `artifact_seal.key` in `folder`, making it when missing. Blocks on file work.
    ///
    /// Shape: 32 bytes, mode 0600.
    ///
    /// # Errors
    /// A fault when the file cannot be read or made, or holds anything else.
    pub fn open_or_create(folder: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        let path = folder.join(FILE);
        match std::fs::read(&path) {
            Ok(bytes) => {
                let key: Result<[u8; LENGTH], _> = bytes.try_into();
                key.map(Self::from_bytes)
                    .map_err(|_length| Fault::new("understand the key of the artifacts"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random(rng);
                durable::replace(&path, &key, 0o600)
                    .map_err(|error| Fault::because("make the key of the artifacts", error))?;
                Ok(Self::from_bytes(key))
            }
            Err(error) => Err(Fault::because("read the key of the artifacts", error)),
        }
    }

    /// This key.
    #[must_use]
    pub fn from_bytes(key: [u8; LENGTH]) -> Self {
        Self(Arc::new(key))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::web::tests::SeededRng;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let rng = SeededRng::new();
        let made = SealKey::open_or_create(folder.path(), &*rng).unwrap();
        let again = SealKey::open_or_create(folder.path(), &*rng).unwrap();
        assert_eq!(made.bytes(), again.bytes());
        let file = folder.path().join(FILE).metadata().unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        durable::replace(&folder.path().join(FILE), b"short", 0o600).unwrap();
        assert!(SealKey::open_or_create(folder.path(), &*rng).is_err());
    }
}
