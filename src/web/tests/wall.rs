//! Who gets through to which handler.

use super::{App, ORIGIN, ask, routes, token};
use crate::{Needs, csrf};
use axum::body::Body;
use http::StatusCode;

fn allowed(needs: Needs, who: &str) -> bool {
    match needs {
        Needs::Public | Needs::Asset => true,
        Needs::Session => !who.is_empty(),
        Needs::Portal => !who.is_empty() && who != "staff",
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
            let expected = expected
                && (who != "fresh"
                    || matches!(info.path, "/logout" | "/open" | "/pieces" | "/query"));
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
        (StatusCode::UNAUTHORIZED, "login en")
    );
    assert_eq!(app.get("/api/nothing", "owner").await.body, "not-found en");
    let german = bearer("GET", "wrong").header("accept-language", "de-AT, en;q=0.5");
    let german = app.send(german.body(Body::empty()).unwrap()).await;
    assert_eq!(german.body, "login de");
}

/// Where a request says that it comes from.
type From = &'static [(&'static str, &'static str)];

/// From a page of ours.
const HERE: [From; 3] = [
    &[("sec-fetch-site", "same-origin")],
    &[
        ("sec-fetch-site", "same-origin"),
        ("origin", "https://evil.example"),
    ],
    &[("origin", ORIGIN)],
];

/// From somebody else's, or from a browser that does not say.
const ELSEWHERE: [From; 13] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("sec-fetch-site", "")],
    &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
    &[
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "same-origin"),
    ],
    &[("origin", "https://a.panel.example")],
    &[("origin", "null")],
    &[("origin", ORIGIN), ("origin", ORIGIN)],
    &[("referer", "https://evil.example/")],
    &[("sec-fetch-mode", "navigate")],
    &[("sec-fetch-dest", "document")],
    &[("sec-fetch-user", "?1")],
];

/// Sends a form to `path` as the owner, with this token.
async fn sent_from(app: &App, path: &str, from: From, token: &str) -> StatusCode {
    let mut request =
        ask("POST", path, "owner").header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in from {
        request = request.header(*name, *value);
    }
    let body = if token.is_empty() {
        "a=1".to_owned()
    } else {
        format!("a=1&csrf={token}")
    };
    app.send(request.body(body.into()).unwrap()).await.status
}

// 3.5 T6
#[tokio::test]
async fn only_the_same_origin_with_the_right_token_changes_anything() {
    let app = App::new();
    let right = token();
    let wrong = token().replace('a', "b");
    for path in ["/member", "/logout"] {
        for token in [right.as_str(), &wrong, ""] {
            for from in HERE {
                let allowed = token == right;
                let answer = sent_from(&app, path, from, token).await;
                assert_eq!(answer == StatusCode::OK, allowed, "{from:?} {token:?}");
                assert!(allowed || answer == StatusCode::FORBIDDEN, "{from:?}");
            }
            for from in ELSEWHERE {
                let answer = sent_from(&app, path, from, token).await;
                assert_eq!(answer, StatusCode::FORBIDDEN, "{from:?} {token:?}");
            }
        }
    }
}

// 3.5 T6, ADR 0006
#[tokio::test]
async fn who_does_not_say_from_where_only_gets_in_and_out() {
    let app = App::new();
    let right = token();
    let wrong = token().replace('a', "b");
    for (path, token, expected) in [
        ("/logout", right.as_str(), StatusCode::OK),
        ("/logout", &wrong, StatusCode::FORBIDDEN),
        ("/logout", "", StatusCode::FORBIDDEN),
        ("/member", &right, StatusCode::FORBIDDEN),
        ("/member", "", StatusCode::FORBIDDEN),
        ("/open", &right, StatusCode::FORBIDDEN),
    ] {
        let answer = sent_from(&app, path, &[], token).await;
        assert_eq!(answer, expected, "{path} {token:?}");
    }
}

/// The bodies of the kinds that the layers know, and of one that they do not.
const BODIES: [(&str, &str); 5] = [
    ("", ""),
    ("application/x-www-form-urlencoded", "a=1"),
    ("application/json", "{}"),
    (
        "multipart/form-data; boundary=x",
        "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n",
    ),
    ("text/plain", "a=1"),
];

// 3.5 T6: no handler can forget the token, whatever it takes
#[tokio::test]
async fn no_body_of_any_kind_passes_without_the_token() {
    let app = App::new();
    let changes = routes().table().into_iter().filter(|info| {
        !matches!(info.needs, Needs::Token(_)) && !csrf::is_safe(&info.method.parse().unwrap())
    });
    let changes: Vec<_> = changes.collect();
    assert!(changes.iter().any(|info| info.path == "/blind"));
    for info in changes {
        let who = if info.path == "/staff" {
            "staff"
        } else {
            "owner"
        };
        for (kind, body) in BODIES {
            for (sent, proved) in [
                (None, false),
                (Some("ab".repeat(64)), false),
                (Some(token()), true),
            ] {
                let mut request =
                    ask(info.method, info.path, who).header("sec-fetch-site", "same-origin");
                if !kind.is_empty() {
                    request = request.header("content-type", kind);
                }
                if let Some(sent) = &sent {
                    request = request.header("x-csrf-token", sent);
                }
                let answer = app.send(request.body(body.into()).unwrap()).await;
                let refused = answer.status == StatusCode::FORBIDDEN;
                let by_role = info.path == "/staff";
                assert!(
                    refused != proved || by_role,
                    "{info:?} {kind:?}: {}",
                    answer.status
                );
            }
        }
    }
}

// 3.5 T6
#[tokio::test]
async fn a_form_proves_itself_by_its_token_on_a_route_that_reads_nothing() {
    let app = App::new();
    let (form, files) = (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    );
    let part = |token: &str| {
        format!("--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--x--\r\n")
    };
    for (kind, body, expected) in [
        (form, format!("csrf={}", token()), StatusCode::OK),
        (files, part(&token()), StatusCode::OK),
        (files, part("no"), StatusCode::FORBIDDEN),
    ] {
        let request = ask("PUT", "/blind", "owner").header("sec-fetch-site", "same-origin");
        let request = request
            .header("content-type", kind)
            .body(body.into())
            .unwrap();
        assert_eq!(app.send(request).await.status, expected, "{kind}");
    }
}
