//! An authenticator in software: one key, which says and signs whatever a test wants.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Base64 as browsers and scripts write it.
#[must_use]
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An authenticator with one key, in a browser that is on a page.
#[derive(Debug)]
pub struct Authenticator {
    key: Ed25519KeyPair,
    /// The name of the key.
    pub id: Vec<u8>,
    /// The page's origin, as the browser says it.
    pub origin: String,
    /// The host that the key is for.
    pub host: String,
    /// What is said of the person: 1 there, 4 recognised.
    pub flags: u8,
    /// How often it signed.
    pub count: u32,
}

impl Authenticator {
    /// One at this origin (`https://host`, with or without a port) whose key comes from `seed`.
    #[must_use]
    pub fn new(origin: &str, seed: u8) -> Self {
        let key = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("32 bytes are a seed");
        let host = origin.trim_start_matches("https://");
        Self {
            key,
            id: vec![seed; 16],
            origin: origin.to_owned(),
            host: host.split(':').next().unwrap_or_default().to_owned(),
            flags: 5,
            count: 0,
        }
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        let origin = &self.origin;
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
            .to_string()
    }

    fn said(&self, more: u8) -> Vec<u8> {
        let host = Sha256::digest(self.host.as_bytes());
        let flags = [self.flags | more];
        [host.as_slice(), &flags, &self.count.to_be_bytes()].concat()
    }

    /// The answer to a wish for a new key, as the input of `user.add_passkey`.
    ///
    /// # Panics
    /// Never, with names of keys that fit into a message.
    #[must_use]
    pub fn create(&self, label: &str, challenge: &str) -> Value {
        let point = self.key.public_key().as_ref();
        // {1: 1, 3: -8, -1: 6, -2: point}
        let key = [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32][..], point].concat();
        let length = u16::try_from(self.id.len()).expect("a short name");
        let said = self.said(64);
        let said = [
            said.as_slice(),
            &[0; 16],
            &length.to_be_bytes(),
            &self.id,
            &key,
        ]
        .concat();
        // {"fmt": "none", "attStmt": {}, "authData": said}
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let length = u8::try_from(said.len()).expect("a short message");
        json!({
            "label": label,
            "client_data": base64(self.client("webauthn.create", challenge)),
            "attestation": base64([head.as_slice(), &[length], &said].concat()),
        })
    }

    /// The answer to a wish for a signature, as the page's script writes it into the field of a code.
    pub fn sign(&mut self, challenge: &str) -> Value {
        self.count += 1;
        self.sign_as("webauthn.get", challenge)
    }

    /// The same, without counting, and saying that it is for `kind`.
    #[must_use]
    pub fn sign_as(&self, kind: &str, challenge: &str) -> Value {
        let (client, said) = (self.client(kind, challenge), self.said(0));
        let message = [said.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        json!({
            "credential": base64(&self.id),
            "client_data": base64(client),
            "said": base64(said),
            "signature": base64(self.key.sign(&message)),
        })
    }
}
