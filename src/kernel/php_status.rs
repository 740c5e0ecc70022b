//! How PHP is doing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the PHP of a webspace is doing, and what it counted since it was begun anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PhpStatus {
    /// Requests that are worked on now.
    pub active: i64,
    /// Processes that wait for the next request.
    pub idle: i64,
    /// Requests that wait for a process.
    pub waiting: i64,
    /// The most requests that were worked on at the same time.
    pub most_active: i64,
    /// How often there were to be more processes than there may be.
    pub limit_reached: i64,
    /// Requests that took so long that it was written down where they were.
    pub slow: i64,
    /// Requests that came.
    pub accepted: i64,
    /// For how long it counts, in seconds.
    pub seconds: i64,
}
