//! Asks before a cron job goes, and lets it go.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_hosting::cron_job::{self, CronJob, DeleteCronJob};
use wabe_kernel::id::{CronJobId, WebspaceId};
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path2, Query, Routes, see_other};

use crate::cron_job::{TAB, path};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// Asks before a job goes.
#[derive(Template)]
#[template(path = "portal/cron_job/delete.html")]
pub(crate) struct DeletePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The job.
    pub(crate) job: CronJob,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/cron/{job}/delete", write, ask)
        .id("web")
        .post("/webspaces/{id}/cron/{job}/delete", write, delete)
        .id("web")
}

async fn asked(
    portal: &Portal,
    member: &Member,
    (id, job): (WebspaceId, CronJobId),
) -> Result<DeletePage, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let query = Query::default();
    let frame = frame(portal, (&mut tx, &scope), (member, &query), (id, TAB)).await?;
    let job = cron_job::load(&mut tx, &scope, job).await?;
    tx.rollback().await?;
    if job.webspace_id == id {
        Ok(DeletePage { frame, job })
    } else {
        Err(Failure::NotFound)
    }
}

async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
) -> Result<Page<DeletePage>, Failure> {
    let asked = asked(&portal, &member, (id, job)).await?;
    Ok(member.at(PLACE).page(asked))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
) -> Result<Response, Failure> {
    asked(&portal, &member, (id, job)).await?;
    let command = DeleteCronJob { id: job };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(&path(id), done.change)))
}
