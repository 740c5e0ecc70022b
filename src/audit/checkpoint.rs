//! Signed statements of what the tree is.
//!
//! A checkpoint is a C2SP signed note: origin, size in decimal, root in standard base64, one
//! extension line `time <microseconds since the epoch>`, an empty line, and the signature line
//! `— <origin> <standard base64 of a 4 byte key id and an Ed25519 signature>`; every line ends with
//! a line feed. The signature is over everything before the empty line, its last line feed included.
//! The key id is the start of SHA-256 over the origin, a line feed, the byte 01 and the public key.

use crate::keys::Keys;
use crate::tree::Hash;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wabe_kernel::{Fault, Timestamp, hex};

/// What the log says of itself, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Leaves in the tree.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// The signed note, to be handed out as it is.
    pub note: String,
}

fn key_id(origin: &str, public_key: &[u8]) -> [u8; 4] {
    let named = [origin.as_bytes(), b"\n\x01", public_key].concat();
    let hash = digest(&SHA256, &named);
    let mut id = [0; 4];
    for (to, from) in id.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    id
}

/// The public key in the form that verifiers take: `<origin>+<key id>+<key>` (C2SP signed-note).
#[must_use]
pub fn verifier_key(origin: &str, keys: &Keys) -> String {
    let public = keys.public_key();
    let typed = STANDARD.encode([b"\x01", public].concat());
    format!("{origin}+{}+{typed}", hex(&key_id(origin, public)))
}

impl Checkpoint {
    pub(crate) fn sign(keys: &Keys, origin: &str, size: u64, root: Hash, at: Timestamp) -> Self {
        let text = format!(
            "{origin}\n{size}\n{}\ntime {}\n",
            STANDARD.encode(root),
            at.0
        );
        let id = key_id(origin, keys.public_key());
        let signature = STANDARD.encode([id.as_slice(), &keys.sign(text.as_bytes())].concat());
        let note = format!("{text}\n\u{2014} {origin} {signature}\n");
        Self {
            size,
            root,
            at,
            note,
        }
    }

    /// Reads a note that these keys signed.
    ///
    /// # Errors
    /// A fault when it is not one, whatever the reason.
    pub(crate) fn read(keys: &Keys, origin: &str, note: &str) -> Result<Self, Fault> {
        let read = || {
            let (text, signature) = note.split_once("\n\n")?;
            let mut lines = text.split('\n');
            let named = lines.next()? == origin;
            let size = lines.next()?.parse().ok()?;
            let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
            let at = Timestamp(lines.next()?.strip_prefix("time ")?.parse().ok()?);
            let signature = signature.strip_prefix(&format!("\u{2014} {origin} "))?;
            let signature = STANDARD.decode(signature.strip_suffix('\n')?).ok()?;
            let key = UnparsedPublicKey::new(&ED25519, keys.public_key());
            key.verify(format!("{text}\n").as_bytes(), signature.get(4..)?)
                .ok()?;
            named.then(|| Self {
                size,
                root,
                at,
                note: note.to_owned(),
            })
        };
        read().ok_or(Fault::new(
            "a stored checkpoint was not signed with this key",
        ))
    }
}
