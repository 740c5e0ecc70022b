//! Giving a domain up. Out of the trash: `portal/trash.rs`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::domain::{self, DeleteDomain};
use wabe_kernel::id::DomainId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Routes, see_other};

use crate::carry_out::refused_page;
use crate::domain::{DomainView, PLACE};
use crate::refused::{self, Note};
use crate::undo::done_path;
use crate::{PORTAL, Portal};

/// Asks before a domain is given up.
#[derive(Template)]
#[template(path = "portal/domain/delete.html")]
pub(crate) struct DeletePage {
    /// The domain.
    pub(crate) domain: DomainView,
    /// Why it was refused.
    pub(crate) note: Option<Note>,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::DomainWrite);
    Routes::new(&PORTAL)
        .get("/domains/{id}/delete", write, ask)
        .id("dom")
        .post("/domains/{id}/delete", write, delete)
        .id("dom")
}

async fn page(
    portal: &Portal,
    member: &Member,
    id: DomainId,
    note: Option<Note>,
) -> Result<Page<DeletePage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let domain = domain::load(&mut tx, &scope, id).await?.into();
    tx.rollback().await?;
    Ok(member.at(PLACE).page(DeletePage { domain, note }))
}

async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
) -> Result<Page<DeletePage>, Failure> {
    page(&portal, &member, id, None).await
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
) -> Result<Response, Failure> {
    let command = DeleteDomain { id };
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&done_path("/domains", done.change))),
        Err(refusal) => {
            let note = Some(refused::note(refusal)?);
            Ok(refused_page(page(&portal, &member, id, note).await?, true))
        }
    }
}
