//! Who vouches for a package: Ed25519 over the canonical list of digests of its parts.
//!
//! Keys are PEM files as other tools make them (RFC 8410), so an author may use those.

use crate::archive::{Parts, SIGNATURE, digest_list};
use crate::flaw::{Defect, Flaw};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use wabe_kernel::{Rng, Secret, hex, rng};

/// What stands before the 32 bytes of a public key. Source: RFC 8410, 4.
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// A public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key of these bytes.
    #[must_use]
    pub const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What people compare: the first 16 bytes of its SHA-256, in hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&Sha256::digest(self.0)[..16])
    }

    /// Reads a `PUBLIC KEY` file.
    pub fn read(text: &str) -> Result<Self, Defect> {
        let bytes = read_pem(text, "PUBLIC KEY")?;
        let key = bytes
            .strip_prefix(&PUBLIC_PREFIX)
            .and_then(|key| key.try_into().ok());
        key.map(Self)
            .ok_or_else(|| bad_key("it is a key of another kind"))
    }

    /// The `PUBLIC KEY` file.
    #[must_use]
    pub fn write(&self) -> String {
        write_pem(&[&PUBLIC_PREFIX[..], &self.0[..]].concat(), "PUBLIC KEY")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

/// A private key.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// A fresh key.
    pub fn new(rng: &dyn Rng) -> Result<Self, Defect> {
        let seed: [u8; 32] = rng::random(rng);
        match Ed25519KeyPair::from_seed_unchecked(&seed) {
            Ok(pair) => Ok(Self(pair)),
            Err(error) => Err(bad_key(&error.to_string())),
        }
    }

    /// Reads a `PRIVATE KEY` file.
    pub fn read(text: &Secret) -> Result<Self, Defect> {
        let bytes = read_pem(text.expose(), "PRIVATE KEY")?;
        match Ed25519KeyPair::from_pkcs8(&bytes) {
            Ok(pair) => Ok(Self(pair)),
            Err(_rejected) => Err(bad_key("it is a key of another kind")),
        }
    }

    /// The `PRIVATE KEY` file.
    pub fn write(&self) -> Result<Secret, Defect> {
        match self.0.to_pkcs8v1() {
            Ok(document) => Ok(Secret::new(write_pem(document.as_ref(), "PRIVATE KEY"))),
            Err(error) => Err(bad_key(&error.to_string())),
        }
    }

    /// The key that others check with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let bytes = self.0.public_key().as_ref().try_into();
        PublicKey(bytes.unwrap_or_default())
    }

    /// The bytes of the part `SIGNATURE` for these parts.
    #[must_use]
    pub fn sign(&self, parts: &Parts) -> Vec<u8> {
        let signature = self.0.sign(digest_list(parts).as_bytes());
        let signature = Signature {
            algorithm: ALGORITHM.to_owned(),
            key: self.public().id(),
            signature: STANDARD.encode(signature.as_ref()),
        };
        let mut text = serde_json::to_string_pretty(&signature).unwrap_or_default();
        text.push('\n');
        text.into_bytes()
    }
}

const ALGORITHM: &str = "ed25519";

/// What the part `SIGNATURE` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// `ed25519`.
    pub algorithm: String,
    /// The id of the key; only says which key to check with.
    pub key: String,
    /// The signature, in Base64.
    pub signature: String,
}

impl Signature {
    /// The signature of a package; `None` when it is not signed.
    pub fn of(parts: &Parts) -> Result<Option<Self>, Flaw> {
        let Some(bytes) = parts.get(SIGNATURE) else {
            return Ok(None);
        };
        let read: Result<Self, _> = serde_json::from_slice(bytes);
        let reason = match read {
            Ok(signature) if signature.algorithm == ALGORITHM => return Ok(Some(signature)),
            Ok(other) => format!("the algorithm {} is not known here", other.algorithm),
            Err(error) => error.to_string(),
        };
        Err(Flaw::of_part(SIGNATURE, Defect::NotJson { reason }))
    }

    /// Checks that `key` signed exactly these parts.
    pub fn verify(parts: &Parts, key: &PublicKey) -> Result<(), Flaw> {
        let flaw = |defect| Flaw::of_part(SIGNATURE, defect);
        let Some(signature) = Self::of(parts)? else {
            return Err(flaw(Defect::NotSigned {
                part: SIGNATURE.to_owned(),
            }));
        };
        if signature.key != key.id() {
            let expected = key.id();
            return Err(flaw(Defect::OtherKey {
                key: signature.key,
                expected,
            }));
        }
        let bytes = STANDARD.decode(&signature.signature).unwrap_or_default();
        let checker = UnparsedPublicKey::new(&ED25519, key.0);
        let good = checker
            .verify(digest_list(parts).as_bytes(), &bytes)
            .is_ok();
        if good {
            Ok(())
        } else {
            Err(flaw(Defect::BadSignature { key: signature.key }))
        }
    }
}

fn bad_key(reason: &str) -> Defect {
    Defect::BadKey {
        reason: reason.to_owned(),
    }
}

fn write_pem(bytes: &[u8], label: &str) -> String {
    let body = STANDARD.encode(bytes);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap_or_default())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn read_pem(text: &str, label: &str) -> Result<Vec<u8>, Defect> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let body = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end));
    let Some((body, _)) = body.filter(|_| text.len() <= 4096) else {
        return Err(bad_key(&format!("the line {begin} or {end} is missing")));
    };
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD
        .decode(body)
        .map_err(|error| bad_key(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert_eq, proptest};

    struct Fixed(u8);

    impl Rng for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn signed(key: &SigningKey) -> Parts {
        let mut parts = Parts::from([("plugin.toml".to_owned(), b"x".to_vec())]);
        parts.insert(SIGNATURE.to_owned(), key.sign(&parts));
        parts
    }

    #[test]
    fn a_signature_holds_until_a_part_changes() {
        let key = SigningKey::new(&Fixed(7)).unwrap();
        let mut parts = signed(&key);
        assert_eq!(Signature::verify(&parts, &key.public()), Ok(()));
        parts.insert("icon.svg".to_owned(), Vec::new());
        let flaw = Signature::verify(&parts, &key.public()).unwrap_err();
        assert_eq!(flaw.defect.code(), "bad-signature");
        parts.remove("icon.svg");
        let other = SigningKey::new(&Fixed(8)).unwrap();
        let flaw = Signature::verify(&parts, &other.public()).unwrap_err();
        assert_eq!(flaw.defect.code(), "other-key");
        parts.remove(SIGNATURE);
        let flaw = Signature::verify(&parts, &key.public()).unwrap_err();
        assert_eq!(flaw.defect.code(), "not-signed");
    }

    #[test]
    fn a_key_of_the_same_id_with_other_bytes_does_not_pass() {
        let key = SigningKey::new(&Fixed(7)).unwrap();
        let other = SigningKey::new(&Fixed(8)).unwrap();
        let mut parts = signed(&other);
        let text = String::from_utf8(parts[SIGNATURE].clone()).unwrap();
        let forged = text.replace(&other.public().id(), &key.public().id());
        parts.insert(SIGNATURE.to_owned(), forged.into_bytes());
        let flaw = Signature::verify(&parts, &key.public()).unwrap_err();
        assert_eq!(flaw.defect.code(), "bad-signature");
    }

    #[test]
    fn keys_round_trip_through_their_files() {
        let key = SigningKey::new(&Fixed(7)).unwrap();
        let again = SigningKey::read(&key.write().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(PublicKey::read(&key.public().write()), Ok(key.public()));
        let code = PublicKey::read(key.write().unwrap().expose())
            .unwrap_err()
            .code();
        assert_eq!(code, "bad-key");
    }

    #[test]
    fn keys_of_other_tools_are_read() {
        // Source: RFC 8410, 10.3 and 10.1.
        let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        let key = SigningKey::read(&Secret::new(private)).unwrap();
        assert_eq!(key.public(), PublicKey::read(public).unwrap());
    }

    proptest! {
        #[test]
        fn any_text_is_a_key_or_refused(text in "(-----BEGIN PUBLIC KEY-----)?\\PC{0,80}(-----END PUBLIC KEY-----)?") {
            if let Ok(key) = PublicKey::read(&text) {
                prop_assert_eq!(PublicKey::read(&key.write()), Ok(key));
            }
        }
    }
}
