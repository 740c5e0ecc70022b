//! Certificates for names of the public internet: what somebody hands in, what an authority issues, and who
//! keeps the keys.
//!
//! A key is a [`Secret`] from the first moment on. Texts are in PEM (RFC 7468); the leaf comes first.

use crate::desired::{StepFailure, Webspace, Working};
use crate::field::{FieldErrors, Problem};
use crate::id::WebspaceId;
use crate::{DomainName, Field, Secret, Timestamp};
use serde_json::Value;
use std::fmt;

/// The longest chain and the longest key, in bytes.
const PEM_BYTES_MAX: usize = 16 * 1_024;

/// Who is said to have signed a certificate that stands in until there is another: nobody did.
pub const STANDS_IN: &str = "Wabe stand-in";

/// What may stand in PEM: printable ASCII in lines.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    text.bytes().all(plain)
}

/// Whether there is a private key in a text, or what somebody made of one.
fn holds_a_key(text: &str) -> bool {
    text.to_ascii_uppercase().contains("PRIVATE KEY")
}

/// Whether a page may show again what was typed for certificates: there is no key in it. Digits of DER without
/// their frame, which begin with an M, may be those of a key. Source: X.690 8.1.2, RFC 4648 4.
#[must_use]
pub fn may_be_shown(typed: &str) -> bool {
    !holds_a_key(typed) && !typed.trim_start().starts_with('M')
}

/// Certificates as text, as somebody typed them: a leaf, and those that lead from it to an authority. Whether
/// they are any good is for an [`Inspector`] to say.
///
/// Shape: PEM of at most 16 KiB, without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateText(String);

impl CertificateText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Field for CertificateText {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::new("required"));
        }
        // Whatever else is wrong with it: whoever shows it again has to know.
        if holds_a_key(text) {
            return Err(Problem::new("certificate-holds-a-key"));
        }
        if text.len() > PEM_BYTES_MAX {
            return Err(Problem::new("too-long").with("max", PEM_BYTES_MAX));
        }
        if !is_plain(text) || !text.contains("-----BEGIN CERTIFICATE-----") {
            return Err(Problem::new("certificate-not-pem"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl schemars::JsonSchema for CertificateText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CertificateText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "pem-certificate-chain" })
    }
}

/// The key of a certificate as text, as somebody typed it.
///
/// Shape: PEM of at most 16 KiB, not encrypted.
#[derive(Debug, Clone)]
pub struct KeyText(Secret);

impl KeyText {
    /// The text, for whoever checks it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Field for KeyText {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::new("required"));
        }
        if text.len() > PEM_BYTES_MAX {
            return Err(Problem::new("too-long").with("max", PEM_BYTES_MAX));
        }
        if text.contains("ENCRYPTED") {
            return Err(Problem::new("key-encrypted"));
        }
        if !is_plain(text) || !text.contains("PRIVATE KEY-----") {
            return Err(Problem::new("key-not-pem"));
        }
        Ok(Self(Secret::new(text)))
    }
}

impl schemars::JsonSchema for KeyText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KeyText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "writeOnly": true })
    }
}

impl Webspace {
    /// The names that the local authority may sign for, the preview first.
    #[must_use]
    pub fn local_names(&self) -> Vec<DomainName> {
        let mut names = vec![self.preview.clone()];
        let hosts = self.hosts.iter();
        let local = hosts.filter(|host| host.is_reserved_for_trying() && **host != self.preview);
        names.extend(local.cloned());
        names
    }

    /// The names of the public internet, which only a public authority signs for.
    #[must_use]
    pub fn public_names(&self) -> Vec<DomainName> {
        let hosts = self.hosts.iter();
        let public = hosts.filter(|host| !host.is_reserved_for_trying() && **host != self.preview);
        public.cloned().collect()
    }
}

/// A certificate with its key, checked: what a server is given.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The chain in PEM, the leaf first.
    pub chain: String,
    /// Its key in PEM.
    pub key: Secret,
}

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Stands for exactly this chain: SHA-256 in hexadecimal digits.
    pub fingerprint: String,
    /// Its serial number: no two of one signer have the same.
    pub serial: String,
    /// The names it is for; patterns such as `*.example.org` are not among them.
    pub names: Vec<DomainName>,
    /// Who signed it, in the certificate's own words.
    pub issuer: String,
    /// Since when it is valid.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// A certificate with its key, and what it says.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What a server is given.
    pub bundle: Bundle,
    /// What it says.
    pub told: Told,
}

/// Looks at certificates that somebody hands in.
pub trait Inspector: Send + Sync + 'static {
    /// Whether chain and key are fit to be served: complete, in order, valid now, strong, of each other.
    ///
    /// # Errors
    /// What is wrong, under `certificate` or `private_key`.
    fn inspect(
        &self,
        chain: &CertificateText,
        key: &KeyText,
        now: Timestamp,
    ) -> Result<Checked, FieldErrors>;

    /// The first of these names that the leaf of a chain is not for.
    fn uncovered(&self, chain: &str, names: &[DomainName]) -> Option<DomainName>;
}

/// Why no certificate was issued.
///
/// The word is the key of the Fluent message `certificate-failure-{word}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderTrouble {
    /// The name's owner permits other authorities only. Source: RFC 8659.
    Forbidden,
    /// Nobody answers for the name, so that nobody knows whom its owner permits.
    Silent,
    /// The name leads nowhere.
    Nowhere,
    /// The authority asked under the name, and did not find us.
    NotReached,
    /// The authority has issued too much lately.
    Limited,
    /// The authority issues nothing for this name, or nothing to us.
    Refused,
    /// The authority does not answer, or fails.
    Away,
    /// The authority came to no end in the time that an order may take.
    Late,
    /// What came is no good.
    Unusable,
}

impl OrderTrouble {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Forbidden,
        Self::Silent,
        Self::Nowhere,
        Self::NotReached,
        Self::Limited,
        Self::Refused,
        Self::Away,
        Self::Late,
        Self::Unusable,
    ];

    /// The word in tables and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Silent => "silent",
            Self::Nowhere => "nowhere",
            Self::NotReached => "not-reached",
            Self::Limited => "limited",
            Self::Refused => "refused",
            Self::Away => "away",
            Self::Late => "late",
            Self::Unusable => "unusable",
        }
    }
}

impl fmt::Display for OrderTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for OrderTrouble {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|known| known.word() == text);
        found.ok_or(Problem::new("not-a-choice"))
    }
}

/// An order that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFailure {
    /// Why.
    pub trouble: OrderTrouble,
    /// The name that it is about, where it is about one.
    pub host: Option<DomainName>,
    /// For the operator's log; no secrets.
    pub detail: String,
}

impl OrderFailure {
    /// A failure that is about no single name.
    #[must_use]
    pub fn new(trouble: OrderTrouble, detail: impl fmt::Display) -> Self {
        Self {
            trouble,
            host: None,
            detail: detail.to_string(),
        }
    }

    /// The same about this name.
    #[must_use]
    pub fn about(mut self, host: &DomainName) -> Self {
        self.host = Some(host.clone());
        self
    }
}

/// When an authority wants a certificate to be replaced. Source: RFC 9773.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenewalWindow {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// An authority that issues certificates for names that lead here.
pub trait Authority: Send + Sync + 'static {
    /// The names by which CAA records permit this authority; none when it does not say.
    ///
    /// # Errors
    /// When it does not answer.
    fn identities(&self) -> Working<'_, Result<Vec<String>, OrderFailure>>;

    /// A certificate for exactly these names, with a key of its own; `replaces` is the chain that it takes the
    /// place of.
    ///
    /// # Errors
    /// Why there is none.
    fn order<'a>(
        &'a self,
        names: &'a [DomainName],
        replaces: Option<&'a str>,
    ) -> Working<'a, Result<Checked, OrderFailure>>;

    /// When the authority wants this chain to be replaced; nothing where it does not say.
    fn renewal<'a>(&'a self, chain: &'a str) -> Working<'a, Option<RenewalWindow>>;
}

/// Keeps the key of the account with an authority.
pub trait AccountKeeper: Send + Sync + 'static {
    /// What was kept for this directory.
    fn find<'a>(&'a self, directory: &'a str) -> Working<'a, Result<Option<Secret>, crate::Fault>>;

    /// Keeps this from now on; nothing any more when absent.
    fn keep<'a>(
        &'a self,
        directory: &'a str,
        credentials: Option<&'a Secret>,
    ) -> Working<'a, Result<(), crate::Fault>>;
}

/// Where a node gets certificates with their keys, which no wish and no step holds.
pub trait Vault: Send + Sync + 'static {
    /// The certificate of a webspace that has this fingerprint.
    ///
    /// # Errors
    /// `certificate-missing` when there is none any more.
    fn bundle<'a>(
        &'a self,
        id: WebspaceId,
        fingerprint: &'a str,
    ) -> Working<'a, Result<Bundle, StepFailure>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(read: Result<T, Problem>) -> &'static str {
        read.map_or_else(|problem| problem.code, |_read| "fine")
    }

    #[test]
    fn chains_and_keys_are_told_apart_before_anybody_looks_at_them() {
        let chain = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
        let both = format!("{chain}{key}");
        let long = format!("{chain}{}", "A".repeat(PEM_BYTES_MAX));
        let long_with_key = format!("{long}{key}");
        let other_case = key.to_ascii_lowercase();
        for (text, wanted) in [
            (chain, "fine"),
            (key, "certificate-holds-a-key"),
            (both.as_str(), "certificate-holds-a-key"),
            ("hello", "certificate-not-pem"),
            ("  \n", "required"),
            (long.as_str(), "too-long"),
            (long_with_key.as_str(), "certificate-holds-a-key"),
            (other_case.as_str(), "certificate-holds-a-key"),
        ] {
            assert_eq!(code(CertificateText::from_text(text)), wanted, "{text:.40}");
        }
        assert!(may_be_shown(chain) && may_be_shown(&long));
        for hidden in [key, both.as_str(), long_with_key.as_str(), "MIGHAgEAMBMG"] {
            assert!(!may_be_shown(hidden), "{hidden:.40}");
        }
        let locked =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----";
        for (text, wanted) in [
            (key, "fine"),
            (locked, "key-encrypted"),
            (chain, "key-not-pem"),
            ("\u{0}", "key-not-pem"),
            ("", "required"),
        ] {
            assert_eq!(code(KeyText::from_text(text)), wanted, "{text:.40}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let key =
            KeyText::from_text("-----BEGIN PRIVATE KEY-----\nSEKRET\n-----END PRIVATE KEY-----");
        assert!(!format!("{:?}", key.unwrap()).contains("SEKRET"));
    }

    #[test]
    fn troubles_read_back() {
        for trouble in OrderTrouble::ALL {
            assert_eq!(trouble.word().parse(), Ok(trouble));
        }
        assert!("else".parse::<OrderTrouble>().is_err());
    }
}
