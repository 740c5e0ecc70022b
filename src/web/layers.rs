//! What lies around all routes: request number, headers, error pages, compression, size limits.

use crate::client::Client;
use crate::errors::{Renderer, show};
use crate::failure::{Failure, Shown};
use crate::headers::harden;
use crate::web::{Incoming, Web};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http_body_util::BodyExt as _;
use std::net::SocketAddr;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

/// The most bytes of a body that no handler asked to be larger.
pub(crate) const BODY_BYTES_MAX: usize = 1 << 20;
/// The most bytes of all header lines together (bar 3.15 T3); the listener bounds them as well.
const HEADER_BYTES_MAX: usize = 16 * 1024;

pub(crate) type Renderers = Arc<[(&'static str, Renderer)]>;

/// Puts the layers around a router. From the outside in: compression, headers and error pages,
/// size limits, routes.
pub(crate) fn around(router: Router, web: Arc<Web>, renderers: Renderers) -> Router {
    let outer = move |request: Request, next: Next| {
        outermost(Arc::clone(&web), Arc::clone(&renderers), request, next)
    };
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn(outer))
        .layer(middleware::map_response(fused))
        .layer(CompressionLayer::new())
}

/// What compresses a body asks it once more behind its end, where a stream of ours would panic.
async fn fused(response: Response) -> Response {
    response.map(|body| Body::new(body.fuse()))
}

async fn outermost(
    web: Arc<Web>,
    renderers: Renderers,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0);
    let client = Client::of(peer, request.headers(), &web.settings.proxies);
    let incoming = Incoming::new(web, client);
    let id = incoming.id;
    let context = show::Context::of(&request, incoming.clone());
    let headers = request.headers().iter();
    let size: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    request.extensions_mut().insert(incoming);
    let mut response = if size > HEADER_BYTES_MAX {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response()
    } else {
        next.run(request).await
    };
    let shown = response
        .extensions_mut()
        .remove::<Shown>()
        .or_else(|| bare(&response));
    if let Some(shown) = shown {
        response = show::failure(&context, &renderers, &shown, &response);
    }
    harden(&mut response, id);
    response
}

/// Answers of the framework that no handler made.
fn bare(response: &Response) -> Option<Shown> {
    let failure = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            Failure::TooLarge
        }
        StatusCode::METHOD_NOT_ALLOWED => Failure::MethodNotAllowed,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::MediaType,
        _ => return None,
    };
    response
        .headers()
        .get("content-type")
        .is_none_or(|kind| kind == "text/plain; charset=utf-8")
        .then(|| Shown(Arc::new(failure)))
}
