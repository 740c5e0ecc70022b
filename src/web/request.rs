//! The number of a request: what a person reads out on the phone, and what the log is searched for.

use std::fmt;
use wabe_kernel::id;
use wabe_kernel::{Rng, Timestamp};

/// One request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub id::RequestId);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn new(now: Timestamp, rng: &dyn Rng) -> Self {
        Self(id::RequestId::new(now, rng))
    }

    /// Four characters to read out, like `7F3K`: the last ones of the full number, which are random
    /// and leave out I, L, O and U.
    #[must_use]
    pub fn short(&self) -> String {
        let full = self.0.to_string();
        let start = full.len().saturating_sub(4);
        full.get(start..).unwrap_or_default().to_ascii_uppercase()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
