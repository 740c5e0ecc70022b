//! Any bytes of a stranger at everything that reads a request.

use super::{App, ORIGIN, ask, token};
use crate::client::Client;
use crate::csrf::{Source, source, verify};
use crate::{LocalPath, Theme};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::net::IpAddr;
use wabe_kernel::Secret;

fn value() -> impl Strategy<Value = HeaderValue> {
    let pieces = [
        "same-origin",
        "cross-site",
        ORIGIN,
        "null",
        ",",
        " ",
        "Bearer ",
        "good-token",
        "10.0.0.1",
        "10.0.0.2",
        "192.0.2.7",
        "::ffff:10.0.0.1",
        "::1",
        "[",
        "]",
        ":1",
        "\u{e4}",
        ";q=0.5",
        "de",
    ];
    prop_oneof![
        vec(any::<u8>(), 0..60),
        vec(select(pieces.to_vec()), 0..6).prop_map(|pieces| pieces.concat().into_bytes()),
    ]
    .prop_filter_map("a header", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

fn headers(names: &'static [&'static str]) -> impl Strategy<Value = HeaderMap> {
    vec((select(names), value()), 0..5).prop_map(|headers| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), value);
        }
        map
    })
}

/// A form with files as nobody's browser sends it.
fn form() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "--x\r\n",
        "--x--",
        "--x--\r\n",
        "--",
        "\r\n",
        "\r\n\r\n",
        "\n",
        "x",
        "content-disposition: form-data",
        "; name=\"csrf\"",
        "; name=\"a\"",
        "; filename=\"b\"",
        "; filename*=UTF-8''%00",
        "content-type: text/plain",
        ":",
        "\"",
        "\u{e4}",
        "\0",
    ];
    let piece = prop_oneof![
        8 => select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..20),
        1 => Just(token().into_bytes()),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    // 3.5 T6
    #[test]
    fn any_headers_say_where_a_request_comes_from(
        headers in headers(&["sec-fetch-site", "origin", "referer", "sec-fetch-mode"]),
    ) {
        let said = source(&headers, &[ORIGIN.to_owned()]);
        let here = |name: &str, value: &str| headers.get_all(name).iter().any(|sent| sent == value);
        let own = here("sec-fetch-site", "same-origin") || here("origin", ORIGIN);
        prop_assert!(said != Source::Here || own);
        prop_assert_eq!(said == Source::Unsaid, headers.is_empty());
    }

    #[test]
    fn any_text_is_a_token_only_when_it_is_one(text in "[0-9a-f]{0,130}|\\PC{0,130}", key in "[0-9a-f]{64}") {
        prop_assert!(!verify(&Secret::new(key), &text));
        prop_assert!(!verify(&Secret::new(text), &token()));
    }

    // 3.15 T1
    #[test]
    fn any_forwarded_header_of_a_stranger_changes_nothing(headers in headers(&["x-forwarded-for"])) {
        let proxies: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let peer = |address: &str| Some((address.parse::<IpAddr>().unwrap(), 1).into());
        let stranger = Client::of(peer("192.0.2.7"), &headers, &proxies);
        prop_assert_eq!(stranger.0.to_string(), "192.0.2.7");
        let told = Client::of(peer("10.0.0.1"), &headers, &proxies).0;
        prop_assert_eq!(told.to_canonical(), told);
        drop(Client(told).network().to_string() + &Client(told).shortened().to_string());
    }

    #[test]
    fn any_text_leads_to_a_path_of_this_site(text in any::<String>(), theme in any::<String>()) {
        for text in [format!("/{text}"), text] {
            let path = LocalPath::or_home(&text);
            prop_assert!(path.as_str().starts_with('/') && !path.as_str().starts_with("//"));
            prop_assert_eq!(LocalPath::or_home(path.as_str()), path);
        }
        if let Ok(theme) = theme.parse::<Theme>() {
            prop_assert_eq!(theme.word().parse::<Theme>(), Ok(theme));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    // 3.5 T6
    #[test]
    fn any_form_with_files_is_read_or_refused(body in form(), known in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut request = ask("POST", "/upload", "owner")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=x");
        if known {
            request = request.header("x-csrf-token", token());
        }
        let proved = known || String::from_utf8_lossy(&body).contains(&token());
        let request = request.body(body.into()).unwrap();
        let answer = runtime.block_on(App::new().send(request));
        prop_assert!(answer.status == StatusCode::OK || answer.status.is_client_error(), "{}", answer.status);
        prop_assert!(proved || answer.status != StatusCode::OK);
    }

    #[test]
    fn any_authorization_opens_nothing_but_with_its_token(headers in headers(&["authorization"])) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let known = headers.get_all("authorization").iter().any(|sent| sent == "Bearer good-token");
        let mut request = ask("GET", "/api/mailboxes", "").body(axum::body::Body::empty()).unwrap();
        request.headers_mut().extend(headers);
        let answer = runtime.block_on(App::new().send(request));
        prop_assert!(answer.status == StatusCode::UNAUTHORIZED || (known && answer.status == StatusCode::OK));
    }

    #[test]
    fn any_query_and_cookies_are_answered(headers in headers(&["cookie", "accept-language", "accept"]), query in "[a-z%0-9=&+]{0,60}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut request = ask("GET", &format!("/query?{query}"), "").body(axum::body::Body::empty()).unwrap();
        request.headers_mut().extend(headers);
        let answer = runtime.block_on(App::new().send(request));
        prop_assert!(matches!(answer.status.as_u16(), 200 | 422), "{}", answer.status);
    }
}
