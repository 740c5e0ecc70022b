//! Where a domain sends its visitors.

use crate::DomainName;
use crate::field::{Problem, text_form};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use url::{Host, Url};

/// The longest target, in bytes, as typed and as kept.
const BYTES_MAX: usize = 2_000;

/// The host that a target leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    Name(DomainName),
    Address(IpAddr),
}

/// An absolute URL that a browser can be sent to.
///
/// Shape: `http` or `https`, a host name of two or more labels or an IP address, no user information;
/// at most 2 000 bytes, all of them printable ASCII: names as A-labels, everything else
/// percent-encoded. Reading the text form gives the same target again.
/// Source: WHATWG URL, RFC 9110 10.2.2.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectTarget {
    text: String,
    place: Place,
}

impl RedirectTarget {
    /// The URL, fit for a header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it leads to this host, at whatever port.
    #[must_use]
    pub fn leads_to(&self, name: &DomainName) -> bool {
        matches!(&self.place, Place::Name(own) if own == name)
    }
}

/// What follows the scheme. The library also reads `http:host` and `http:///host`; people who write
/// that mean something else.
fn behind_scheme(text: &str) -> Result<&str, Problem> {
    let (scheme, rest) = text
        .split_once("://")
        .ok_or(Problem::new("redirect-without-scheme"))?;
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        Ok(rest)
    } else {
        Err(Problem::new("redirect-without-scheme"))
    }
}

/// Puts the host into its one form.
fn place(url: &mut Url) -> Result<Place, Problem> {
    let wrong = || Problem::new("not-a-redirect");
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(Place::Address(address.into())),
        Some(Host::Ipv6(address)) => Ok(Place::Address(address.into())),
        Some(Host::Domain(name)) => {
            let name: DomainName = name.parse()?;
            url.set_host(Some(name.as_str()))
                .map_err(|_wrong| wrong())?;
            Ok(Place::Name(name))
        }
        None => Err(wrong()),
    }
}

impl FromStr for RedirectTarget {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let too_long = || Problem::new("too-long").with("max", BYTES_MAX);
        if text.is_empty() {
            return Err(Problem::new("required"));
        }
        if text.len() > BYTES_MAX {
            return Err(too_long());
        }
        if text.chars().any(crate::text::is_unseen) {
            return Err(Problem::new("control-character"));
        }
        if behind_scheme(text)?.starts_with('/') || text.contains(['\\', ' ']) {
            return Err(Problem::new("not-a-redirect"));
        }
        let mut url = Url::parse(text).map_err(|_wrong| Problem::new("not-a-redirect"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Problem::new("redirect-with-login"));
        }
        let place = place(&mut url)?;
        if url.port() == Some(0) {
            return Err(Problem::new("not-a-redirect"));
        }
        let text = String::from(url);
        if text.len() > BYTES_MAX {
            return Err(too_long());
        }
        // Whatever the library keeps: this is what stands in a header.
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Problem::new("not-a-redirect"));
        }
        Ok(Self { text, place })
    }
}

impl fmt::Display for RedirectTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

text_form!(RedirectTarget, "uri");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    fn kept(text: &str) -> String {
        let target: RedirectTarget = text.parse().unwrap();
        target.to_string()
    }

    fn refused(text: &str) -> &'static str {
        text.parse::<RedirectTarget>().unwrap_err().code
    }

    #[test]
    fn what_people_type_is_kept_as_a_header_can_carry_it() {
        for (typed, text) in [
            (" https://www.example.org ", "https://www.example.org/"),
            (
                "HTTP://Example.ORG:80/A?b=c#d",
                "http://example.org/A?b=c#d",
            ),
            ("https://example.org:8443/", "https://example.org:8443/"),
            ("https://example.org./", "https://example.org/"),
            (
                "https://bäckerei.example/Brötchen?größe=5€",
                "https://xn--bckerei-5wa.example/Br%C3%B6tchen?gr%C3%B6%C3%9Fe=5%E2%82%AC",
            ),
            ("https://192.0.2.7/x", "https://192.0.2.7/x"),
            ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
            ("https://a.example/../b/./c", "https://a.example/b/c"),
        ] {
            assert_eq!(kept(typed), text);
        }
    }

    #[test]
    fn what_leads_elsewhere_or_nowhere_is_refused() {
        for (text, code) in [
            ("", "required"),
            ("www.example.org", "redirect-without-scheme"),
            ("//example.org/", "redirect-without-scheme"),
            ("/shop", "redirect-without-scheme"),
            (
                "javascript://example.org/%0aalert(1)",
                "redirect-without-scheme",
            ),
            ("javascript:alert(1)", "redirect-without-scheme"),
            ("data:text/html,x", "redirect-without-scheme"),
            ("ftp://example.org/", "redirect-without-scheme"),
            ("mailto:info@example.org", "redirect-without-scheme"),
            ("https:example.org", "redirect-without-scheme"),
            ("https:///example.org", "not-a-redirect"),
            ("https://", "not-a-redirect"),
            ("https://:443/", "not-a-redirect"),
            ("https://example.org:0/", "not-a-redirect"),
            ("https://example.org:99999/", "not-a-redirect"),
            ("https://example.org\\@evil.example/", "not-a-redirect"),
            ("https://a b.example/", "not-a-redirect"),
            ("https://user@example.org/", "redirect-with-login"),
            ("https://user:secret@example.org/", "redirect-with-login"),
            ("https://example.org@evil.example/", "redirect-with-login"),
            ("https://example/", "domain-without-dot"),
            ("https://localhost:8080/", "domain-without-dot"),
            ("https://-a.example/", "not-a-domain"),
            ("https://my_shop.example/", "not-a-domain"),
            ("https://a..example/", "not-a-domain"),
            ("https://1.2.3.4.5/", "not-a-redirect"),
        ] {
            assert_eq!(refused(text), code, "{text:?}");
        }
    }

    // 3.14 T1
    #[test]
    fn no_character_that_ends_a_header_or_hides_gets_in() {
        for c in [
            '\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{202e}', '\u{200b}',
        ] {
            let text = format!("https://example.org/a{c}Set-Cookie:x");
            assert_eq!(refused(&text), "control-character", "{c:?}");
        }
    }

    #[test]
    fn a_target_is_bounded_as_typed_and_as_kept() {
        let room = BYTES_MAX - "https://a.example/".len();
        assert!(
            format!("https://a.example/{}", "x".repeat(room))
                .parse::<RedirectTarget>()
                .is_ok()
        );
        assert_eq!(
            refused(&format!("https://a.example/{}", "x".repeat(room + 1))),
            "too-long"
        );
        // Each takes two bytes as typed, six as kept.
        assert_eq!(
            refused(&format!("https://a.example/{}", "ä".repeat(400))),
            "too-long"
        );
    }

    #[test]
    fn a_target_knows_the_host_it_leads_to() {
        let target: RedirectTarget = "https://Bäckerei.example:8443/x".parse().unwrap();
        assert!(target.leads_to(&"bäckerei.example".parse().unwrap()));
        assert!(!target.leads_to(&"www.bäckerei.example".parse().unwrap()));
        let target: RedirectTarget = "https://192.0.2.7/".parse().unwrap();
        assert!(!target.leads_to(&"bäckerei.example".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn what_is_kept_reads_back_the_same_and_fits_a_header(rest in any::<String>()) {
            for text in [rest.clone(), format!("https://{rest}"), format!("http://a.example/{rest}")] {
                let Ok(target) = text.parse::<RedirectTarget>() else { continue };
                prop_assert!(target.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(target.as_str().len() <= BYTES_MAX);
                prop_assert_eq!(target.as_str().parse::<RedirectTarget>().unwrap(), target);
            }
        }

        #[test]
        fn a_host_that_is_kept_is_the_one_that_was_typed(
            name in "[a-z]{1,8}(\\.[a-z]{1,8}){1,3}",
            tail in "[/?#@:\\\\%a-z0-9.]{0,30}",
        ) {
            let text = format!("https://{name}/{tail}");
            let Ok(target) = text.parse::<RedirectTarget>() else { return Ok(()) };
            prop_assert!(target.leads_to(&name.parse().unwrap()), "{}", target);
        }
    }
}
