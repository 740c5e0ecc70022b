//! The page of one database: how full it is, and its tables.

use askama::Template;
use axum::extract::State;
use wabe_hosting::database::{self, Database};
use wabe_kernel::content::TableInfo;
use wabe_kernel::id::DatabaseId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query, format};

use crate::Portal;
use crate::database::frame::Frame;
use crate::recent::{self, Recent};
use crate::undo::{self, DoneBar};

/// Changes that are shown beside the rest.
const CHANGES: i64 = 5;

/// The page.
#[derive(Template)]
#[template(path = "portal/database/show.html")]
pub(crate) struct ShowPage {
    pub(crate) frame: Frame,
    pub(crate) database: Database,
    pub(crate) used: i64,
    pub(crate) percent: i64,
    /// The tables; none for who may not reach into it, or when it cannot be reached now.
    pub(crate) tables: Option<Vec<TableInfo>>,
    /// Whether it is an employee on a look whose consent reaches no tables; the page says how to ask for it.
    pub(crate) unreached: bool,
    pub(crate) recent: Vec<Recent>,
    pub(crate) done: Option<DoneBar>,
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let database = database::load(&mut tx, &scope, id).await?;
    let object = Some(id.to_string());
    let recent = recent::list(&portal, &mut tx, (&member, &scope), object, CHANGES).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let frame = Frame::of(&portal, &member, &database);
    let tables = tables(&portal, &member, &frame, id).await?;
    // What was measured last is good enough while the database cannot be reached.
    let used = portal.sql.usage(id).await.unwrap_or(database.used_bytes);
    Ok(member.at("databases").page(ShowPage {
        percent: format::percent(used, database.quota_bytes),
        used,
        unreached: member.looks() && !frame.may_read,
        frame,
        database,
        tables,
        recent,
        done,
    }))
}

async fn tables(
    portal: &Portal,
    member: &Member,
    frame: &Frame,
    id: DatabaseId,
) -> Result<Option<Vec<TableInfo>>, Failure> {
    if !frame.may_read {
        return Ok(None);
    }
    let Ok(found) = portal.sql.tables(id).await else {
        return Ok(None);
    };
    if !found.is_empty() {
        portal
            .note_access(member, "sql.tables", &id.to_string())
            .await?;
    }
    Ok(Some(found))
}
