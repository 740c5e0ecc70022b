//! What a person is called.

use crate::field::{Problem, text_form};
use crate::text::Line;
use std::fmt;
use std::str::FromStr;

/// A person's name, one printable line. Debug does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(Line);

impl PersonName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for PersonName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        text.parse().map(Self)
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

text_form!(PersonName, "person-name");
