//! Host names.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A fully qualified host name of two or more labels, in lower-case ASCII (A-labels).
///
/// Shape: 3 to 253 characters, labels of 1 to 63 letters, digits and inner hyphens, no trailing dot,
/// never an IP address.
/// Source: RFC 1123 2.1, RFC 5890, UTS 46.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// The ASCII form, as in DNS.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for people, with umlauts.
    #[must_use]
    pub fn unicode(&self) -> String {
        let (text, result) = idna::domain_to_unicode(&self.0);
        if result.is_ok() { text } else { self.0.clone() }
    }

    /// True when the two forms differ, so that both are shown.
    #[must_use]
    pub fn is_international(&self) -> bool {
        self.0.split('.').any(|label| label.starts_with("xn--"))
    }

    /// The last label.
    #[must_use]
    pub fn top(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// True when this name is `other` or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_suffix(other.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Names above this one that still have two labels, nearest first.
    #[must_use]
    pub fn ancestors(&self) -> Vec<Self> {
        let mut found = Vec::new();
        let mut rest = self.0.as_str();
        while let Some((_, above)) = rest.split_once('.') {
            if !above.contains('.') {
                break;
            }
            found.push(Self(above.to_owned()));
            rest = above;
        }
        found
    }

    /// True for a public suffix (`co.uk`, `github.io`), which nobody may claim.
    ///
    /// Source: the Public Suffix List, built in.
    #[must_use]
    pub fn is_public_suffix(&self) -> bool {
        psl::suffix_str(&self.0) == Some(self.0.as_str()) && !self.is_reserved_for_trying()
    }

    /// True below `.localhost` and `.test`, which never leave a machine. Source: RFC 6761.
    #[must_use]
    pub fn is_reserved_for_trying(&self) -> bool {
        matches!(self.top(), "localhost" | "test")
    }

    /// This name with one more label in front; `None` when that is not a name. The label may begin with
    /// an underscore, as names of records do that are no hosts. Source: RFC 8552.
    #[must_use]
    pub fn below(&self, label: &str) -> Option<Self> {
        let plain = label.strip_prefix('_').unwrap_or(label);
        // Checked beside a name of its own: this one may begin with an underscore already.
        let alone: Self = format!("{plain}.test").parse().ok()?;
        let ascii = alone.0.strip_suffix(".test")?;
        let mark = if plain.len() == label.len() { "" } else { "_" };
        let name = Self(format!("{mark}{ascii}.{}", self.0));
        let fits = name.0.len() <= 253 && name.0.split('.').all(|label| label.len() <= 63);
        fits.then_some(name)
    }
}

impl FromStr for DomainName {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::new("control-character"));
        }
        if text.len() > 1_000 {
            return Err(Problem::new("too-long").with("max", 253));
        }
        if text.contains("://") || text.contains('/') {
            return Err(Problem::new("domain-is-url"));
        }
        let ascii = idna::domain_to_ascii_strict(text.strip_suffix('.').unwrap_or(text))
            .map_err(|_wrong| Problem::new("not-a-domain"))?;
        let labels: Vec<&str> = ascii.split('.').collect();
        if labels.len() < 2 {
            return Err(Problem::new("domain-without-dot"));
        }
        let fine = |label: &&str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let numeric_top = labels
            .last()
            .is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
        if ascii.len() > 253 || numeric_top || !labels.iter().all(fine) {
            return Err(Problem::new("not-a-domain"));
        }
        Ok(Self(ascii))
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_form!(DomainName, "hostname");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_below_a_name_may_begin_with_an_underscore() {
        let name: DomainName = "sonne.test".parse().unwrap();
        assert_eq!(name.below("_wabe").unwrap().as_str(), "_wabe.sonne.test");
        let keys = name.below("_domainkey").unwrap();
        assert_eq!(
            keys.below("s1").unwrap().as_str(),
            "s1._domainkey.sonne.test"
        );
        assert_eq!(name.below("www").unwrap().as_str(), "www.sonne.test");
        for label in ["_", "__a", "a b", "-a", "_-a"] {
            assert!(name.below(label).is_none(), "{label:?}");
        }
    }

    #[test]
    fn umlauts_are_kept_in_both_forms() {
        let name: DomainName = "Bäckerei.example".parse().unwrap();
        assert_eq!(name.as_str(), "xn--bckerei-5wa.example");
        assert_eq!(name.unicode(), "bäckerei.example");
    }

    #[test]
    fn names_that_are_not_host_names_are_refused() {
        for text in [
            "",
            "localhost",
            "a b.example",
            "-a.example",
            "1.2.3.4",
            "a..b",
            "a\n.example",
        ] {
            assert!(text.parse::<DomainName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_within_itself_and_its_parents_only() {
        let name: DomainName = "shop.sonne.test".parse().unwrap();
        assert!(name.is_within(&"sonne.test".parse().unwrap()));
        assert!(!name.is_within(&"onne.test".parse().unwrap()));
    }
}
