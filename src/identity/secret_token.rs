//! Secrets that the panel hands out: 256 random bits, of which only the SHA-256 is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use wabe_kernel::rng::random;
use wabe_kernel::{Rng, Secret, hex};

/// A new secret of 43 characters, safe in a URL. Source: bar 3.4 T1, 3.5 T1.
#[must_use]
pub fn new(rng: &dyn Rng) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::<32>(rng)))
}

/// What is kept of it: SHA-256 in 64 hexadecimal digits.
#[must_use]
pub fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// HMAC-SHA-256 of some parts; each is preceded by its length, so that they cannot run together.
#[must_use]
pub(crate) fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
