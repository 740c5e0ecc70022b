//! What a database is called on a server, and what the server verifies its password with.

use crate::field::{Problem, text_form};
use crate::rng::random;
use crate::{DatabaseName, Engine, Rng, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// The longest name that both servers take, in bytes. Source: PostgreSQL's NAMEDATALEN, 63.
const BYTES_MAX: usize = 63;

/// Names that servers use themselves, or that mean something else where a name stands.
const RESERVED: [&str; 14] = [
    "all",
    "information_schema",
    "lost_found",
    "mariadb",
    "mysql",
    "none",
    "performance_schema",
    "postgres",
    "public",
    "replication",
    "root",
    "sys",
    "template0",
    "template1",
];

/// How long a statement of a customer's program runs before a server ends it, in seconds; a program may say
/// otherwise.
pub const STATEMENT_SECONDS: u32 = 60;

/// What a database and its one user are called on a server.
///
/// Shape: 1 to 63 lower-case letters, digits and underscores, a letter first; none of the servers' own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerName(String);

impl ServerName {
    /// The name that a customer gave, where a server takes it as it is.
    #[must_use]
    pub fn plain(name: &DatabaseName) -> Option<Self> {
        name.as_str().parse().ok()
    }

    /// The same name with a tail, for where the plain one is taken or the server's own. Of the tail only
    /// letters and digits are used, eight at most.
    #[must_use]
    pub fn with_tail(name: &DatabaseName, tail: &str) -> Option<Self> {
        let fits = |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let tail: String = tail.chars().filter(fits).take(8).collect();
        format!("db_{name}_{tail}").parse().ok()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServerName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        let own = RESERVED.contains(&text) || text.starts_with("pg_") || text.starts_with("wabe");
        if !first || own || text.len() > BYTES_MAX || !text.bytes().all(fine) {
            return Err(Problem::new("not-a-database-name"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(ServerName, "server-name");

/// What a server verifies a password with, made by the panel, so that no server ever hears the password
/// before somebody logs in with it.
///
/// Shape: PostgreSQL's `SCRAM-SHA-256$rounds:salt$StoredKey:ServerKey` (RFC 5802, 5803), or MariaDB's `*`
/// with 40 hexadecimal digits, SHA-1 of SHA-1.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordVerifier(String);

/// The rounds that PostgreSQL itself counts. More would cost every login more, and the passwords that the
/// panel makes have 99 bits.
const ROUNDS: u32 = 4_096;

impl PasswordVerifier {
    /// What this engine verifies `password` with; nothing for an engine without logins.
    ///
    /// Source: RFC 5802, 3 and RFC 7677 for PostgreSQL, the password in ASCII as it stands; for MariaDB
    /// `mysql_native_password`, the only one that every client speaks (ADR 0024).
    #[must_use]
    pub fn of(engine: Engine, password: &Secret, rng: &dyn Rng) -> Option<Self> {
        match engine {
            Engine::Sqlite => None,
            Engine::Mariadb => Some(native(password)),
            Engine::Postgresql => scram(password, random(rng)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is one that this engine verifies with.
    #[must_use]
    pub fn fits(&self, engine: Engine) -> bool {
        match engine {
            Engine::Sqlite => false,
            Engine::Mariadb => is_native(&self.0),
            Engine::Postgresql => is_scram(&self.0),
        }
    }
}

fn native(password: &Secret) -> PasswordVerifier {
    let twice = Sha1::digest(Sha1::digest(password.expose().as_bytes()));
    let text = twice.iter().fold("*".to_owned(), |mut text, byte| {
        // Writing into a String cannot fail.
        write!(text, "{byte:02X}").ok();
        text
    });
    PasswordVerifier(text)
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

fn scram(password: &Secret, salt: [u8; 16]) -> Option<PasswordVerifier> {
    let key = password.expose().as_bytes();
    // Hi() of RFC 5802: PBKDF2 with one block.
    let mut block = keyed(key, &[&salt, &1_u32.to_be_bytes()])?;
    let mut salted = block;
    for _round in 1..ROUNDS {
        block = keyed(key, &[&block])?;
        for (sum, byte) in salted.iter_mut().zip(block) {
            *sum ^= byte;
        }
    }
    let stored = Sha256::digest(keyed(&salted, &[b"Client Key"])?);
    let server = keyed(&salted, &[b"Server Key"])?;
    let (salt, stored, server) = (
        STANDARD.encode(salt),
        STANDARD.encode(stored),
        STANDARD.encode(server),
    );
    Some(PasswordVerifier(format!(
        "SCRAM-SHA-256${ROUNDS}:{salt}${stored}:{server}"
    )))
}

/// Whether this is MariaDB's form.
fn is_native(text: &str) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
    text.strip_prefix('*')
        .is_some_and(|digits| digits.len() == 40 && digits.bytes().all(digit))
}

/// Whether this is PostgreSQL's form. What is not quite it, the server would take for a clear password.
fn is_scram(text: &str) -> bool {
    let parts = text.strip_prefix("SCRAM-SHA-256$");
    let Some((rounds, rest)) = parts.and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let Some((salt, keys)) = rest.split_once('$') else {
        return false;
    };
    let Some((stored, server)) = keys.split_once(':') else {
        return false;
    };
    let counts = rounds.len() <= 7 && rounds.parse::<u32>().is_ok_and(|rounds| rounds >= 4_096);
    let plain = rounds.bytes().all(|b| b.is_ascii_digit());
    counts && plain && bytes_of(salt).is_some() && [stored, server].map(bytes_of) == [Some(32); 2]
}

/// How many bytes a text in base 64 stands for; none when it is no such text.
fn bytes_of(text: &str) -> Option<usize> {
    let bytes = STANDARD.decode(text).ok()?;
    Some(bytes.len()).filter(|length| (1..=64).contains(length))
}

impl FromStr for PasswordVerifier {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if is_native(text) || is_scram(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Problem::new("not-a-choice"))
        }
    }
}

impl fmt::Display for PasswordVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No log needs it: whoever has it can guess without asking a server.
impl fmt::Debug for PasswordVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordVerifier(…)")
    }
}

text_form!(PasswordVerifier, "password-verifier");

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by PostgreSQL 15 and MariaDB 10.11.
    const SCRAM: &str = "SCRAM-SHA-256$4096:RYixTRN16LSl75/bV/uCzA==$3kyCJFoNW4yQB+NirANRzrCzQLuWRdEoDPFBWiaGTxg=:dTqcg6cv6zZjb7vFlxLjrbbzRnXq16vtktlPj3tVcG4=";
    const NATIVE: &str = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";

    #[test]
    fn a_verifier_fits_the_server_that_made_it_and_no_other() {
        let scram: PasswordVerifier = SCRAM.parse().unwrap();
        let native: PasswordVerifier = NATIVE.parse().unwrap();
        assert!(scram.fits(Engine::Postgresql) && !scram.fits(Engine::Mariadb));
        assert!(native.fits(Engine::Mariadb) && !native.fits(Engine::Postgresql));
        assert!(!format!("{scram:?}{native:?}").contains("RYix"));
    }

    #[test]
    fn verifiers_are_those_that_the_servers_make() {
        let salt = STANDARD.decode("RYixTRN16LSl75/bV/uCzA==").unwrap();
        let made = scram(&Secret::new("secret"), salt.try_into().unwrap()).unwrap();
        assert_eq!(made.as_str(), SCRAM);
        assert_eq!(native(&Secret::new("password")).as_str(), NATIVE);
    }

    #[test]
    fn what_a_server_would_take_for_a_clear_password_is_no_verifier() {
        for text in [
            "",
            "secret",
            "*",
            &NATIVE.to_ascii_lowercase(),
            &SCRAM.replace("4096", "1"),
            &SCRAM.replace("==$", "$"),
            &format!("{SCRAM}x"),
            "SCRAM-SHA-256$4096:QQ==$QQ==:QQ==",
        ] {
            assert!(text.parse::<PasswordVerifier>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_servers_own_names_get_a_tail() {
        for own in ["mysql", "postgres", "pg_shop", "wabe", "template1"] {
            let name: DatabaseName = own.parse().unwrap();
            assert_eq!(ServerName::plain(&name), None, "{own}");
            let tailed = ServerName::with_tail(&name, "7k2q4x").unwrap();
            assert_eq!(tailed.as_str(), format!("db_{own}_7k2q4x"));
        }
        let long: DatabaseName = "a".repeat(48).parse().unwrap();
        assert!(ServerName::with_tail(&long, "01jdn3x7qk").is_some());
    }
}
