//! Initial passwords: made by the machine, used once, soon void.

use wabe_kernel::rng::below;
use wabe_kernel::{Rng, Secret};

/// For how many hours an initial password opens anything.
pub const INITIAL_HOURS: i64 = 24;

/// Letters and digits that nobody mistakes for one another.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";

fn pick(rng: &dyn Rng, from: &[u8]) -> char {
    let at = below(rng, u64::try_from(from.len()).unwrap_or(1));
    let at = usize::try_from(at).unwrap_or(0);
    from.get(at).map_or('x', |byte| char::from(*byte))
}

/// A password of 23 characters in four groups that follows every profile: `Kf7qd-…`.
///
/// Each group begins with a capital letter and holds one digit in its middle; 94 bits.
#[must_use]
pub fn generate(rng: &dyn Rng) -> Secret {
    let any: Vec<u8> = [LOWER, UPPER, DIGITS].concat();
    let mut text = String::new();
    for group in 0..4 {
        if group > 0 {
            text.push('-');
        }
        text.push(pick(rng, UPPER));
        text.push(pick(rng, LOWER));
        text.push(pick(rng, DIGITS));
        text.push(pick(rng, &any));
        text.push(pick(rng, &any));
    }
    Secret::new(text)
}
