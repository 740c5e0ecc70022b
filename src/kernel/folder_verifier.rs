//! What a web server verifies the password of a protected folder with.

use crate::field::Problem;
use crate::rng::random;
use crate::{Rng, Secret};
use serde::{Deserialize, Serialize};
use sha_crypt::{Params, sha512_crypt};
use std::fmt;
use std::str::FromStr;

/// What crypt(3) writes numbers with.
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// SHA-512, five thousand rounds: the strongest that a server can do with every request.
const SCHEME: &str = "$6$";
const SALT_CHARS: usize = 16;
/// The digits of a digest.
const DIGEST_CHARS: usize = 86;

/// A password as crypt(3) keeps it; never shown.
///
/// Source: Drepper, Unix crypt using SHA-256 and SHA-512, version 0.6; nginx gives it to crypt(3).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FolderVerifier(String);

impl FolderVerifier {
    /// Of this password, with a new salt. Takes some milliseconds.
    #[must_use]
    pub fn of(password: &Secret, rng: &dyn Rng) -> Self {
        let salt: String = random::<SALT_CHARS>(rng).into_iter().map(letter).collect();
        let digest = crypted(password.expose(), &salt);
        Self(format!("{SCHEME}{salt}${}", encoded(&digest)))
    }

    /// For the server's own file, and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FolderVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FolderVerifier(…)")
    }
}

impl FromStr for FolderVerifier {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("not-a-folder-verifier");
        let rest = text.strip_prefix(SCHEME).ok_or_else(wrong)?;
        let (salt, digest) = rest.split_once('$').ok_or_else(wrong)?;
        let plain = |text: &str| text.bytes().all(|byte| ALPHABET.contains(&byte));
        let fits = (salt.len(), digest.len()) == (SALT_CHARS, DIGEST_CHARS);
        if fits && plain(salt) && plain(digest) {
            Ok(Self(text.to_owned()))
        } else {
            Err(wrong())
        }
    }
}

impl TryFrom<String> for FolderVerifier {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|_wrong| "not a folder-verifier")
    }
}

impl From<FolderVerifier> for String {
    fn from(verifier: FolderVerifier) -> Self {
        verifier.0
    }
}

fn letter(bits: u8) -> char {
    let place = usize::from(bits & 63);
    ALPHABET.get(place).map_or('.', |byte| char::from(*byte))
}

/// The digest of a password; the rounds are the number that a verifier without one stands for.
fn crypted(password: &str, salt: &str) -> [u8; 64] {
    sha512_crypt(password.as_bytes(), salt.as_bytes(), Params::RECOMMENDED)
}

/// Step 22 of the specification: three bytes are four letters, in an order of their own.
fn encoded(digest: &[u8]) -> String {
    let byte = |place: usize| u32::from(digest.get(place).copied().unwrap_or(0));
    let mut text = String::new();
    let mut push = |bits: u32, letters: usize| {
        let bytes = (0..letters).map(|place| (bits >> (6 * place)) & 63);
        text.extend(bytes.map(|bits| letter(u8::try_from(bits).unwrap_or(0))));
    };
    let (mut high, mut middle, mut low) = (0, 21, 42);
    for _group in 0..21 {
        push((byte(high) << 16) | (byte(middle) << 8) | byte(low), 4);
        (high, middle, low) = (middle + 1, low + 1, high + 1);
    }
    push(byte(63), 2);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: the test vectors of the specification.
    #[test]
    fn a_password_is_kept_as_the_specification_says() {
        let digest = crypted("Hello world!", "saltstring");
        assert_eq!(
            encoded(&digest),
            "svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        );
    }

    #[test]
    fn a_verifier_reads_back_and_is_not_shown() {
        let text = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
        let verifier: FolderVerifier = text.parse().unwrap();
        assert_eq!(verifier.expose(), text);
        assert!(!format!("{verifier:?}").contains("aaaa"));
        let json = serde_json::to_string(&verifier).unwrap();
        assert_eq!(
            serde_json::from_str::<FolderVerifier>(&json).unwrap(),
            verifier
        );
        for wrong in [
            "",
            "$6$",
            "$1$a$b",
            &text[1..],
            &format!("{text}\n"),
            &text.replace('b', ":"),
        ] {
            assert!(wrong.parse::<FolderVerifier>().is_err(), "{wrong}");
        }
    }
}
