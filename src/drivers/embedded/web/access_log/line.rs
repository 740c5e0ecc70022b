//! One line of an access log: like the combined format, with the host, without queries.
//!
//! `203.0.113.0 - - [21/Nov/2026:10:00:00 +0000] host "GET /path HTTP/1.1" 200 512 "referrer" "agent"`
//!
//! Kept are the shortened address, the referring host and the agent; nothing a visitor typed into
//! a form or a search gets here. Whatever a visitor sends cannot end a field or a line.

use http::header::{HeaderName, REFERER, USER_AGENT};
use http::request::Parts;
use http::{StatusCode, Uri};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};
use wabe_kernel::Timestamp;

/// Longer fields are cut, in characters.
const FIELD_CHARS_MAX: usize = 512;

/// A line with a gap for the bytes, which are known last.
pub(in crate::embedded::web) struct Visit {
    head: String,
    tail: String,
}

impl Visit {
    /// Notes what is worth keeping of a request and its answer.
    ///
    /// Shape: `host` is a configured name; `full` keeps the whole address.
    pub(in crate::embedded::web) fn new(
        request: &Parts,
        (address, full): (IpAddr, bool),
        host: &str,
        status: StatusCode,
        at: Timestamp,
    ) -> Self {
        let address = if full { address } else { shortened(address) };
        let mut path = String::new();
        push_escaped(&mut path, request.uri.path());
        let head = format!(
            "{address} - - [{}] {host} \"{} {path} {:?}\" {} ",
            clock_text(at),
            request.method,
            request.version,
            status.as_u16(),
        );
        let mut tail = String::from(" \"");
        push_escaped(&mut tail, referring_host(request).as_deref().unwrap_or("-"));
        tail.push_str("\" \"");
        push_escaped(
            &mut tail,
            header(request, &USER_AGENT).as_deref().unwrap_or("-"),
        );
        tail.push_str("\"\n");
        Self { head, tail }
    }

    /// The whole line.
    pub(super) fn line(&self, bytes: u64) -> String {
        format!("{}{bytes}{}", self.head, self.tail)
    }
}

/// A line with the network of its visitor in place of a whole address; nothing when there is none in it.
pub(super) fn shortened_line(line: &str) -> Option<String> {
    let (first, rest) = line.split_once(' ')?;
    let address: IpAddr = first.parse().ok()?;
    let network = shortened(address);
    (network != address).then(|| format!("{network} {rest}"))
}

/// The network an address is in: /24 of IPv4, /48 of IPv6.
pub(crate) fn shortened(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
        }
    }
}

/// `21/Nov/2026:10:00:00 +0000`, made from the HTTP date `Sat, 21 Nov 2026 10:00:00 GMT`.
fn clock_text(at: Timestamp) -> String {
    let since = Duration::from_micros(u64::try_from(at.0).unwrap_or(0));
    let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since);
    let mut parts = date.split(' ').skip(1);
    let mut next = || parts.next().unwrap_or_default();
    format!("{}/{}/{}:{} +0000", next(), next(), next(), next())
}

fn header(request: &Parts, name: &HeaderName) -> Option<String> {
    let value = request.headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn referring_host(request: &Parts) -> Option<String> {
    let url: Uri = header(request, &REFERER)?.parse().ok()?;
    Some(url.host()?.to_ascii_lowercase())
}

/// Adds `text`, cut to a bearable length; quotes, backslashes, control characters and those that
/// change the direction of writing appear as escapes.
pub(super) fn push_escaped(into: &mut String, text: &str) {
    for c in text.chars().take(FIELD_CHARS_MAX) {
        let deceives = matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
        if c == '"' || c == '\\' {
            into.push('\\');
            into.push(c);
        } else if c.is_control() || deceives {
            into.extend(c.escape_unicode());
        } else {
            into.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(headers: &[(HeaderName, &[u8])]) -> Parts {
        let mut request = http::Request::get("/a%20b?secret=1");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn line(headers: &[(HeaderName, &[u8])], address: &str, full: bool) -> String {
        let at = "2026-11-21T10:00:00Z".parse().unwrap();
        let address = (address.parse().unwrap(), full);
        Visit::new(&request(headers), address, "a.test", StatusCode::OK, at).line(512)
    }

    #[test]
    fn a_line_holds_the_shortened_address_and_no_query() {
        let sent: &[(HeaderName, &[u8])] = &[
            (REFERER, b"https://user:pass@Search.example/find?q=illness"),
            (USER_AGENT, b"Browser/1"),
        ];
        assert_eq!(
            line(sent, "203.0.113.77", false),
            "203.0.113.0 - - [21/Nov/2026:10:00:00 +0000] a.test \"GET /a%20b HTTP/1.1\" 200 512 \
             \"search.example\" \"Browser/1\"\n"
        );
    }

    #[test]
    fn addresses_are_shortened_to_their_network() {
        for (address, network) in [
            ("203.0.113.77", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
        ] {
            assert_eq!(shortened(address.parse().unwrap()).to_string(), network);
        }
        assert!(line(&[], "203.0.113.77", true).starts_with("203.0.113.77 "));
    }

    #[test]
    fn a_whole_address_in_a_line_becomes_its_network() {
        let whole = line(&[], "203.0.113.77", true);
        assert_eq!(
            shortened_line(&whole),
            Some(line(&[], "203.0.113.77", false))
        );
        for short in [&*line(&[], "2001:db8:1::", true), "", "x", "not an address"] {
            assert_eq!(shortened_line(short), None, "{short}");
        }
    }

    #[test]
    fn visitors_cannot_forge_lines() {
        let sent: &[(HeaderName, &[u8])] = &[(USER_AGENT, b"x\" 200 \\\x80\tend")];
        let line = line(sent, "203.0.113.7", false);
        assert!(line.contains(r#""x\" 200 \\"#), "{line}");
        assert!(line.contains(r"\u{9}end"), "{line}");
        assert_eq!(line.matches('\n').count(), 1);
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_control_characters(text: String) {
            let mut escaped = String::new();
            push_escaped(&mut escaped, &text);
            prop_assert!(!escaped.chars().any(char::is_control));
            prop_assert!(!escaped.replace("\\\\", "").replace("\\\"", "").contains('"'));
        }
    }
}
