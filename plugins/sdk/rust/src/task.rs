//! Work by the clock.

/// A slice of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Task {
    /// The schedule's name in `plugin.toml`.
    pub name: String,
    /// Milliseconds since 1970, UTC: when it was due.
    pub scheduled_for_ms: u64,
    /// What the slice before left; absent in the first one.
    pub cursor: Option<String>,
}
