//! Stopping an installation, letting it run again, going back to the version before, trying a task.

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Command, Mode};
use wabe_automation::engine::Trial;
use wabe_automation::installation::{PauseInstallation, ResumeInstallation, RollBack};
use wabe_kernel::id::InstallationId;
use wabe_web::{Failure, Form, Member, Path, see_other};

use crate::Portal;
use crate::plugin::path;
use crate::reading::with_field;
use crate::undo::done_path;

async fn act<C: Command>(
    portal: &Portal,
    member: &Member,
    id: InstallationId,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    let command = form.parse::<C>(&[]);
    let command = command
        .map_err(|form| Failure::Invalid(wabe_kernel::FieldErrors(form.errors().clone())))?;
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(&path(id), done.change)))
}

pub(super) async fn pause(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<PauseInstallation>(&portal, &member, id, form).await
}

pub(super) async fn resume(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<ResumeInstallation>(&portal, &member, id, form).await
}

pub(super) async fn roll_back(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<RollBack>(&portal, &member, id, form).await
}

/// Runs a task now, or for the last event that a trigger hears, without applying what it wants to change, and shows that.
pub(super) async fn try_out(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    let trial = match form.get("event") {
        "" => Trial::Task {
            name: form.get("task").to_owned(),
        },
        topic => Trial::Latest {
            topic: topic.to_owned(),
        },
    };
    let run = portal
        .automation
        .dry_run(member.actor(), id, trial, member.language);
    let run = Box::pin(run).await?;
    Ok(see_other(&format!("/plugins/runs/{run}")))
}
