//! What an authenticator says: for whom, whether somebody was there and was recognised, how often it
//! signed, and at the beginning its key. Source: WebAuthn level 2, 6.1, 6.5; level 3, 6.1.3.

use crate::passkey::cose::{self, Key};
use ciborium::Value;
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
const KEYED: u8 = 1 << 6;

/// The longest name of a key that is kept. Source: WebAuthn level 2, 7.1 step 21.
const ID_BYTES_MAX: usize = 1_023;

/// What was said.
pub(super) struct Said<'a> {
    host: &'a [u8],
    flags: u8,
    pub(super) count: i64,
    /// The key's name and itself as bytes, where there is one.
    pub(super) key: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Said<'a> {
    /// Reads it.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (host, rest) = bytes.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let key = if flags & KEYED == 0 {
            None
        } else {
            let (_model, rest) = rest.split_at_checked(16)?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (id, rest) = rest.split_at_checked(length)?;
            let (value, after) = cose::value(rest)?;
            Key::of(&value)?;
            let key = rest.get(..rest.len() - after.len())?;
            (1..=ID_BYTES_MAX).contains(&length).then_some((id, key))
        };
        Some(Self {
            host,
            flags: *flags,
            count: i64::from(u32::from_be_bytes(*count)),
            key,
        })
    }

    /// Whether it is for this host, and its person was there; and was recognised, where that is asked.
    pub(super) fn fits(&self, host: &str, verified: bool) -> bool {
        let wanted = if verified {
            PRESENT | VERIFIED
        } else {
            PRESENT
        };
        let copies = self.flags & (MAY_BE_COPIED | IS_COPIED) != IS_COPIED;
        self.host == Sha256::digest(host.as_bytes()).as_slice()
            && self.flags & wanted == wanted
            && copies
    }
}

/// What the answer to a wish for a new key holds. What vouches for the model is not looked at: none is
/// asked for.
pub(super) fn attested(bytes: &[u8]) -> Option<Vec<u8>> {
    let (value, rest) = cose::value(bytes)?;
    let Value::Map(parts) = value else {
        return None;
    };
    let named = |name: &Value| name.as_text() == Some("authData");
    let said = parts.into_iter().find(|(name, _)| named(name))?.1;
    said.into_bytes().ok().filter(|_| rest.is_empty())
}

/// The key of bytes that were kept.
pub(super) fn kept(bytes: &[u8]) -> Option<Key> {
    Key::of(&cose::value(bytes)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(0_u8.., 0..300)) {
            let _: bool = Said::read(&bytes).is_some() || attested(&bytes).is_some();
        }
    }

    #[test]
    fn what_is_nested_without_end_or_claims_to_be_endless_is_no_message() {
        let deep = [0x81_u8].repeat(10_000);
        let long = [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(attested(&deep).is_none() && attested(&long).is_none());
    }
}
