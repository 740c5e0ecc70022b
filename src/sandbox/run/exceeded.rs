//! A limit that was reached, as an error inside the engine.

use std::fmt;
use wabe_package::limits::LimitName;

/// Ends a run with the limit's name. Whatever the guest does, it cannot catch this.
#[derive(Debug)]
pub(crate) struct Exceeded {
    /// Which one.
    pub(crate) limit: LimitName,
    /// One sentence with the numbers.
    pub(crate) message: String,
}

impl Exceeded {
    /// Of this limit, with this sentence.
    pub(crate) fn new(limit: LimitName, message: impl Into<String>) -> Self {
        Self {
            limit,
            message: message.into(),
        }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Exceeded {}
