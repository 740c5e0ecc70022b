//! The list of alias addresses.

use askama::Template;
use axum::extract::State;
use wabe_access::{Limit, Permission};
use wabe_hosting::alias::{self, Alias};
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Query, Tab};

use crate::Portal;
use crate::mailbox::address_tabs;
use crate::plan_use::{UseBar, bars};
use crate::reading::{listing, next_href, search_text};
use crate::undo::{self, DoneBar};

/// The list.
#[derive(Template)]
#[template(path = "portal/alias/list.html")]
pub(crate) struct ListPage {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) plan: Option<UseBar>,
    pub(crate) search: String,
    pub(crate) rows: Vec<Alias>,
    pub(crate) next: String,
    pub(crate) may_write: bool,
    pub(crate) done: Option<DoneBar>,
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = alias::list(&mut tx, &scope, &listing(&query)).await?;
    let plan = bars(&mut tx, &scope).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at("mailboxes").page(ListPage {
        tabs: address_tabs(),
        plan: plan.into_iter().find(|bar| bar.limit == Limit::Aliases),
        search: search_text(&query),
        next: next_href("/aliases", &query, found.next.as_deref()),
        rows: found.items,
        may_write: scope.has(Permission::MailboxWrite),
        done,
    }))
}
