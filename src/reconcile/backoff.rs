//! When a failed resource is tried again.

use wabe_kernel::rng::below;
use wabe_kernel::{Rng, Timestamp};

/// The longest pause, in seconds.
const PAUSE_MAX: i64 = 3_600;

/// The time of the next attempt after `attempts` failures in a row: 2, 4, 8 … seconds up to an hour,
/// and up to a quarter more, so that many failures do not come back at the same moment.
pub(crate) fn next_attempt(now: Timestamp, attempts: i64, rng: &dyn Rng) -> Timestamp {
    let doubled = 1_i64 << attempts.clamp(1, 12);
    let pause = doubled.min(PAUSE_MAX);
    let spread = u64::try_from(pause * 250).unwrap_or(0);
    let jitter = i64::try_from(below(rng, spread.max(1))).unwrap_or(0);
    Timestamp(now.plus_seconds(pause).0 + jitter * 1_000)
}
