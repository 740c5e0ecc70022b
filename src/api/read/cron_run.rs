//! What became of the times of cron jobs.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_hosting::cron_job::{self, CronRun};
use wabe_kernel::id::CronJobId;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let runs = Operation::get(
        "cron_job_runs",
        "/api/v1/cron_jobs/{id}/runs",
        Permission::WebspaceRead,
        Answers::List(|| schema_for!(CronRun)),
    );
    book.add(runs.id("crn"), list)
}

async fn list(api: Api, call: Call) -> Answer {
    let id: CronJobId = call.id("id")?;
    let mut look = call.look(&api).await?;
    // Missing and foreign are the same answer, and no empty list.
    cron_job::load(&mut look.tx, &look.scope, id).await?;
    let found = cron_job::runs(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    let items: Result<Vec<_>, _> = found.iter().map(answer::value_of).collect();
    Ok(answer::all(&items?))
}
