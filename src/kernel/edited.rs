//! A file of a node's that somebody edited by hand: what is told of it, and which settings would say the same.

use crate::field::{Problem, text_form};
use crate::quota::Bytes;
use crate::{ErrorPages, Hsts, RelPath, SiteRedirects};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Stands for exactly the text that somebody wrote, so that an answer is about what was shown.
///
/// Shape: 32 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditMark(String);

impl EditMark {
    const DIGITS: usize = 32;
}

impl FromStr for EditMark {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == Self::DIGITS && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Problem::new("not-a-choice"))
        }
    }
}

impl fmt::Display for EditMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(EditMark, "edit-mark");

/// Why what somebody wrote does not lie in its place any more. It is kept beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// The server does not take it.
    Refused,
    /// The site is not shown, whatever was written for it.
    Hidden,
    /// It would have logged whole addresses without an instruction.
    Addresses,
}

impl Aside {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Hidden, Self::Addresses];

    /// The word in files, the database and texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Hidden => "hidden",
            Self::Addresses => "addresses",
        }
    }
}

impl FromStr for Aside {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|aside| aside.word() == text);
        found.ok_or_else(|| Problem::new("not-a-choice"))
    }
}

/// A setting that says what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditedSetting {
    /// The folder that is served.
    DocumentRoot(RelPath),
    /// Whether plain HTTP is sent on.
    HttpsRedirect(bool),
    /// Whether browsers keep to HTTPS.
    Hsts(Hsts),
    /// The most that is uploaded at once.
    UploadBytes(Option<Bytes>),
    /// Where visitors are sent on.
    Redirects(SiteRedirects),
    /// Pages for errors.
    ErrorPages(ErrorPages),
}

impl EditedSetting {
    /// The field of a webspace that it is.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::DocumentRoot(_) => "document_root",
            Self::HttpsRedirect(_) => "https_redirect",
            Self::Hsts(_) => "hsts",
            Self::UploadBytes(_) => "upload_bytes",
            Self::Redirects(_) => "redirects",
            Self::ErrorPages(_) => "error_pages",
        }
    }
}

/// Whether settings can say what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// These say exactly that; none where nothing but remarks was added.
    Settings(Vec<EditedSetting>),
    /// No setting says these lines, each with `-` or `+` before it; `@` is for what is too much.
    Lines(Vec<String>),
}

/// A file that somebody edited by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// What was written.
    pub mark: EditMark,
    /// How it differs from what should be there: lines with `-` are missing, lines with `+` were added, lines with a
    /// space stand around them, and `@` is for what is left out between, or is too much.
    pub difference: String,
    /// Why it was put aside; it lies in its place while absent.
    pub aside: Option<Aside>,
    /// What settings would say of it.
    pub reading: Reading,
}

/// A file that lies where a server of the node reads files from, and is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stray {
    /// Where it lies, beneath the folder of the node's drivers.
    pub path: String,
    /// Whether the server reads it: it has the name of a file of ours, for something that is not there.
    pub is_read: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_of_its_digits_and_nothing_else() {
        let mark = "0123456789abcdef0123456789abcdef";
        assert_eq!(mark.parse::<EditMark>().unwrap().to_string(), mark);
        for other in ["", "0123", &mark.to_uppercase(), &format!("{mark}0"), "../"] {
            assert!(other.parse::<EditMark>().is_err(), "{other}");
        }
    }

    #[test]
    fn what_was_read_is_told_and_read_again() {
        let edited = Edited {
            mark: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            difference: "-a\n+b\n".to_owned(),
            aside: Some(Aside::Refused),
            reading: Reading::Settings(vec![
                EditedSetting::UploadBytes(None),
                EditedSetting::HttpsRedirect(true),
                EditedSetting::Hsts(Hsts::Month),
            ]),
        };
        let told = serde_json::to_string(&edited).unwrap();
        assert_eq!(serde_json::from_str::<Edited>(&told).unwrap(), edited);
    }
}
