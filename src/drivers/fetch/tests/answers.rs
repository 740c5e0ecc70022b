//! What is sent, and what comes of answers.

use flate2::Compression;
use flate2::read::GzEncoder;
use std::io::Read;
use wabe_package::Blob;

use crate::fetch::tests::{Bench, repeats, says, stops_after, value};

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = GzEncoder::new(bytes, Compression::best());
    encoder.read_to_end(&mut packed).unwrap();
    packed
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\n{head}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_and_the_answer_heard() {
    let head = "X-One: 1\r\nX-One: 2\r\nConnection: close\r\nKeep-Alive: timeout=5\r\n";
    let bench = Bench::new(says(answer(head, b"welcome"))).await;
    let response = bench.ask().await.unwrap();
    assert_eq!(
        (response.status, &response.body.0[..]),
        (200, &b"welcome"[..])
    );
    let names: Vec<&str> = response.headers.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["x-one", "x-one", "content-length"]);
    let requests = bench.heard();
    assert_eq!(requests.len(), 1);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "hello");
    let mut lines: Vec<&str> = head.split("\r\n").collect();
    lines.sort_unstable();
    let host = format!("host: {}", bench.host);
    let expected = [
        "POST /a?b=c HTTP/1.1",
        "accept-encoding: gzip, deflate",
        "content-length: 5",
        &host,
        "user-agent: wabe-plugin",
        "x-token: t",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_compressed_body_is_unpacked() {
    let packed = gzipped(b"{\"a\":1}");
    let bench = Bench::new(says(answer("Content-Encoding: gzip\r\n", &packed))).await;
    let response = bench.ask().await.unwrap();
    assert_eq!(response.body, Blob(b"{\"a\":1}".to_vec()));
    assert_eq!(value(&response, "content-encoding"), None);
    assert_eq!(value(&response, "content-length"), None);
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let head =
        "HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/secret\r\ncontent-length: 0\r\n\r\n";
    let bench = Bench::new(says(head)).await;
    let response = bench.ask().await.unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(
        value(&response, "location"),
        Some("https://127.0.0.1/secret")
    );
    assert_eq!((bench.heard().len(), bench.times_asked()), (1, 1));
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let bomb = gzipped(&vec![0; 10 << 20]);
    let bench = Bench::new(says(answer("Content-Encoding: gzip\r\n", &bomb))).await;
    let problem = bench.ask().await.unwrap_err();
    assert_eq!(problem.code, "limit");
    assert!(
        problem.message.contains("decompressed"),
        "{}",
        problem.message
    );
}

#[tokio::test]
async fn what_is_too_long_is_not_read_to_its_end() {
    let plain = b"HTTP/1.1 200 OK\r\n\r\n";
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let kilo: &'static [u8] = &[b'x'; 1_000];
    let piece: &'static [u8] = [&b"3e8\r\n"[..], kilo, b"\r\n"].concat().leak();
    for script in [
        repeats(plain, kilo),
        repeats(chunked, piece),
        // A head without an end, of one line or of many.
        repeats(b"HTTP/1.1 200 OK\r\nx: ", b"yyyyyyyy"),
        repeats(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
        // Announced, and never sent.
        stops_after(b"HTTP/1.1 200 OK\r\ncontent-length: 100001\r\n\r\n"),
    ] {
        assert_eq!(Bench::new(script).await.code().await, "limit");
    }
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let many = "x: y\r\n".repeat(30);
    let bench = Bench::new(says(answer(&many, b""))).await;
    assert_eq!(bench.code().await, "limit");
}

#[tokio::test]
async fn what_is_no_answer_is_told_as_none() {
    for head in [
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-encoding: br\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-encoding: gzip\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        assert_eq!(
            Bench::new(says(head)).await.code().await,
            "unavailable",
            "{head:?}"
        );
    }
}
