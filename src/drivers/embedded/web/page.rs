//! The few pages the server has of its own. They name nobody and load nothing.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use http::{Response, StatusCode};

use crate::embedded::web::body::Content;

/// The page of a new webspace.
pub(super) const FIRST: &str =
    include_str!("../../../../templates/drivers/embedded/first-page.html");
/// Nothing of that name in a site.
pub(crate) const NOT_FOUND: &str =
    include_str!("../../../../templates/drivers/embedded/not-found.html");
/// No site of that name on this server.
pub(super) const NO_SITE: &str =
    include_str!("../../../../templates/drivers/embedded/no-site.html");
/// A suspended site.
pub(crate) const SUSPENDED: &str =
    include_str!("../../../../templates/drivers/embedded/suspended.html");
/// A site in the trash.
pub(crate) const GONE: &str = include_str!("../../../../templates/drivers/embedded/gone.html");
/// A site whose application elsewhere does not answer.
pub(crate) const AWAY: &str = include_str!("../../../../templates/drivers/embedded/away.html");
/// What a preview host tells search engines.
pub(crate) const PREVIEW_ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// What browsers may do with these pages.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// Answers one of the pages above.
pub(super) fn html(status: StatusCode, text: &'static str) -> Response<Content> {
    let mut response = fixed(status, "text/html; charset=utf-8", text);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Answers a short text of the server's own.
pub(super) fn fixed(
    status: StatusCode,
    media_type: &'static str,
    text: &'static str,
) -> Response<Content> {
    let mut response = empty(status);
    *response.body_mut() = Content::Fixed(Some(Bytes::from_static(text.as_bytes())));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    response
}

/// Answers a short text that is made for whoever asks.
pub(super) fn told(media_type: &'static str, text: String) -> Response<Content> {
    let mut response = fixed(StatusCode::OK, media_type, "");
    let length = HeaderValue::from(text.len());
    response.headers_mut().insert(CONTENT_LENGTH, length);
    *response.body_mut() = Content::Fixed(Some(Bytes::from(text)));
    response
}

/// Answers a status and nothing else.
pub(super) fn empty(status: StatusCode) -> Response<Content> {
    let mut response = Response::new(Content::Empty);
    *response.status_mut() = status;
    response
}
