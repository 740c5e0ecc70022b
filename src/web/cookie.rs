//! Cookies: one strict reader, one writer.
//!
//! A header is read by exactly this code; whatever it does not understand is as if it were absent. A
//! second parser with another opinion is how CVE-2026-41940 happened.

use http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use wabe_kernel::Secret;

/// The session cookie.
pub const SESSION: &str = "__Host-wabe";
/// Marks a browser that somebody logged in from before.
pub const DEVICE: &str = "__Host-wabe-device";
/// A login whose second factor is still to come.
pub const HALF: &str = "__Host-wabe-half";
/// A guest's language.
pub const LANGUAGE: &str = "__Host-wabe-language";
/// A guest's theme.
pub const THEME: &str = "__Host-wabe-theme";

/// The most bytes a whole `Cookie` header may have; more is read as no cookies at all.
pub const HEADER_BYTES_MAX: usize = 4_096;

/// How far a cookie is sent along from other sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// With top-level navigation only: customers arrive through links in notices.
    Lax,
    /// Never: staff.
    Strict,
}

/// The value of the cookie `name`.
///
/// Shape: 1 to 512 characters of `A-Z a-z 0-9 - _ .`; everything else, a header above
/// [`HEADER_BYTES_MAX`] or the name twice is `None`.
#[must_use]
pub fn read(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let size: usize = headers.get_all(COOKIE).iter().map(HeaderValue::len).sum();
    if size > HEADER_BYTES_MAX {
        return None;
    }
    let mut found = None;
    for header in headers.get_all(COOKIE) {
        for pair in header.to_str().ok()?.split(';') {
            let Some((key, value)) = pair.trim_matches(' ').split_once('=') else {
                continue;
            };
            if key != name {
                continue;
            }
            if found.is_some() || !plain(value) {
                return None;
            }
            found = Some(Secret::new(value));
        }
    }
    found
}

fn plain(value: &str) -> bool {
    (1..=512).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// A `Set-Cookie` header: Secure, HttpOnly, for the whole host and no other.
///
/// Without `seconds` it ends with the browser. A value that [`read`] would refuse gives `None`.
/// Source: RFC 6265bis, `__Host-` prefix; ASVS 3.3.
#[must_use]
pub fn set(
    name: &str,
    value: &Secret,
    same: SameSite,
    seconds: Option<i64>,
) -> Option<HeaderValue> {
    if !plain(value.expose()) {
        return None;
    }
    let site = match same {
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
    };
    let age = seconds
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    let text = format!(
        "{name}={}; Path=/; Secure; HttpOnly; SameSite={site}{age}",
        value.expose()
    );
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// A `Set-Cookie` header that removes the cookie.
#[must_use]
pub fn clear(name: &str) -> HeaderValue {
    let text = format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Adds a cookie to a response's headers.
pub fn append(headers: &mut HeaderMap, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(text: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_bytes(text).unwrap());
        headers
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = header(b"a=b; __Host-wabe=tok_1-X; __Host-wabe-device=d");
        assert_eq!(read(&headers, SESSION).unwrap().expose(), "tok_1-X");
        assert_eq!(read(&headers, DEVICE).unwrap().expose(), "d");
    }

    // 3.5 T1, T8
    #[test]
    fn doubtful_headers_are_no_cookies() {
        let long = [b"__Host-wabe=".to_vec(), vec![b'a'; 8_192]].concat();
        let cases: [&[u8]; 7] = [
            b"__Host-wabe=a; __Host-wabe=b",
            b"__Host-wabe=a=b",
            b"__Host-wabe=\"a\"",
            b"__Host-wabe=",
            b"__host-wabe=a",
            b"x__Host-wabe=a",
            &long,
        ];
        for case in cases {
            assert!(read(&header(case), SESSION).is_none());
        }
        let mut twice = header(b"__Host-wabe=a");
        twice.append(COOKIE, HeaderValue::from_static("__Host-wabe=b"));
        assert!(read(&twice, SESSION).is_none());
    }

    #[test]
    fn what_is_set_can_be_read_and_nothing_can_be_added() {
        let set = set(SESSION, &Secret::new("abc"), SameSite::Strict, Some(60)).unwrap();
        let text = set.to_str().unwrap();
        assert_eq!(
            text,
            "__Host-wabe=abc; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60"
        );
        assert!(super::set(SESSION, &Secret::new("a; Domain=x"), SameSite::Lax, None).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_plain_value_or_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut text = b"__Host-wabe=".to_vec();
            text.extend(bytes);
            if let Ok(value) = HeaderValue::from_bytes(&text) {
                let mut headers = HeaderMap::new();
                headers.insert(COOKIE, value);
                if let Some(found) = read(&headers, SESSION) {
                    prop_assert!(plain(found.expose()));
                }
            }
        }
    }
}
