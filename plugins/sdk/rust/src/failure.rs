//! Why a run, or a call of a capability, did not do its work.

use std::fmt;

/// What every entry point answers.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a run did not do its work.
///
/// Every error becomes one through `?`. A run that fails changes nothing; it is tried again only when
/// the failure says that this may help.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// An open word in small letters, such as `upstream-down`.
    pub code: String,
    /// One sentence for the page of the run.
    pub message: String,
    /// True when the same input may succeed later.
    pub retryable: bool,
    /// When to try again.
    pub retry_after_ms: Option<u32>,
    /// More, for whoever mends it.
    pub detail: Option<String>,
}

impl Failure {
    /// A failure that the same input will meet again.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// Worth another try.
    #[must_use]
    pub fn retry(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Worth another try after so many milliseconds.
    #[must_use]
    pub fn retry_after_ms(mut self, ms: u32) -> Self {
        self.retry_after_ms = Some(ms);
        self.retry()
    }

    /// Says more.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

// `Failure` itself is no `Error`, as otherwise this would fit it too.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        Self::new("error", message)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let retryable = problem.is("unavailable") || problem.is("conflict");
        let detail = Some(problem.how).filter(|how| !how.is_empty());
        Self {
            code: problem.code,
            message: problem.message,
            retryable,
            retry_after_ms: None,
            detail,
        }
    }
}

/// Why a capability did not do what was asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// An open word: `denied`, `not-found`, `limit`, `conflict`, `invalid`, `unavailable`, …
    pub code: String,
    /// One sentence.
    pub message: String,
    /// What to do about it; for `denied`, the line that `plugin.toml` needs.
    pub how: String,
}

impl Problem {
    /// Whether its code is this word.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self {
            code: "invalid".to_owned(),
            message: message.into(),
            how: String::new(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// `None` when there is no such thing; other problems stay problems.
pub(crate) fn found<T>(answer: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(problem) if problem.is("not-found") => Ok(None),
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<u8> {
        Ok(text.parse()?)
    }

    #[test]
    fn every_error_becomes_a_failure() {
        assert_eq!(parse("7"), Ok(7));
        let failure = parse("x").unwrap_err();
        assert_eq!(failure.to_string(), "error: invalid digit found in string");
        assert!(!failure.retryable);
    }

    #[test]
    fn a_problem_keeps_its_code_and_says_what_to_do() {
        let problem = Problem {
            code: "unavailable".to_owned(),
            message: "no answer".to_owned(),
            how: "try later".to_owned(),
        };
        let failure = Failure::from(problem);
        assert!(failure.retryable);
        assert_eq!(failure.detail.as_deref(), Some("try later"));
    }
}
