//! The headers of every answer.

use super::{Answer, App, ask};
use crate::Assets;
use axum::body::Body;
use http::StatusCode;

fn hardened(answer: &Answer) {
    let expected = [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
        ),
        (
            "strict-transport-security",
            "max-age=63072000; includeSubDomains",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), value, "{}", answer.status);
    }
    assert!(answer.header("permissions-policy").contains("camera=()"));
    let id = answer.header("x-request-id");
    let (short, full) = id.split_once(' ').unwrap();
    assert_eq!(short.len(), 4);
    assert!(
        full.starts_with("req_") && full.to_ascii_uppercase().ends_with(short),
        "{id}"
    );
}

// 3.12 T1, T2, T7
#[tokio::test]
async fn every_answer_is_hardened_whatever_happened() {
    let app = App::new();
    let large = "a=".to_owned() + &"x".repeat(300_000);
    let wrong_method = ask("PUT", "/open", "").header("sec-fetch-site", "same-origin");
    let answers = [
        (app.get("/open", "").await, StatusCode::OK),
        (app.get("/member", "").await, StatusCode::SEE_OTHER),
        (app.get("/members", "viewer").await, StatusCode::FORBIDDEN),
        (app.get("/nothing", "").await, StatusCode::NOT_FOUND),
        (
            app.send(wrong_method.body(Body::empty()).unwrap()).await,
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            app.post("/open", "", &large).await,
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (
            app.get("/fault", "").await,
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (
            app.get("/panic", "").await,
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (
            app.get("/session", "broken").await,
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (app.get("/assets/app.css", "").await, StatusCode::NOT_FOUND),
        (app.get("/api/x", "").await, StatusCode::NOT_FOUND),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status);
        hardened(&answer);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn an_error_page_says_what_helps_and_never_the_cause() {
    let app = App::new();
    let answer = app.get("/fault", "owner").await;
    assert!(answer.body.contains("Was geschah") && answer.body.contains("Was jetzt hilft"));
    assert!(!answer.body.contains("space left") && !answer.body.contains("write the file"));
    let short = answer.header("x-request-id").split(' ').next().unwrap();
    assert!(answer.body.contains(short));
    assert!(answer.body.contains("21.11.2026, 14:05 Uhr"));
    assert_eq!(crate::check_html(&answer.body), Vec::<String>::new());
    let english = ask("GET", "/nothing", "").header("accept-language", "fr, en;q=0.8");
    let english = app.send(english.body(Body::empty()).unwrap()).await;
    assert!(english.body.contains("What happened"));
}

#[tokio::test]
async fn assets_live_under_their_hash_for_ever() {
    let app = App::new();
    let assets = Assets::global();
    for path in assets.paths() {
        let answer = app.get(path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        hardened(&answer);
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
    }
    let css = app.get(assets.path("app.css"), "").await.body;
    assert!(css.contains(assets.path("fonts/figtree-latin.woff2")));
    assert!(!css.contains("url(\"fonts/"));
    assert_eq!(assets.path("none"), "/assets/missing");
}

// design part 10: at most 130 KB on the first visit
#[tokio::test]
async fn the_first_visit_weighs_little() {
    let assets = Assets::global();
    assets.compress();
    let first = [
        "tabler.min.css",
        "app.css",
        "icons.svg",
        "favicon.svg",
        "app.js",
        "htmx.min.js",
        "fonts/figtree-latin.woff2",
    ];
    let weight: usize = first
        .iter()
        .map(|name| assets.weight(assets.path(name)).unwrap())
        .sum();
    assert!(weight <= 120_000, "{weight}");
    let request = ask("GET", assets.path("app.css"), "").header("accept-encoding", "gzip, br");
    let answer = App::new().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "br");
}

#[tokio::test]
async fn a_body_in_pieces_is_compressed_to_its_end() {
    let app = App::new();
    let plain = app.get("/pieces", "").await;
    assert_eq!(plain.body.lines().count(), 2_000);
    for encoding in ["gzip", "br"] {
        let request = ask("GET", "/pieces", "").header("accept-encoding", encoding);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert!(!answer.body.is_empty() && answer.body.len() < plain.body.len() / 10);
    }
}
