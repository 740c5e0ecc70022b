//! Short texts that people type: one line, printable, bounded.

use crate::field::{Problem, TEXT_BYTES_MAX, text_form};
use std::fmt;
use std::str::FromStr;

/// Characters that can make text look like other text: directional overrides and invisible marks.
fn deceives(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Characters that nobody sees and that something else may obey.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control() || deceives(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Checks one printable line of at most `max` characters.
fn line(text: &str, max: usize) -> Result<&str, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::new("required"));
    }
    if text.chars().any(is_unseen) {
        return Err(Problem::new("control-character"));
    }
    if text.chars().count() > max {
        return Err(Problem::new("too-long").with("max", max));
    }
    Ok(text)
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident <= $max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                line(text, $max).map(|text| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        text_form!($name, "line");
    )*};
}

lines! {
    /// One printable line of 1 to 120 characters: a company's name, a label.
    Line <= 120;
    /// Why somebody did something, 1 to 500 characters; the other side reads it.
    Reason <= 500;
}

/// A text of one or more lines that a person wrote to another: not empty, at most 16 KiB. What nobody
/// sees and what turns text around is left out; pasted text is full of it.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageText {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(Problem::new("too-long").with("max", TEXT_BYTES_MAX));
        }
        let text = text.replace("\r\n", "\n");
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
        {
            return Err(Problem::new("control-character"));
        }
        let seen = |c: &char| !deceives(*c) && !matches!(c, '\u{2028}' | '\u{2029}');
        let text: String = text.chars().filter(seen).collect();
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for MessageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageText({} bytes)", self.0.len())
    }
}

text_form!(MessageText, "prose");
