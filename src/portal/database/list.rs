//! The list of databases.

use askama::Template;
use axum::extract::State;
use wabe_access::{Limit, Permission};
use wabe_hosting::database::{self, Database};
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Query, format};

use crate::Portal;
use crate::plan_use::{UseBar, bars};
use crate::reading::{listing, next_href, search_text};
use crate::undo::{self, DoneBar};

/// The list.
#[derive(Template)]
#[template(path = "portal/database/list.html")]
pub(crate) struct ListPage {
    pub(crate) plan: Option<UseBar>,
    pub(crate) search: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) next: String,
    pub(crate) may_write: bool,
    pub(crate) may_use: bool,
    pub(crate) done: Option<DoneBar>,
}

/// One database in the list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) database: Database,
    pub(crate) percent: i64,
}

impl From<Database> for Row {
    fn from(database: Database) -> Self {
        let percent = format::percent(database.used_bytes, database.quota_bytes);
        Self { database, percent }
    }
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = database::list(&mut tx, &scope, &listing(&query)).await?;
    let plan = bars(&mut tx, &scope).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at("databases").page(ListPage {
        plan: plan.into_iter().find(|bar| bar.limit == Limit::Databases),
        search: search_text(&query),
        next: next_href("/databases", &query, found.next.as_deref()),
        rows: found.items.into_iter().map(Row::from).collect(),
        may_write: scope.has(Permission::DatabaseWrite),
        may_use: scope.has(Permission::SqlUse) && !member.looks(),
        done,
    }))
}
