//! Which site answers to which name, in memory.
//!
//! Invariants: a host name belongs to one webspace or one redirect at most, a login to one webspace; a name that is claimed but
//! not yet configured answers nothing; revisions never go back, not even after a removal.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wabe_kernel::desired::{Redirect, Revision, StepFailure, Webspace, Wish};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{SiteRules, Timestamp};

use crate::embedded::web::access_log::Pending;
use crate::embedded::web::certificate::Held;
use crate::embedded::web::document::Document;
use crate::embedded::web::redirect::Redirects;

/// What visitors get to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Files,
    Suspended,
    Trashed,
}

/// A configured site, with what a request needs to know at hand.
pub(super) struct Site {
    pub(super) id: WebspaceId,
    pub(super) revision: Revision,
    pub(super) wish: Arc<Wish<Webspace>>,
    pub(super) shown: Shown,
    pub(super) https_redirect: bool,
    pub(super) full_addresses_until: Option<Timestamp>,
    /// `{id}/files`, beneath the folder of all webspaces.
    pub(super) files: String,
    /// The document root beneath that; empty for the folder itself.
    pub(super) root: String,
    pub(super) log: Arc<Pending>,
    /// The preview name first.
    names: Vec<String>,
    /// Those of them that are of the public internet.
    public: Vec<String>,
    login: String,
}

impl Site {
    /// None when the document says that the site is gone.
    pub(super) fn new(document: Document, log: Arc<Pending>) -> Option<Self> {
        let webspace = document.webspace()?;
        let shown = match &document.wish {
            Wish::Present(_) => Shown::Files,
            Wish::Hidden(webspace) if webspace.suspended => Shown::Suspended,
            Wish::Hidden(_) | Wish::Gone => Shown::Trashed,
        };
        Some(Self {
            id: webspace.id,
            revision: document.revision,
            shown,
            https_redirect: webspace.https_redirect,
            full_addresses_until: webspace.full_addresses_until,
            files: format!("{}/files", webspace.id),
            root: webspace.document_root.to_string(),
            log,
            names: names_of(webspace),
            public: public_names_of(webspace),
            login: webspace.upload.login.clone(),
            wish: Arc::new(document.wish),
        })
    }

    /// What it does beside showing its files.
    pub(super) fn rules(&self) -> Option<&SiteRules> {
        match &*self.wish {
            Wish::Present(webspace) | Wish::Hidden(webspace) => Some(&webspace.rules),
            Wish::Gone => None,
        }
    }

    pub(super) fn answers(&self, host: &str) -> bool {
        self.names.iter().any(|name| name == host)
    }

    /// Whether this is a name that the local authority does not sign for.
    pub(super) fn is_public(&self, host: &str) -> bool {
        self.public.iter().any(|name| name == host)
    }

    pub(super) fn is_preview(&self, host: &str) -> bool {
        self.names.first().is_some_and(|name| name == host)
    }
}

fn names_of(webspace: &Webspace) -> Vec<String> {
    let mut names = vec![webspace.preview.as_str().to_owned()];
    for host in &webspace.hosts {
        if !names.iter().any(|name| name == host.as_str()) {
            names.push(host.as_str().to_owned());
        }
    }
    names
}

fn public_names_of(webspace: &Webspace) -> Vec<String> {
    let names = webspace.public_names();
    names.iter().map(|name| name.as_str().to_owned()).collect()
}

/// Errors: `older-revision` when something newer was applied.
pub(super) fn refuse_older(
    applied: Option<Revision>,
    revision: Revision,
) -> Result<(), StepFailure> {
    match applied {
        Some(applied) if applied > revision => Err(StepFailure::new(
            "older-revision",
            format_args!("{revision} came after {applied}"),
        )),
        _ => Ok(()),
    }
}

/// All sites of the node.
#[derive(Default)]
pub(super) struct Index {
    sites: HashMap<WebspaceId, Arc<Site>>,
    hosts: HashMap<String, WebspaceId>,
    logins: HashMap<String, WebspaceId>,
    certificates: HashMap<WebspaceId, Arc<Held>>,
    publics: HashMap<WebspaceId, Arc<Held>>,
    removed: HashMap<WebspaceId, Revision>,
    damaged: BTreeSet<WebspaceId>,
    redirects: Redirects,
}

impl Index {
    pub(super) fn by_host(&self, host: &str) -> Option<&Arc<Site>> {
        self.sites
            .get(self.hosts.get(host)?)
            .filter(|site| site.answers(host))
    }

    pub(super) fn by_login(&self, login: &str) -> Option<&Arc<Site>> {
        self.sites
            .get(self.logins.get(login)?)
            .filter(|site| site.login == login)
    }

    pub(super) fn by_id(&self, id: WebspaceId) -> Option<&Arc<Site>> {
        self.sites.get(&id)
    }

    /// Every configured site, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.sites.values()
    }

    pub(super) fn damaged(&self) -> &BTreeSet<WebspaceId> {
        &self.damaged
    }

    pub(super) fn mark_damaged(&mut self, id: WebspaceId) {
        self.damaged.insert(id);
    }

    /// Errors: `older-revision` when something newer was applied to this webspace.
    pub(super) fn refuse_older(
        &self,
        id: WebspaceId,
        revision: Revision,
    ) -> Result<(), StepFailure> {
        let applied = self
            .sites
            .get(&id)
            .map(|site| site.revision)
            .max(self.removed.get(&id).copied());
        refuse_older(applied, revision)
    }

    /// The redirects of the node.
    pub(super) const fn redirects(&self) -> &Redirects {
        &self.redirects
    }

    /// The same, to be changed.
    pub(super) const fn redirects_mut(&mut self) -> &mut Redirects {
        &mut self.redirects
    }

    /// Keeps the name of `redirect` for it, before it is written.
    ///
    /// Errors: `host-taken` when a webspace or another domain has it.
    pub(super) fn claim_redirect(&mut self, redirect: &Redirect) -> Result<(), StepFailure> {
        if self.hosts.contains_key(redirect.name.as_str()) {
            return Err(StepFailure::new("host-taken", &redirect.name));
        }
        self.redirects.claim(redirect)
    }

    /// Keeps the names of `webspace` for it, before its configuration is written.
    ///
    /// Errors: `host-taken` or `login-taken` when another webspace or a redirect has one of them.
    pub(super) fn claim(&mut self, webspace: &Webspace) -> Result<(), StepFailure> {
        let id = webspace.id;
        let names = names_of(webspace);
        let foreign = |holder: Option<&WebspaceId>| holder.is_some_and(|holder| *holder != id);
        let taken = |name: &str| foreign(self.hosts.get(name)) || self.redirects.has(name);
        if let Some(name) = names.iter().find(|name| taken(name)) {
            return Err(StepFailure::new("host-taken", name));
        }
        let login = &webspace.upload.login;
        if foreign(self.logins.get(login)) {
            return Err(StepFailure::new("login-taken", id));
        }
        self.hosts.extend(names.into_iter().map(|name| (name, id)));
        self.logins.insert(login.clone(), id);
        Ok(())
    }

    /// Lets go of claimed names that the configured site, if any, does not have.
    pub(super) fn release_unused(&mut self, webspace: &Webspace) {
        self.release(webspace.id, &names_of(webspace), &webspace.upload.login);
    }

    /// Swaps the site in; the names it no longer has become free. Its names must be claimed.
    pub(super) fn put(&mut self, site: Site) {
        let id = site.id;
        self.damaged.remove(&id);
        self.removed.remove(&id);
        if let Some(old) = self.sites.insert(id, Arc::new(site)) {
            self.release(id, &old.names, &old.login);
        }
    }

    /// Takes the site away and remembers at which revision.
    pub(super) fn remove(&mut self, id: WebspaceId, revision: Revision) {
        self.damaged.remove(&id);
        self.certificates.remove(&id);
        self.publics.remove(&id);
        self.removed.insert(id, revision);
        if let Some(old) = self.sites.remove(&id) {
            self.release(id, &old.names, &old.login);
        }
    }

    pub(super) fn certificate(&self, id: WebspaceId) -> Option<&Arc<Held>> {
        self.certificates.get(&id)
    }

    /// Puts a new certificate in place.
    pub(super) fn put_certificate(&mut self, id: WebspaceId, held: Arc<Held>) {
        self.certificates.insert(id, held);
    }

    /// Keeps a certificate that was read from disk, unless a newer one came in meanwhile; answers
    /// the one to use.
    pub(super) fn keep_certificate(&mut self, id: WebspaceId, read: Arc<Held>) -> Arc<Held> {
        if !self.sites.contains_key(&id) {
            return read;
        }
        Arc::clone(self.certificates.entry(id).or_insert(read))
    }

    /// What public names are served with.
    pub(super) fn public(&self, id: WebspaceId) -> Option<&Arc<Held>> {
        self.publics.get(&id)
    }

    /// Puts another one in place for public names.
    pub(super) fn put_public(&mut self, id: WebspaceId, held: Arc<Held>) {
        self.publics.insert(id, held);
    }

    /// Serves public names with none any more.
    pub(super) fn drop_public(&mut self, id: WebspaceId) {
        self.publics.remove(&id);
    }

    /// The same as [`Self::keep_certificate`], for public names.
    pub(super) fn keep_public(&mut self, id: WebspaceId, read: Arc<Held>) -> Arc<Held> {
        if !self.sites.contains_key(&id) {
            return read;
        }
        Arc::clone(self.publics.entry(id).or_insert(read))
    }

    fn release(&mut self, id: WebspaceId, names: &[String], login: &str) {
        let current = self.sites.get(&id);
        for name in names {
            let kept = current.is_some_and(|site| site.answers(name));
            if !kept && self.hosts.get(name) == Some(&id) {
                self.hosts.remove(name);
            }
        }
        let kept = current.is_some_and(|site| site.login == login);
        if !kept && self.logins.get(login) == Some(&id) {
            self.logins.remove(login);
        }
    }
}
