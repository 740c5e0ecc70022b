//! What a request may look like, and what it is answered when it does not.

use super::{App, ORIGIN, ask, token};
use crate::{Settings, rate::Rates};
use axum::body::Body;
use http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn multipart(parts: &[(&str, Option<&str>, &str)]) -> String {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        let head = format!("content-disposition: form-data; name=\"{name}\"{file}");
        body = body + "--x\r\n" + &head + "\r\n\r\n" + content + "\r\n";
    }
    body + "--x--\r\n"
}

async fn upload(app: &App, parts: &[(&str, Option<&str>, &str)]) -> super::Answer {
    let request = ask("POST", "/upload", "owner")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=x");
    app.send(request.body(multipart(parts).into()).unwrap())
        .await
}

#[tokio::test]
async fn an_upload_needs_the_token_before_its_files() {
    let app = App::new();
    let token = token();
    let file = ("files", Some("brot.txt"), "Roggen");
    let good = upload(&app, &[("csrf", None, &token), ("note", None, "x"), file]).await;
    assert_eq!(
        (good.status, good.body.as_str()),
        (StatusCode::OK, "note=x;brot.txt:6;")
    );
    assert_eq!(
        upload(&app, &[file, ("csrf", None, &token)]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        upload(&app, &[("csrf", None, "no"), file]).await.status,
        StatusCode::FORBIDDEN
    );
    let large = upload(
        &app,
        &[("csrf", None, &token), ("f", Some("a"), "12345678901")],
    )
    .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

// 3.15 T3
#[tokio::test]
async fn a_form_with_files_that_never_comes_to_the_point_is_ended() {
    let app = App::new();
    let piece = bytes::Bytes::from(vec![b'x'; 64 * 1024]);
    for begin in [
        "",
        "--x\r\ncontent-disposition: ",
        "--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n",
    ] {
        let sent = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&sent);
        let piece = piece.clone();
        let frames = std::iter::once(bytes::Bytes::from(begin)).chain(std::iter::repeat(piece));
        let frames = frames.map(move |frame| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(frame)
        });
        let body = Body::from_stream(futures_util::stream::iter(frames));
        let request = ask("POST", "/upload", "owner")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=x");
        let answer = app.send(request.body(body).unwrap()).await;
        assert!(
            answer.status.is_client_error(),
            "{begin:?}: {}",
            answer.status
        );
        assert!(sent.load(Ordering::Relaxed) < 32, "{begin:?}");
    }
}

#[tokio::test]
async fn what_was_typed_reaches_the_handler_without_the_token() {
    let app = App::new();
    let form = format!("csrf={}&name=B%C3%A4cker+%26+Co", token());
    let answer = app.post("/member", "owner", &form).await;
    assert_eq!(answer.body, "{\"name\": \"Bäcker & Co\"}");
}

#[tokio::test]
async fn a_form_without_end_or_sense_is_refused() {
    let app = App::new();
    let large = format!("a={}", "x".repeat(300_000));
    assert_eq!(
        app.post("/open", "", &large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let damaged = app.post("/open", "", "a=%FF").await;
    assert_eq!(damaged.status, StatusCode::UNPROCESSABLE_ENTITY);
    let request = ask("POST", "/open", "").header("sec-fetch-site", "same-origin");
    let request = request
        .header("content-type", "application/json")
        .body("{}".into())
        .unwrap();
    assert_eq!(
        app.send(request).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

// design part 11: one answer for foreign and missing
#[tokio::test]
async fn foreign_missing_and_malformed_ids_have_one_answer() {
    let app = App::new();
    let foreign =
        wabe_kernel::id::MailboxId::from_uuid(wabe_kernel::macros::uuid::Uuid::from_u128(77));
    let mut seen = Vec::new();
    for id in [
        foreign.to_string().as_str(),
        "nonsense",
        "web_00000000000000000000000001",
    ] {
        let answer = app.get(&format!("/mailboxes/{id}"), "owner").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let number = answer
            .header("x-request-id")
            .split(' ')
            .next()
            .unwrap()
            .to_owned();
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        seen.push((answer.body.replace(&number, "N"), format!("{headers:?}")));
    }
    assert!(seen.iter().all(|one| *one == seen[0]));
}

#[tokio::test]
async fn who_asks_too_much_is_told_when_to_come_back() {
    let mut settings = Settings::at(ORIGIN);
    settings.network_rates = Rates {
        burst: 2,
        per_second: 1,
    };
    let app = App::with(settings);
    assert_eq!(app.get("/open", "").await.status, StatusCode::OK);
    assert_eq!(app.get("/open", "").await.status, StatusCode::OK);
    let answer = app.get("/open", "").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_ended() {
    let answer = App::new().get("/slow", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
}

// 3.5 T8
#[tokio::test]
async fn no_cookie_makes_somebody_of_nobody() {
    let app = App::new();
    for cookie in [
        "owner=",
        "\"owner\"",
        "owner\\",
        "owner; __Host-wabe=staff",
        "OWNER",
        "owner%20",
    ] {
        let answer = app.get("/session", cookie).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{cookie}");
    }
    let long = format!("owner; x={}", "a".repeat(8_192));
    assert_eq!(
        app.get("/session", &long).await.status,
        StatusCode::SEE_OTHER
    );
    let huge = format!("owner; x={}", "a".repeat(20_000));
    assert_eq!(
        app.get("/open", &huge).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn proving_oneself_leads_back_to_the_page() {
    let answer = App::new().get("/prove-me", "owner").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/prove?next=%2Fprove%2Dme")
    );
}
