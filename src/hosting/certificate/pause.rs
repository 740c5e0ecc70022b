//! When an order that failed is tried again.

use wabe_kernel::certificate::OrderTrouble;
use wabe_kernel::rng::below;
use wabe_kernel::{Rng, Timestamp};

/// Seconds after so many failures in a row; the last counts for all after it. Three in the first hour leave
/// room within the five that authorities let fail for one name.
const PAUSES: [i64; 7] = [120, 600, 3_600, 21_600, 86_400, 172_800, 259_200];
/// Seconds at least when an authority said that it was too much.
const LIMITED: i64 = 21_600;

/// When the next try is, after `attempts` failures in a row and with this one the last: later each time, and
/// up to a quarter more, so that many failures do not come back at the same moment.
pub(super) fn next_try(
    now: Timestamp,
    (attempts, trouble): (i64, OrderTrouble),
    rng: &dyn Rng,
) -> Timestamp {
    let place = usize::try_from(attempts.max(1) - 1).unwrap_or(0);
    let last = PAUSES.len() - 1;
    let pause = PAUSES[place.min(last)];
    let pause = if trouble == OrderTrouble::Limited {
        pause.max(LIMITED)
    } else {
        pause
    };
    let spread = u64::try_from(pause * 250).unwrap_or(1);
    let jitter = i64::try_from(below(rng, spread)).unwrap_or(0);
    Timestamp(now.plus_seconds(pause).0 + jitter * 1_000)
}

/// When a third of a certificate's life is left.
pub(super) fn third_left(starts_at: Timestamp, ends_at: Timestamp) -> Timestamp {
    let life = ends_at.seconds_since(starts_at).max(0);
    ends_at.plus_seconds(-(life / 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Most;

    impl Rng for Most {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0xff);
        }
    }

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    fn seconds(attempts: i64, trouble: OrderTrouble) -> i64 {
        next_try(NOW, (attempts, trouble), &Most).seconds_since(NOW)
    }

    #[test]
    fn pauses_grow_to_days_and_are_spread() {
        let mut before = 0;
        for attempts in 1..=9 {
            let pause = seconds(attempts, OrderTrouble::NotReached);
            assert!(pause >= before, "{attempts}");
            let least = PAUSES[usize::try_from(attempts - 1).unwrap().min(6)];
            assert!(
                (least..=least + least / 4).contains(&pause),
                "{attempts}: {pause}"
            );
            before = pause;
        }
        assert!(seconds(5, OrderTrouble::NotReached) >= 86_400);
        assert!(seconds(1_000, OrderTrouble::NotReached) >= 3 * 86_400);
    }

    #[test]
    fn three_tries_at_most_are_in_the_first_hour() {
        let first: i64 = (1..=3).map(|n| PAUSES[n - 1]).sum();
        assert!(first > 3_600);
    }

    #[test]
    fn an_authority_that_had_too_much_is_left_alone_for_hours() {
        assert!(seconds(1, OrderTrouble::Limited) >= LIMITED);
    }

    #[test]
    fn a_third_of_the_life_is_left_for_the_renewal() {
        let (from, until) = (NOW, NOW.plus_days(90));
        assert_eq!(third_left(from, until), NOW.plus_days(60));
        assert_eq!(third_left(until, from), from);
    }
}
