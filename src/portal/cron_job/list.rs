//! `/webspaces/{id}/cron`: the cron jobs of a webspace.

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_hosting::cron_job::{self, CronJob};
use wabe_kernel::Language;
use wabe_kernel::id::WebspaceId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Query, Routes};

use crate::cron_job::{TAB, warning, words};
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// The tab of cron jobs.
#[derive(Template)]
#[template(path = "portal/cron_job/list.html")]
pub(crate) struct ListPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The jobs, oldest first.
    pub(crate) rows: Vec<Row>,
    /// That not all jobs run here, where that is so.
    pub(crate) warning: Option<&'static str>,
}

/// A job and what is said of it.
pub(crate) struct Row {
    /// The job.
    pub(crate) job: CronJob,
    /// When it runs, in words.
    pub(crate) schedule: String,
}

impl Row {
    pub(crate) fn of(language: Language, job: CronJob) -> Self {
        Self {
            schedule: words::schedule(language, &job.schedule),
            job,
        }
    }

    /// The colour of its latest outcome.
    #[must_use]
    pub(crate) fn colour(&self) -> &'static str {
        let last = self.job.last.as_ref();
        last.map_or("pending", |last| words::colour(last.outcome))
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let read = Needs::Permission(Permission::WebspaceRead);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/cron", read, list)
        .id("web")
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let frame = frame(&portal, (&mut tx, &scope), (&member, &query), (id, TAB)).await?;
    let jobs = cron_job::list(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let rows = jobs.into_iter().map(|job| Row::of(member.language, job));
    Ok(member.at(PLACE).page(ListPage {
        frame,
        rows: rows.collect(),
        warning: warning(portal.house().cron),
    }))
}
