//! Who gets through to which handler.

use super::{App, ORIGIN, ask, routes, token};
use crate::Needs;
use axum::body::Body;
use http::StatusCode;

fn allowed(needs: Needs, who: &str) -> bool {
    match needs {
        Needs::Public | Needs::Asset => true,
        Needs::Session => !who.is_empty(),
        Needs::Member => matches!(who, "owner" | "viewer"),
        Needs::Permission(needed) => match who {
            "owner" => true,
            "viewer" => wabe_access::Role::Viewer.permissions().contains(&needed),
            _ => false,
        },
        Needs::Staff(needed) => {
            who == "staff"
                && wabe_access::StaffRole::Support
                    .permissions()
                    .contains(&needed)
        }
        Needs::Token(_) => false,
    }
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_it_declares() {
    let app = App::new();
    let ways = routes()
        .table()
        .into_iter()
        .filter(|info| info.path != "/slow");
    for info in ways.filter(|info| !info.endless && !matches!(info.path, "/fault" | "/panic")) {
        let path = info.path.replace("{id}", "mbx_00000000000000000000000001");
        for who in ["", "unknown", "owner", "viewer", "staff", "fresh"] {
            let request = ask(info.method, &path, who)
                .header("sec-fetch-site", "same-origin")
                .header("x-csrf-token", token());
            let form = "application/x-www-form-urlencoded";
            let request = request
                .header("content-type", form)
                .body(Body::empty())
                .unwrap();
            let answer = app.send(request).await;
            let expected = allowed(info.needs, if who == "unknown" { "" } else { who });
            let expected = expected && (who != "fresh" || matches!(info.path, "/logout" | "/open"));
            let prove =
                info.path == "/prove-me" && answer.header("location").starts_with("/prove?");
            let passed = answer.status == StatusCode::OK || prove;
            assert_eq!(passed, expected, "{info:?} as {who:?}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_guest_is_sent_to_the_login_and_back() {
    let app = App::new();
    let answer = app.get("/member?q=a&x=//evil", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.header("location"),
        "/login?next=%2Fmember%3Fq%3Da%26x%3D%2F%2Fevil"
    );
    let script = ask("GET", "/member", "").header("hx-request", "true");
    let answer = app.send(script.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_first_password_opens_only_the_password_page() {
    let app = App::new();
    let answer = app.get("/member", "fresh").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/password")
    );
    let out = app
        .post("/logout", "fresh", &format!("csrf={}", token()))
        .await;
    assert_eq!(out.status, StatusCode::OK);
}

#[tokio::test]
async fn tokens_open_the_api_and_cookies_do_not() {
    let app = App::new();
    let bearer = |method: &str, token: &str| {
        ask(method, "/api/mailboxes", "owner").header("authorization", format!("Bearer {token}"))
    };
    let read = app
        .send(bearer("GET", "good-token").body(Body::empty()).unwrap())
        .await;
    assert_eq!((read.status, read.body.as_str()), (StatusCode::OK, "list"));
    let write = app
        .send(bearer("POST", "good-token").body(Body::empty()).unwrap())
        .await;
    assert_eq!(
        (write.status, write.body.as_str()),
        (StatusCode::FORBIDDEN, "forbidden en")
    );
    let wrong = app
        .send(bearer("GET", "wrong").body(Body::empty()).unwrap())
        .await;
    assert_eq!(
        (wrong.status, wrong.body.as_str()),
        (StatusCode::UNAUTHORIZED, "login de")
    );
    assert_eq!(app.get("/api/nothing", "owner").await.body, "not-found de");
}

// 3.5 T6
#[tokio::test]
async fn only_the_same_origin_with_the_right_token_changes_anything() {
    let app = App::new();
    let right = token();
    let wrong = token().replace('a', "b");
    let sites = [
        ("cross-site", None, false),
        ("same-site", None, false),
        ("none", None, false),
        ("same-origin", None, true),
        ("same-origin", Some("https://evil.example"), true),
        // A program, not a browser: the token alone decides (ADR 0006).
        ("", None, true),
        ("", Some(ORIGIN), true),
        ("", Some("https://a.panel.example"), false),
        ("", Some("null"), false),
        ("same-site", Some(ORIGIN), false),
    ];
    for (site, origin, from_here) in sites {
        for (sent, known) in [(right.as_str(), true), (wrong.as_str(), false), ("", false)] {
            let mut request = ask("POST", "/member", "owner")
                .header("content-type", "application/x-www-form-urlencoded");
            if !site.is_empty() {
                request = request.header("sec-fetch-site", site);
            }
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let body = if sent.is_empty() {
                "a=1".to_owned()
            } else {
                format!("a=1&csrf={sent}")
            };
            let answer = app.send(request.body(body.into()).unwrap()).await;
            let expected = if from_here && known {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expected, "{site:?} {origin:?} {sent:?}");
        }
    }
}

// 3.5 T6: no handler can forget the token
#[tokio::test]
async fn a_change_without_a_form_needs_the_token_in_its_header() {
    let app = App::new();
    for (kind, sent, expected) in [
        ("", None, StatusCode::FORBIDDEN),
        ("application/json", None, StatusCode::FORBIDDEN),
        (
            "multipart/form-data; boundary=x",
            None,
            StatusCode::FORBIDDEN,
        ),
        ("text/plain", Some(token()), StatusCode::OK),
    ] {
        let mut request = ask("DELETE", "/member", "owner").header("sec-fetch-site", "same-origin");
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        if let Some(sent) = sent {
            request = request.header("x-csrf-token", sent);
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, expected, "{kind}");
    }
}
