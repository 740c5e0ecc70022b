//! What handlers ask for in their arguments: who is asking, and what the address says.
//!
//! Each of them is true by type: a handler that takes a [`Member`] runs only with one. The route has
//! checked the permission before; these look again only for what they hand out.

use crate::cookie;
use crate::failure::Failure;
use crate::session::{Bearer, CustomerBrief, Theme, Visitor};
use crate::view::View;
use crate::web::Incoming;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;
use wabe_access::Actor;
use wabe_kernel::{Fault, Language};

/// Anybody, logged in or not. Gives the [`View`] that pages are rendered with.
pub struct Guest(pub View);

/// A logged-in person.
pub struct Person {
    /// Who.
    pub visitor: Arc<Visitor>,
    /// What pages are rendered with.
    pub view: View,
}

/// A logged-in person in a customer.
pub struct Member {
    /// Who.
    pub visitor: Arc<Visitor>,
    /// Their present customer.
    pub customer: CustomerBrief,
    /// What pages are rendered with.
    pub view: View,
}

/// A member of staff.
pub struct StaffMember {
    /// Who.
    pub visitor: Arc<Visitor>,
    /// What pages are rendered with.
    pub view: View,
}

/// Whoever sent a valid API token.
pub struct Caller(pub Arc<Bearer>);

impl Deref for Guest {
    type Target = View;

    fn deref(&self) -> &View {
        &self.0
    }
}

macro_rules! people {
    ($($name:ident),*) => {$(
        impl $name {
            /// Who acts, for the gate.
            #[must_use]
            pub fn actor(&self) -> &Actor {
                &self.visitor.actor
            }
        }

        impl Deref for $name {
            type Target = View;

            fn deref(&self) -> &View {
                &self.view
            }
        }
    )*};
}
people!(Person, Member, StaffMember);

fn incoming(parts: &Parts) -> Result<&Incoming, Failure> {
    let incoming = parts.extensions.get::<Incoming>();
    incoming.ok_or_else(|| Failure::Fault(Fault::new("find the layers around the routes")))
}

fn view(parts: &Parts) -> Result<View, Failure> {
    let incoming = incoming(parts)?;
    let guest = Prefers {
        language: guest_language(&parts.headers),
        theme: guest_theme(&parts.headers),
    };
    Ok(View::of(
        incoming,
        guest,
        (parts.uri.path(), parts.method == Method::GET),
    ))
}

fn visitor(parts: &Parts) -> Result<Arc<Visitor>, Failure> {
    incoming(parts)?
        .visitor
        .clone()
        .ok_or(Failure::LoginRequired)
}

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        view(parts).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        Ok(Self {
            visitor: visitor(parts)?,
            view: view(parts)?,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let visitor = visitor(parts)?;
        let customer = visitor.customer.clone().ok_or(Failure::NotFound)?;
        Ok(Self {
            visitor,
            customer,
            view: view(parts)?,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for StaffMember {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let visitor = visitor(parts)?;
        if !visitor.staff {
            return Err(Failure::NotFound);
        }
        Ok(Self {
            visitor,
            view: view(parts)?,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let bearer = parts.extensions.get::<Arc<Bearer>>().cloned();
        bearer.map(Self).ok_or(Failure::LoginRequired)
    }
}

/// One typed part of the path. What does not parse is answered like what does not exist.
pub struct Path<T>(pub T);

/// Two typed parts of the path, in order.
pub struct Path2<A, B>(pub A, pub B);

async fn parts_of(parts: &mut Parts) -> Result<Vec<String>, Failure> {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    let params = params.map_err(|_not_utf8| Failure::NotFound)?;
    Ok(params.iter().map(|(_, value)| value.to_owned()).collect())
}

fn parsed<T: FromStr>(params: &[String], index: usize) -> Result<T, Failure> {
    let text = params.get(index).ok_or(Failure::NotFound)?;
    text.parse().map_err(|_wrong| Failure::NotFound)
}

impl<T: FromStr, S: Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let params = parts_of(parts).await?;
        parsed(&params, 0).map(Self)
    }
}

impl<A: FromStr, B: FromStr, S: Sync> FromRequestParts<S> for Path2<A, B> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let params = parts_of(parts).await?;
        Ok(Self(parsed(&params, 0)?, parsed(&params, 1)?))
    }
}

/// The query string. Unknown names are kept; a value that is not UTF-8 or a string above 8 KiB is
/// refused.
#[derive(Debug, Default)]
pub struct Query(pub BTreeMap<String, String>);

impl Query {
    /// The value of `name`, empty when it is missing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let text = parts.uri.query().unwrap_or("");
        if text.len() > 8_192 {
            return Err(Failure::Unreadable);
        }
        crate::form::pairs(text.as_bytes()).map(Self)
    }
}

/// The language and theme that somebody's pages have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefers {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
}

impl Prefers {
    /// The visitor's, a guest's otherwise.
    pub(crate) fn of(incoming: &Incoming, parts: &Parts) -> Self {
        if let Some(visitor) = &incoming.visitor {
            return Self {
                language: visitor.language,
                theme: visitor.theme,
            };
        }
        let bearer = parts.extensions.get::<Arc<Bearer>>();
        let language =
            bearer.map_or_else(|| guest_language(&parts.headers), |bearer| bearer.language);
        Self {
            language,
            theme: guest_theme(&parts.headers),
        }
    }
}

/// A guest's language: their choice, their browser's, German.
pub(crate) fn guest_language(headers: &HeaderMap) -> Language {
    let chosen = cookie::read(headers, cookie::LANGUAGE);
    if let Some(language) = chosen.and_then(|chosen| chosen.expose().parse().ok()) {
        return language;
    }
    accepted_language(headers).unwrap_or_default()
}

/// The language that a request asks for.
pub(crate) fn accepted_language(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?;
    Language::accepted(accepted.to_str().ok()?)
}

/// A guest's theme: their choice, the system's.
pub(crate) fn guest_theme(headers: &HeaderMap) -> Theme {
    let chosen = cookie::read(headers, cookie::THEME);
    chosen
        .and_then(|chosen| chosen.expose().parse().ok())
        .unwrap_or_default()
}

/// Whether a person looks at the answer: a browser's navigation, not a script.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = |kind: &str| {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|text| text.to_str().ok());
        accept.is_none_or(|accept| accept.contains(kind))
    };
    !headers.contains_key("hx-request") && accepts("text/html")
}
