//! `GET /staff/plugins/{id}/recordings`, `GET /staff/recordings/{id}`: runs whose recordings customers
//! handed on to the author.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_automation::plugin::{self, PluginVersion};
use wabe_automation::run::recording::{self, DAYS};
use wabe_kernel::id::{PluginVersionId, RunId};
use wabe_kernel::{Language, Timestamp};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Page, Path, Routes, StaffMember};

use crate::plugin::version::download;
use crate::plugin::{PLACE, READ};
use crate::{STAFF, Staff};

/// The recordings of a plugin's runs.
#[derive(Template)]
#[template(path = "staff/plugin/recordings.html")]
pub(crate) struct RecordingsPage {
    /// A version of the plugin: the one the employee came from.
    pub version: PluginVersion,
    /// In which language its words are shown.
    pub language: Language,
    /// The runs, with since when their recordings are handed on.
    pub runs: Vec<(RunId, Timestamp)>,
    /// Days that a recording is kept.
    pub days: i64,
}

impl RecordingsPage {
    /// What the plugin is called.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.version.manifest.name.get(self.language)
    }
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/plugins/{id}/recordings", READ, list)
        .id("plv")
        .get("/staff/recordings/{id}", READ, read)
        .id("run")
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
) -> Result<Page<RecordingsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    let runs = plugin::released_recordings(&mut tx, &scope, version.plugin).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(RecordingsPage {
        version,
        language: member.language,
        runs,
        days: DAYS,
    }))
}

async fn read(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<RunId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let found = recording::load_released(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let about = (found.customer, Some(id.to_string()));
    let address = arrival.address();
    staff
        .note_about(&member, "recording.read", about, address)
        .await?;
    let name = format!("{id}.json");
    Ok(download("application/json", &name, found.content))
}
