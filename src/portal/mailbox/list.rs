//! The list of mailboxes.

use askama::Template;
use axum::extract::State;
use wabe_access::{Limit, Permission};
use wabe_hosting::mailbox::{self, Mailbox};
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Query, Tab, format};

use crate::Portal;
use crate::plan_use::{UseBar, bars};
use crate::reading::{listing, next_href, search_text};
use crate::undo::{self, DoneBar};

/// The list.
#[derive(Template)]
#[template(path = "portal/mailbox/list.html")]
pub(crate) struct ListPage {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) plan: Option<UseBar>,
    pub(crate) search: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) next: String,
    pub(crate) may_write: bool,
    pub(crate) may_read: bool,
    pub(crate) done: Option<DoneBar>,
}

/// One mailbox in the list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) mailbox: Mailbox,
    pub(crate) percent: i64,
}

impl From<Mailbox> for Row {
    fn from(mailbox: Mailbox) -> Self {
        let percent = format::percent(mailbox.used_bytes, mailbox.quota_bytes);
        Self { mailbox, percent }
    }
}

/// Mailboxes and alias addresses are two pages of one place.
pub(crate) fn address_tabs() -> Vec<Tab> {
    let tab = |key, text, href: &str| Tab {
        href: href.to_owned(),
        text,
        key,
    };
    vec![
        tab("mailboxes", "mailboxes-tab", "/mailboxes"),
        tab("aliases", "aliases-tab", "/aliases"),
    ]
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let found = mailbox::list(&mut tx, &scope, &listing(&query)).await?;
    let plan = bars(&mut tx, &scope).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at("mailboxes").page(ListPage {
        tabs: address_tabs(),
        plan: plan.into_iter().find(|bar| bar.limit == Limit::Mailboxes),
        search: search_text(&query),
        next: next_href("/mailboxes", &query, found.next.as_deref()),
        rows: found.items.into_iter().map(Row::from).collect(),
        may_write: scope.has(Permission::MailboxWrite),
        may_read: scope.has(Permission::MailRead),
        done,
    }))
}
