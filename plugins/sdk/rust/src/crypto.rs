//! Checks that need a secret: `capability = "secret:NAME"`.

use crate::failure::{Problem, Result};
use crate::host;

/// Whether this is the HMAC of a message by a secret, compared in constant time.
///
/// `algorithm` is `sha256` or `sha512`. A webhook with `auth = ["hmac"]` was checked before it reaches
/// the plugin; this is for signatures of another shape.
pub fn hmac_verify(
    secret: &str,
    algorithm: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, Problem> {
    host::crypto_hmac_verify(secret, algorithm, message, signature)
}
