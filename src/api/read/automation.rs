//! The catalogue of plugins, and runs.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::noun::{Noun, shown};
use crate::problem::{Kind, Problem};
use axum::body::Body;
use axum::response::Response;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_automation::installation::{self, export};
use wabe_automation::plugin::{self, VersionShown};
use wabe_automation::run::{self, RunDetail, RunFilter, RunShown, usage};
use wabe_kernel::id::{InstallationId, RunId};

const FILTERS: &[&str] = &["limit", "after", "installation", "state", "trigger"];
const FILTERS_OF: &[&str] = &["limit", "after", "state", "trigger"];
/// Days of use that are answered.
const DAYS: i64 = 30;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let sees = Permission::AutomationRead;
    let get = |id: &str, path, answers| Operation::get(id, path, sees, answers);
    let catalogue = get(
        "plugin_list",
        "/api/v1/plugins",
        Answers::List(|| schema_for!(VersionShown)),
    );
    let runs = get(
        "run_list",
        "/api/v1/runs",
        Answers::List(|| schema_for!(RunShown)),
    );
    let runs_of = get(
        "installation_runs",
        "/api/v1/installations/{id}/runs",
        Answers::List(|| schema_for!(RunShown)),
    );
    let run = get(
        "run_show",
        "/api/v1/runs/{id}",
        Answers::Json(200, || schema_for!(RunDetail)),
    );
    let days = get(
        "installation_usage",
        "/api/v1/installations/{id}/usage",
        Answers::List(|| schema_for!(usage::DayOfUse)),
    );
    let book = kept(book);
    let book = book.add(catalogue, list_plugins);
    let book = book.add(runs.query(FILTERS), list_runs);
    let book = book.add(runs_of.id("ins").query(FILTERS_OF), list_runs_of);
    let book = book.add(run.id("run"), show_run);
    book.add(days.id("ins"), list_usage)
}

/// What can be downloaded: recordings of runs, and what installations keep or left behind.
fn kept(book: Book) -> Book {
    let whole = |id: &str, path| {
        let json = Answers::Bytes("application/json");
        Operation::get(id, path, Permission::AutomationWrite, json)
    };
    let recording = whole("run_recording", "/api/v1/runs/{id}/recording");
    let export = whole("installation_export", "/api/v1/installations/{id}/export");
    let left = Operation::get(
        "installation_left",
        "/api/v1/installation_exports",
        Permission::AutomationRead,
        Answers::List(|| schema_for!(export::Left)),
    );
    let book = book.add(recording.id("run"), read_recording);
    let book = book.add(export.id("ins"), read_export);
    book.add(left, list_left)
}

fn document(name: &str, bytes: Vec<u8>) -> Response {
    let size = i64::try_from(bytes.len()).ok();
    let kind = "application/json";
    answer::download(kind, name, size, Body::from(bytes))
}

async fn read_recording(api: Api, call: Call) -> Answer {
    let id: RunId = call.id("id")?;
    let mut look = call.look(&api).await?;
    let bytes = run::recording::load(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    Ok(document(&format!("{id}.json"), bytes))
}

async fn read_export(api: Api, call: Call) -> Answer {
    let id: InstallationId = call.id("id")?;
    let mut look = call.look(&api).await?;
    let bytes = export::document(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    Ok(document(&format!("{id}.json"), bytes))
}

async fn list_left(api: Api, call: Call) -> Answer {
    let mut look = call.look(&api).await?;
    let found = export::list(&mut look.tx, &look.scope).await?;
    look.end().await?;
    let items: Result<Vec<_>, _> = found.iter().map(answer::value_of).collect();
    Ok(answer::all(&items?))
}

async fn list_plugins(api: Api, call: Call) -> Answer {
    let mut look = call.look(&api).await?;
    let found = plugin::catalogue(&mut look.tx, &look.scope).await?;
    look.end().await?;
    let shown = found
        .iter()
        .map(|entry| answer::value_of(&entry.version.shown()));
    let shown: Result<Vec<_>, _> = shown.collect();
    Ok(answer::all(&shown?))
}

async fn list_runs(api: Api, call: Call) -> Answer {
    let installation = call.parsed("installation", "not-an-id")?;
    answered(&api, &call, installation).await
}

async fn list_runs_of(api: Api, call: Call) -> Answer {
    let installation: InstallationId = call.id("id")?;
    let mut look = call.look(&api).await?;
    // Missing and foreign are the same answer, and no empty list.
    installation::load(&mut look.tx, &look.scope, installation).await?;
    look.end().await?;
    answered(&api, &call, Some(installation)).await
}

async fn answered(api: &Api, call: &Call, installation: Option<InstallationId>) -> Answer {
    let filter = RunFilter {
        installation,
        state: call.parsed("state", "not-a-choice")?,
        trigger: call.parsed("trigger", "not-a-choice")?,
        without_looks: false,
    };
    let page = call.page()?;
    let mut look = call.look(api).await?;
    let found = run::list(&mut look.tx, &look.scope, filter, &page).await?;
    look.end().await?;
    answer::ok(&found.map(|run| run.shown()))
}

async fn show_run(api: Api, call: Call) -> Answer {
    let found = shown(Noun::Run, &api, &call, &call.ids()).await?;
    answer::ok(&found.ok_or(Problem::of(Kind::NotFound))?)
}

async fn list_usage(api: Api, call: Call) -> Answer {
    let id: InstallationId = call.id("id")?;
    let mut look = call.look(&api).await?;
    installation::load(&mut look.tx, &look.scope, id).await?;
    let now = api.gate.tools().clock.now();
    let found = usage::list(&mut look.tx, &look.scope, id, (now, DAYS)).await?;
    look.end().await?;
    let days: Result<Vec<_>, _> = found.iter().map(answer::value_of).collect();
    Ok(answer::all(&days?))
}
