//! What visitors of a redirect get, and the driver's own look at it.

use http::header::{ALLOW, LOCATION};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use std::sync::Arc;
use wabe_kernel::DomainName;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::DomainId;

use crate::embedded::web::answer::{CHALLENGES, METHODS, Via, finished, with};
use crate::embedded::web::body::{Content, Sent};
use crate::embedded::web::certificate::Held;
use crate::embedded::web::redirect::index::Configured;
use crate::embedded::web::{Sites, page};

impl Sites {
    /// Sends a visitor on, when the host is one that is redirected. Over TLS only the name that the
    /// connection was made for is.
    pub(in crate::embedded::web) fn answer_redirect(
        &self,
        request: &Parts,
        host: &str,
        via: &Via,
    ) -> Option<Response<Sent>> {
        let own = via.server_name.as_deref().is_none_or(|name| name == host);
        let found = self.index().redirects().by_host(host).cloned();
        let configured = found.filter(|_| own)?;
        let answer = match self.challenges.answer(request.uri.path()) {
            Some(answer) => page::told("text/plain", answer),
            None => answer_of(&configured, request),
        };
        let note = self.noted(
            request,
            via,
            (host, answer.status()),
            (&configured.log, false),
        );
        Some(finished(answer).map(|body| body.noted(note)))
    }

    /// The certificate to serve for a redirected name: from memory, else read from disk once.
    pub(in crate::embedded::web) fn redirect_certificate(&self, name: &str) -> Option<Arc<Held>> {
        let index = self.index();
        let id = index.redirects().by_host(name)?.redirect.id;
        if let Some(held) = index.redirects().certificate(id) {
            return Some(Arc::clone(held));
        }
        drop(index);
        let read = Arc::new(self.read_certificate(&self.layout.redirect_folder(id))?);
        let mut index = self.index_mut();
        Some(index.redirects_mut().keep_certificate(id, read))
    }

    /// Expects the redirect of domain `id` to send visitors of `name` on, over TLS with its own
    /// certificate. Before the server listens, asks it without a connection.
    pub(super) async fn probe_redirect(
        self: &Arc<Self>,
        id: DomainId,
        name: &DomainName,
    ) -> Result<(), StepFailure> {
        let failed = |why: &dyn std::fmt::Display| StepFailure::new("redirect-probe-failed", why);
        let found = self.index().redirects().by_host(name.as_str()).cloned();
        if found.is_none_or(|found| found.redirect.id != id) {
            return Err(failed(&"no redirect of this name here"));
        }
        let own = self.redirect_certificate(name.as_str());
        let own = own.ok_or_else(|| failed(&"no certificate"))?;
        let status = Box::pin(self.status_of(&own, name)).await;
        match status.map_err(|fault| failed(&fault.detail))? {
            StatusCode::FOUND => Ok(()),
            // It was asked for its answer to the driver, which stands beside the redirect.
            StatusCode::OK if self.front().is_some() => Ok(()),
            other => Err(failed(&other)),
        }
    }
}

fn answer_of(configured: &Configured, request: &Parts) -> Response<Content> {
    if request.method == Method::OPTIONS {
        return with(page::empty(StatusCode::NO_CONTENT), ALLOW, METHODS);
    }
    if request.method != Method::GET && request.method != Method::HEAD {
        return with(page::empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, METHODS);
    }
    if request.uri.path().starts_with(CHALLENGES) {
        return page::html(StatusCode::NOT_FOUND, page::NOT_FOUND);
    }
    // May change at any time, so nobody keeps it. Source: RFC 9110 15.4.3.
    let found = page::empty(StatusCode::FOUND);
    with(found, LOCATION, configured.location.clone())
}
