//! Nobody waits for ever, and nobody is waited for who has gone.

use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

use crate::fetch::Caps;
use crate::fetch::tests::{Bench, QUICK, Script, Setting, repeats, says, stops_after};

const SHORT: Duration = Duration::from_millis(50);

async fn code(script: Script, caps: Caps) -> String {
    let setting = Setting {
        caps,
        ..Setting::default()
    };
    Bench::with(script, setting).await.code().await
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let caps = Caps {
        first_byte: SHORT,
        ..QUICK
    };
    for said in [&b""[..], b"HTTP/1.1 200 OK\r\nx: y\r\n"] {
        assert_eq!(code(stops_after(said), caps).await, "unavailable");
    }
}

#[tokio::test]
async fn a_body_that_pauses_for_too_long_is_given_up() {
    let caps = Caps {
        pause: SHORT,
        ..QUICK
    };
    let said = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc";
    assert_eq!(code(stops_after(said), caps).await, "unavailable");
}

#[tokio::test]
async fn a_body_that_goes_on_for_ever_ends_with_the_request() {
    let caps = Caps {
        total: SHORT,
        response_body_bytes: usize::MAX,
        ..QUICK
    };
    let head = b"HTTP/1.1 200 OK\r\n\r\n";
    assert_eq!(code(repeats(head, b"xxxxxxxx"), caps).await, "unavailable");
}

#[tokio::test]
async fn the_shortest_of_all_times_counts() {
    let bench = Bench::new(stops_after(b"")).await;
    let mut own = bench.outgoing(bench.request("/"));
    own.request.timeout_ms = Some(30);
    let problem = bench.fetch.fetch(own).await.unwrap_err();
    assert!(
        problem.message.contains("within 30 ms"),
        "{}",
        problem.message
    );
    let mut left = bench.outgoing(bench.request("/"));
    left.request.timeout_ms = Some(5_000);
    left.within_ms = 20;
    let problem = bench.fetch.fetch(left).await.unwrap_err();
    assert!(
        problem.message.contains("within 20 ms"),
        "{}",
        problem.message
    );
    for (timeout_ms, within_ms, code) in [(Some(0), 20, "invalid"), (None, 0, "limit")] {
        let mut none = bench.outgoing(bench.request("/"));
        none.request.timeout_ms = timeout_ms;
        none.within_ms = within_ms;
        assert_eq!(bench.fetch.fetch(none).await.unwrap_err().code, code);
    }
}

#[tokio::test]
async fn a_request_that_is_dropped_closes_its_connection() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let script: Script = Arc::new(move |mut stream| {
        let tell = tell.clone();
        Box::pin(async move {
            tell.send("asked").unwrap();
            // Nothing more comes of a client that has gone.
            if !matches!(stream.read(&mut [0]).await, Ok(1..)) {
                tell.send("gone").unwrap();
            }
        })
    });
    let bench = Bench::new(script).await;
    {
        let mut asking = Box::pin(bench.ask());
        tokio::select! {
            _ = &mut asking => panic!("there is no answer"),
            word = told.recv() => assert_eq!(word, Some("asked")),
        }
    }
    assert_eq!(told.recv().await, Some("gone"));
}

#[tokio::test]
async fn one_request_after_the_other_is_answered() {
    let bench = Bench::new(says("HTTP/1.1 204 No Content\r\n\r\n")).await;
    for _ in 0..3 {
        assert_eq!(bench.ask().await.unwrap().status, 204);
    }
    assert_eq!(bench.heard().len(), 3);
}
