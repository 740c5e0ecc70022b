//! What visitors get, and what they do not.

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, HOST, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::os::unix::fs::symlink;
use wabe_kernel::desired::{Act, Webspace, Wish};

use super::{Node, Served, name};

async fn one_site() -> (Node, Webspace, Served) {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &["www.a.test"]);
    node.make(&webspace).await;
    node.put(&webspace, "a.txt", "0123456789");
    let served = node.serve().await;
    (node, webspace, served)
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn shows_first_page(response: &Response<Bytes>) -> bool {
    String::from_utf8_lossy(response.body()).contains("A website starts here")
}

#[tokio::test]
async fn each_name_gets_its_own_certificate_and_a_new_one_at_once() {
    let node = Node::new();
    let (one, two) = (
        node.webspace("a.localhost", &[]),
        node.webspace("b.localhost", &[]),
    );
    node.make(&one).await;
    node.make(&two).await;
    let served = node.serve().await;
    let first = served.certificate("a.localhost").await.unwrap();
    assert_ne!(first, served.certificate("b.localhost").await.unwrap());
    let renew = Act::IssueCertificate(one.id, vec![name("a.localhost")]);
    node.apply(one.id, 1, renew).await.unwrap();
    assert_ne!(first, served.certificate("a.localhost").await.unwrap());
    served.end().await;
}

#[tokio::test]
async fn strangers_get_no_handshake_and_no_content() {
    let (node, webspace, served) = one_site().await;
    for stranger in ["b.localhost", "localhost", "127.0.0.1"] {
        assert!(served.connect(stranger, &[]).await.is_err(), "{stranger}");
    }
    for host in [
        "b.localhost",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "127.0.0.1:80",
        "a.localhost.b",
    ] {
        let plain = served.ask_plain(host, Request::get("/")).await;
        assert_eq!(plain.status(), StatusCode::NOT_FOUND, "{host}");
        assert!(!shows_first_page(&plain));
        // The right server name and a foreign host.
        let mixed = served
            .ask("a.localhost", Request::get("/").header(HOST, host))
            .await;
        assert_eq!(mixed.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    // Another name of the same site may share the connection.
    let same = served
        .ask(
            "a.localhost",
            Request::get("/").header(HOST, "WWW.a.test:1"),
        )
        .await;
    assert!(shows_first_page(&same));
    node.apply(webspace.id, 2, Act::RemoveSite(webspace.id))
        .await
        .unwrap();
    assert!(served.connect("a.localhost", &[]).await.is_err());
    served.end().await;
}

#[tokio::test]
async fn one_site_does_not_answer_for_another() {
    let (node, _, served) = one_site().await;
    node.make(&node.webspace("b.localhost", &[])).await;
    let crossed = served
        .ask("a.localhost", Request::get("/").header(HOST, "b.localhost"))
        .await;
    assert_eq!(crossed.status(), StatusCode::MISDIRECTED_REQUEST);
    served.end().await;
}

#[tokio::test]
async fn plain_http_is_sent_on_but_for_challenges() {
    let (node, mut webspace, served) = one_site().await;
    webspace.https_redirect = true;
    node.configure(2, Wish::Present(webspace.clone()))
        .await
        .unwrap();
    node.put(&webspace, ".well-known/acme-challenge/token", "proof");
    let sent = served
        .ask_plain("a.localhost", Request::get("/x/?y=1"))
        .await;
    assert_eq!(sent.status(), StatusCode::PERMANENT_REDIRECT);
    let expected = format!("https://a.localhost:{}/x/?y=1", served.tls.port());
    assert_eq!(text(sent.headers(), &LOCATION), expected);
    let challenge = Request::get("/.well-known/acme-challenge/token");
    let proof = served.ask_plain("a.localhost", challenge).await;
    assert_eq!(proof.body(), "proof");
    served.end().await;
}

#[tokio::test]
async fn files_carry_type_validators_and_nosniff() {
    let (_node, _, served) = one_site().await;
    let response = served.get("www.a.test", "/a.txt").await;
    let headers = response.headers();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), "0123456789");
    assert_eq!(text(headers, &CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(text(headers, &CONTENT_LENGTH), "10");
    assert_eq!(text(headers, &ACCEPT_RANGES), "bytes");
    assert_eq!(text(headers, &X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(headers.contains_key(LAST_MODIFIED));
    assert!(!headers.contains_key("x-robots-tag"));
    let head = served.ask("www.a.test", Request::head("/a.txt")).await;
    assert_eq!(text(head.headers(), &CONTENT_LENGTH), "10");
    assert!(head.body().is_empty());

    let tag = text(headers, &ETAG).to_owned();
    let again = Request::get("/a.txt").header(IF_NONE_MATCH, format!("W/{tag}"));
    let again = served.ask("www.a.test", again).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(text(again.headers(), &ETAG), tag);
    served.end().await;
}

#[tokio::test]
async fn parts_are_sent_when_the_version_is_the_same() {
    let (_node, _, served) = one_site().await;
    let tag = text(served.get("a.localhost", "/a.txt").await.headers(), &ETAG).to_owned();
    let part = Request::get("/a.txt")
        .header(RANGE, "bytes=2-4")
        .header(IF_RANGE, tag);
    let part = served.ask("a.localhost", part).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(text(part.headers(), &CONTENT_RANGE), "bytes 2-4/10");
    assert_eq!(part.body(), "234");
    let other = Request::get("/a.txt")
        .header(RANGE, "bytes=2-4")
        .header(IF_RANGE, "\"x\"");
    assert_eq!(served.ask("a.localhost", other).await.body(), "0123456789");
    let beyond = Request::get("/a.txt").header(RANGE, "bytes=10-");
    let beyond = served.ask("a.localhost", beyond).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(text(beyond.headers(), &CONTENT_RANGE), "bytes */10");
    served.end().await;
}

#[tokio::test]
async fn large_files_arrive_whole() {
    let (node, webspace, served) = one_site().await;
    let large: Vec<u8> = (0..3_000_001_u32).map(|n| n.to_le_bytes()[0]).collect();
    node.put(&webspace, "large.bin", &large);
    assert_eq!(served.get("a.localhost", "/large.bin").await.body(), &large);
    served.end().await;
}

#[tokio::test]
async fn texts_are_compressed_on_request_but_not_parts_of_them() {
    let (node, webspace, served) = one_site().await;
    node.put(&webspace, "long.html", "<p>hello</p>".repeat(1_000));
    let ask = |encoding| Request::get("/long.html").header(ACCEPT_ENCODING, encoding);
    for encoding in ["br", "gzip"] {
        let packed = served.ask("a.localhost", ask(encoding)).await;
        let headers = packed.headers();
        assert_eq!(text(headers, &CONTENT_ENCODING), encoding);
        assert_eq!(text(headers, &VARY), "accept-encoding");
        assert!(text(headers, &ETAG).starts_with("W/\""));
        assert!(packed.body().len() < 1_000);
    }
    let part = ask("br").header(RANGE, "bytes=0-1999");
    let part = served.ask("a.localhost", part).await;
    assert!(!part.headers().contains_key(CONTENT_ENCODING));
    assert_eq!(part.body().len(), 2_000);
    let plain = served.get("a.localhost", "/long.html").await;
    assert_eq!(plain.body().len(), 12_000);
    assert_eq!(text(plain.headers(), &VARY), "accept-encoding");
    served.end().await;
}

#[tokio::test]
async fn folders_answer_with_their_index_and_never_with_a_listing() {
    let (node, webspace, served) = one_site().await;
    node.put(&webspace, "docs/index.html", "docs");
    node.put(&webspace, "bare/x.txt", "x");
    assert!(shows_first_page(&served.get("a.localhost", "/").await));
    assert_eq!(served.get("a.localhost", "/docs/").await.body(), "docs");
    let to_folder = served.get("a.localhost", "//docs?a=1").await;
    assert_eq!(to_folder.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(text(to_folder.headers(), &LOCATION), "/docs/?a=1");
    assert_eq!(
        served.get("a.localhost", "/bare/").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        served.get("a.localhost", "/a.txt/").await.status(),
        StatusCode::NOT_FOUND
    );
    node.put(&webspace, "404.html", "own");
    let own = served.get("a.localhost", "/missing").await;
    assert_eq!(
        (own.status(), own.body().as_ref()),
        (StatusCode::NOT_FOUND, b"own".as_ref())
    );
    served.end().await;
}

// 3.13 T1
#[tokio::test]
async fn no_way_leads_out_of_the_webspace() {
    let (node, webspace, served) = one_site().await;
    let public = node.public(&webspace);
    let secret = node.folder(webspace.id).join("key.pem");
    symlink(&secret, public.join("absolute.txt")).unwrap();
    symlink("../../key.pem", public.join("relative.txt")).unwrap();
    symlink(node.folder(webspace.id), public.join("folder")).unwrap();
    symlink("/proc/self/environ", public.join("magic.txt")).unwrap();
    symlink("a.txt", public.join("inside.txt")).unwrap();
    node.put(&webspace, ".env", "secret");
    for path in [
        "/absolute.txt",
        "/relative.txt",
        "/folder/key.pem",
        "/magic.txt",
        "/.env",
        "/..%2fkey.pem",
        "/%2e%2e/key.pem",
        "/..%5ckey.pem",
        "/a.txt%00",
        "/x/../../../key.pem",
    ] {
        // Twice: the second time the kernel has the names at hand.
        for _ in 0..2 {
            let status = served.get("a.localhost", path).await.status();
            let refused = [StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST];
            assert!(refused.contains(&status), "{path}: {status}");
        }
    }
    assert_eq!(
        served.get("a.localhost", "/inside.txt").await.body(),
        "0123456789"
    );
    served.end().await;
}

#[tokio::test]
async fn files_of_php_are_not_shown_as_text() {
    let (node, webspace, served) = one_site().await;
    for name in ["wp-config.php", "b.PHP", "old.php5", "page.phtml"] {
        node.put(&webspace, name, "<?php // a secret");
        let response = served.get("a.localhost", &format!("/{name}")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        assert!(!String::from_utf8_lossy(response.body()).contains("secret"));
    }
    served.end().await;
}

#[tokio::test]
async fn a_pipe_is_not_waited_for() {
    let (node, webspace, served) = one_site().await;
    let pipe = node.public(&webspace).join("pipe.txt");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    assert_eq!(
        served.get("a.localhost", "/pipe.txt").await.status(),
        StatusCode::NOT_FOUND
    );
    served.end().await;
}

#[tokio::test]
async fn only_reading_methods_are_allowed() {
    let (_node, _, served) = one_site().await;
    for (method, status) in [
        (Method::POST, StatusCode::METHOD_NOT_ALLOWED),
        (Method::PUT, StatusCode::METHOD_NOT_ALLOWED),
        (Method::TRACE, StatusCode::METHOD_NOT_ALLOWED),
        (Method::OPTIONS, StatusCode::NO_CONTENT),
    ] {
        let request = Request::builder().method(method).uri("/a.txt");
        let response = served.ask("a.localhost", request).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS");
    }
    served.end().await;
}

#[tokio::test]
async fn the_preview_is_kept_from_search_engines() {
    let (_node, _, served) = one_site().await;
    let page = served.get("a.localhost", "/").await;
    assert_eq!(page.headers()["x-robots-tag"], "noindex, nofollow");
    let robots = served.get("a.localhost", "/robots.txt").await;
    assert_eq!(robots.body(), "User-agent: *\nDisallow: /\n");
    assert_eq!(
        served.get("www.a.test", "/robots.txt").await.status(),
        StatusCode::NOT_FOUND
    );
    served.end().await;
}

#[tokio::test]
async fn hidden_sites_show_a_status_page_only() {
    let (node, mut webspace, served) = one_site().await;
    for (suspended, status) in [
        (true, StatusCode::SERVICE_UNAVAILABLE),
        (false, StatusCode::NOT_FOUND),
    ] {
        webspace.suspended = suspended;
        node.configure(2, Wish::Hidden(webspace.clone()))
            .await
            .unwrap();
        let response = served.get("www.a.test", "/a.txt").await;
        assert_eq!(response.status(), status);
        assert!(!response.body().starts_with(b"0123"));
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    node.configure(2, Wish::Present(webspace)).await.unwrap();
    assert_eq!(
        served.get("www.a.test", "/a.txt").await.body(),
        "0123456789"
    );
    served.end().await;
}

// 3.15 T3
#[tokio::test]
async fn oversized_and_ambiguous_requests_are_refused() {
    let (_node, _, served) = one_site().await;
    let long = "x".repeat(17 * 1024);
    let large = format!("GET / HTTP/1.1\r\nHost: a.localhost\r\nX: {long}\r\n\r\n");
    assert!(served.raw(&large).await.starts_with("HTTP/1.1 431 "));
    let hosts = "GET / HTTP/1.1\r\nHost: a.localhost\r\nHost: b.localhost\r\n\r\n";
    assert!(served.raw(hosts).await.starts_with("HTTP/1.1 400 "));
    let folded = "GET / HTTP/1.1\r\nHost: a.localhost\r\nX: a\r\n b\r\n\r\n";
    assert!(served.raw(folded).await.starts_with("HTTP/1.1 400 "));
    served.end().await;
}

#[tokio::test]
async fn http_2_is_spoken_over_tls() {
    let (_node, _, served) = one_site().await;
    let stream = served.connect("a.localhost", &[b"h2"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_ref()));
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .unwrap();
    let driven = tokio::spawn(connection);
    for (host, status) in [
        ("a.localhost", StatusCode::OK),
        ("b.localhost", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let request = Request::get(format!("https://{host}/a.txt"));
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), status);
        response.into_body().collect().await.unwrap();
    }
    drop(sender);
    driven.await.unwrap().unwrap();
    served.end().await;
}

#[tokio::test]
async fn a_thousand_sites_load_and_answer() {
    let mut node = Node::new();
    for number in 0..1_000 {
        let webspace = node.webspace(&format!("s{number}.localhost"), &[]);
        let folder = node.folder(webspace.id);
        std::fs::create_dir_all(&folder).unwrap();
        let document = serde_json::json!({ "revision": 1, "wish": Wish::Present(webspace) });
        let file = std::fs::File::create(folder.join("site.json")).unwrap();
        serde_json::to_writer(file, &document).unwrap();
    }
    node.sites = node.reopened();
    let served = node.serve().await;
    for number in [0, 500, 999] {
        let host = format!("s{number}.localhost");
        let robots = served.ask_plain(&host, Request::get("/robots.txt")).await;
        assert_eq!(robots.status(), StatusCode::OK);
    }
    assert!(node.sites.damaged().is_empty());
    served.end().await;
}
