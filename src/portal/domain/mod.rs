//! Domains: claiming one, proving it, what uses it, where it redirects to, and letting others below it.

mod create;
mod lifecycle;
mod list;
mod log;
mod redirect;
#[cfg(test)]
mod samples;
mod show;

use wabe_hosting::domain::{Domain, Method, Proofs};
use wabe_kernel::id::DomainId;
use wabe_kernel::{State, Timestamp};
use wabe_web::Routes;

use crate::{PORTAL, Portal};

/// The place in the navigation.
pub(crate) const PLACE: &str = "domains";

/// A domain as its pages show it.
#[derive(Debug, Clone)]
pub(crate) struct DomainView {
    /// Its id.
    pub(crate) id: DomainId,
    /// Its name for people.
    pub(crate) name: String,
    /// Its name as in DNS, when that is another one.
    pub(crate) ascii: Option<String>,
    /// Whether it is proved.
    pub(crate) verified: bool,
    /// How, as a word of the messages `domain-method-{word}`.
    pub(crate) method: Option<&'static str>,
    /// Since when it is proved.
    pub(crate) verified_at: Option<Timestamp>,
    /// What is missing, as a word of the messages `domain-finding-{word}`.
    pub(crate) finding: String,
    /// When it was last looked at.
    pub(crate) checked_at: Option<Timestamp>,
    /// When it is looked at next.
    pub(crate) next_check_at: Option<Timestamp>,
    /// Where its visitors are sent.
    pub(crate) redirect: Option<String>,
    /// The record that proves it, when a file did that is not seen once its visitors are sent on.
    pub(crate) lasting_proof: Option<(String, String)>,
    /// What can be put in place.
    pub(crate) proofs: Option<Proofs>,
    /// Its state as a badge shows it.
    pub(crate) state: State,
    /// Whether it lies in the trash.
    pub(crate) deleted: bool,
}

impl From<Domain> for DomainView {
    fn from(domain: Domain) -> Self {
        let standing = &domain.standing;
        // To a person, a claim without proof is not being set up: it is not active yet.
        let state = match standing.state {
            State::Pending if !domain.verified => State::Failed,
            state => state,
        };
        let ascii = domain
            .name
            .is_international()
            .then(|| domain.name.to_string());
        Self {
            id: domain.id,
            ascii,
            verified: domain.verified,
            method: domain.method.map(Method::word),
            verified_at: domain.verified_at,
            finding: finding(&domain.finding),
            checked_at: domain.checked_at,
            next_check_at: domain.next_check_at,
            state,
            deleted: standing.deleted_at.is_some(),
            redirect: domain.redirect.as_ref().map(ToString::to_string),
            lasting_proof: (domain.method == Some(Method::File)).then(|| domain.txt_record()),
            proofs: domain.proofs,
            name: domain.name_unicode,
        }
    }
}

/// A finding that has words; the usual one for all others.
fn finding(code: &str) -> String {
    let known = [
        "not-seen-yet",
        "needs-consent",
        "proved-elsewhere",
        "proof-missing",
        "proved",
    ];
    known
        .into_iter()
        .find(|known| *known == code)
        .unwrap_or("not-seen-yet")
        .to_owned()
}

/// Where the page of a domain is.
pub(crate) fn path(id: DomainId) -> String {
    format!("/domains/{id}")
}

/// The routes of this noun.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .merge(list::routes())
        .merge(create::routes())
        .merge(show::routes())
        .merge(redirect::routes())
        .merge(log::routes())
        .merge(lifecycle::routes())
}
