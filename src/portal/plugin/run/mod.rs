//! Runs of plugins: the list, one run, and what can be done with it.

mod acts;
mod list;
#[cfg(test)]
pub(super) mod samples;
mod show;
pub(crate) mod words;

pub(crate) use list::RunRow;

use wabe_web::Routes;

use crate::plugin::{READ, WRITE};
use crate::{PORTAL, Portal};

/// The routes of this module.
pub(super) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/plugins/runs", READ, list::all)
        .get("/plugins/{id}/runs", READ, list::of_installation)
        .id("ins")
        .get("/plugins/runs/{id}", READ, show::show)
        .id("run")
        .get("/plugins/runs/{id}/recording.json", WRITE, acts::recording)
        .id("run")
        .post("/plugins/runs/{id}/retry", WRITE, acts::retry)
        .id("run")
        .post("/plugins/runs/{id}/replay", WRITE, acts::replay)
        .id("run")
        .get("/plugins/runs/{id}/release", WRITE, acts::ask_release)
        .id("run")
        .post("/plugins/runs/{id}/release", WRITE, acts::release)
        .id("run")
}
