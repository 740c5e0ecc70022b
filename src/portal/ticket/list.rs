//! The list of tickets.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_support::ticket::{self, Ticket};
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Query};

use crate::Portal;
use crate::reading::{listing, next_href, search_text};
use crate::ticket::{PAGE, PLACE};

/// The list.
#[derive(Template)]
#[template(path = "portal/ticket/list.html")]
pub(crate) struct ListPage {
    pub(crate) search: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) next: String,
    pub(crate) may_write: bool,
}

/// A ticket as a row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row(pub(crate) Ticket);

impl Row {
    /// How its state looks.
    pub(crate) fn sign(&self) -> &'static str {
        super::sign(self.0.status)
    }
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = ticket::list(&mut tx, &scope, &listing(&query)).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(ListPage {
        search: search_text(&query),
        next: next_href(PAGE, &query, found.next.as_deref()),
        rows: found.items.into_iter().map(Row).collect(),
        may_write: scope.has(Permission::TicketWrite),
    }))
}
