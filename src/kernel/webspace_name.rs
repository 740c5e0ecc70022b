//! Names of webspaces.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A webspace's name, which is also a label of its preview address.
///
/// Shape: 1 to 40 lower-case letters, digits and inner hyphens; never two hyphens at the third place
/// (those labels belong to IDNA).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WebspaceName(String);

impl WebspaceName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebspaceName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.len() > 40 {
            return Err(Problem::new("too-long").with("max", 40));
        }
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let idna = text.get(2..4) == Some("--");
        if !text.bytes().all(fine) || text.starts_with('-') || text.ends_with('-') || idna {
            return Err(Problem::new("not-a-webspace-name"));
        }
        Ok(Self(text))
    }
}

impl fmt::Display for WebspaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(WebspaceName, "webspace-name");
