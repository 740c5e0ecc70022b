//! The real clock and the real randomness; the only place where they enter a panel or an agent.

use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use wabe_kernel::{Clock, Rng, Timestamp};

/// While the machine's clock is behind what was said already, one of so many microseconds passes.
const SLOWED: i64 = 4;

/// The machine's clock, made to never run backwards within this process, and never to stand still.
///
/// When the machine's clock is set back, time goes on at a quarter of its pace until the machine has caught up: an
/// order in time stays one, and whatever waits for its time, be it a retry or the end of a lock, waits a few times as
/// long at most and not for as long as the clock was set back.
pub struct SystemClock {
    latest: Mutex<Latest>,
}

/// What was said last, in microseconds since the epoch, and when by the clock that nobody sets.
struct Latest {
    said: i64,
    at: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
        let at = Instant::now();
        Self {
            latest: Mutex::new(Latest { said: 0, at }),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
        let (wall, at) = (SystemTime::now(), Instant::now());
        let wall = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall = i64::try_from(wall.as_micros()).unwrap_or(i64::MAX);
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = at.saturating_duration_since(latest.at);
        let passed = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        let now = goes_on(latest.said, passed, wall);
        // What was too short to count goes on counting.
        if now != latest.said {
            *latest = Latest { said: now, at };
        }
        Timestamp(now)
    }
}

/// What time it is after `passed` microseconds, where `wall` is what the machine says.
fn goes_on(said: i64, passed: i64, wall: i64) -> i64 {
    wall.max(said.saturating_add(passed / SLOWED))
}

/// The operating system's randomness.
#[derive(Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, bytes: &mut [u8]) {
        // A machine that cannot give randomness must not go on with a weaker kind of it.
        if aws_lc_rs::rand::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SystemClock, goes_on};
    use wabe_kernel::Clock as _;

    const SECOND: i64 = 1_000_000;
    const HOUR: i64 = 3_600 * SECOND;

    #[test]
    fn time_neither_stands_still_nor_runs_back_when_the_clock_is_set_back_an_hour() {
        let noon = 1_795_262_400 * SECOND;
        let (mut said, mut caught_up) = (noon, None);
        for second in 1..=2 * 3_600 {
            let wall = noon - HOUR + second * SECOND;
            let now = goes_on(said, SECOND, wall);
            assert!(now > said && now >= wall, "{second}");
            if now == wall && caught_up.is_none() {
                caught_up = Some(second);
            }
            said = now;
        }
        // A third later than a clock that stood still would have.
        assert_eq!(caught_up, Some(4_800));
    }

    #[test]
    fn a_clock_that_is_right_is_followed() {
        let noon = 1_795_262_400 * SECOND;
        assert_eq!(goes_on(0, 7 * HOUR, noon), noon);
        assert_eq!(goes_on(noon, 1, noon + 1), noon + 1);
        assert_eq!(goes_on(noon, SECOND, noon + HOUR), noon + HOUR);
        let clock = SystemClock::default();
        let (first, second) = (clock.now(), clock.now());
        assert!(first <= second && first.0 > noon / 2);
    }
}
