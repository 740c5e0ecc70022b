//! What only the login, and whoever proves themselves again, need to know of a request: from where it
//! came, which cookies it brought, and who it is from once the session has another token.
//!
//! Invariant: the address is the one that limits are counted under; no header but a trusted proxy's
//! moves it.

use crate::cookie;
use crate::extract::{Prefers, guest_language, guest_theme};
use crate::failure::Failure;
use crate::session::Visitor;
use crate::view::View;
use crate::web::Incoming;
use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use std::net::IpAddr;
use std::sync::Arc;
use wabe_kernel::{Fault, Secret};

/// How a request arrived.
pub struct Arrival {
    incoming: Incoming,
    guest: Prefers,
    path: String,
    session: Option<Secret>,
    device: Option<Secret>,
    half: Option<Secret>,
    user_agent: String,
}

impl Arrival {
    /// From where; never for logs or pages in full.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.incoming.client.0
    }

    /// The token of the session cookie, whether or not a session stands behind it.
    #[must_use]
    pub const fn session(&self) -> Option<&Secret> {
        self.session.as_ref()
    }

    /// The cookie of a browser that somebody logged in from before.
    #[must_use]
    pub const fn device(&self) -> Option<&Secret> {
        self.device.as_ref()
    }

    /// The token of a login whose second factor is still to come.
    #[must_use]
    pub const fn half(&self) -> Option<&Secret> {
        self.half.as_ref()
    }

    /// What the browser calls itself; empty when it says nothing.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        &self.user_agent
    }

    /// Who this is by the session's new `token`, and the view with that session's form token.
    ///
    /// # Errors
    /// `LoginRequired` when there is no such session, or a fault.
    pub async fn again(&self, token: &Secret) -> Result<(Arc<Visitor>, View), Failure> {
        let found = self.incoming.web.sessions.find(token).await?;
        let visitor = Arc::new(found.ok_or(Failure::LoginRequired)?);
        let mut incoming = self.incoming.clone();
        incoming.visitor = Some(Arc::clone(&visitor));
        let view = View::of(&incoming, self.guest, (&self.path, false));
        Ok((visitor, view))
    }
}

impl<S: Sync> FromRequestParts<S> for Arrival {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let incoming = parts.extensions.get::<Incoming>().cloned();
        let incoming = incoming
            .ok_or_else(|| Failure::Fault(Fault::new("find the layers around the routes")))?;
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|text| text.to_str().ok());
        Ok(Self {
            incoming,
            guest: Prefers {
                language: guest_language(&parts.headers),
                theme: guest_theme(&parts.headers),
            },
            path: parts.uri.path().to_owned(),
            session: cookie::read(&parts.headers, cookie::SESSION),
            device: cookie::read(&parts.headers, cookie::DEVICE),
            half: cookie::read(&parts.headers, cookie::HALF),
            user_agent: agent.unwrap_or("").chars().take(512).collect(),
        })
    }
}
