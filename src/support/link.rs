//! Secrets of links that go out in letters: 256 random bits, of which only the SHA-256 is kept.

use crate::attachment;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wabe_kernel::rng::random;
use wabe_kernel::{Rng, Secret};

/// A new secret of 43 characters, safe in a URL. Source: bar 3.4 T1.
pub(crate) fn secret(rng: &dyn Rng) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::<32>(rng)))
}

/// What is kept of it: SHA-256 in 64 hexadecimal digits.
pub(crate) fn digest(secret: &Secret) -> String {
    attachment::digest(secret.expose().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{digest, secret};
    use wabe_kernel::{Rng, Secret};

    /// Dice that always fall the same.
    struct Same;

    impl Rng for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn a_link_is_long_and_only_its_digest_is_kept() {
        let made = secret(&Same);
        assert_eq!(made.expose().len(), 43);
        assert_eq!(digest(&made).len(), 64);
        assert_eq!(
            digest(&Secret::new("abc".to_owned())),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
