//! Why a step could not be carried out.

/// Why a step did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// A code of the message catalogue: the Fluent message `failure-{code}` tells the customer.
    pub code: &'static str,
    /// For the operator's log; no secrets.
    pub detail: String,
}

impl StepFailure {
    /// A failure with this code and detail.
    #[must_use]
    pub fn new(code: &'static str, detail: impl std::fmt::Display) -> Self {
        Self {
            code,
            detail: detail.to_string(),
        }
    }
}
