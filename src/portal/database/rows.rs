//! The rows of one table, a page at a time. Nothing is sent to the database but the name of a table that is
//! there, so this page changes nothing, whoever opens it.

use askama::Template;
use axum::extract::State;
use wabe_kernel::Fault;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::DatabaseId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query};

use crate::Portal;
use crate::database::console::{Answer, Cell};
use crate::database::frame::Frame;
use crate::database::present;
use crate::reading::encoded;

/// How far a table can be paged through, in rows.
const SKIP_MAX: usize = 10_000_000;

/// A table.
#[derive(Template)]
#[template(path = "portal/database/rows.html")]
pub(crate) struct RowsPage {
    pub(crate) frame: Frame,
    /// Its name.
    pub(crate) table: String,
    /// This page, from its first row on.
    pub(crate) href: String,
    pub(crate) answer: Answer,
}

/// What a page says when a table cannot be read.
fn failure(error: ContentError) -> Failure {
    match error {
        ContentError::NotFound => Failure::NotFound,
        ContentError::TimedOut => Failure::TimedOut,
        ContentError::Refused("busy" | "server-away") => Failure::Busy(5),
        ContentError::Refused("suspended") => Failure::Conflict("suspended"),
        ContentError::Refused("sql-limit") | ContentError::TooLarge { .. } => Failure::TooLarge,
        ContentError::Fault(told) => Failure::Fault(Fault::because("read a table", told)),
        _ => Failure::Fault(Fault::new("read a table")),
    }
}

pub(super) async fn rows(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    query: Query,
) -> Result<Page<RowsPage>, Failure> {
    let database = present(&portal, &member, id).await?;
    let table = query.get("table");
    // Only what is there is noted: nobody writes a text of theirs into the log with a name.
    let tables = portal.sql.tables(id).await.map_err(failure)?;
    if !tables.iter().any(|known| known.name == table) {
        return Err(Failure::NotFound);
    }
    portal
        .note_part(&member, "sql.rows", (&id.to_string(), Some(table)))
        .await?;
    let skip = query.get("skip").parse().unwrap_or(0).min(SKIP_MAX);
    let found = portal.sql.rows(id, table, skip).await.map_err(failure)?;
    Ok(member.at("databases").page(RowsPage {
        frame: Frame::of(&portal, &member, &database),
        table: table.to_owned(),
        href: format!("/databases/{id}/rows?table={}", encoded(table)),
        answer: Answer::page(&found, skip, true),
    }))
}
