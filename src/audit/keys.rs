//! The keys of the record: one that wraps customers' keys, one that signs checkpoints.
//!
//! Both lie in files of mode 0600 outside the database: whoever can write the database can neither
//! read payloads nor sign a tree of their own.

use crate::seal::{SealKey, place};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wabe_kernel::id::CustomerId;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng, hex};
use zeroize::Zeroizing;

/// How many customers' keys are kept unwrapped; 32 bytes and a schedule each.
const CACHED_KEYS_MAX: usize = 4_096;

/// The keys of the record.
pub struct Keys {
    wrapping: SealKey,
    hashing: hmac::Key,
    signing: Ed25519KeyPair,
    unwrapped: Mutex<HashMap<CustomerId, Arc<SealKey>>>,
}

impl Keys {
    /// Reads `record.key` and `checkpoint.key` in `dir`, making them when missing.
    ///
    /// Shape: each file is 64 lower-case hexadecimal digits and a line end, mode 0600.
    ///
    /// # Errors
    /// A fault when a file cannot be read or made, is not a key, or is open to others.
    pub fn open_or_create(dir: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        let record = read_or_create(&dir.join("record.key"), rng)?;
        let checkpoint = read_or_create(&dir.join("checkpoint.key"), rng)?;
        Self::from_bytes(&record, &checkpoint)
    }

    /// Keys from their bytes: the wrapping key, and the seed of the signing key.
    ///
    /// # Errors
    /// A fault of the cryptographic library.
    pub fn from_bytes(record: &[u8; 32], checkpoint: &[u8; 32]) -> Result<Self, Fault> {
        let derived = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, record),
            b"security_log.subject",
        );
        let signing = Ed25519KeyPair::from_seed_unchecked(checkpoint)
            .map_err(|error| Fault::because("use the checkpoint key", error))?;
        Ok(Self {
            wrapping: SealKey::from_bytes(record)?,
            hashing: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()),
            signing,
            unwrapped: Mutex::new(HashMap::new()),
        })
    }

    /// The public key of the checkpoints, 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.signing.public_key().as_ref()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signing.sign(message).as_ref().to_vec()
    }

    /// A name that stands for `subject` and cannot be turned back without the key: 32 hex digits.
    pub(crate) fn pseudonym(&self, subject: &str) -> String {
        let tag = hmac::sign(&self.hashing, subject.to_lowercase().as_bytes());
        hex(tag.as_ref().get(..16).unwrap_or_default())
    }

    /// A new key for a customer, and its wrapped form for the database.
    pub(crate) fn make(
        &self,
        customer: CustomerId,
        rng: &dyn Rng,
    ) -> Result<(Arc<SealKey>, String), Fault> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random(rng));
        let wrapped = self
            .wrapping
            .seal(rng, &wrapped_place(customer), bytes.as_slice())?;
        Ok((Arc::new(SealKey::from_bytes(bytes.as_slice())?), wrapped))
    }

    pub(crate) fn unwrap(
        &self,
        customer: CustomerId,
        wrapped: &str,
    ) -> Result<Arc<SealKey>, Fault> {
        let bytes = self.wrapping.open(&wrapped_place(customer), wrapped)?;
        Ok(Arc::new(SealKey::from_bytes(&bytes)?))
    }

    pub(crate) fn cached(&self, customer: CustomerId) -> Option<Arc<SealKey>> {
        self.unwrapped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&customer)
            .cloned()
    }

    /// Keeps a key at hand. Only for keys that another transaction has committed: one that is rolled
    /// back with its change must not seal the next.
    pub(crate) fn cache(&self, customer: CustomerId, key: Arc<SealKey>) {
        let mut cache = self
            .unwrapped
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHED_KEYS_MAX {
            cache.clear();
        }
        cache.insert(customer, key);
    }

    pub(crate) fn forget(&self, customer: CustomerId) {
        self.unwrapped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&customer);
    }
}

fn wrapped_place(customer: CustomerId) -> Vec<u8> {
    place(&["subject_key", "wrapped", &customer.to_string()])
}

fn unhex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn read_or_create(path: &Path, rng: &dyn Rng) -> Result<Zeroizing<[u8; 32]>, Fault> {
    let mut text = Zeroizing::new(String::new());
    match File::open(path) {
        Ok(mut file) => {
            let reading = |error| Fault::because("read a key file", error);
            if file.metadata().map_err(reading)?.permissions().mode() & 0o077 != 0 {
                return Err(Fault::new("a key file must be readable by its owner alone"));
            }
            file.read_to_string(&mut text).map_err(reading)?;
            unhex(text.trim_end()).ok_or(Fault::new("read a key file"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, rng),
        Err(error) => Err(Fault::because("open a key file", error)),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a key appears under its name whole or not at all"
)]
fn create(path: &Path, rng: &dyn Rng) -> Result<Zeroizing<[u8; 32]>, Fault> {
    let making = |error| Fault::because("make a key file", error);
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random(rng));
    let text = Zeroizing::new(format!("{}\n", hex(bytes.as_slice())));
    let unfinished = path.with_extension("key.new");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(making)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(making)?;
    std::fs::rename(&unfinished, path).map_err(making)?;
    if let Some(dir) = path.parent() {
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(making)?;
    }
    Ok(bytes)
}
