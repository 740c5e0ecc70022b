//! Names of databases.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A database's name: 1 to 48 lower-case letters, digits and underscores, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatabaseName(String);

impl DatabaseName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.len() > 48 {
            return Err(Problem::new("too-long").with("max", 48));
        }
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !first || !text.bytes().all(fine) {
            return Err(Problem::new("not-a-database-name"));
        }
        Ok(Self(text))
    }
}

impl fmt::Display for DatabaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(DatabaseName, "database-name");
