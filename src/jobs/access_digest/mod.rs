//! Letters about what the hoster's people saw and changed of a customer's: who wants them, and when.
//!
//! Invariants: nobody gets one who did not ask for it, and nobody who may not see the access log at that
//! moment; what one letter tells ends where the next begins, whatever the clock of the schedule does.
//! What a letter says, the panel composes.

mod set;
mod store;

pub use set::SetAccessDigest;
pub use store::{STATEMENTS, Wanted, chosen, due, forget, told};

use wabe_access::words;

words! {
    /// How often somebody wants a letter about accesses.
    Cadence {
        /// Never.
        Never = "never",
        /// Every day on which there were some.
        Daily = "daily",
        /// Every week in which there were some.
        Weekly = "weekly",
    }
}

impl Cadence {
    /// How much time one letter tells of, in seconds; nothing for who wants none.
    #[must_use]
    pub const fn seconds(self) -> Option<i64> {
        match self {
            Self::Never => None,
            Self::Daily => Some(86_400),
            Self::Weekly => Some(7 * 86_400),
        }
    }
}
