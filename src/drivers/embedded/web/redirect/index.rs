//! Which redirect answers to which name, in memory.

use http::HeaderValue;
use std::collections::HashMap;
use std::sync::Arc;
use wabe_kernel::desired::{Redirect, Revision, StepFailure};
use wabe_kernel::id::DomainId;

use crate::embedded::web::access_log::Pending;
use crate::embedded::web::certificate::Held;
use crate::embedded::web::index::refuse_older;

/// A configured redirect, with what a request needs to know at hand.
pub(super) struct Configured {
    pub(super) revision: Revision,
    pub(super) redirect: Redirect,
    pub(super) location: HeaderValue,
    pub(super) log: Arc<Pending>,
}

impl Configured {
    /// Errors: `site-not-writable` when the target fits no header.
    pub(super) fn new(
        revision: Revision,
        redirect: Redirect,
        log: Arc<Pending>,
    ) -> Result<Self, StepFailure> {
        let location = HeaderValue::from_str(redirect.target.as_str())
            .map_err(|fault| StepFailure::new("site-not-writable", fault))?;
        Ok(Self {
            revision,
            redirect,
            location,
            log,
        })
    }
}

/// All redirects of the node.
#[derive(Default)]
pub(in crate::embedded::web) struct Redirects {
    known: HashMap<DomainId, Arc<Configured>>,
    hosts: HashMap<String, DomainId>,
    certificates: HashMap<DomainId, Arc<Held>>,
    removed: HashMap<DomainId, Revision>,
}

impl Redirects {
    /// Whether a redirect has this name, configured or about to be.
    pub(in crate::embedded::web) fn has(&self, name: &str) -> bool {
        self.hosts.contains_key(name)
    }

    pub(super) fn by_host(&self, host: &str) -> Option<&Arc<Configured>> {
        self.known.get(self.hosts.get(host)?)
    }

    pub(super) fn by_id(&self, id: DomainId) -> Option<&Arc<Configured>> {
        self.known.get(&id)
    }

    /// Every configured redirect, in no order.
    pub(in crate::embedded::web) fn all(&self) -> impl Iterator<Item = &Redirect> {
        self.known.values().map(|known| &known.redirect)
    }

    /// Errors: `older-revision` when something newer was applied to this domain.
    pub(super) fn refuse_older(&self, id: DomainId, revision: Revision) -> Result<(), StepFailure> {
        let known = self.known.get(&id).map(|known| known.revision);
        refuse_older(known.max(self.removed.get(&id).copied()), revision)
    }

    /// Errors: `host-taken` when another domain has the name.
    pub(in crate::embedded::web) fn claim(
        &mut self,
        redirect: &Redirect,
    ) -> Result<(), StepFailure> {
        let name = redirect.name.as_str();
        match self.hosts.get(name) {
            Some(holder) if *holder != redirect.id => Err(StepFailure::new("host-taken", name)),
            _ => {
                self.hosts.insert(name.to_owned(), redirect.id);
                Ok(())
            }
        }
    }

    /// Swaps the redirect in. Its name must be claimed.
    pub(super) fn put(&mut self, configured: Configured) {
        let id = configured.redirect.id;
        self.removed.remove(&id);
        self.known.insert(id, Arc::new(configured));
        self.release_unused(id);
    }

    /// Takes the redirect away and remembers at which revision.
    pub(super) fn remove(&mut self, id: DomainId, revision: Revision) {
        self.certificates.remove(&id);
        self.removed.insert(id, revision);
        self.known.remove(&id);
        self.release_unused(id);
    }

    /// Lets go of names that the configured redirect of this domain, if any, does not have.
    pub(super) fn release_unused(&mut self, id: DomainId) {
        let known = self.known.get(&id);
        let name = known.map(|known| known.redirect.name.as_str());
        self.hosts
            .retain(|host, holder| *holder != id || name == Some(host));
    }

    pub(super) fn certificate(&self, id: DomainId) -> Option<&Arc<Held>> {
        self.certificates.get(&id)
    }

    /// Puts a new certificate in place.
    pub(super) fn put_certificate(&mut self, id: DomainId, held: Arc<Held>) {
        self.certificates.insert(id, held);
    }

    /// Keeps a certificate that was read from disk, unless a newer one came in meanwhile; answers
    /// the one to use.
    pub(super) fn keep_certificate(&mut self, id: DomainId, read: Arc<Held>) -> Arc<Held> {
        if !self.known.contains_key(&id) {
            return read;
        }
        Arc::clone(self.certificates.entry(id).or_insert(read))
    }
}
