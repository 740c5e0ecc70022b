//! Bytes of strangers, to be saved and never shown by this site.
//!
//! Source: RFC 6266, RFC 8187; CSP 3 (`sandbox`); bar 3.13 T5.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 8187, `attr-char`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Marks a response that may do nothing at all, should a browser show it against its headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sandboxed;

/// A download of this name. `media_type` is one of ours, never a stranger's word.
#[must_use]
pub fn download(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    response.extensions_mut().insert(Sandboxed);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    response
}

/// The header that makes a download of this name: for old readers in plain ASCII, then exactly.
#[must_use]
pub fn disposition(name: &str) -> HeaderValue {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || ".-_ ".contains(c) {
            c
        } else {
            '_'
        }
    };
    let ascii: String = name.chars().map(plain).collect();
    let exact = utf8_percent_encode(name, PLAIN);
    let named = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{exact}");
    // Only ASCII is left; whatever were not would be saved without a name.
    HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::RequestId;
    use proptest::prelude::*;
    use wabe_kernel::{Rng, Timestamp};

    struct Zeros;

    impl Rng for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn a_download_is_never_shown() {
        let mut response = download("image/png", "Übersicht.png", vec![1]);
        crate::headers::harden(&mut response, RequestId::new(Timestamp(0), &Zeros));
        let header = |name: &str| response.headers()[name].to_str().unwrap();
        assert!(header("content-disposition").starts_with("attachment; "));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").ends_with("sandbox"));
    }

    #[test]
    fn names_reach_old_and_new_readers() {
        assert_eq!(
            disposition("Übersicht \"2026\".pdf"),
            "attachment; filename=\"_bersicht _2026_.pdf\"; \
             filename*=UTF-8''%C3%9Cbersicht%20%222026%22.pdf"
        );
    }

    proptest! {
        // 3.5 T9
        #[test]
        fn no_name_leaves_its_header(name in any::<String>()) {
            let value = disposition(&name);
            let text = value.to_str().unwrap();
            prop_assert!(text.bytes().all(|b| (0x20..0x7f).contains(&b)));
            prop_assert!(text.starts_with("attachment; filename=\""));
        }
    }
}
