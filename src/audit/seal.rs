//! AES-256-GCM around everything personal in the record, and for other rooms around their secrets.
//!
//! Sealed text is standard base64 of a 12 byte random nonce, the ciphertext, and a 16 byte tag. The
//! associated data names table, column, row and customer, so that a ciphertext opens nowhere else
//! (bar 3.11 T1).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng};
use zeroize::Zeroizing;

/// Where a sealed text belongs: parts joined by a byte that none of them holds.
#[must_use]
pub fn place(parts: &[&str]) -> Vec<u8> {
    parts.join("\0").into_bytes()
}

/// A key for sealing; never printed, wiped on drop by the cryptographic library.
pub struct SealKey(LessSafeKey);

impl SealKey {
    /// The key of these 32 bytes.
    ///
    /// # Errors
    /// A fault when there are more or fewer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, bytes);
        key.map(|key| Self(LessSafeKey::new(key)))
            .map_err(|error| Fault::because("use a key", error))
    }

    /// Seals a text for one place.
    ///
    /// # Errors
    /// A fault of the cryptographic library.
    pub fn seal(&self, rng: &dyn Rng, place: &[u8], plain: &[u8]) -> Result<String, Fault> {
        let nonce: [u8; NONCE_LEN] = random(rng);
        let mut text = Zeroizing::new(plain.to_vec());
        let sealed = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .0
            .seal_in_place_separate_tag(sealed, Aad::from(place), text.as_mut_slice());
        let tag = tag.map_err(|error| Fault::because("seal", error))?;
        Ok(STANDARD.encode([nonce.as_slice(), text.as_slice(), tag.as_ref()].concat()))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// A fault when it was sealed with another key or for another place, or altered.
    pub fn open(&self, place: &[u8], sealed: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let wrong = || Fault::new("open what was sealed");
        let bytes = STANDARD
            .decode(sealed)
            .map_err(|error| Fault::because("open what was sealed", error))?;
        let (nonce, text) = bytes.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_length| wrong())?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = self
            .0
            .open_in_place(nonce, Aad::from(place), text.as_mut_slice());
        let length = opened.map_err(|_tampered| wrong())?.len();
        text.truncate(length);
        Ok(text)
    }
}
