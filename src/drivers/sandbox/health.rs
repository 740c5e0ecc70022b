//! Whether the sandbox is there, why not, and how long anybody waits for it.

use std::fmt;
use std::time::Duration;
use wabe_kernel::Timestamp;

/// The sandbox at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether runs can begin.
    pub up: bool,
    /// Why it is down; while it is up, why it was down the last time.
    pub reason: Option<Reason>,
    /// How often it was started again.
    pub restarts: u64,
    /// The engine's word, from the first greeting on.
    pub engine: Option<String>,
    /// The child's process.
    pub process: Option<u32>,
    /// Since when it is as it is.
    pub since: Timestamp,
    /// While it is down: after how long it is started again.
    pub retry_in: Option<Duration>,
}

/// Why the sandbox is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nobody has started it yet.
    NotStarted,
    /// The program does not start.
    Unstartable(String),
    /// The child came to an end.
    Died(String),
    /// It did not greet in time.
    Silent,
    /// It said what makes no sense.
    Nonsense(String),
    /// A run did not end when it had to.
    Hung,
    /// The panel ends.
    Stopped,
}

impl Reason {
    /// Every word of [`Reason::code`].
    pub const CODES: [&str; 7] = [
        "not-started",
        "unstartable",
        "died",
        "silent",
        "nonsense",
        "hung",
        "stopped",
    ];

    /// The stable word for it: the Fluent key is `sandbox-{code}`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotStarted => "not-started",
            Self::Unstartable(_) => "unstartable",
            Self::Died(_) => "died",
            Self::Silent => "silent",
            Self::Nonsense(_) => "nonsense",
            Self::Hung => "hung",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted => f.write_str("it was not started yet"),
            Self::Unstartable(why) => write!(f, "it does not start: {why}"),
            Self::Died(how) => write!(f, "it ended: {how}"),
            Self::Silent => f.write_str("it did not greet in time"),
            Self::Nonsense(what) => write!(f, "it said what makes no sense: {what}"),
            Self::Hung => f.write_str("a run did not end when it had to"),
            Self::Stopped => f.write_str("the panel ends"),
        }
    }
}

/// How long the driver waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the start of the child to its greeting.
    pub greeting: Duration,
    /// Beyond the time that a run may wait and take, before the child counts as hung.
    pub margin: Duration,
    /// Before the first new start; twice as long before each that follows.
    pub first: Duration,
    /// Before any new start, at most.
    pub most: Duration,
    /// A child that lived so long was healthy: the next start waits for `first` again.
    pub healthy: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            greeting: Duration::from_secs(30),
            margin: Duration::from_secs(10),
            first: Duration::from_millis(200),
            most: Duration::from_secs(30),
            healthy: Duration::from_mins(1),
        }
    }
}

/// The waits between starts.
#[derive(Debug)]
pub(super) struct Backoff {
    patience: Patience,
    next: Duration,
}

impl Backoff {
    pub(super) const fn new(patience: Patience) -> Self {
        Self {
            patience,
            next: patience.first,
        }
    }

    /// How long to wait after a child that lived so long.
    pub(super) fn after(&mut self, lived: Duration) -> Duration {
        if lived >= self.patience.healthy {
            self.next = self.patience.first;
        }
        let wait = self.next.min(self.patience.most);
        self.next = wait.saturating_mul(2).min(self.patience.most);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_begin_anew_after_health() {
        let patience = Patience {
            first: Duration::from_secs(1),
            most: Duration::from_secs(5),
            healthy: Duration::from_mins(1),
            ..Patience::default()
        };
        let mut backoff = Backoff::new(patience);
        let mut after = |seconds| backoff.after(Duration::from_secs(seconds)).as_secs();
        let waits = [after(0), after(0), after(59), after(0), after(0)];
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        assert_eq!([after(60), after(1)], [1, 2]);
    }
}
