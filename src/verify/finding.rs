//! What can be wrong with a record.

/// What is wrong; the first thing that was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The public key or a known checkpoint is not in its form.
    Key,
    /// The input cannot be read.
    Unreadable,
    /// A line is not in the one form it must have.
    Form,
    /// A line is where it must not be, or one is missing.
    Structure,
    /// A checkpoint is not signed with the key.
    Signature,
    /// An entry does not lead to the root: it was edited or never was in the log.
    Proof,
    /// The entries do not hash to the root of a checkpoint: edited, removed, added or reordered.
    Root,
    /// The payload is not what was recorded.
    Payload,
    /// The number of an entry is missing.
    Gap,
    /// The number of an entry appears twice, or goes back.
    Repeated,
    /// An entry of another customer.
    Customer,
    /// Time runs backwards, or ahead of the checkpoint.
    Clock,
    /// The record ends before a checkpoint that covers more.
    Truncated,
    /// The record does not continue a checkpoint that is known.
    Fork,
}

impl Wrong {
    /// The code, in kebab case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Unreadable => "unreadable",
            Self::Form => "form",
            Self::Structure => "structure",
            Self::Signature => "signature",
            Self::Proof => "proof",
            Self::Root => "root",
            Self::Payload => "payload",
            Self::Gap => "gap",
            Self::Repeated => "repeated",
            Self::Customer => "customer",
            Self::Clock => "clock",
            Self::Truncated => "truncated",
            Self::Fork => "fork",
        }
    }
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} in line {line}", what.code())]
pub struct Finding {
    /// What.
    pub what: Wrong,
    /// The line, counted from 1; 0 when it is about no line.
    pub line: u64,
}
