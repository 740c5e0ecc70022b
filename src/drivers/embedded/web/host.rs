//! Which host a request is for. Source: RFC 9110 7.2, RFC 9112 3.2, RFC 9113 8.3.1.

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::request::Parts;
use http::uri::Authority;
use std::borrow::Cow;

/// The request's framing or its host cannot be trusted: 400, and the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// The host name in lower case, without port and final dot; empty when there is none.
///
/// The authority of the request line or of HTTP/2 wins over the header, which must then agree.
pub(super) fn host_of(request: &Parts) -> Result<Cow<'_, str>, Ambiguous> {
    let headers = &request.headers;
    if headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        return Err(Ambiguous);
    }
    let mut given = headers.get_all(HOST).iter();
    let header = given.next();
    if given.next().is_some() {
        return Err(Ambiguous);
    }
    let header = match header {
        Some(value) => Some(name_in(value.to_str().map_err(|_wrong| Ambiguous)?)?),
        None => None,
    };
    match (request.uri.authority(), header) {
        (Some(authority), header) => {
            let name = lower(plain_host(authority)?);
            match header {
                Some(other) if other != name => Err(Ambiguous),
                _ => Ok(name),
            }
        }
        (None, Some(name)) => Ok(name),
        (None, None) => Ok(Cow::Borrowed("")),
    }
}

fn name_in(text: &str) -> Result<Cow<'_, str>, Ambiguous> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if text.bytes().all(plain) {
        return Ok(lower(text));
    }
    let authority: Authority = text.parse().map_err(|_wrong| Ambiguous)?;
    Ok(Cow::Owned(lower(plain_host(&authority)?).into_owned()))
}

/// The host of an authority without user information.
fn plain_host(authority: &Authority) -> Result<&str, Ambiguous> {
    if authority.as_str().contains('@') {
        return Err(Ambiguous);
    }
    Ok(authority.host())
}

fn lower(name: &str) -> Cow<'_, str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(uri: &str, hosts: &[&str]) -> Result<String, Ambiguous> {
        let mut request = http::Request::get(uri);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        host_of(&parts).map(Cow::into_owned)
    }

    #[test]
    fn port_case_and_final_dot_do_not_matter() {
        for given in ["a.test", "A.Test", "a.test.", "a.test:8443", "A.TEST.:1"] {
            assert_eq!(host("/", &[given]).as_deref(), Ok("a.test"), "{given}");
        }
        assert_eq!(
            host("https://a.test:1/x", &["A.test"]).as_deref(),
            Ok("a.test")
        );
        assert_eq!(host("/", &[]).as_deref(), Ok(""));
    }

    #[test]
    fn two_hosts_are_refused() {
        assert_eq!(host("/", &["a.test", "b.test"]), Err(Ambiguous));
        assert_eq!(host("https://a.test/", &["b.test"]), Err(Ambiguous));
        assert_eq!(host("/", &["b.test@a.test"]), Err(Ambiguous));
        assert_eq!(host("/", &["a test"]), Err(Ambiguous));
    }
}
