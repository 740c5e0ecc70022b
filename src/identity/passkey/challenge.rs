//! Challenges: 32 bytes that only this installation makes, for one purpose of one person, for five
//! minutes. Making one keeps nothing; answering one uses it up.
//!
//! Shape: 16 random bytes, the second at which it ends (u32, big endian), 12 bytes of an HMAC-SHA-256
//! over those, the purpose and the subject. Source: bar 3.6 T2.

use crate::passkey::store;
use crate::password::pepper::Pepper;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng, Timestamp, hex};
use wabe_store::Tx;

/// For how many seconds one is good.
pub const SECONDS: i64 = 5 * 60;

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey of a user.
    Add,
    /// The second half of a login.
    Second,
    /// A fresh proof in a session.
    Prove,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Second => "second",
            Self::Prove => "prove",
        }
    }
}

fn tag(pepper: &Pepper, body: &[u8], (purpose, subject): (Purpose, &str)) -> [u8; 12] {
    let parts = [body, purpose.word().as_bytes(), subject.as_bytes()];
    let keyed = pepper.keyed("passkey challenge", &parts);
    keyed.first_chunk().copied().unwrap_or_default()
}

/// A new challenge, as the page's script takes it.
#[must_use]
pub(crate) fn new(
    pepper: &Pepper,
    about: (Purpose, &str),
    (now, rng): (Timestamp, &dyn Rng),
) -> String {
    let end = u32::try_from(now.plus_seconds(SECONDS).0 / 1_000_000).unwrap_or(0);
    let body = [random::<16>(rng).as_slice(), &end.to_be_bytes()].concat();
    let tag = tag(pepper, &body, about);
    URL_SAFE_NO_PAD.encode([body.as_slice(), &tag].concat())
}

/// Whether this is a challenge of ours that is still good; it is no more after that.
pub(super) async fn use_up(
    tx: &mut Tx,
    pepper: &Pepper,
    about: (Purpose, &str),
    challenge: &[u8],
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some((body, sent)) = challenge
        .split_at_checked(20)
        .filter(|(_, tag)| tag.len() == 12)
    else {
        return Ok(false);
    };
    let end = body.last_chunk::<4>().copied().unwrap_or_default();
    let end = Timestamp(i64::from(u32::from_be_bytes(end)) * 1_000_000);
    let ours: bool = tag(pepper, body, about).as_slice().ct_eq(sent).into();
    // A clock that ran backwards makes nothing good for longer.
    let good = now < end && end.0 <= now.plus_seconds(SECONDS).0;
    if !(ours && good) {
        return Ok(false);
    }
    let hash = hex(&Sha256::digest(challenge));
    store::use_challenge(tx, &hash, end).await
}
