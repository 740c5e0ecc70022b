//! Where webhooks of plugins arrive: an origin of its own, without cookies, pages or sessions.
//!
//! Invariants: what a plugin replies is text or JSON that no browser takes for a page, and never speaks
//! for the portal's origin; whoever does not prove themselves learns nothing about what is there.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower::service_fn;
use wabe_automation::Engine;
use wabe_automation::engine::{WebhookReply, WebhookRequest};
use wabe_web::client::Client;

/// The most bytes of a request's body.
const BODY_MAX: usize = 1 << 20;
/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);
/// Bodies that are taken in at once; others wait for their turn.
const BODIES: usize = 64;
/// Methods that are passed on.
const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// Everything that is sent with every reply.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=63072000; includeSubDomains",
    ),
];

/// The listener's routes: there is but one, and the engine knows the addresses.
pub(super) fn router(engine: Arc<Engine>, proxies: Vec<IpAddr>) -> Router {
    let door = Arc::new(Door {
        engine,
        proxies,
        bodies: Semaphore::new(BODIES),
    });
    Router::new().fallback_service(service_fn(move |request: Request| {
        let door = door.clone();
        async move { Ok::<_, Infallible>(door.answer(request).await) }
    }))
}

/// What requests come through.
struct Door {
    engine: Arc<Engine>,
    proxies: Vec<IpAddr>,
    bodies: Semaphore,
}

impl Door {
    async fn answer(&self, request: Request) -> Response {
        let (slug, request) = match self.read(request).await {
            Ok(read) => read,
            Err(status) => return bare(status),
        };
        written(self.engine.receive(&slug, request).await)
    }

    /// The address's secret part, and the request as plugins get it.
    async fn read(&self, request: Request) -> Result<(String, WebhookRequest), StatusCode> {
        let (head, body) = request.into_parts();
        if !METHODS.contains(&head.method) {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
        let remote = Client::of(peer.map(|peer| peer.0), &head.headers, &self.proxies).0;
        let (slug, path, rest) = parts(head.uri.path()).ok_or(StatusCode::NOT_FOUND)?;
        if !self.engine.is_address(&slug).await {
            return Err(StatusCode::NOT_FOUND);
        }
        let turn = self.bodies.acquire().await;
        let turn = turn.map_err(|_closed| StatusCode::SERVICE_UNAVAILABLE)?;
        let body = tokio::time::timeout(ARRIVAL, Limited::new(body, BODY_MAX).collect()).await;
        let body = match body {
            Ok(Ok(body)) => body.to_bytes().to_vec(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            Ok(Err(_broken)) => return Err(StatusCode::BAD_REQUEST),
            Err(_late) => return Err(StatusCode::REQUEST_TIMEOUT),
        };
        drop(turn);
        let request = WebhookRequest {
            method: head.method.as_str().to_owned(),
            path,
            rest,
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: headers(&head.headers),
            body,
            remote,
        };
        Ok((slug, request))
    }
}

/// `/{slug}/{path}{rest}`, the rest beginning with a slash or empty.
fn parts(path: &str) -> Option<(String, String, String)> {
    let (slug, after) = path.strip_prefix('/')?.split_once('/')?;
    let end = after.find('/').unwrap_or(after.len());
    let (path, rest) = after.split_at_checked(end)?;
    Some((slug.to_owned(), path.to_owned(), rest.to_owned()))
}

/// Headers that are text; others say nothing to anybody.
fn headers(all: &HeaderMap) -> Vec<(String, String)> {
    let texts = all.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    texts.collect()
}

fn bare(status: StatusCode) -> Response {
    written(WebhookReply {
        status: status.as_u16(),
        content_type: "text/plain",
        body: Vec::new(),
        ask_for_password: false,
        retry_after: None,
    })
}

fn written(reply: WebhookReply) -> Response {
    let has_body = !reply.body.is_empty();
    let mut response = Response::new(Body::from(reply.body));
    let status = StatusCode::from_u16(reply.status);
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if has_body {
        let kind = if reply.content_type == "text/plain" {
            "text/plain; charset=utf-8"
        } else {
            "application/json; charset=utf-8"
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if reply.ask_for_password {
        let ask = HeaderValue::from_static("Basic realm=\"Wabe\", charset=\"UTF-8\"");
        headers.insert(header::WWW_AUTHENTICATE, ask);
    }
    if let Some(seconds) = reply.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn an_address_is_a_slug_a_path_and_what_follows() {
        let owned = |slug: &str, path: &str, rest: &str| {
            Some((slug.to_owned(), path.to_owned(), rest.to_owned()))
        };
        assert_eq!(parts("/abc/update"), owned("abc", "update", ""));
        assert_eq!(
            parts("/abc/update/nic/update"),
            owned("abc", "update", "/nic/update")
        );
        assert_eq!(parts("/abc/"), owned("abc", "", ""));
        assert_eq!(parts("/abc"), None);
        assert_eq!(parts("/"), None);
        assert_eq!(parts(""), None);
    }
}
