//! Signed notes, their public keys, and checkpoints (C2SP signed-note and tlog-checkpoint).

use crate::finding::Wrong;
use crate::tree::Hash;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// A public key: `<origin>+<key id>+<standard base64 of 01 and 32 bytes>`.
pub(crate) struct Key {
    origin: String,
    id: [u8; 4],
    public: Vec<u8>,
}

/// A checkpoint whose signature holds.
pub(crate) struct Checkpoint {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) at: i64,
}

impl Key {
    pub(crate) fn parse(text: &str) -> Result<Self, Wrong> {
        let parse = || {
            let mut parts = text.trim().splitn(3, '+');
            let (origin, id, key) = (parts.next()?, parts.next()?, parts.next()?);
            let typed = STANDARD.decode(key).ok()?;
            let public = typed.strip_prefix(b"\x01")?.to_vec();
            let hash: Hash = Sha256::new()
                .chain_update(origin)
                .chain_update(b"\n\x01")
                .chain_update(&public)
                .finalize()
                .into();
            let own = hash.first_chunk::<4>()?;
            let named = u32::from_str_radix(id, 16).ok()? == u32::from_be_bytes(*own);
            (named && public.len() == 32).then(|| Self {
                origin: origin.to_owned(),
                id: *own,
                public,
            })
        };
        parse().ok_or(Wrong::Key)
    }

    /// Whether `signature`, in standard base64, is over `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        STANDARD
            .decode(signature)
            .is_ok_and(|bytes| key.verify(message, &bytes).is_ok())
    }

    /// Reads a checkpoint and verifies its signature.
    pub(crate) fn checkpoint(&self, note: &str) -> Result<Checkpoint, Wrong> {
        let (text, signature) = note.split_once("\n\n").ok_or(Wrong::Form)?;
        let checkpoint = self.fields(text).ok_or(Wrong::Form)?;
        let prefix = format!("\u{2014} {} ", self.origin);
        let signature = signature
            .strip_prefix(&prefix)
            .and_then(|rest| rest.strip_suffix('\n'));
        let bytes = STANDARD
            .decode(signature.ok_or(Wrong::Signature)?)
            .map_err(|_form| Wrong::Form)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(Wrong::Form)?;
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        let signed = key.verify(format!("{text}\n").as_bytes(), bytes).is_ok();
        if *id == self.id && signed {
            Ok(checkpoint)
        } else {
            Err(Wrong::Signature)
        }
    }

    fn fields(&self, text: &str) -> Option<Checkpoint> {
        let mut lines = text.split('\n');
        let origin = lines.next()?;
        let size = lines.next()?.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let at = lines.next()?.strip_prefix("time ")?.parse().ok()?;
        let whole = lines.next().is_none() && origin == self.origin;
        whole.then_some(Checkpoint { size, root, at })
    }
}
