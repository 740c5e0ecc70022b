//! Where to go after logging in: a path of this site and nothing else (no open redirect).

use std::fmt;
use std::str::FromStr;

/// A path with optional query on this site.
///
/// Shape: begins with one `/`, at most 2 048 bytes, printable ASCII; never `//…`, `/\…`, a scheme or
/// a control character, which browsers read as another site. Source: ASVS 5.1.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

/// The text is not a path of this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLocal;

impl LocalPath {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as one value of a query string.
    #[must_use]
    pub fn encoded(&self) -> String {
        percent_encoding::utf8_percent_encode(&self.0, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
    }

    /// The path of `text`, or the start page.
    #[must_use]
    pub fn or_home(text: &str) -> Self {
        text.parse()
            .unwrap_or_else(|_not_local| Self("/".to_owned()))
    }
}

impl FromStr for LocalPath {
    type Err = NotLocal;

    fn from_str(text: &str) -> Result<Self, NotLocal> {
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let second = text.as_bytes().get(1);
        if text.len() > 2_048 || !printable || !text.starts_with('/') || second == Some(&b'/') {
            return Err(NotLocal);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_sites_are_no_paths_of_this_site() {
        for text in [
            "//evil.example",
            "/\\evil.example",
            "https://x",
            "x",
            "",
            "/a\r\nb",
            "/a b",
        ] {
            assert!(text.parse::<LocalPath>().is_err(), "{text:?}");
        }
        assert_eq!(LocalPath::or_home("//x").as_str(), "/");
        assert_eq!(
            LocalPath::or_home("/mailboxes?q=a").encoded(),
            "%2Fmailboxes%3Fq%3Da"
        );
    }

    proptest! {
        #[test]
        fn what_is_accepted_stays_on_this_site(text in "[/\\\\a:%\\r\\n\\t ]{0,12}") {
            if let Ok(path) = text.parse::<LocalPath>() {
                prop_assert!(path.as_str().starts_with('/'));
                prop_assert!(!path.as_str().starts_with("//"));
                prop_assert!(!path.as_str().contains(['\\', '\r', '\n', '\t']));
            }
        }
    }
}
