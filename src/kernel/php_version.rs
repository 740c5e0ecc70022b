//! Which PHP runs a site.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A release series of PHP, as its packages and programs are named after it.
///
/// Shape: two numbers of one or two digits without leading zeros; the first one is 5 at least. Text form:
/// `8.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhpVersion {
    major: u8,
    minor: u8,
}

/// One or two digits as people write a number.
fn number(text: &str) -> Option<u8> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let plain = digits && (text.len() == 1 || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

impl FromStr for PhpVersion {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = Problem::new("not-a-php-version");
        let (major, minor) = text.split_once('.').ok_or_else(|| wrong.clone())?;
        match (number(major), number(minor)) {
            (Some(major), Some(minor)) if major >= 5 => Ok(Self { major, minor }),
            _ => Err(wrong),
        }
    }
}

impl fmt::Display for PhpVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

text_form!(PhpVersion, "php-version");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let version = |text: &str| text.parse::<PhpVersion>().unwrap();
        assert!(version("8.2") < version("8.10"));
        assert_eq!(version("8.4").to_string(), "8.4");
    }

    #[test]
    fn other_texts_are_no_versions() {
        for text in [
            "", "8", "8.", ".2", "8.2.1", "08.2", "8.02", "4.4", "8.2 ", "8,2", "8.+2", "8.200",
            "off",
        ] {
            assert!(text.parse::<PhpVersion>().is_err(), "{text:?}");
        }
    }
}
