//! Where a request goes.

use wabe_package::Host;
use wabe_package::wire::Problem;

use crate::fetch::saying;

/// The scheme; there is no other.
const SCHEME: &str = "https://";

/// A URL, as far as it is used: nothing in it is unclear, and nothing is repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The host, and its port.
    pub(super) host: Host,
    /// Path and query, beginning with a slash.
    pub(super) path: String,
}

impl Target {
    /// Reads `https://host[:port][/path][?query]`; a fragment is left out, because it is never sent.
    pub(super) fn parse(url: &str) -> Result<Self, Problem> {
        let rest = url.strip_prefix(SCHEME);
        let rest = rest.ok_or_else(|| saying::invalid("a URL begins with https://"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
        let host = authority
            .parse()
            .ok()
            .filter(|_| authority.chars().all(plain));
        let host = host.ok_or_else(|| {
            let text =
                "the host of a URL is an exact name in ASCII, without a user and never an address";
            saying::invalid(text)
        })?;
        let path = rest.split('#').next().unwrap_or_default();
        // What RFC 3986 has to be written in percent encoding; servers disagree about the rest.
        let sent = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if !path.bytes().all(sent) {
            let text = "path and query of a URL are ASCII; other characters are percent-encoded";
            return Err(saying::invalid(text));
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self {
            host,
            path: format!("{slash}{path}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(url: &str) -> Option<(String, String)> {
        let target = Target::parse(url).ok()?;
        Some((target.host.to_string(), target.path))
    }

    #[test]
    fn urls_are_exact() {
        for (url, host, path) in [
            ("https://api.example.org", "api.example.org", "/"),
            (
                "https://API.example.org:443/a/../b?c=d%20e#f",
                "api.example.org",
                "/a/../b?c=d%20e",
            ),
            (
                "https://api.example.org:8443?x",
                "api.example.org:8443",
                "/?x",
            ),
            (
                "https://xn--mller-kva.example/#",
                "xn--mller-kva.example",
                "/",
            ),
            (
                "https://api.example.org//evil.example",
                "api.example.org",
                "//evil.example",
            ),
        ] {
            assert_eq!(
                parts(url),
                Some((host.to_owned(), path.to_owned())),
                "{url}"
            );
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            "",
            "api.example.org",
            "http://api.example.org/",
            "HTTPS://api.example.org/",
            "//api.example.org/",
            "https:/api.example.org/",
            "https:///api.example.org/",
            "https://user@api.example.org/",
            "https://api.example.org@evil.example/",
            "https://api.example.org\\@evil.example/",
            "https://api.example.org\\evil.example",
            "https://api.example.org%2f@evil.example/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://localhost/",
            "https://api.example.org:0/",
            "https://api.example.org:65536/",
            "https://api.example.org:/",
            "https://api.example.org:+443/",
            "https://api.example.org:443:443/",
            "https:// api.example.org/",
            "https://api.example.org /",
            "https://api\u{3002}example.org/",
            "https://\u{ff41}pi.example.org/",
            "https://api.example.org/a b",
            "https://api.example.org/a\r\nHost: evil.example",
            "https://api.example.org/ä",
            "https://api.example.org/\0",
            "file:///etc/passwd",
            "https://api.example.org/{{secret:token}}",
        ] {
            assert_eq!(parts(url), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_one_exact_place_or_refused(
            text in "\\PC{0,40}",
            url in "https://[a-z.:@\\\\0-9\\[\\]%]{0,24}([/?#][ -~]{0,20})?",
        ) {
            for url in [text, url] {
                let Ok(target) = Target::parse(&url) else { continue };
                let uri: http::Uri = format!("https://{}{}", target.host, target.path).parse().unwrap();
                prop_assert_eq!(uri.host(), Some(target.host.name.as_str()));
                prop_assert!(uri.path_and_query().is_some_and(|sent| sent.as_str() == target.path));
                let begin = format!("https://{}", target.host.name);
                prop_assert!(url.to_ascii_lowercase().starts_with(&begin));
            }
        }
    }
}
