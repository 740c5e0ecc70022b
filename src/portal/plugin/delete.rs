//! Removing an installation, and what it leaves behind.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use wabe_access::{Mode, Refusal};
use wabe_automation::installation::{DeleteInstallation, export};
use wabe_kernel::id::InstallationId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Message, Path, disposition, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::frame::Frame;
use crate::plugin::{PLACE, find, path};
use crate::proof;
use crate::reading::with_field;
use crate::undo::done_path;

/// Asks before an installation is removed.
#[derive(Template)]
#[template(path = "portal/plugin/delete.html")]
pub(crate) struct DeletePage {
    pub(crate) frame: Frame,
    /// What is to be typed.
    pub(crate) word: String,
    pub(crate) error: String,
}

async fn page(
    portal: &Portal,
    member: &Member,
    id: InstallationId,
    error: String,
) -> Result<DeletePage, Failure> {
    let found = find(portal, member, id).await?;
    Ok(DeletePage {
        frame: Frame::of(member, &found),
        word: found.version.manifest.id.to_string(),
        error,
    })
}

pub(super) async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let page = page(&portal, &member, id, String::new()).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    let error = Message::new(member.language, "thing-delete-differs").to_string();
    let page = page(&portal, &member, id, error).await?;
    if form.get("confirm").trim() != page.word {
        return Ok(refused_page(member.at(PLACE).page(page), false));
    }
    let form = with_field(Form::default(), "id", id);
    let command = form.parse::<DeleteInstallation>(&[]);
    let command = command.map_err(|_no_id| Failure::NotFound)?;
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&done_path("/plugins", done.change))),
        Err(Refusal::StepUp) => Ok(proof::way(&format!("{}/delete", path(id)))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What an installation keeps and did, also of one that was removed lately.
pub(super) async fn export(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let document = export::document(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(json_file(document, &format!("{id}.json")))
}

/// JSON as a download of this name.
pub(super) fn json_file(document: Vec<u8>, name: &str) -> Response {
    let mut response = document.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_DISPOSITION, disposition(name));
    response
}
