//! `GET /trash` and `POST /trash/{id}/restore`: what was deleted, for 14 days.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use serde_json::json;
use wabe_access::resource::{self, Resource, TRASH_DAYS};
use wabe_access::{Mode, Permission, Refusal};
use wabe_kernel::{Problem, ResourceKind, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::carry_out::refused_page;
use crate::reading::{icon, page_of, sees, shown_name};
use crate::refused::{self, Note};
use crate::undo::{self, DoneBar, done_path};
use crate::{PORTAL, Portal};

/// Something in the trash.
#[derive(Debug, Clone)]
pub(crate) struct TrashRow {
    /// Its id.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: ResourceKind,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// What it is called.
    pub(crate) name: String,
    /// Since when it is here.
    pub(crate) deleted_at: Timestamp,
    /// Until when.
    pub(crate) until: Timestamp,
    /// Whether the visitor may take it out.
    pub(crate) may_restore: bool,
}

/// The trash.
#[derive(Template)]
#[template(path = "portal/trash/list.html")]
pub(crate) struct TrashPage {
    /// What is in it, the latest first.
    pub(crate) rows: Vec<TrashRow>,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
    /// Why something could not be taken out.
    pub(crate) note: Option<Note>,
    /// What is wrong with it now, such as a name that is taken.
    pub(crate) problem: Option<Problem>,
}

pub(crate) fn routes() -> Routes<Portal> {
    let read = Needs::Permission(Permission::CustomerRead);
    Routes::new(&PORTAL)
        .get("/trash", read, list)
        .post("/trash/{id}/restore", read, restore)
        .id("web")
}

/// The kind that an id says it is of.
fn kind_of(id: &str) -> Option<ResourceKind> {
    match id.split_once('_')?.0 {
        "web" => Some(ResourceKind::Webspace),
        "dom" => Some(ResourceKind::Domain),
        "mbx" => Some(ResourceKind::Mailbox),
        "als" => Some(ResourceKind::Alias),
        "dbs" => Some(ResourceKind::Database),
        _ => None,
    }
}

async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    (note, problem): (Option<Note>, Option<Problem>),
) -> Result<Page<TrashPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = resource::trash(&mut tx, scope.customer()).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let row = |found: Resource| {
        let deleted_at = found.deleted_at?;
        Some(TrashRow {
            may_restore: scope.has(Permission::to_change(found.kind)),
            icon: icon(found.kind.word()),
            kind: found.kind,
            id: found.id,
            name: shown_name(found.kind.word(), found.name),
            deleted_at,
            until: deleted_at.plus_days(TRASH_DAYS),
        })
    };
    let seen = found
        .into_iter()
        .filter(|found| scope.has(sees(found.kind)));
    let rows = seen.filter_map(row).collect();
    Ok(member.at("trash").page(TrashPage {
        rows,
        done,
        note,
        problem,
    }))
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<TrashPage>, Failure> {
    page(&portal, (&member, &query), (None, None)).await
}

async fn restore(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let kind = kind_of(&id).ok_or(Failure::NotFound)?;
    let spec = portal
        .gate
        .command(&format!("{kind}.restore"))
        .ok_or(Failure::NotFound)?;
    let input = json!({ "id": id }).as_object().cloned().unwrap_or_default();
    let restored = (spec.run)(&portal.gate, member.actor(), input, Mode::Commit, None).await;
    let told = match restored {
        Ok(done) => return Ok(see_other(&done_path(&page_of(kind, &id), done.change))),
        // An id that is none is as missing as one that is somebody else's.
        Err(Refusal::Invalid(errors)) if errors.0.contains_key("id") => {
            return Err(Failure::NotFound);
        }
        Err(Refusal::Invalid(errors)) => (None, errors.0.into_values().next()),
        Err(refusal) => (Some(refused::note(refusal)?), None),
    };
    Ok(refused_page(
        page(&portal, (&member, &Query::default()), told).await?,
        true,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_taken_out_by_a_command_of_its_own() {
        let commands = wabe_hosting::commands();
        for id in ["web_1", "dom_1", "mbx_1", "als_1", "dbs_1"] {
            let name = format!("{}.restore", kind_of(id).unwrap());
            assert!(commands.iter().any(|spec| spec.name == name), "{name}");
        }
        assert!(kind_of("usr_1").is_none());
        assert!(kind_of("web").is_none());
    }
}
