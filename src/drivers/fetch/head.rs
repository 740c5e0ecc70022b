//! Heads of requests and answers: what a plugin may say, and what it hears.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::Full;
use hyper::body::Bytes;
use wabe_package::wire::{FetchRequest, Problem};

use crate::fetch::body::{ACCEPTED, Encoding};
use crate::fetch::caps::Caps;
use crate::fetch::saying;
use crate::fetch::target::Target;

/// Headers that are between two machines, about the message's form, or about where it goes. A plugin
/// sets none of them: with them a request could be read as two, or as somebody else's.
const NOT_YOURS: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
/// What headers of this house begin with.
const OURS: &str = "x-wabe-";
/// What an answer has for the machine in between alone.
const HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Who asks, unless the plugin says.
const AGENT: HeaderValue = HeaderValue::from_static("wabe-plugin");
/// Letters of a method.
const METHOD_BYTES: usize = 20;

/// The request as it is sent.
pub(super) fn request(
    target: &Target,
    asked: FetchRequest,
    caps: &Caps,
) -> Result<Request<Full<Bytes>>, Problem> {
    if asked.url.len() > caps.url_bytes {
        let text = format!("a URL has at most {} bytes", caps.url_bytes);
        return Err(saying::too_much(text));
    }
    if asked.body.0.len() > caps.request_body_bytes {
        let text = format!(
            "a request's body has at most {} bytes",
            caps.request_body_bytes
        );
        return Err(saying::too_much(text));
    }
    let method = method(&asked.method)?;
    let path: Result<Uri, _> = target.path.parse();
    let path = path.map_err(|_form| saying::invalid("path and query of a URL cannot be sent"))?;
    let host: Result<HeaderValue, _> = target.host.to_string().try_into();
    let host = host.map_err(|_form| saying::invalid("the host of a URL cannot be sent"))?;
    let mut request = Request::new(Full::new(Bytes::from(asked.body.0)));
    *request.method_mut() = method;
    *request.uri_mut() = path;
    let headers = request.headers_mut();
    headers.insert(header::HOST, host);
    headers.insert(header::USER_AGENT, AGENT);
    fill(headers, asked.headers, caps)?;
    headers.insert(header::ACCEPT_ENCODING, ACCEPTED);
    Ok(request)
}

/// Any word in capitals, but those that make a tunnel or a mirror of the other side.
fn method(text: &str) -> Result<Method, Problem> {
    let word = (1..=METHOD_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    if !word || matches!(text, "CONNECT" | "TRACE" | "TRACK") {
        return Err(saying::invalid(
            "a method is a word in capitals, such as GET or POST",
        ));
    }
    let method = Method::from_bytes(text.as_bytes());
    method.map_err(|_form| saying::invalid("a method is a word in capitals"))
}

fn fill(headers: &mut HeaderMap, asked: Vec<(String, String)>, caps: &Caps) -> Result<(), Problem> {
    if asked.len() > caps.request_headers {
        let text = format!("a request has at most {} headers", caps.request_headers);
        return Err(saying::too_much(text));
    }
    let bytes = asked.iter().map(|(name, value)| name.len() + value.len());
    if bytes.sum::<usize>() > caps.request_head_bytes {
        let text = format!("headers have at most {} bytes", caps.request_head_bytes);
        return Err(saying::too_much(text));
    }
    for (name, value) in asked {
        let header = HeaderName::from_bytes(name.as_bytes());
        let header = header.map_err(|_form| saying::invalid("the name of a header is a token"))?;
        if NOT_YOURS.contains(&header.as_str()) || header.as_str().starts_with(OURS) {
            return Err(saying::not_yours(header.as_str()));
        }
        // Control characters, line ends among them, make no value.
        let mut value: HeaderValue = value.try_into().map_err(|_form| {
            saying::invalid(format!(
                "the value of the header {header} has control characters"
            ))
        })?;
        value.set_sensitive(true);
        if header == header::USER_AGENT {
            headers.insert(header, value);
        } else {
            headers.append(header, value);
        }
    }
    Ok(())
}

/// The head of an answer, without what was between the two machines, and without what is not true of
/// the body any more.
pub(super) fn answered(headers: &HeaderMap, encoding: Encoding) -> Vec<(String, String)> {
    let left_out = |name: &str| {
        let form = matches!(name, "content-encoding" | "content-length");
        HOP.contains(&name) || (form && encoding != Encoding::Identity)
    };
    let heard = headers
        .iter()
        .filter(|(name, _)| !left_out(name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
    heard.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_package::Blob;

    fn asked(method: &str, headers: &[(&str, &str)]) -> Result<Request<Full<Bytes>>, Problem> {
        let url = "https://api.example.org/a?b=c".to_owned();
        let target = Target::parse(&url).unwrap();
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let asked = FetchRequest {
            method: method.to_owned(),
            url,
            headers: headers.iter().map(own).collect(),
            body: Blob(Vec::new()),
            timeout_ms: None,
        };
        request(&target, asked, &Caps::default())
    }

    #[test]
    fn the_host_sets_what_says_where_and_how() {
        let request = asked(
            "GET",
            &[("X-Token", "ä b"), ("x-token", "2"), ("User-Agent", "me")],
        );
        let request = request.unwrap();
        let headers = request.headers();
        assert_eq!(request.uri(), "/a?b=c");
        assert_eq!(headers["host"], "api.example.org");
        assert_eq!(headers["accept-encoding"], ACCEPTED);
        assert_eq!(headers["user-agent"], "me");
        assert_eq!(headers.get_all("x-token").iter().count(), 2);
        assert_eq!(
            asked("GET", &[]).unwrap().headers()["user-agent"],
            "wabe-plugin"
        );
    }

    #[test]
    fn what_would_make_two_requests_of_one_is_refused() {
        for name in NOT_YOURS {
            assert_eq!(
                asked("GET", &[(name, "x")]).unwrap_err().code,
                "invalid",
                "{name}"
            );
            let capital = name.to_ascii_uppercase();
            assert!(asked("GET", &[(&capital, "x")]).is_err(), "{capital}");
        }
        for (name, value) in [
            ("X-Wabe-Plugin", "other"),
            ("", "x"),
            ("a b", "x"),
            ("a:b", "x"),
            ("a\r\nhost", "x"),
            ("x", "a\r\nHost: evil.example"),
            ("x", "a\nb"),
            ("x", "a\0b"),
        ] {
            assert!(
                asked("GET", &[(name, value)]).is_err(),
                "{name:?} {value:?}"
            );
        }
    }

    #[test]
    fn methods_are_words_in_capitals() {
        for method in ["GET", "POST", "PROPFIND", "M-SEARCH"] {
            assert!(asked(method, &[]).is_ok(), "{method}");
        }
        for method in [
            "",
            "get",
            "CONNECT",
            "TRACE",
            "GET /",
            "G\r\nT",
            &"A".repeat(21),
        ] {
            assert!(asked(method, &[]).is_err(), "{method}");
        }
    }

    #[test]
    fn requests_have_bounds() {
        let many = vec![("x", "y"); 65];
        assert_eq!(asked("GET", &many).unwrap_err().code, "limit");
        let large = "x".repeat(17 << 10);
        assert_eq!(asked("GET", &[("x", &large)]).unwrap_err().code, "limit");
    }

    proptest! {
        #[test]
        fn any_header_is_sent_as_one_or_refused(name in "\\PC{0,10}|[a-zA-Z-]{1,12}", value in ".{0,30}") {
            if let Ok(request) = asked("POST", &[(&name, &value)]) {
                let sent = request.headers().get(name.to_ascii_lowercase()).unwrap();
                prop_assert_eq!(sent.as_bytes(), value.as_bytes());
                prop_assert!(request.headers().len() <= 4);
                prop_assert!(!value.contains(['\r', '\n', '\0']));
            }
        }
    }
}
