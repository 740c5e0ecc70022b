//! Switching a webspace off and on, and into the trash. Out of the trash: `portal/trash.rs`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::webspace::{DeleteWebspace, Resume, Suspend};
use wabe_kernel::FormState;
use wabe_kernel::id::WebspaceId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame_only, path};
use crate::{PORTAL, Portal};

/// Asks why a webspace is switched off.
#[derive(Template)]
#[template(path = "portal/webspace/suspend.html")]
pub(crate) struct SuspendPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
}

/// Asks before a webspace goes into the trash.
#[derive(Template)]
#[template(path = "portal/webspace/delete.html")]
pub(crate) struct DeletePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Whether something else than the name was typed.
    pub(crate) wrong: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/suspend", write, ask_suspend)
        .id("web")
        .post("/webspaces/{id}/suspend", write, suspend)
        .id("web")
        .post("/webspaces/{id}/resume", write, resume)
        .id("web")
        .get("/webspaces/{id}/delete", write, ask_delete)
        .id("web")
        .post("/webspaces/{id}/delete", write, delete)
        .id("web")
}

async fn suspend_page(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    refused: Refused,
) -> Result<Page<SuspendPage>, Failure> {
    let frame = frame_only(portal, member, id, "settings").await?;
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(SuspendPage { frame, form, note }))
}

async fn ask_suspend(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<SuspendPage>, Failure> {
    suspend_page(&portal, &member, id, Refused::default()).await
}

async fn suspend(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<Suspend>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(&path(id), done.change))),
        Err(refused) => {
            let noted = refused.note.is_some();
            Ok(refused_page(
                suspend_page(&portal, &member, id, refused).await?,
                noted,
            ))
        }
    }
}

async fn resume(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Response, Failure> {
    let command = Resume { id };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(&path(id), done.change)))
}

async fn ask_delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<DeletePage>, Failure> {
    let frame = frame_only(&portal, &member, id, "settings").await?;
    Ok(member.at(PLACE).page(DeletePage {
        frame,
        wrong: false,
    }))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let frame = frame_only(&portal, &member, id, "settings").await?;
    if form.get("confirm").trim() != frame.web.name.as_str() {
        return Ok(member
            .at(PLACE)
            .page(DeletePage { frame, wrong: true })
            .invalid());
    }
    let command = DeleteWebspace { id };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path("/webspaces", done.change)))
}
