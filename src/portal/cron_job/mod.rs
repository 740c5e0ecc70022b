//! Cron jobs: those of a webspace, making one, and the page of one with its history.

mod create;
mod delete;
mod list;
mod picker;
#[cfg(test)]
mod samples;
mod show;
mod words;

use wabe_kernel::CronRuns;
use wabe_kernel::id::{CronJobId, WebspaceId};
use wabe_web::Routes;

use crate::{PORTAL, Portal};

/// The tab of a webspace under which all of it is.
const TAB: &str = "cron";

/// What is said before somebody makes a job that would not run here.
const fn warning(runs: CronRuns) -> Option<&'static str> {
    match runs {
        CronRuns::All => None,
        CronRuns::Php => Some("cron-runs-php"),
        CronRuns::Nothing => Some("cron-runs-nothing"),
    }
}

/// Where the cron jobs of a webspace are.
fn path(id: WebspaceId) -> String {
    format!("{}/cron", crate::webspace::path(id))
}

/// Where the page of one is.
fn job_path(id: WebspaceId, job: CronJobId) -> String {
    format!("{}/{job}", path(id))
}

/// The routes of this noun.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .merge(list::routes())
        .merge(create::routes())
        .merge(show::routes())
        .merge(delete::routes())
}
