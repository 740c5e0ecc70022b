//! `/webspaces/{id}/certificate/…`: the certificate for a webspace's own domains, and handing one in.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Command, Mode, Permission, Scope};
use wabe_hosting::certificate::{self, CertificateStanding, Source};
use wabe_hosting::webspace::{RemoveCertificate, UploadCertificate, Webspace};
use wabe_kernel::certificate::{OrderTrouble, may_be_shown};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, FormState, Timestamp};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame_only, path};
use crate::{PORTAL, Portal};

/// How the certificate for the own domains stands, as the tab of domains shows it.
pub(crate) struct PublicCertificate {
    /// How it stands.
    pub(crate) standing: CertificateStanding,
    /// Whether certificates are ordered here.
    pub(crate) orders: bool,
    /// The name that trouble without a name is told about.
    pub(crate) host: String,
    /// When this page was made.
    pub(crate) now: Timestamp,
}

impl PublicCertificate {
    /// Reads it; nothing where no domain of one's own leads to the webspace.
    pub(crate) async fn load(
        portal: &Portal,
        (tx, scope): (&mut Tx, &Scope),
        web: &Webspace,
    ) -> Result<Option<Self>, Failure> {
        let tools = portal.gate.tools();
        let now = tools.clock.now();
        let found = certificate::standing(tx, scope, (web.id, &web.hosts), now).await?;
        let orders = certificate::orders(tools)?;
        let public = certificate::public_names(&web.hosts);
        let host = public.first().map(DomainName::unicode);
        Ok(found.map(|standing| Self {
            standing,
            orders,
            host: host.unwrap_or_default(),
            now,
        }))
    }

    /// What they are served with.
    #[must_use]
    pub(crate) const fn source(&self) -> &'static str {
        match self.standing.source {
            Some(Source::Own) => "webspace-public-own",
            Some(Source::Ordered) => "webspace-public-ordered",
            None => "webspace-public-stands-in",
        }
    }

    /// Whether one stands in.
    #[must_use]
    pub(crate) const fn stands_in(&self) -> bool {
        self.standing.source.is_none()
    }

    /// When somebody's own one ends, where it is served and nears its end.
    #[must_use]
    pub(crate) fn own_ends(&self) -> Option<Timestamp> {
        let (_, until) = self.standing.own.as_ref()?;
        let nears = *until > self.now && *until <= self.now.plus_days(30);
        nears.then_some(*until)
    }

    /// Whether somebody's own one has ended.
    #[must_use]
    pub(crate) fn own_ended(&self) -> bool {
        let own = self.standing.own.as_ref();
        own.is_some_and(|(_, until)| *until <= self.now)
    }

    /// When what was ordered is replaced by itself.
    #[must_use]
    pub(crate) fn renewed(&self) -> Option<Timestamp> {
        let ordered = self.standing.source == Some(Source::Ordered);
        self.standing.renew_at.filter(|_| ordered)
    }

    /// What came in the way the last time, and what to do about it.
    #[must_use]
    pub(crate) fn trouble(&self) -> Option<&'static str> {
        let own = self.standing.source == Some(Source::Own);
        let trouble = self.standing.failure.filter(|_| self.orders && !own)?;
        Some(match trouble {
            OrderTrouble::Forbidden => "webspace-public-forbidden",
            OrderTrouble::Silent => "webspace-public-silent",
            OrderTrouble::Nowhere => "webspace-public-nowhere",
            OrderTrouble::NotReached => "webspace-public-not-reached",
            OrderTrouble::Limited => "webspace-public-limited",
            OrderTrouble::Refused => "webspace-public-refused",
            OrderTrouble::Away => "webspace-public-away",
            OrderTrouble::Late => "webspace-public-late",
            OrderTrouble::Unusable => "webspace-public-unusable",
        })
    }

    /// The name that it is about.
    #[must_use]
    pub(crate) fn trouble_host(&self) -> String {
        let known = self.standing.failure_host.as_ref();
        known.map_or_else(|| self.host.clone(), DomainName::unicode)
    }
}

/// Hands in a certificate.
#[derive(Template)]
#[template(path = "portal/webspace/own-certificate.html")]
pub(crate) struct OwnCertificatePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What was typed, the key aside.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/certificate/own", write, ask)
        .id("web")
        .post("/webspaces/{id}/certificate/own", write, upload)
        .id("web")
        .post("/webspaces/{id}/certificate/remove", write, remove)
        .id("web")
}

async fn page(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    refused: Refused,
) -> Result<Page<OwnCertificatePage>, Failure> {
    let frame = frame_only(portal, member, id, "hosts").await?;
    let Refused { form, note } = refused;
    Ok(member
        .at(PLACE)
        .page(OwnCertificatePage { frame, form, note }))
}

async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<OwnCertificatePage>, Failure> {
    page(&portal, &member, id, Refused::default()).await
}

/// Carries out a command, and shows the tab of domains.
async fn change<C: Command>(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<C>(portal, member, &form, &["private_key"], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("{}/hosts", path(id)),
            done.change,
        ))),
        Err(Refused { form, note }) => {
            let noted = note.is_some();
            let refused = Refused {
                form: without_a_key(form),
                note,
            };
            Ok(refused_page(
                page(portal, member, id, refused).await?,
                noted,
            ))
        }
    }
}

/// The form without what is in the certificate's field when a key is in it, or could be: that was pasted by
/// mistake and must not be in a page, whatever was wrong with it.
fn without_a_key(form: FormState) -> FormState {
    if may_be_shown(form.value("certificate")) {
        return form;
    }
    let errors = wabe_kernel::FieldErrors(form.errors().clone());
    FormState::of(&std::collections::BTreeMap::new(), errors, &[])
}

async fn upload(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<UploadCertificate>(&portal, &member, id, form).await
}

async fn remove(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<RemoveCertificate>(&portal, &member, id, form).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes back of a form with this in the field of the certificate.
    fn back(certificate: &str) -> FormState {
        let typed = [
            ("id".to_owned(), "web_00000000000000000000000000".to_owned()),
            ("certificate".to_owned(), certificate.to_owned()),
            ("private_key".to_owned(), KEY.to_owned()),
        ]
        .into();
        let form = wabe_kernel::form::parse::<UploadCertificate>(&typed, &["private_key"]);
        without_a_key(form.unwrap_err())
    }

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----";
    const CHAIN: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

    #[test]
    fn a_key_typed_by_mistake_does_not_come_back_whatever_else_is_wrong() {
        let long = CHAIN.repeat(1_000);
        let with_key = format!("{long}{KEY}");
        let digits = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH";
        for typed in [KEY, with_key.as_str(), digits] {
            let form = back(typed);
            let shown = (form.value("certificate"), form.value("private_key"));
            assert_eq!(shown, ("", ""), "{typed:.40}");
            assert!(form.error("certificate").is_some(), "{typed:.40}");
        }
        // What is too long and holds no key is not lost.
        let form = back(&long);
        assert_eq!(form.value("certificate"), long);
        assert_eq!(form.value("private_key"), "");
    }
}
