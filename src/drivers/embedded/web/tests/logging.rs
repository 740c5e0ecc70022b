//! What visits leave behind.

use http::Request;
use http::header::{REFERER, USER_AGENT};
use wabe_kernel::Clock;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::{Act, Wish};

use super::{Node, name};

// 3.16 T1
#[tokio::test]
async fn the_log_holds_shortened_addresses_and_the_bytes_sent() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    node.make(&webspace).await;
    node.put(&webspace, "a.txt", "hello");
    let served = node.serve().await;
    let request = Request::get("/a.txt?q=private")
        .header(REFERER, "https://from.example/search?q=private")
        .header(USER_AGENT, "Browser/1");
    served.ask("a.localhost", request).await;
    served.end().await;
    let lines = node.sites.tail(webspace.id, 10).await.unwrap();
    assert_eq!(
        lines,
        [
            "127.0.0.0 - - [21/Nov/2026:10:00:00 +0000] a.localhost \"GET /a.txt HTTP/1.1\" 200 5 \
          \"from.example\" \"Browser/1\""
        ]
    );
    let file = node.folder(webspace.id).join("logs/access-2026-11-21.log");
    assert!(!std::fs::read_to_string(file).unwrap().contains("private"));
}

#[tokio::test]
async fn full_addresses_are_kept_only_until_the_instruction_ends() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    webspace.full_addresses_until = Some(node.clock.now().plus_days(1));
    node.make(&webspace).await;
    let served = node.serve().await;
    served.get("a.localhost", "/").await;
    node.clock.move_days(2);
    served.get("a.localhost", "/").await;
    served.end().await;
    let lines = node.sites.tail(webspace.id, 10).await.unwrap();
    assert!(lines[0].starts_with("127.0.0.1 "), "{lines:?}");
    assert!(lines[1].starts_with("127.0.0.0 "), "{lines:?}");
}

#[tokio::test]
async fn probes_leave_no_line() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    let id = webspace.id;
    node.make(&webspace).await;
    let served = node.serve().await;
    node.apply(id, 1, Act::ProbeSite(id, name("a.localhost")))
        .await
        .unwrap();
    let other = Act::ProbeSite(id, name("b.localhost"));
    assert_eq!(
        node.apply(id, 1, other).await.unwrap_err().code,
        "probe-failed"
    );
    served.end().await;
    assert!(node.sites.tail(id, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_probe_of_a_hidden_site_wants_an_answer_only() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    webspace.suspended = true;
    let id = webspace.id;
    node.make(&webspace).await;
    node.configure(2, Wish::Hidden(webspace)).await.unwrap();
    let served = node.serve().await;
    node.apply(id, 2, Act::ProbeSite(id, name("a.localhost")))
        .await
        .unwrap();
    served.end().await;
}

#[tokio::test]
async fn old_days_are_deleted_when_serving_begins() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    node.make(&webspace).await;
    let logs = node.folder(webspace.id).join("logs");
    std::fs::File::create(logs.join("access-2026-11-01.log")).unwrap();
    std::fs::File::create(logs.join("access-2026-11-20.log")).unwrap();
    node.serve().await.end().await;
    assert!(!logs.join("access-2026-11-01.log").exists());
    assert!(logs.join("access-2026-11-20.log").exists());
}

#[tokio::test]
async fn the_log_of_an_unknown_webspace_is_not_found() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    let tail = node.sites.tail(webspace.id, 10).await;
    assert_eq!(tail.unwrap_err(), ContentError::NotFound);
}
