//! What can be done with a run: trying it again, replaying it, letting its author see it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Command, Mode, Refusal};
use wabe_automation::run::{ReleaseRun, ReplayRun, RetryRun, recording as recordings};
use wabe_automation::{installation, run};
use wabe_kernel::id::RunId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Path, see_other};

use crate::Portal;
use crate::plugin::PLACE;
use crate::plugin::delete::json_file;
use crate::proof;
use crate::undo::done_path;

/// Asks before the author may see a recording.
#[derive(Template)]
#[template(path = "portal/plugin/release.html")]
pub(crate) struct ReleasePage {
    pub(crate) id: String,
    /// What the plugin is called.
    pub(crate) name: String,
    /// Who wrote it.
    pub(crate) author: String,
}

/// The page of a run.
pub(super) fn path(id: RunId) -> String {
    format!("/plugins/runs/{id}")
}

async fn again<C: Command>(
    portal: &Portal,
    member: &Member,
    command: C,
) -> Result<Response, Failure> {
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    let page = format!("/plugins/runs/{}", done.object);
    Ok(see_other(&done_path(&page, done.change)))
}

pub(super) async fn retry(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    again(&portal, &member, RetryRun { id }).await
}

pub(super) async fn replay(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    again(&portal, &member, ReplayRun { id }).await
}

pub(super) async fn ask_release(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = run::load(&mut tx, portal.gate.recorder(), &scope, id).await?;
    let plugin = installation::load(&mut tx, &scope, found.run.installation).await?;
    tx.rollback().await?;
    let manifest = &plugin.version.manifest;
    let page = ReleasePage {
        id: id.to_string(),
        name: manifest.name.get(member.language).to_owned(),
        author: manifest.author.clone(),
    };
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn release(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    let command = ReleaseRun { id };
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&done_path(&path(id), done.change))),
        Err(Refusal::StepUp) => Ok(proof::way(&format!("{}/release", path(id)))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The recording: what went in, and every answer it got; secrets are not in it.
pub(super) async fn recording(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = recordings::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(json_file(found, &format!("{id}.json")))
}
