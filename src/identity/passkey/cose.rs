//! Public keys as authenticators hand them over (RFC 9053), and what they signed.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use ciborium::Value;

/// Levels of lists and maps within one value; authenticators write up to four (CTAP 2.1, 8).
const DEPTH_MAX: usize = 8;

/// The value that stands next, and what follows it.
pub(super) fn value(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH_MAX);
    Some((value.ok()?, rest))
}

/// The algorithms that are taken, in the order of preference: Ed25519, P-256, RSA.
pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// A key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Ed25519(Vec<u8>),
    /// The point, uncompressed.
    P256(Vec<u8>),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
}

impl Key {
    /// Reads a key.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let parts = value.as_map()?;
        let part = |label: i64| {
            let labelled = |(name, _): &&(Value, Value)| name.as_integer() == Some(label.into());
            parts.iter().find(labelled).map(|(_, part)| part)
        };
        let number = |label| part(label)?.as_integer().map(i128::from);
        let bytes = |label| part(label)?.as_bytes();
        match (number(1)?, number(3)?) {
            (1, -8) if number(-1)? == 6 => {
                let point = bytes(-2).filter(|point| point.len() == 32)?;
                Some(Self::Ed25519(point.clone()))
            }
            (2, -7) if number(-1)? == 1 => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                let fits = x.len() == 32 && y.len() == 32;
                fits.then(|| Self::P256([&[4], x.as_slice(), y].concat()))
            }
            (3, -257) => {
                let (n, e) = (bytes(-1)?, bytes(-2)?);
                let fits = (256..=1_024).contains(&n.len()) && (1..=8).contains(&e.len());
                fits.then(|| Self::Rsa {
                    n: n.clone(),
                    e: e.clone(),
                })
            }
            _ => None,
        }
    }

    /// Whether this key made the signature over the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Ed25519(point) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature)
            }
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        verified.is_ok()
    }
}
