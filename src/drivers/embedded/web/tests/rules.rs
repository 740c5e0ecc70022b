//! What a site does beside showing its files.

use http::StatusCode;
use http::header::{LOCATION, STRICT_TRANSPORT_SECURITY};
use wabe_kernel::{Field, FolderKey, Hsts, SiteProxy, SiteRules, SiteServer};

use super::Node;

fn key(folder: &str) -> FolderKey {
    let verifier = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
    FolderKey {
        folder: folder.parse().unwrap(),
        user: "anna".parse().unwrap(),
        verifier: verifier.parse().unwrap(),
    }
}

#[tokio::test]
async fn visitors_are_sent_on_see_the_sites_own_page_and_come_into_no_locked_folder() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    *webspace.rules = SiteRules {
        redirects: Field::from_text("301 /old https://b.test/new\n/now https://b.test/\n410 /past")
            .unwrap(),
        error_pages: Field::from_text("404 missing.html\n410 past.html\n403 index.html").unwrap(),
        hsts: Hsts::Month,
        keys: vec![key("inside")],
        ..SiteRules::default()
    };
    node.make(&webspace).await;
    node.put(&webspace, "missing.html", "not here");
    node.put(&webspace, "past.html", "was here");
    node.put(&webspace, "index.html", "welcome");
    node.put(&webspace, "inside.html", "open");
    node.put(&webspace, "inside/a.txt", "locked");
    let served = node.serve().await;
    for (path, status, target) in [
        (
            "/old/a?b=c",
            StatusCode::MOVED_PERMANENTLY,
            "https://b.test/new",
        ),
        ("/now", StatusCode::FOUND, "https://b.test/"),
    ] {
        let answer = served.get("a.localhost", path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()[LOCATION], target, "{path}");
    }
    let missing = served.get("a.localhost", "/older").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.body(), "not here");
    for path in ["/past", "/past/a"] {
        let past = served.get("a.localhost", path).await;
        assert_eq!(past.status(), StatusCode::GONE, "{path}");
        assert_eq!(past.body(), "was here", "{path}");
    }
    let open = served.get("a.localhost", "/inside.html").await;
    assert_eq!(open.status(), StatusCode::OK);
    assert_eq!(open.headers()[STRICT_TRANSPORT_SECURITY], "max-age=2592000");
    for path in ["/inside/a.txt", "/inside/", "/inside", "/%69nside/a.txt"] {
        let answer = served.get("a.localhost", path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.body(), "welcome", "{path}");
    }
    served.end().await;
}

#[tokio::test]
async fn a_site_that_apache_answered_for_lets_nobody_in() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    webspace.rules.server = SiteServer::Apache;
    node.make(&webspace).await;
    node.put(&webspace, "index.html", "inside");
    let served = node.serve().await;
    for path in ["/", "/index.html"] {
        let answer = served.get("a.localhost", path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    served.end().await;
}

#[tokio::test]
async fn a_site_that_an_application_elsewhere_answered_for_lets_nobody_in() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    webspace.rules.proxy = Some(SiteProxy {
        upstream: "https://app.example.org".parse().unwrap(),
        addresses: vec!["8.8.8.8".parse().unwrap()],
    });
    node.make(&webspace).await;
    node.put(&webspace, "index.html", "inside");
    let served = node.serve().await;
    for path in ["/", "/index.html"] {
        let answer = served.get("a.localhost", path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    served.end().await;
}
