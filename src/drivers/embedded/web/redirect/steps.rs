//! What the node has of a domain's redirect, and the steps that change it.

use std::sync::Arc;
use wabe_kernel::desired::{Act, ObservedDomain, Redirect, Revision, Step, StepFailure, Subject};
use wabe_kernel::id::DomainId;

use crate::embedded::web::front::Showing;
use crate::embedded::web::layout::{certificate_in, key_in};
use crate::embedded::web::redirect::document::{self, Document};
use crate::embedded::web::redirect::index::Configured;
use crate::embedded::web::{Sites, document as any_document, durable};

impl Sites {
    /// Loads every redirect; one whose file cannot be used is logged and passed over. Blocks.
    pub(in crate::embedded::web) fn load_redirects(&self) -> std::io::Result<()> {
        for id in self.layout.domains()? {
            if let Err(fault) = self.load_redirect(id) {
                tracing::warn!(domain.id = %id, code = fault.code, detail = fault.detail,
                    "redirect was passed over");
            }
        }
        Ok(())
    }

    fn load_redirect(&self, id: DomainId) -> Result<(), StepFailure> {
        let Some(document) = document::read(&self.layout.redirect_document(id), id)? else {
            return Ok(());
        };
        let Some(redirect) = document.redirect else {
            let mut index = self.index_mut();
            index.redirects_mut().remove(id, document.revision);
            return Ok(());
        };
        self.show_redirect(document.revision, redirect)
    }

    fn show_redirect(&self, revision: Revision, redirect: Redirect) -> Result<(), StepFailure> {
        let log = self.log.pending_of(redirect.id);
        let configured = Configured::new(revision, redirect, log)?;
        let mut index = self.index_mut();
        index.claim_redirect(&configured.redirect)?;
        index.redirects_mut().put(configured);
        Ok(())
    }

    /// What this node has of domain `id`, looked up on disk.
    ///
    /// A redirect counts as configured when the file and what is being answered agree.
    pub async fn observe_redirect(
        self: &Arc<Self>,
        id: DomainId,
    ) -> Result<ObservedDomain, StepFailure> {
        self.blocking(move |sites| {
            let folder = sites.layout.redirect_folder(id);
            if !folder.is_dir() {
                return Ok(ObservedDomain::default());
            }
            let path = sites.layout.redirect_document(id);
            let stored = document::read(&path, id).unwrap_or_else(|fault| {
                tracing::warn!(domain.id = %id, detail = fault.detail, "redirect file is damaged");
                None
            });
            let stored = stored.and_then(|document| document.redirect);
            let served = sites.index().redirects().by_id(id).cloned();
            let redirect = served
                .zip(stored)
                .filter(|(served, stored)| served.redirect == *stored)
                .map(|(_, stored)| stored)
                .filter(|redirect| sites.is_shown(&Showing::Redirect(redirect.clone())));
            Ok(ObservedDomain {
                folder: true,
                certificate: sites.usable_certificate(&folder),
                redirect,
                refused: sites.refused(id),
            })
        })
        .await
    }

    /// Carries out one step of a domain's redirect; doing it twice changes nothing more.
    ///
    /// Errors (codes): `older-revision`, `host-taken`, `files-failed`, `site-not-writable`,
    /// `certificate-name-not-permitted`, `certificate-failed`, `redirect-probe-failed`,
    /// `wrong-subject` for a step that is not about a domain or names two of them.
    pub async fn apply_redirect(self: &Arc<Self>, step: &Step) -> Result<(), StepFailure> {
        let id = subject_of(step)?;
        let revision = step.revision;
        if let Act::ProbeRedirect(_, name) = &step.act {
            self.index().redirects().refuse_older(id, revision)?;
            return Box::pin(self.probe_redirect(id, name)).await;
        }
        let _turn = self.turn_of(id.uuid()).lock().await;
        self.index().redirects().refuse_older(id, revision)?;
        let act = step.act.clone();
        self.tell_front_of_redirect(id, &act).await?;
        let renewed = matches!(act, Act::IssueRedirectCertificate(..));
        self.blocking(move |sites| match act {
            Act::IssueRedirectCertificate(_, name) => {
                let folder = sites.layout.redirect_folder(id);
                let held = sites.issue_into(&folder, std::slice::from_ref(&name))?;
                let mut index = sites.index_mut();
                index.redirects_mut().put_certificate(id, Arc::new(held));
                Ok(())
            }
            Act::ConfigureRedirect(redirect) => sites.configure_redirect(revision, redirect),
            Act::RemoveRedirect(_) => sites.remove_redirect(id, revision),
            Act::RemoveRedirectFolder(_) => {
                sites.index_mut().redirects_mut().remove(id, revision);
                sites.log.forget(id);
                Self::remove_folder(&sites.layout.redirect_folder(id))
            }
            other => Err(StepFailure::new("wrong-subject", other.word())),
        })
        .await?;
        match self.front() {
            Some(front) if renewed => front.renew(id.into()).await,
            _ => Ok(()),
        }
    }

    /// The same for a redirect as for a site.
    async fn tell_front_of_redirect(&self, id: DomainId, act: &Act) -> Result<(), StepFailure> {
        let Some(front) = self.front() else {
            return Ok(());
        };
        match act {
            Act::RemoveRedirect(_) | Act::RemoveRedirectFolder(_) => front.hide(id.into()).await,
            Act::ConfigureRedirect(redirect) => {
                self.index_mut().claim_redirect(redirect)?;
                let what = Showing::Redirect(redirect.clone());
                let shown = front.show(what, self.place(id.into())).await;
                if shown.is_err() {
                    self.index_mut().redirects_mut().release_unused(id);
                }
                shown
            }
            _ => Ok(()),
        }
    }

    fn configure_redirect(
        &self,
        revision: Revision,
        redirect: Redirect,
    ) -> Result<(), StepFailure> {
        let id = redirect.id;
        self.index_mut().claim_redirect(&redirect)?;
        let document = Document {
            revision,
            redirect: Some(redirect.clone()),
        };
        let shown = self
            .write_redirect(id, &document)
            .and_then(|()| self.show_redirect(revision, redirect));
        if shown.is_err() {
            self.index_mut().redirects_mut().release_unused(id);
        }
        shown
    }

    /// Takes redirect and certificate away; the file stays to remember the revision.
    fn remove_redirect(&self, id: DomainId, revision: Revision) -> Result<(), StepFailure> {
        self.index_mut().redirects_mut().remove(id, revision);
        let folder = self.layout.redirect_folder(id);
        if !folder.is_dir() {
            return Ok(());
        }
        let redirect = None;
        self.write_redirect(id, &Document { revision, redirect })?;
        durable::remove(&certificate_in(&folder))
            .and_then(|()| durable::remove(&key_in(&folder)))
            .map_err(|fault| StepFailure::new("files-failed", fault))
    }

    fn write_redirect(&self, id: DomainId, document: &Document) -> Result<(), StepFailure> {
        std::fs::create_dir_all(self.layout.redirect_folder(id))
            .map_err(|fault| StepFailure::new("files-failed", fault))?;
        any_document::write(&self.layout.redirect_document(id), document)
    }
}

fn subject_of(step: &Step) -> Result<DomainId, StepFailure> {
    let acted_on = match &step.act {
        Act::IssueRedirectCertificate(id, _)
        | Act::ProbeRedirect(id, _)
        | Act::RemoveRedirect(id)
        | Act::RemoveRedirectFolder(id) => Some(*id),
        Act::ConfigureRedirect(redirect) => Some(redirect.id),
        _ => None,
    };
    match step.subject {
        Subject::Domain(id) if acted_on == Some(id) => Ok(id),
        _ => Err(StepFailure::new("wrong-subject", step.act.word())),
    }
}
