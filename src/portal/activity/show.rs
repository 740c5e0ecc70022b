//! One change, under an address of its own.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_automation::run;
use wabe_kernel::id::ChangeId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query};

use crate::Portal;
use crate::activity::line::Line;
use crate::activity::people::People;
use crate::plugin::names;
use crate::undo::{self, DoneBar};

/// The change.
#[derive(Template)]
#[template(path = "portal/activity/show.html")]
pub(crate) struct ShowPage {
    pub(crate) line: Line,
    pub(crate) done: Option<DoneBar>,
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<ChangeId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::ChangeRead)?;
    let found = portal
        .gate
        .recorder()
        .load(&mut tx, scope.customer(), id)
        .await?;
    let mut record = found.ok_or(Failure::NotFound)?;
    let one = std::slice::from_mut(&mut record);
    names::tell(&mut tx, &scope, member.language, one).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    let run = if record.actor_installation.is_some() && scope.has(Permission::AutomationRead) {
        run::of_change(&mut tx, &scope, id).await?
    } else {
        None
    };
    tx.rollback().await?;
    let people = People::of(&portal, &member, std::slice::from_ref(&record)).await?;
    let line = Line {
        run: run.map(|run| format!("/plugins/runs/{run}")),
        ..Line::of(&portal, &member, &people, &record)
    };
    Ok(member.at("activity").page(ShowPage { line, done }))
}
