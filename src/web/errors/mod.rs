//! Failures on their way to people: the error page.

pub(crate) mod show;

use crate::failure::{Failure, Shown};
use crate::rate::{Cost, Who};
use crate::request::RequestId;
use crate::web::Incoming;
use axum::Extension;
use axum::response::Response;
use wabe_kernel::{Language, Timestamp};

/// What a renderer knows about a failed request.
#[derive(Debug, Clone, Copy)]
pub struct Occasion {
    /// The request.
    pub id: RequestId,
    /// When.
    pub at: Timestamp,
    /// The language of the answer: the one that the request asks for, English otherwise. A program has
    /// no page on which it chose another.
    pub language: Language,
}

/// Turns a failure into a response of another form than a page (the API's JSON). Status, retry time
/// and security headers are set around it.
pub type Renderer = fn(&Occasion, &Shown) -> Response;

/// What is behind every path that no route has.
pub(crate) async fn not_found(incoming: Option<Extension<Incoming>>) -> Failure {
    counted(incoming, Failure::NotFound)
}

/// What is behind every method that a path does not have.
pub(crate) async fn wrong_method(incoming: Option<Extension<Incoming>>) -> Failure {
    counted(incoming, Failure::MethodNotAllowed)
}

/// Looking for what does not exist costs as much as a page.
fn counted(incoming: Option<Extension<Incoming>>, failure: Failure) -> Failure {
    let Some(Extension(incoming)) = incoming else {
        return failure;
    };
    let who = Who::Network(incoming.client.network());
    match incoming.web.networks.take(who, Cost::Light, incoming.at) {
        Ok(()) => failure,
        Err(seconds) => Failure::TooMany(seconds),
    }
}
