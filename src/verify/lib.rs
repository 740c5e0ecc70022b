//! Verifies the record offline, from files and a public key alone.
//!
//! Invariants: shares no code and no room with the writer, so that a fault there is not believed
//! here (GO-2022-1117 is what happens otherwise); reads any input without panicking, and in memory
//! that does not grow with the number of entries, customers aside; accepts one spelling of every
//! line only, so that no byte can be changed unnoticed. What it says is a code, for programs and
//! for `docs`; the words are elsewhere.
//!
//! Source: RFC 6962 and RFC 9162 (2.1.3.2, 2.1.4.2), C2SP tlog-checkpoint and signed-note, bar 3.10 T3.

mod export;
mod finding;
mod line;
mod log;
mod note;
mod order;
mod tree;

#[cfg(test)]
mod tests;

pub use export::verify_export;
pub use finding::{Finding, Wrong};
pub use log::verify_log;

/// What a record without findings contains.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Entries verified.
    pub entries: u64,
    /// Entries whose payload was destroyed; their proofs hold. 0 for a log, which has no payloads.
    pub erased: u64,
    /// Checkpoints verified.
    pub checkpoints: u64,
    /// Leaves that the last checkpoint covers.
    pub size: u64,
    /// When the last checkpoint was signed, in microseconds since the epoch; 0 without one.
    pub at: i64,
    /// Entries of a log after its last checkpoint: nothing vouches for them yet.
    pub unanchored: u64,
}
