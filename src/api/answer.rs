//! Answers: JSON, previews, bytes.

use crate::book::Answer;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::Done;
use wabe_kernel::Fault;
use wabe_kernel::content::ByteSource;
use wabe_web::disposition;

/// JSON that was rendered before.
pub(crate) fn json_bytes(status: StatusCode, body: Bytes) -> Response {
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// A JSON value.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    json_bytes(status, value.to_string().into())
}

/// 200 with a value.
///
/// # Errors
/// A fault when it cannot be rendered.
pub(crate) fn ok(value: &impl Serialize) -> Answer {
    Ok(json(StatusCode::OK, &value_of(value)?))
}

/// A value as JSON.
///
/// # Errors
/// A fault when it cannot be rendered.
pub(crate) fn value_of(value: &impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::because("render an answer", error))
}

/// A whole list: all its items, no next page.
pub(crate) fn all(items: &[Value]) -> Response {
    json(StatusCode::OK, &json!({ "items": items, "next": null }))
}

/// 204.
pub(crate) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// What a command would do.
pub(crate) fn preview<T>(done: &Done<T>) -> Response {
    let change = json!({ "before": done.before, "after": done.after });
    let answer = json!({ "dry_run": true, "change": change, "steps": done.steps });
    json(StatusCode::OK, &answer)
}

/// Bytes under a file name. Browsers keep them instead of showing them (bar 3.13 T5).
pub(crate) fn download(kind: &str, name: &str, size: Option<i64>, body: Body) -> Response {
    let kind =
        HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    if let Some(size) = size {
        headers.insert(header::CONTENT_LENGTH, size.into());
    }
    response
}

/// A source as a body. A failure in the middle breaks the answer off, so that nobody takes half of it
/// for the whole.
pub(crate) fn streamed(source: Box<dyn ByteSource>) -> Body {
    Body::from_stream(unfold(source, |mut source| async move {
        let piece = source.next().await?;
        let piece = piece.map(Bytes::from);
        Some((
            piece.map_err(|_failed| std::io::Error::other("the content broke off")),
            source,
        ))
    }))
}
