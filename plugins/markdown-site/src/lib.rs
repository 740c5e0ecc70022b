//! A folder of Markdown becomes a site.
//!
//! A build is a chain of slices that each do what fits into a run. What was done is in the index, so
//! every slice begins by looking at what there is and goes on where something is missing: a slice that
//! never happened costs time and nothing else.

mod budget;
mod build;
mod index;
mod layout;
mod meta;
mod nav;
mod page;
mod place;
mod render;
mod settings;
mod source;

use budget::Budget;
use build::{Report, Site};
use place::Place;
use settings::Settings;
use wabe::ui::Ui;
use wabe::{Context, Form, Outcome, Result, Slice, Task, json, kv};

/// Where the last report is kept.
const REPORT: &str = "report";

/// Every five minutes: writes to a webspace are no events, so the folder is looked at.
#[wabe::task("build")]
fn build(context: &Context, _task: &Task) -> Result<Slice> {
    let settings: Settings = context.settings()?;
    let Some(report) = slice(context, &settings, Budget::TASK, false)? else {
        let waiting = json!({ "waiting_for": settings.source });
        return Ok(Outcome::new().data(waiting).into());
    };
    let outcome = Outcome::new().data(json!({
        "pages": report.pages, "written": report.written, "deleted": report.deleted,
        "left": report.left, "in_the_way": report.in_the_way, "too_large": report.too_large,
    }));
    Ok(match report.left {
        0 => outcome.into(),
        left => outcome.go_on(format!("{left} left")),
    })
}

/// How the site is, with a button that builds at once.
#[wabe::form("main")]
fn overview(context: &Context, form: &Form) -> Result<Ui> {
    let settings: Settings = context.settings()?;
    if let Some(input) = form.sent() {
        let report = slice(context, &settings, Budget::PAGE, input.is_set("rebuild"))?;
        return Ok(page::built(context, &settings, report.as_ref()));
    }
    let report: Option<Report> = kv::get(REPORT)?;
    Ok(page::overview(context, &settings, report.as_ref()))
}

/// Builds as much as fits, `anew` what is there too; `None` when there is no folder to build from.
fn slice(
    context: &Context,
    settings: &Settings,
    budget: Budget,
    anew: bool,
) -> Result<Option<Report>> {
    let Some(place) = Place::find(settings)? else {
        return Ok(None);
    };
    let mut index = index::load()?;
    let before = index.clone();
    if anew {
        index::doubt(&mut index);
    }
    let mut site = Site::new(settings, &mut index, place.files(budget), &place.target);
    let mut report = site.build()?;
    report.at_ms = context.now_ms;
    report.webspace = place.name;
    if index != before {
        index::save(&index)?;
    }
    kv::set(REPORT, &report)?;
    Ok(Some(report))
}
