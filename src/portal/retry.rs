//! Trying again at once: what could not be carried out yet, and the certificate of a webspace.

use axum::extract::State;
use axum::response::Response;

use wabe_access::{Command, Mode, Permission, Refusal};
use wabe_hosting::webspace::ReissueCertificate;
use wabe_hosting::{alias, database, domain, mailbox, webspace};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::{AliasId, DatabaseId, DomainId, MailboxId, WebspaceId};
use wabe_web::{Failure, Form, Member, Needs, Path, Routes, see_other};

use crate::reading::{page_of, with_field};
use crate::undo::done_path;
use crate::{PORTAL, Portal};

/// Where the form is sent that has a thing tried again.
pub(crate) fn path(kind: ResourceKind, id: &str) -> String {
    format!("{}/retry", page_of(kind, id))
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    let needs = |kind| Needs::Permission(Permission::to_change(kind));
    Routes::new(&PORTAL)
        .post(
            "/webspaces/{id}/retry",
            needs(ResourceKind::Webspace),
            webspace,
        )
        .id("web")
        .post(
            "/webspaces/{id}/certificate",
            needs(ResourceKind::Webspace),
            certificate,
        )
        .id("web")
        .post("/domains/{id}/retry", needs(ResourceKind::Domain), domain)
        .id("dom")
        .post(
            "/mailboxes/{id}/retry",
            needs(ResourceKind::Mailbox),
            mailbox,
        )
        .id("mbx")
        .post("/aliases/{id}/retry", needs(ResourceKind::Alias), alias)
        .id("als")
        .post(
            "/databases/{id}/retry",
            needs(ResourceKind::Database),
            database,
        )
        .id("dbs")
}

/// Carries out `C` on a thing, and shows the page at `href`. Whoever presses when it is done already has
/// what they wanted; that is what `over` says.
async fn press<C: Command>(
    portal: &Portal,
    member: &Member,
    (id, href): (&str, &str),
    over: &'static str,
) -> Result<Response, Failure> {
    let form = with_field(Form::default(), "id", id);
    let command = form.parse::<C>(&[]).map_err(|_no_id| Failure::NotFound)?;
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&done_path(href, done.change))),
        Err(Refusal::Conflict(code)) if code == over => Ok(see_other(href)),
        Err(refusal) => Err(refusal.into()),
    }
}

macro_rules! retries {
    ($($name:ident, $id:ty, $command:ty, $kind:expr;)*) => {$(
        async fn $name(
            member: Member,
            State(portal): State<Portal>,
            Path(id): Path<$id>,
        ) -> Result<Response, Failure> {
            let id = id.to_string();
            let href = page_of($kind, &id);
            press::<$command>(&portal, &member, (&id, &href), "not-failed").await
        }
    )*};
}

retries! {
    webspace, WebspaceId, webspace::Retry, ResourceKind::Webspace;
    domain, DomainId, domain::Retry, ResourceKind::Domain;
    mailbox, MailboxId, mailbox::Retry, ResourceKind::Mailbox;
    alias, AliasId, alias::Retry, ResourceKind::Alias;
    database, DatabaseId, database::Retry, ResourceKind::Database;
}

/// Orders another certificate, and shows the tab on which the present one is.
async fn certificate(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Response, Failure> {
    let id = id.to_string();
    let href = format!("{}/hosts", page_of(ResourceKind::Webspace, &id));
    press::<ReissueCertificate>(&portal, &member, (&id, &href), "certificate-ordered").await
}
