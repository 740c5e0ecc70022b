//! Time that passes when a test says so.

use std::sync::atomic::{AtomicI64, Ordering};
use wabe_kernel::{Clock, Timestamp};

/// Noon of 2026-11-21, UTC.
const BEGIN: i64 = 1_795_262_400_000_000;

/// A clock that stands still until it is moved, and never runs backwards unless it is set back.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(BEGIN))
    }
}

impl TestClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves on to `now`; an earlier point changes nothing.
    pub fn set(&self, now: Timestamp) {
        self.0.fetch_max(now.0, Ordering::SeqCst);
    }

    /// Sets it back by so many seconds, as the clock of a machine is while the panel does not run.
    pub fn set_back(&self, seconds: u32) {
        self.0
            .fetch_sub(i64::from(seconds) * 1_000_000, Ordering::SeqCst);
    }

    /// Lets so many seconds pass.
    pub fn advance(&self, seconds: u32) {
        self.0
            .fetch_add(i64::from(seconds) * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use crate::TestClock;
    use wabe_kernel::{Clock as _, Timestamp};

    #[test]
    fn the_clock_moves_only_forwards_unless_it_is_set_back() {
        let clock = TestClock::at(Timestamp(1_000));
        clock.advance(1);
        clock.set(Timestamp(5));
        assert_eq!(clock.now(), Timestamp(1_001_000));
        clock.set_back(1);
        assert_eq!(clock.now(), Timestamp(1_000));
        assert_eq!(
            TestClock::default().now().to_string(),
            "2026-11-21T12:00:00.000000Z"
        );
    }
}
