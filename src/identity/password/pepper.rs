//! The key that is mixed into panel passwords before hashing, and the keys derived from it.
//!
//! It lies in a file outside the database: a stolen database alone cannot be guessed against.
//! Versions: the file has one line per version, the last one is in use; earlier ones still verify.

use crate::secret_token::mac;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng, hex};
use zeroize::Zeroizing;

type Key = Zeroizing<[u8; 32]>;

/// The keys of this room.
pub struct Pepper {
    versions: Vec<(u32, Key)>,
}

impl Pepper {
    /// Reads `pepper.key` in `dir`, making it when missing.
    ///
    /// Shape: lines of a version number, a space and 64 hexadecimal digits; mode 0600.
    ///
    /// # Errors
    /// A fault when the file cannot be read or made, or holds anything else.
    pub fn open_or_create(dir: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        let path = dir.join("pepper.key");
        let mut text = Zeroizing::new(String::new());
        match File::open(&path) {
            Ok(mut file) => {
                file.read_to_string(&mut text)
                    .map_err(|error| Fault::because("read the pepper file", error))?;
                Self::parse(&text).ok_or(Fault::new("understand the pepper file"))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => create(&path, rng),
            Err(error) => Err(Fault::because("open the pepper file", error)),
        }
    }

    /// A pepper of version 1 with this key.
    #[must_use]
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self {
            versions: vec![(1, Zeroizing::new(key))],
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let versions: Option<Vec<(u32, Key)>> = text
            .lines()
            .map(|line| {
                let (version, digits) = line.split_once(' ')?;
                Some((version.parse().ok()?, unhex(digits)?))
            })
            .collect();
        let versions = versions?;
        (!versions.is_empty()).then_some(Self { versions })
    }

    /// The version in use.
    #[must_use]
    pub fn current(&self) -> u32 {
        self.versions.last().map_or(0, |(version, _)| *version)
    }

    /// A password with the pepper of `version` mixed in; `None` when that key is gone.
    pub(crate) fn mix(&self, version: u32, password: &[u8]) -> Option<Key> {
        let (_, key) = self.versions.iter().find(|(known, _)| *known == version)?;
        Some(Zeroizing::new(mac(
            key.as_slice(),
            &[b"password", password],
        )))
    }

    /// A keyed hash for another purpose, from the oldest version so that it stays the same.
    pub(crate) fn keyed(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let key = self.versions.first().map_or([0; 32], |(_, key)| **key);
        let derived = mac(&key, &[b"derive", purpose.as_bytes()]);
        mac(&derived, parts)
    }
}

fn unhex(digits: &str) -> Option<Key> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn create(path: &Path, rng: &dyn Rng) -> Result<Pepper, Fault> {
    let making = |error| Fault::because("make the pepper file", error);
    let key: Key = Zeroizing::new(random(rng));
    let text = Zeroizing::new(format!("1 {}\n", hex(key.as_slice())));
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).map_err(making)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(making)?;
    if let Some(dir) = path.parent() {
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(making)?;
    }
    Ok(Pepper {
        versions: vec![(1, key)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_as_the_pepper_file_is_understood_wholly_or_not_at_all(
            text in "([0-9]{1,3} [0-9a-f]{64}\n){0,3}|([0-9]{1,12} ?[0-9a-fäA-F]{62,66}\n){0,2}|\\PC{0,40}",
        ) {
            if let Some(pepper) = Pepper::parse(&text) {
                prop_assert_eq!(pepper.versions.len(), text.lines().count());
                prop_assert!(pepper.mix(pepper.current(), b"x").is_some());
            }
        }
    }
}
