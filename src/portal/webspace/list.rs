//! `GET /webspaces`

use askama::Template;
use axum::extract::State;

use wabe_access::{Limit, Permission};
use wabe_hosting::webspace::{self, Webspace};
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Query, Routes};

use crate::plan_use::{self, UseBar};
use crate::reading::{listing, next_href, search_text};
use crate::undo::{self, DoneBar};
use crate::webspace::PLACE;
use crate::{PORTAL, Portal};

/// The list.
#[derive(Template)]
#[template(path = "portal/webspace/list.html")]
pub(crate) struct ListPage {
    /// The webspaces of this page.
    pub(crate) rows: Vec<Webspace>,
    /// What was searched for.
    pub(crate) q: String,
    /// Whether this is not the beginning of the list.
    pub(crate) later: bool,
    /// Where the next page is; empty on the last one.
    pub(crate) next: String,
    /// How many the plan holds.
    pub(crate) plan: Vec<UseBar>,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
    /// Whether the visitor may make one.
    pub(crate) may_write: bool,
}

impl ListPage {
    /// Whether there is no webspace at all.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.q.is_empty() && !self.later
    }

    /// How full a webspace is, in percent.
    #[must_use]
    pub(crate) fn percent(web: &Webspace) -> i64 {
        wabe_web::format::percent(web.used_bytes, web.quota_bytes)
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL).get(
        "/webspaces",
        Needs::Permission(Permission::WebspaceRead),
        list,
    )
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = webspace::list(&mut tx, &scope, &listing(&query), portal.house()).await?;
    let plan = plan_use::bars_after(&mut tx, &scope, &[(Limit::Webspaces, 0)]).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(ListPage {
        rows: found.items,
        q: search_text(&query),
        later: !query.get("after").is_empty(),
        next: next_href("/webspaces", &query, found.next.as_deref()),
        plan,
        done,
        may_write: scope.has(Permission::WebspaceWrite),
    }))
}
