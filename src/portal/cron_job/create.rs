//! `/webspaces/{id}/cron/new`: another cron job.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Limit, Mode, Permission};
use wabe_hosting::cron_job::CreateCronJob;
use wabe_kernel::FormState;
use wabe_kernel::id::WebspaceId;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::cron_job::{TAB, path, picker, warning};
use crate::plan_use::{UseBar, bars_after};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// The form of a new job.
#[derive(Template)]
#[template(path = "portal/cron_job/create.html")]
pub(crate) struct CreatePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// When it may run.
    pub(crate) ways: Vec<Choice>,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// The plan afterwards.
    pub(crate) plan: Vec<UseBar>,
    /// That not all jobs run here, where that is so.
    pub(crate) warning: Option<&'static str>,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/cron/new", write, new)
        .id("web")
        .post("/webspaces/{id}/cron", write, create)
        .id("web")
}

async fn page(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    refused: Refused,
) -> Result<Page<CreatePage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let query = Query::default();
    let frame = frame(portal, (&mut tx, &scope), (member, &query), (id, TAB)).await?;
    let plan = bars_after(&mut tx, &scope, &[(Limit::CronJobs, 1)]).await?;
    tx.rollback().await?;
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(CreatePage {
        frame,
        ways: picker::ways(member.language),
        form,
        note,
        plan,
        warning: warning(portal.house().cron),
    }))
}

async fn new(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<CreatePage>, Failure> {
    page(&portal, &member, id, picker::fresh().into()).await
}

async fn create(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = picker::meant(with_field(form, "webspace_id", id));
    let refused = match picker::checked::<CreateCronJob>(form) {
        Ok(form) => {
            let done = carry_out::<CreateCronJob>(&portal, &member, &form, &[], Mode::Commit);
            match done.await? {
                Ok(done) => return Ok(see_other(&done_path(&path(id), done.change))),
                Err(refused) => refused,
            }
        }
        Err(form) => form.into(),
    };
    let noted = refused.note.is_some();
    Ok(refused_page(
        page(&portal, &member, id, refused).await?,
        noted,
    ))
}
