//! E-mail addresses.

use crate::domain_name::DomainName;
use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// What stands before the `@`: a lower-case dot-atom of 1 to 64 characters. Source: RFC 5321 4.1.2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalPart(String);

impl LocalPart {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when it is plain enough for an address that Wabe itself hosts: letters, digits, and
    /// `.`, `_`, `-` inside.
    #[must_use]
    pub fn can_be_hosted(&self) -> bool {
        let edge = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
        self.0
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            && edge(self.0.bytes().next())
            && edge(self.0.bytes().next_back())
    }
}

impl FromStr for LocalPart {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
        let text = text.to_ascii_lowercase();
        if text.is_empty() {
            return Err(Problem::new("address-without-local-part"));
        }
        if text.len() > 64 {
            return Err(Problem::new("address-local-part-too-long"));
        }
        if text
            .split('.')
            .any(|part| part.is_empty() || !part.bytes().all(atom))
        {
            return Err(Problem::new("not-an-address"));
        }
        Ok(Self(text))
    }
}

/// An e-mail address, lower case, host name in ASCII. Debug does not show it.
///
/// Shape: at most 254 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailAddress {
    local: LocalPart,
    domain: DomainName,
}

impl MailAddress {
    /// The part before the `@`.
    #[must_use]
    pub const fn local(&self) -> &LocalPart {
        &self.local
    }

    /// The part after the `@`.
    #[must_use]
    pub const fn domain(&self) -> &DomainName {
        &self.domain
    }
}

impl FromStr for MailAddress {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.chars().any(char::is_control) {
            return Err(Problem::new("control-character"));
        }
        let (local, domain) = text
            .rsplit_once('@')
            .ok_or(Problem::new("address-without-at"))?;
        let domain = domain
            .parse()
            .map_err(|_wrong| Problem::new("address-domain-wrong"))?;
        let address = Self {
            local: local.parse()?,
            domain,
        };
        if address.to_string().len() > 254 {
            return Err(Problem::new("too-long").with("max", 254));
        }
        Ok(address)
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local.0, self.domain)
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress(…)")
    }
}

text_form!(MailAddress, "email");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised() {
        let address: MailAddress = " Info@Sonne.TEST ".parse().unwrap();
        assert_eq!(address.to_string(), "info@sonne.test");
    }

    #[test]
    fn a_colon_or_a_line_break_never_gets_into_an_address() {
        for text in [
            "a:b@x.test",
            "a@x.test\n",
            "a\u{0}@x.test",
            "a b@x.test",
            "@x.test",
            "a@",
        ] {
            let parsed = text.parse::<MailAddress>();
            assert!(
                parsed.is_err() || !text.trim().contains(['\n', ':']),
                "{text:?}"
            );
        }
    }
}
