//! Any bytes of a visitor at everything that reads them.

use http::header::{
    CONTENT_LENGTH, HOST, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, IF_UNMODIFIED_SINCE, TRANSFER_ENCODING,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};
use std::time::{Duration, SystemTime};

use crate::embedded::web::conditional::{Validators, Verdict, judge, range_holds};
use crate::embedded::web::document;
use crate::embedded::web::host::host_of;
use crate::embedded::web::range::{self, Range};
use crate::embedded::web::target::Target;

/// What a header may hold, often close to what is meant.
fn value() -> impl Strategy<Value = HeaderValue> {
    let pieces = [
        "\"v1\"",
        "\"",
        "W/",
        "*",
        ",",
        " ",
        "Fri, 20 Nov 2026 10:00:00 GMT",
        "GMT",
        "0",
        "a.test",
        "A.TEST",
        ".",
        ":",
        "8443",
        "@",
        "[",
        "]",
        "::1",
        "\u{e4}",
        "%",
        "/",
        "-",
    ];
    prop_oneof![
        vec(any::<u8>(), 0..60),
        vec(select(pieces.to_vec()), 0..6).prop_map(|pieces| pieces.concat().into_bytes()),
    ]
    .prop_filter_map("a header", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn headers(names: &[HeaderName]) -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> + use<> {
    vec((select(names.to_vec()), value()), 0..4)
}

proptest! {
    #[test]
    fn any_conditions_come_to_a_verdict(
        headers in headers(&[IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, IF_RANGE]),
        seconds in any::<u32>(),
    ) {
        let headers: http::HeaderMap = headers.into_iter().collect();
        let is = Validators {
            tag: "\"v1\"".to_owned(),
            modified: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into()),
        };
        let verdict = judge(&headers, &is);
        let conditional = headers.keys().any(|name| *name != IF_RANGE);
        prop_assert!(conditional || verdict == Verdict::Answer);
        prop_assert!(range_holds(&headers, &is) || headers.contains_key(IF_RANGE));
    }

    // 3.15 T4
    #[test]
    fn any_request_is_for_one_host_or_refused(
        headers in headers(&[HOST, HOST, HOST, TRANSFER_ENCODING, CONTENT_LENGTH]),
        absolute in any::<bool>(),
    ) {
        let uri = if absolute { "https://a.test/x" } else { "/x" };
        let (mut request, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        for (name, value) in headers {
            request.headers.append(name, value);
        }
        if let Ok(host) = host_of(&request) {
            prop_assert!(request.headers.get_all(HOST).iter().count() <= 1);
            prop_assert!(!absolute || host == "a.test");
            prop_assert!(!host.contains(['@', '/']) && !host.bytes().any(|b| b.is_ascii_uppercase()));
        }
    }

    // 3.13
    #[test]
    fn any_path_stays_beneath_the_root_or_is_refused(
        path in prop_oneof![
            any::<String>(),
            vec(select(vec!["/", ".", "%", "2", "e", "f", "5c", "00", "a", "\\", ".well-known", "ä", "%c3%a4"]), 0..14)
                .prop_map(|pieces| pieces.concat()),
        ],
    ) {
        for path in [path.clone(), format!("/{path}")] {
            if let Ok(target) = Target::parse(&path) {
                let beneath = target.beneath("root", "index.html");
                prop_assert!(beneath.starts_with("root/") && !beneath.split('/').any(|name| name == ".."));
                let folder = target.as_folder();
                prop_assert!(!folder.starts_with("//"));
                let again = Target::parse(&folder).map(|target| target.as_folder());
                prop_assert_eq!(again, Ok(folder));
            }
        }
    }

    #[test]
    fn any_range_lies_within_the_file(header in "(bytes)?[=0-9, -]{0,30}|\\PC{0,30}", size in any::<u64>()) {
        if let Range::Part { first, last } = range::parse(&header, size) {
            prop_assert!(first <= last && last < size);
        }
    }

    #[test]
    fn any_bytes_as_the_document_of_a_site_are_read_or_damaged(
        bytes in prop_oneof![
            vec(any::<u8>(), 0..200),
            Just(br#"{"revision":1,"wish":"Gone"}"#.to_vec()),
            "[{}\\[\\]:,\"a-z0-9 ]{0,80}".prop_map(String::into_bytes),
        ],
    ) {
        if let Ok(document) = document::parse(&bytes) {
            let text = serde_json::to_vec(&document).unwrap();
            prop_assert_eq!(document::parse(&text).ok(), Some(document));
        }
    }
}
