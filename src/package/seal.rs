//! Seals of compiled plugins: machine code that only the panel's own compiler may have made.

use aws_lc_rs::hmac;

/// The seal of these bytes under this name: HMAC-SHA-256 by the panel's key.
///
/// The name is sealed too, so that no artifact can be put in another's place.
#[must_use]
pub fn seal(key: &[u8], artifact: &str, bytes: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    context.update(artifact.as_bytes());
    // No name has a zero byte: name and bytes cannot be parted elsewhere.
    context.update(&[0]);
    context.update(bytes);
    context.sign().as_ref().to_vec()
}

/// Whether the seal is this key's for this name and these bytes; takes the same time for every wrong
/// seal.
#[must_use]
pub fn is_sealed(key: &[u8], artifact: &str, bytes: &[u8], found: &[u8]) -> bool {
    let ours = seal(key, artifact, bytes);
    aws_lc_rs::constant_time::verify_slices_are_equal(&ours, found).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{is_sealed, seal};

    #[test]
    fn a_seal_holds_for_its_key_name_and_bytes_alone() {
        let made = seal(b"key", "name", b"bytes");
        assert!(is_sealed(b"key", "name", b"bytes", &made));
        assert!(!is_sealed(b"kex", "name", b"bytes", &made));
        assert!(!is_sealed(b"key", "nam", b"bytes", &made));
        assert!(!is_sealed(b"key", "name", b"byte", &made));
        assert!(!is_sealed(b"key", "name", b"bytes", &made[1..]));
    }
}
