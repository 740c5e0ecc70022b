//! When a failed job is tried again.

use wabe_kernel::rng::below;
use wabe_kernel::{Rng, Timestamp};

/// The first pause, in seconds.
const FIRST: i64 = 30;
/// The longest pause, in seconds.
const LONGEST: i64 = 6 * 3_600;

/// The time of the next attempt: pauses double from 30 s up to 6 h, and each is cut by up to a half
/// at random, so that what failed together does not come back together.
pub(super) fn next_attempt(now: Timestamp, attempts: i64, rng: &dyn Rng) -> Timestamp {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(16);
    let pause = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let spread = u64::try_from(pause / 2).unwrap_or(0).saturating_add(1);
    let cut = i64::try_from(below(rng, spread)).unwrap_or(0);
    now.plus_seconds(pause - cut)
}

#[cfg(test)]
mod tests {
    use crate::bench::Dice;
    use wabe_kernel::Timestamp;

    #[test]
    fn pauses_double_with_jitter_up_to_six_hours() {
        let dice = Dice::default();
        let mut seen = std::collections::BTreeSet::new();
        for attempts in 1..60 {
            for _ in 0..20 {
                let at = super::next_attempt(Timestamp(0), attempts, &dice);
                let pause = at.seconds_since(Timestamp(0));
                let full = (30_i64 << (attempts - 1).min(16)).min(21_600);
                assert!(pause >= full / 2 && pause <= full, "{attempts}: {pause}");
                seen.insert(pause);
            }
        }
        assert!(seen.len() > 100, "jitter spreads");
    }
}
