//! The stored form of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, as others read it, followed
//! for the panel's own users by `$pepper=N`, the version of the key that was mixed in first.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::fmt;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// What every stored password costs. Source: bar 3.1 T1.
    pub const POLICY: Self = Self {
        memory_kib: 65_536,
        passes: 3,
        lanes: 1,
    };
}

/// Bytes of salt.
pub const SALT_BYTES: usize = 16;
/// Bytes of tag.
pub const TAG_BYTES: usize = 32;

/// A stored hash, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Phc {
    /// What it cost.
    pub cost: Cost,
    /// The salt.
    pub salt: Vec<u8>,
    /// The tag.
    pub tag: Vec<u8>,
    /// The version of the pepper; absent for services that verify by themselves.
    pub pepper: Option<u32>,
}

impl Phc {
    /// Takes a stored text apart; `None` when it is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let costs = parts.next()?;
        let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let tag = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
        let pepper = match parts.next() {
            None => None,
            Some(part) => Some(part.strip_prefix("pepper=")?.parse().ok()?),
        };
        let mut numbers = costs.split(',');
        let mut number = |name: &str| numbers.next()?.strip_prefix(name)?.parse().ok();
        let cost = Cost {
            memory_kib: number("m=")?,
            passes: number("t=")?,
            lanes: number("p=")?,
        };
        let whole = parts.next().is_none() && numbers.next().is_none();
        // A stored hash may cost less than the policy, or somewhat more, never the whole machine.
        let bounded = cost.memory_kib <= 1 << 20 && cost.passes <= 16 && cost.lanes <= 16;
        (whole && bounded && tag.len() == TAG_BYTES && salt.len() >= 8).then_some(Self {
            cost,
            salt,
            tag,
            pepper,
        })
    }
}

impl fmt::Display for Phc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost {
            memory_kib,
            passes,
            lanes,
        } = self.cost;
        let salt = STANDARD_NO_PAD.encode(&self.salt);
        let tag = STANDARD_NO_PAD.encode(&self.tag);
        write!(
            f,
            "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${tag}"
        )?;
        match self.pepper {
            Some(version) => write!(f, "$pepper={version}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            memory_kib in 8..=1_u32 << 20, passes in 1..=16_u32, lanes in 1..=16_u32,
            salt in prop::collection::vec(any::<u8>(), SALT_BYTES),
            tag in prop::collection::vec(any::<u8>(), TAG_BYTES),
            pepper in prop::option::of(any::<u32>()),
        ) {
            let cost = Cost { memory_kib, passes, lanes };
            let phc = Phc { cost, salt, tag, pepper };
            prop_assert!(Phc::parse(&phc.to_string()) == Some(phc));
        }

        #[test]
        fn no_text_breaks_the_parser(text in "(\\$argon2id\\$v=19\\$)?[$=,a-zA-Z0-9+/]{0,80}") {
            if let Some(phc) = Phc::parse(&text) {
                prop_assert_eq!(phc.tag.len(), TAG_BYTES);
            }
        }
    }
}
