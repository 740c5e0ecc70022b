//! When a failed try is followed by another, and when an installation is stopped. Pure.

use crate::run::model::{RunState, TriggerKind};
use wabe_kernel::rng::random;
use wabe_kernel::{Rng, Timestamp};

/// The first wait, in milliseconds; each further one is four times as long.
const WAIT_MS: u64 = 10_000;
/// No plugin makes the panel wait longer than this for another try, in milliseconds.
const WAIT_MAX_MS: u64 = 6 * 3_600_000;
/// So many failures one after the other stop an installation.
pub const IN_ROW_MAX: i64 = 20;
/// So many of the last runs are looked at.
pub const LAST: i64 = 100;

/// Why a try failed, as far as the rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The plugin's own doing, and the same input would fail again.
    Lasting,
    /// The plugin says that the same input may succeed later, at the earliest after so many
    /// milliseconds.
    Passing(Option<u32>),
    /// Nothing the plugin can do about: the sandbox, the database, another run that was faster.
    Ours,
}

/// What follows from a failed try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another try at this time.
    Again(Timestamp),
    /// No other try.
    Over(RunState),
}

/// What follows from the failed try number `attempt`, counted from 1.
#[must_use]
pub fn next(
    trigger: TriggerKind,
    attempt: i64,
    fault: Fault,
    now: Timestamp,
    rng: &dyn Rng,
) -> Next {
    let least = match fault {
        Fault::Lasting => return Next::Over(RunState::Failed),
        Fault::Passing(after) => u64::from(after.unwrap_or(0)),
        Fault::Ours => 0,
    };
    if attempt >= trigger.tries_max() {
        return Next::Over(RunState::Dead);
    }
    let steps = u32::try_from(attempt - 1).unwrap_or(0).min(8);
    let longest = WAIT_MS.saturating_mul(4_u64.saturating_pow(steps));
    let dice = u64::from_be_bytes(random::<8>(rng));
    // The whole wait is jitter, so that what failed together does not come back together.
    let wait = (dice % longest.max(1)).max(least).clamp(1_000, WAIT_MAX_MS);
    Next::Again(Timestamp(now.0 + i64::try_from(wait).unwrap_or(0) * 1_000))
}

/// Whether failures of the plugin's own stop its installation: so many in a row, or more than half of
/// the last hundred runs.
#[must_use]
pub const fn stops(in_row: i64, failed: i64, of: i64) -> bool {
    in_row >= IN_ROW_MAX || (of >= LAST && failed * 2 > of)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Next, next, stops};
    use crate::run::model::{RunState, TriggerKind};
    use wabe_kernel::{Rng, Timestamp};

    struct Fixed(u8);

    impl Rng for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn seconds(attempt: i64, fault: Fault, dice: u8) -> Option<i64> {
        match next(
            TriggerKind::Event,
            attempt,
            fault,
            Timestamp(0),
            &Fixed(dice),
        ) {
            Next::Again(at) => Some(at.0 / 1_000_000),
            Next::Over(_) => None,
        }
    }

    #[test]
    fn waits_grow_fourfold_and_are_all_jitter() {
        for (attempt, longest) in [(1, 10), (2, 40), (3, 160), (4, 640)] {
            for dice in [0, 1, 77, 255] {
                let wait = seconds(attempt, Fault::Ours, dice).unwrap();
                assert!((1..=longest).contains(&wait), "{attempt} {dice}: {wait}");
            }
        }
        assert_eq!(seconds(1, Fault::Passing(Some(60_000)), 0), Some(60));
        assert_eq!(
            seconds(1, Fault::Passing(Some(u32::MAX)), 0),
            Some(6 * 3_600)
        );
    }

    #[test]
    fn the_fifth_failure_is_the_last_and_a_lasting_one_the_first() {
        let over = |trigger, attempt, fault| next(trigger, attempt, fault, Timestamp(0), &Fixed(9));
        let event = TriggerKind::Event;
        assert_eq!(over(event, 5, Fault::Ours), Next::Over(RunState::Dead));
        assert_eq!(over(event, 1, Fault::Lasting), Next::Over(RunState::Failed));
        let form = TriggerKind::Form;
        assert_eq!(
            over(form, 1, Fault::Passing(None)),
            Next::Over(RunState::Dead)
        );
    }

    #[test]
    fn twenty_in_a_row_or_more_than_half_stop_an_installation() {
        assert!(!stops(19, 0, 0) && stops(20, 0, 0));
        assert!(!stops(3, 50, 100) && stops(3, 51, 100));
        assert!(!stops(3, 51, 99));
    }
}
