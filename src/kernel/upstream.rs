//! The application elsewhere that answers for a site in place of its files.
//!
//! It is named, and looked up by the panel alone: servers are told addresses, never a name to find some for.

use crate::DomainName;
use crate::field::{Problem, text_form};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Where requests for a site are passed on to.
///
/// Shape: `http://` or `https://`, a host name of two or more labels, never an address, a port of 1 to 65535 where it
/// is not the usual one; no user, no path, no query. Text form: `https://app.example.org:8443`. Reading the text form
/// gives the same upstream again. Source: RFC 9110 4.2, RFC 3986 3.2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upstream {
    secure: bool,
    host: DomainName,
    port: u16,
}

impl Upstream {
    /// `http` or `https`.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Whether it is asked over TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Its name.
    #[must_use]
    pub const fn host(&self) -> &DomainName {
        &self.host
    }

    /// Its port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The name, and the port where it is not the usual one, as the header `Host` has them.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == usual(self.secure) {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

const fn usual(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// A port in plain digits.
fn port(text: &str) -> Option<u16> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u16 = plain.then(|| text.parse().ok())??;
    (number > 0).then_some(number)
}

impl FromStr for Upstream {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("not-an-upstream");
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.chars().any(crate::text::is_unseen) {
            return Err(Problem::new("control-character"));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let secure = scheme.eq_ignore_ascii_case("https");
        if !secure && !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong());
        }
        // What a browser shows behind a bare name. Anything else there would be a path, and there is none.
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let odd = |c: char| c.is_whitespace() || "/\\?#@[]%".contains(c);
        if authority.contains(odd) {
            return Err(wrong());
        }
        let (host, port) = match authority.split_once(':') {
            Some((host, text)) => (host, port(text).ok_or_else(wrong)?),
            None => (authority, usual(secure)),
        };
        if host.is_empty() {
            return Err(wrong());
        }
        let host: DomainName = host.parse()?;
        Ok(Self { secure, host, port })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority())
    }
}

text_form!(Upstream, "upstream");

/// An upstream with the addresses that were found for it, which are all that a node goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteProxy {
    /// What answers for the site.
    pub upstream: Upstream,
    /// Where it is; visitors are told that it is away while there are none.
    pub addresses: Vec<IpAddr>,
}

/// What became of a look for an upstream's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It is there, and all of its addresses may be gone to: one at least.
    At(Vec<IpAddr>),
    /// One of its addresses is none that may be gone to, and so is none of them.
    Refused,
    /// The name leads nowhere.
    Nowhere,
    /// Nobody answered: that says nothing about it.
    Silent,
}

impl Reached {
    /// What is the matter, as a word; nothing while it is there.
    #[must_use]
    pub const fn trouble(&self) -> Option<&'static str> {
        match self {
            Self::At(_) => None,
            Self::Refused => Some("refused"),
            Self::Nowhere => Some("nowhere"),
            Self::Silent => Some("silent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    fn kept(text: &str) -> String {
        text.parse::<Upstream>().unwrap().to_string()
    }

    #[test]
    fn what_people_type_has_one_form() {
        for (typed, form) in [
            ("https://app.example.org", "https://app.example.org"),
            ("HTTPS://App.Example.org/", "https://app.example.org"),
            ("https://app.example.org:443", "https://app.example.org"),
            ("http://app.example.org:443", "http://app.example.org:443"),
            ("http://app.example.org:80/", "http://app.example.org"),
            (
                "http://app.example.org:08080",
                "http://app.example.org:8080",
            ),
            ("https://app.example.org.", "https://app.example.org"),
            (
                "https://bäckerei.example:65535",
                "https://xn--bckerei-5wa.example:65535",
            ),
        ] {
            assert_eq!(kept(typed), form, "{typed}");
        }
        let upstream: Upstream = "http://app.example.org:8080".parse().unwrap();
        assert_eq!(upstream.authority(), "app.example.org:8080");
        assert!(!upstream.is_secure() && upstream.port() == 8_080);
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        for text in [
            "",
            "app.example.org",
            "//app.example.org",
            "ftp://app.example.org",
            "unix:/run/a.sock",
            "http://unix:/run/a.sock",
            "https:app.example.org",
            "https://",
            "https:///app.example.org",
            "https://:443",
            "https://localhost",
            "https://localhost:8080",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://127.1",
            "https://[::1]",
            "https://[::ffff:127.0.0.1]:80",
            "https://user@app.example.org",
            "https://user:secret@app.example.org",
            "https://app.example.org@evil.example",
            "https://app.example.org\\@evil.example",
            "https://app.example.org/path",
            "https://app.example.org//",
            "https://app.example.org?a",
            "https://app.example.org#a",
            "https://app.example.org:0",
            "https://app.example.org:65536",
            "https://app.example.org:",
            "https://app.example.org:+443",
            "https://app.example.org:443:443",
            "https:// app.example.org",
            "https://app.example.org :443",
            "https://app.example.org;return",
            "https://app.example.org$host",
            "https://$host.example.org",
            "https://app%2eexample.org",
            "https://app.example.org\n",
            "https://app.example.org\u{0}",
            "https://app\u{202e}.example.org",
        ] {
            assert!(text.parse::<Upstream>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_one_plain_place_or_refused(
            text in any::<String>(),
            rest in "[a-z.:@\\\\0-9\\[\\]%;{}$\"' -]{0,24}[/?#]?",
        ) {
            for text in [text, format!("https://{rest}"), format!("http://app.example.org{rest}")] {
                let Ok(upstream) = text.parse::<Upstream>() else { continue };
                let form = upstream.to_string();
                prop_assert!(form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:/".contains(&byte)));
                prop_assert_eq!(form.parse::<Upstream>().unwrap(), upstream.clone());
                prop_assert!(upstream.host().as_str().parse::<IpAddr>().is_err());
            }
        }
    }
}
