//! News for open pages.

use super::{App, ask};
use axum::body::Body;
use http::StatusCode;
use http_body_util::BodyExt;
use std::sync::atomic::Ordering;
use tower::ServiceExt;
use wabe_access::Change;
use wabe_kernel::State;
use wabe_kernel::id::CustomerId;
use wabe_kernel::macros::uuid::Uuid;

fn change(customer: u128, seq: i64) -> Change {
    let customer = CustomerId::from_uuid(Uuid::from_u128(customer));
    Change::of(customer, seq, "mbx_1".to_owned(), Some(State::Live))
}

#[tokio::test(start_paused = true)]
async fn a_stream_tells_of_one_customer_and_ends_with_its_session() {
    let app = App::new();
    let request = ask("GET", "/live", "owner").body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    app.events.publish(change(2, 1));
    app.events.publish(change(1, 7));
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let first = String::from_utf8_lossy(&first).into_owned();
    assert!(
        first.contains("id: 7") && first.contains("mbx_1"),
        "{first}"
    );
    app.people.ended.store(true, Ordering::Relaxed);
    let mut frames = 0;
    while let Some(frame) = body.frame().await {
        let text = String::from_utf8_lossy(&frame.unwrap().into_data().unwrap()).into_owned();
        assert!(
            text.starts_with(':'),
            "only keep-alives until the session is looked up: {text}"
        );
        frames += 1;
        assert!(frames < 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_tells_when_what_is_looked_at_became_another() {
    let app = App::new();
    let request = ask("GET", "/live?grows=yes", "owner");
    let request = request.body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let mut body = response.into_body();
    let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let text = String::from_utf8_lossy(&frame).into_owned();
    assert!(
        text.contains("event: change") && text.contains("data: {}"),
        "{text}"
    );
}

#[tokio::test]
async fn a_session_has_at_most_six_streams() {
    let app = App::new();
    let mut open = Vec::new();
    for number in 0..7 {
        let request = ask("GET", "/live", "owner").body(Body::empty()).unwrap();
        let response = app.router.clone().oneshot(request).await.unwrap();
        let expected = if number < 6 {
            StatusCode::OK
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(response.status(), expected);
        open.push(response);
    }
}
