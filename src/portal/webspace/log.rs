//! `/webspaces/{id}/log`: who asked for what, as the site's server wrote it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::webspace::SetFullAddresses;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::files::failure;
use crate::reading::with_field;
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame, path};
use crate::{PORTAL, Portal};

/// How many lines are shown.
const LINES: usize = 200;

/// The tab of logs.
#[derive(Template)]
#[template(path = "portal/webspace/log.html")]
pub(crate) struct LogPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The last lines, newest last.
    pub(crate) lines: Vec<String>,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/log",
            Needs::Permission(Permission::WebspaceRead),
            log,
        )
        .id("web")
        .post(
            "/webspaces/{id}/log",
            Needs::Permission(Permission::WebspaceWrite),
            addresses,
        )
        .id("web")
}

async fn log(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<LogPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let frame = frame(&portal, (&mut tx, &scope), (&member, &query), (id, "log")).await?;
    tx.rollback().await?;
    portal
        .note_access(&member, "log.read", &id.to_string())
        .await?;
    let lines = match portal.files.access_log(id, LINES).await {
        Ok(lines) => lines,
        // Nothing was set up yet, so nobody can have asked for anything.
        Err(ContentError::NotFound) => Vec::new(),
        Err(error) => return Err(failure(error)),
    };
    Ok(member.at(PLACE).page(LogPage { frame, lines }))
}

async fn addresses(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    let command = wabe_kernel::Fields::from_form(&form.fields)?;
    let done = portal
        .gate
        .run::<SetFullAddresses>(member.actor(), command, Mode::Commit);
    let done = Box::pin(done).await?;
    Ok(see_other(&done_path(
        &format!("{}/log", path(id)),
        done.change,
    )))
}
