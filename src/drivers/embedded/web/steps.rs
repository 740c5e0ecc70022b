//! What the node has of a webspace, and the steps that change it.
//!
//! Steps of one webspace run one after the other; different webspaces do not wait for each other
//! (but for the rare ones that share a turn). File work never runs on the runtime's threads.

use std::sync::Arc;
use wabe_kernel::desired::Webspace;
use wabe_kernel::desired::{Act, ObservedWebspace, Revision, Step, StepFailure, Subject, Wish};
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::document::{self, Document};
use crate::embedded::web::front::Showing;
use crate::embedded::web::index::Site;
use crate::embedded::web::layout::{certificate_in, key_in};
use crate::embedded::web::public::remove_public;
use crate::embedded::web::{Sites, durable};

impl Sites {
    /// What this node has of webspace `id`, looked up on disk.
    ///
    /// A site counts as configured when the file, what is being served and the files of the server
    /// that shows it agree, or somebody edited the latter by hand; a certificate when its key fits and the
    /// local authority vouches for every name now.
    pub async fn observe(
        self: &Arc<Self>,
        id: WebspaceId,
    ) -> Result<ObservedWebspace, StepFailure> {
        self.blocking(move |sites| {
            let stored = document::read(&sites.layout.document(id), id).unwrap_or_else(|fault| {
                tracing::warn!(webspace.id = %id, detail = fault.detail, "site file is damaged");
                None
            });
            let served = sites.index().by_id(id).cloned();
            let webspace = stored.as_ref().and_then(Document::webspace);
            let public = sites.observed_public(id, webspace);
            let site = served
                .zip(stored)
                .filter(|(served, stored)| *served.wish == stored.wish)
                .map(|(_, stored)| Showing::Site(stored.wish));
            let edited = site.as_ref().and_then(|site| sites.edited(site));
            let lies = edited.as_ref().is_some_and(|edited| edited.aside.is_none());
            let site = site.filter(|site| lies || sites.is_shown(site));
            Ok(ObservedWebspace {
                folder: sites.layout.files(id).is_dir(),
                certificate: sites.usable_certificate(&sites.layout.folder(id)),
                public: public.map(Box::new),
                site: site.and_then(Showing::site),
                refused: sites.refused(id),
                edited,
            })
        })
        .await
    }

    /// Carries out one step of a webspace; doing it twice changes nothing more.
    ///
    /// Errors (codes): `older-revision`, `host-taken`, `login-taken`, `files-failed`,
    /// `site-not-writable`, `certificate-name-not-permitted`, `certificate-failed`,
    /// `certificate-missing`, `probe-failed`, `owner-failed`, `edited-by-hand`, `edited-again`,
    /// `wrong-subject` for a step that is not about a webspace or names two of them.
    pub async fn apply(self: &Arc<Self>, step: &Step) -> Result<(), StepFailure> {
        let id = subject_of(step)?;
        let revision = step.revision;
        if let Act::ProbeSite(_, name) = &step.act {
            self.index().refuse_older(id, revision)?;
            return Box::pin(self.probe(id, name)).await;
        }
        let _turn = self.turn_of(id.uuid()).lock().await;
        self.index().refuse_older(id, revision)?;
        let act = step.act.clone();
        self.settle(id, &act).await?;
        self.tell_front(id, &act).await?;
        let supplied = match &act {
            Act::SupplyCertificate(_, fingerprint) => Some(self.supplied(id, fingerprint).await?),
            _ => None,
        };
        let renewed = matches!(
            act,
            Act::IssueCertificate(..) | Act::StandIn(..) | Act::SupplyCertificate(..)
        );
        self.blocking(move |sites| match act {
            Act::MakeFolder(_, root, _) => sites.make_folder(id, &root),
            Act::IssueCertificate(_, names) => sites.issue(id, &names),
            Act::StandIn(_, names) => sites.put_stand_in(id, &names),
            Act::SupplyCertificate(_, fingerprint) => match &supplied {
                Some(bundle) => sites.put_supplied(id, &fingerprint, bundle),
                None => Err(StepFailure::new(
                    "certificate-missing",
                    "nothing was supplied",
                )),
            },
            Act::DropCertificate(_) => sites.drop_public(id),
            Act::RestoreSite(_, mark) => sites.restore(id, &mark),
            Act::ConfigureSite(Wish::Gone) | Act::RemoveSite(_) => sites.remove_site(id, revision),
            Act::ConfigureSite(wish) => sites.configure(Document { revision, wish }),
            Act::RemoveFolder(_) => {
                sites.index_mut().remove(id, revision);
                sites.log.forget(id);
                sites.quiet(id)?;
                sites.remove_webspace(id)?;
                sites.strike(id)
            }
            other => Err(StepFailure::new("wrong-subject", other.word())),
        })
        .await?;
        match self.front() {
            Some(front) if renewed => front.renew(id.into()).await,
            _ => Ok(()),
        }
    }

    /// Lets the other server, if there is one, do its part first: a site that it refuses stays what it
    /// was, and what goes away is shown no more before its certificate does.
    async fn tell_front(&self, id: WebspaceId, act: &Act) -> Result<(), StepFailure> {
        let Some(front) = self.front() else {
            return Ok(());
        };
        match act {
            Act::ConfigureSite(Wish::Gone) | Act::RemoveSite(_) | Act::RemoveFolder(_) => {
                front.hide(id.into()).await
            }
            Act::ConfigureSite(wish @ (Wish::Present(webspace) | Wish::Hidden(webspace))) => {
                self.index_mut().claim(webspace)?;
                let what = Showing::Site(wish.clone());
                let shown = front.show(what, self.place(id.into())).await;
                if shown.is_err() {
                    self.index_mut().release_unused(webspace);
                }
                shown
            }
            _ => Ok(()),
        }
    }

    fn configure(&self, document: Document) -> Result<(), StepFailure> {
        let Some(webspace) = document.webspace().cloned() else {
            return Err(StepFailure::new("wrong-subject", "nothing to configure"));
        };
        self.index_mut().claim(&webspace)?;
        let written = self.write_document(webspace.id, &document);
        if written.is_err() {
            self.index_mut().release_unused(&webspace);
        }
        written?;
        let log = self.log.pending_of(webspace.id);
        if let Some(site) = Site::new(document, log) {
            self.index_mut().put(site);
        }
        Ok(())
    }

    /// Takes site and certificate away; the file stays to remember the revision.
    fn remove_site(&self, id: WebspaceId, revision: Revision) -> Result<(), StepFailure> {
        self.index_mut().remove(id, revision);
        if !self.layout.folder(id).is_dir() {
            return Ok(());
        }
        let wish: Wish<Webspace> = Wish::Gone;
        self.write_document(id, &Document { revision, wish })?;
        let folder = self.layout.folder(id);
        durable::remove(&certificate_in(&folder))
            .and_then(|()| durable::remove(&key_in(&folder)))
            .and_then(|()| remove_public(&folder))
            .map_err(|fault| StepFailure::new("files-failed", fault))
    }

    fn write_document(&self, id: WebspaceId, document: &Document) -> Result<(), StepFailure> {
        std::fs::create_dir_all(self.layout.folder(id))
            .map_err(|fault| StepFailure::new("files-failed", fault))?;
        document::write(&self.layout.document(id), document)
    }

    /// Runs file work on the threads meant for it.
    pub(super) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, StepFailure> + Send + 'static,
    ) -> Result<T, StepFailure> {
        let sites = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&sites))
            .await
            .map_err(|fault| StepFailure::new("files-failed", fault))?
    }
}

fn subject_of(step: &Step) -> Result<WebspaceId, StepFailure> {
    let acted_on = match &step.act {
        Act::MakeFolder(id, ..)
        | Act::IssueCertificate(id, _)
        | Act::StandIn(id, _)
        | Act::SupplyCertificate(id, _)
        | Act::DropCertificate(id)
        | Act::RestoreSite(id, _)
        | Act::ProbeSite(id, _)
        | Act::RemoveSite(id)
        | Act::RemoveFolder(id) => Some(*id),
        Act::ConfigureSite(Wish::Present(webspace) | Wish::Hidden(webspace)) => Some(webspace.id),
        _ => None,
    };
    match (step.subject, acted_on, &step.act) {
        (Subject::Webspace(id), Some(on), _) if id == on => Ok(id),
        (Subject::Webspace(id), None, Act::ConfigureSite(Wish::Gone)) => Ok(id),
        _ => Err(StepFailure::new("wrong-subject", step.act.word())),
    }
}
