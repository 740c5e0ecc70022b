//! `GET /domains`

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_hosting::domain;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Query, Routes};

use crate::domain::{DomainView, PLACE};
use crate::reading::{listing, next_href, search_text};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// The list.
#[derive(Template)]
#[template(path = "portal/domain/list.html")]
pub(crate) struct ListPage {
    /// The domains of this page.
    pub(crate) rows: Vec<DomainView>,
    /// What was searched for.
    pub(crate) q: String,
    /// Whether this is not the beginning of the list.
    pub(crate) later: bool,
    /// Where the next page is; empty on the last one.
    pub(crate) next: String,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
    /// Whether the visitor may claim one.
    pub(crate) may_write: bool,
}

impl ListPage {
    /// Whether there is no domain at all.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.q.is_empty() && !self.later
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL).get("/domains", Needs::Permission(Permission::DomainRead), list)
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = domain::list(&mut tx, &scope, &listing(&query)).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(ListPage {
        rows: found.items.into_iter().map(DomainView::from).collect(),
        q: search_text(&query),
        later: !query.get("after").is_empty(),
        next: next_href("/domains", &query, found.next.as_deref()),
        done,
        may_write: scope.has(Permission::DomainWrite),
    }))
}
