//! The wall in front of every handler: what a route needs is checked here and nowhere else.

use crate::cookie;
use crate::csrf::{self, Source};
use crate::extract::{Prefers, wants_page};
use crate::failure::Failure;
use crate::form;
use crate::local_path::LocalPath;
use crate::look;
use crate::page::see_other;
use crate::rate::Who;
use crate::routes::{Needs, RouteInfo};
use crate::session::{Bearer, Visitor};
use crate::web::Incoming;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::request::Parts;
use http::{Method, header};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use wabe_kernel::{Fault, Secret};

/// Where people set a new password; the only page that a person who must change theirs can reach,
/// besides the logout and the proof that the new password needs.
pub const PASSWORD_PAGE: &str = "/password";
/// Where people prove themselves again.
pub const PROVE: &str = "/prove";
/// Where people log out.
pub const LOGOUT: &str = "/logout";

/// Lets a request through to its handler, or not.
pub(crate) async fn admit(info: RouteInfo, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(mut incoming) = parts.extensions.get::<Incoming>().cloned() else {
        return Failure::Fault(Fault::new("find the layers around the routes")).into_response();
    };
    let network = Who::Network(incoming.client.network());
    if let Err(seconds) = incoming.web.networks.take(network, info.cost, incoming.at) {
        return Failure::TooMany(seconds).into_response();
    }
    incoming.face = info.face;
    let known = match info.needs {
        Needs::Asset => Ok(()),
        Needs::Token(_) => token(&info, &incoming, &mut parts).await,
        _ => person(&info, &mut incoming, &parts).await,
    };
    let prefers = Prefers::of(&incoming, &parts);
    let mut response = match known {
        Err(failure) if by_cookie(&info) => turned_away(failure, &parts),
        Err(failure) => failure.into_response(),
        Ok(()) => match run(info, incoming, Request::from_parts(parts, body), next).await {
            Ok(response) => response,
            Err(failure) => failure.into_response(),
        },
    };
    response.extensions_mut().insert(prefers);
    response
}

/// Whether people use the route with their browser, and so with a session.
const fn by_cookie(info: &RouteInfo) -> bool {
    !matches!(info.needs, Needs::Asset | Needs::Token(_))
}

async fn run(
    info: RouteInfo,
    incoming: Incoming,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let deadline = incoming.web.settings.deadline;
    if by_cookie(&info) && !csrf::is_safe(request.method()) {
        let (opened, sent) = form::open(request).await?;
        csrf::prove(&incoming, sent.as_deref())?;
        request = opened;
    }
    request.extensions_mut().insert(incoming);
    // A mistake in one handler must not cost the visitor the connection, or the answer its headers.
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = if info.endless {
        answer.await
    } else {
        let answer = tokio::time::timeout(deadline, answer).await;
        answer.map_err(|_elapsed| Failure::TimedOut)?
    };
    answer.map_err(|_panic| Failure::Fault(Fault::new("run a handler that panicked")))
}

async fn person(info: &RouteInfo, incoming: &mut Incoming, parts: &Parts) -> Result<(), Failure> {
    let web = Arc::clone(&incoming.web);
    if !csrf::is_safe(&parts.method) {
        match csrf::source(&parts.headers, &web.settings.origins) {
            Source::Here => {}
            Source::Unsaid if info.programs => {}
            Source::Unsaid | Source::Elsewhere => return Err(Failure::Stale),
        }
    }
    if let Some(token) = cookie::read(&parts.headers, cookie::SESSION) {
        incoming.visitor = web.sessions.find(&token).await?.map(Arc::new);
    }
    if let Some(visitor) = &incoming.visitor {
        let who = Who::Session(visitor.session);
        web.people
            .take(who, info.cost, incoming.at)
            .map_err(Failure::TooMany)?;
    }
    if let Some(reader) = look::reader(info, &parts.method, incoming.visitor.as_deref())? {
        look::note(info, incoming, (&reader, parts)).await?;
        incoming.visitor = Some(Arc::new(reader));
    }
    allowed(info, incoming.visitor.as_deref())?;
    match (info.needs, &incoming.visitor) {
        (Needs::Staff(needed), Some(visitor)) => {
            Ok(web.sessions.note_use(visitor.user, needed).await?)
        }
        _ => Ok(()),
    }
}

/// Whether the visitor may use the route. Deny is what remains.
fn allowed(info: &RouteInfo, visitor: Option<&Visitor>) -> Result<(), Failure> {
    if matches!(info.needs, Needs::Public | Needs::Asset) {
        return Ok(());
    }
    let visitor = visitor.ok_or(Failure::LoginRequired)?;
    let way_out = matches!(info.path, PASSWORD_PAGE | PROVE | LOGOUT);
    if visitor.must_change_password && !way_out {
        return Err(Failure::PasswordFirst);
    }
    match info.needs {
        Needs::Session => Ok(()),
        Needs::Portal if !visitor.staff => Ok(()),
        Needs::Member if visitor.customer.is_some() && !visitor.staff => Ok(()),
        Needs::Permission(needed) if visitor.customer.is_some() && !visitor.staff => {
            if visitor.has(needed) {
                Ok(())
            } else {
                Err(Failure::Forbidden)
            }
        }
        Needs::Staff(needed) if visitor.staff => {
            if visitor.has(needed) {
                Ok(())
            } else {
                Err(Failure::Forbidden)
            }
        }
        // A page of the other face is as if it did not exist.
        _ => Err(Failure::NotFound),
    }
}

async fn token(info: &RouteInfo, incoming: &Incoming, parts: &mut Parts) -> Result<(), Failure> {
    let sent = bearer_of(parts).ok_or(Failure::LoginRequired)?;
    let bearer: Bearer = incoming
        .web
        .sessions
        .bearer(&sent)
        .await?
        .ok_or(Failure::LoginRequired)?;
    let who = Who::Token(bearer.token);
    let rate = incoming.web.people.take(who, info.cost, incoming.at);
    let bearer = Arc::new(bearer);
    parts.extensions.insert(Arc::clone(&bearer));
    rate.map_err(Failure::TooMany)?;
    match info.needs {
        Needs::Token(None) => Ok(()),
        Needs::Token(Some(needed)) if bearer.permissions.contains(&needed) => Ok(()),
        _ => Err(Failure::Forbidden),
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750, 2.1), at most 512 printable characters.
fn bearer_of(parts: &Parts) -> Option<Secret> {
    let mut sent = parts.headers.get_all(header::AUTHORIZATION).iter();
    let text = sent.next()?.to_str().ok()?;
    let token = text.strip_prefix("Bearer ")?;
    let plain = (1..=512).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
    (sent.next().is_none() && plain).then(|| Secret::new(token))
}

/// Sends people who can help themselves to the page where they can.
fn turned_away(failure: Failure, parts: &Parts) -> Response {
    let page = wants_page(&parts.headers);
    let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
    let back = if parts.method == Method::GET {
        here
    } else {
        "/"
    };
    match failure {
        Failure::LoginRequired if page && parts.method == Method::GET => see_other(&format!(
            "/login?next={}",
            LocalPath::or_home(back).encoded()
        )),
        Failure::PasswordFirst if page => see_other(PASSWORD_PAGE),
        other => other.into_response(),
    }
}
