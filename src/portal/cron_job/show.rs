//! `/webspaces/{id}/cron/{job}`: when it runs next, what became of it, what it wrote, and what can be changed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Command, Mode, Permission};
use wabe_hosting::cron_job::{
    self, CronJob, CronRun, RunCronJob, SetCronCommand, SetCronEnabled, SetCronSchedule,
};
use wabe_kernel::id::{CronJobId, CronRunId, WebspaceId};
use wabe_kernel::{FormState, Timestamp};
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Needs, Page, Path2, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::cron_job::words::{self, Bar};
use crate::cron_job::{TAB, job_path, picker, warning};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame};
use crate::{PORTAL, Portal};

/// Times that are told in advance.
const UPCOMING: usize = 5;

/// A run and its colour.
pub(crate) struct RunRow {
    /// The run.
    pub(crate) run: CronRun,
    /// The colour of its outcome.
    pub(crate) colour: &'static str,
}

impl RunRow {
    pub(crate) fn of(run: CronRun) -> Self {
        Self {
            colour: words::colour(run.outcome),
            run,
        }
    }

    /// What the program said about it, unless that was that all is well.
    #[must_use]
    pub(crate) fn exit(&self) -> Option<i64> {
        self.run.exit_code.filter(|code| *code != 0)
    }

    /// Seconds that it took, where something ran.
    #[must_use]
    pub(crate) fn seconds(&self) -> Option<i64> {
        self.run.seconds()
    }

    /// Whether something ran, so that there may be something that it wrote.
    #[must_use]
    pub(crate) fn has_output(&self) -> bool {
        self.run.seconds().is_some()
    }
}

/// What a run wrote.
pub(crate) struct Written {
    /// Which run.
    pub(crate) run: CronRun,
    /// The end of it.
    pub(crate) output: String,
}

/// The page of a job.
#[derive(Template)]
#[template(path = "portal/cron_job/show.html")]
pub(crate) struct ShowPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The job.
    pub(crate) job: CronJob,
    /// When it runs, in words.
    pub(crate) schedule: String,
    /// Its next times.
    pub(crate) upcoming: Vec<Timestamp>,
    /// The latest runs as a picture.
    pub(crate) bars: Vec<Bar>,
    /// All runs that are kept, the latest first.
    pub(crate) runs: Vec<RunRow>,
    /// What the run wrote that was asked for.
    pub(crate) written: Option<Written>,
    /// Whether the visitor sees what runs wrote.
    pub(crate) sees_output: bool,
    /// When it may run.
    pub(crate) ways: Vec<Choice>,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// That not all jobs run here, where that is so.
    pub(crate) warning: Option<&'static str>,
}

impl ShowPage {
    /// Where it is.
    #[must_use]
    pub(crate) fn path(&self) -> String {
        job_path(self.frame.web.id, self.job.id)
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let read = Needs::Permission(Permission::WebspaceRead);
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/cron/{job}", read, show)
        .id("web")
        .post("/webspaces/{id}/cron/{job}/schedule", write, set_schedule)
        .id("web")
        .post("/webspaces/{id}/cron/{job}/command", write, set_command)
        .id("web")
        .post("/webspaces/{id}/cron/{job}/enabled", write, set_enabled)
        .id("web")
        .post("/webspaces/{id}/cron/{job}/run", write, run)
        .id("web")
}

/// The form of a job as it is.
fn standing(job: &CronJob) -> FormState {
    let form = FormState::new().with("command", job.command.to_string());
    picker::standing(form, &job.schedule)
}

/// A form that was refused, beside the others as the job is.
fn beside(job: &CronJob, refused: Refused) -> Refused {
    Refused {
        form: refused.form.beside(standing(job)),
        note: refused.note,
    }
}

async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    (id, job): (WebspaceId, CronJobId),
    refused: Option<Refused>,
) -> Result<Page<ShowPage>, Failure> {
    let wanted: Option<CronRunId> = query.get("run").parse().ok();
    if wanted.is_some() {
        // Before anything is shown of it.
        let object = id.to_string();
        let part = wanted.map(|run| run.to_string());
        portal
            .note_part(member, "file.read", (&object, part.as_deref()))
            .await?;
    }
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, TAB)).await?;
    let job = cron_job::load(&mut tx, &scope, job).await?;
    if job.webspace_id != id {
        return Err(Failure::NotFound);
    }
    let runs = cron_job::runs(&mut tx, &scope, job.id).await?;
    let written = match wanted {
        Some(run) => {
            let output = cron_job::output(&mut tx, &scope, (job.id, run)).await?;
            let run = runs.iter().find(|known| known.id == run).cloned();
            run.map(|run| Written { run, output })
        }
        None => None,
    };
    let sees_output = scope.has(Permission::FileRead);
    tx.rollback().await?;
    let refused = match refused {
        Some(refused) => beside(&job, refused),
        None => standing(&job).into(),
    };
    let upcoming = job.next_at.map_or_else(Vec::new, |next| {
        let later = job.schedule.upcoming(next, job.zone, UPCOMING - 1);
        std::iter::once(next).chain(later).collect()
    });
    Ok(member.at(PLACE).page(ShowPage {
        frame,
        schedule: words::schedule(member.language, &job.schedule),
        upcoming,
        bars: words::bars(&runs),
        runs: runs.into_iter().map(RunRow::of).collect(),
        written,
        sees_output,
        ways: picker::ways(member.language),
        form: refused.form,
        note: refused.note,
        warning: warning(portal.house().cron),
        job,
    }))
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    page(&portal, (&member, &query), (id, job), None).await
}

/// Carries out a command on a job and shows its page again.
async fn change<C: Command>(
    portal: &Portal,
    member: &Member,
    (id, job): (WebspaceId, CronJobId),
    form: Result<Form, FormState>,
) -> Result<Response, Failure> {
    let refused = match form {
        Ok(form) => {
            let form = with_field(form, "id", job);
            match carry_out::<C>(portal, member, &form, &[], Mode::Commit).await? {
                Ok(done) => {
                    return Ok(see_other(&done_path(&job_path(id, job), done.change)));
                }
                Err(refused) => refused,
            }
        }
        Err(form) => form.into(),
    };
    let noted = refused.note.is_some();
    let query = Query::default();
    let shown = Box::pin(page(portal, (member, &query), (id, job), Some(refused))).await?;
    Ok(refused_page(shown, noted))
}

async fn set_schedule(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = picker::checked::<SetCronSchedule>(with_field(form, "id", job));
    change::<SetCronSchedule>(&portal, &member, (id, job), form).await
}

async fn set_command(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<SetCronCommand>(&portal, &member, (id, job), Ok(form)).await
}

async fn set_enabled(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<SetCronEnabled>(&portal, &member, (id, job), Ok(form)).await
}

async fn run(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, job): Path2<WebspaceId, CronJobId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<RunCronJob>(&portal, &member, (id, job), Ok(form)).await
}
