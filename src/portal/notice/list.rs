//! `GET /notices`, `POST /notices/read`, `POST /notices/{id}/read`

use std::str::FromStr;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_jobs::notice::{self, Shown};
use wabe_jobs::text::Weight;
use wabe_kernel::id::{ExportId, InstallationId, NoticeId, TicketId};
use wabe_kernel::{Cursor, PageRequest, ResourceKind, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Form, LocalPath, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::notice::{PAGE, PLACE};
use crate::reading::{next_href, page_of};
use crate::{PORTAL, Portal};

const ITEMS: i64 = 50;

/// One notice as the page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Which one.
    pub id: NoticeId,
    /// Its kind's word: the message `notice-{word}-label`.
    pub word: &'static str,
    /// How it looks: a state's word, or `warning`.
    pub weight: &'static str,
    /// What it is about; empty for the person themselves.
    pub about: String,
    /// The page of that.
    pub href: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

impl Item {
    pub(super) fn of(shown: Shown) -> Self {
        let kind = ResourceKind::from_str(&shown.object_kind).ok();
        let plugin = shown.object_id.parse::<InstallationId>().ok();
        let ticket = shown.object_id.parse::<TicketId>().ok();
        let export = shown.object_id.parse::<ExportId>().ok();
        Self {
            id: shown.id,
            word: shown.kind.word(),
            weight: match shown.kind.weight() {
                Weight::Info => "updating",
                Weight::Warning => "warning",
                Weight::Problem => "failed",
            },
            href: kind
                .map(|kind| page_of(kind, &shown.object_id))
                .or_else(|| plugin.map(crate::plugin::path))
                .or_else(|| ticket.map(crate::ticket::path))
                .or_else(|| export.map(|_| crate::export::PAGE.to_owned())),
            about: shown.object_name,
            at: shown.created_at,
            read: shown.read_at.is_some(),
        }
    }

    /// The sign beside it.
    #[must_use]
    pub(crate) fn sign(&self) -> &'static str {
        match self.weight {
            "warning" => "alert-triangle",
            "failed" => "alert-circle",
            _ => "info-circle",
        }
    }
}

/// The notices.
#[derive(Template)]
#[template(path = "portal/notice/list.html")]
pub(crate) struct NoticesPage {
    /// The notices, latest first.
    pub items: Vec<Item>,
    /// How many are unread in all.
    pub unread: i64,
    /// The next page; empty on the last.
    pub next: String,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Member, list)
        .post("/notices/read", Needs::Member, read_all)
        .post("/notices/{id}/read", Needs::Member, read)
        .id("ntc")
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<NoticesPage>, Failure> {
    let (user, customer) = (member.visitor.user, member.customer.id);
    let request = PageRequest {
        after: Cursor::parse(query.get("after")),
        ..PageRequest::first(ITEMS)
    };
    let (mut tx, _) = portal.read(&member).await?;
    let found = notice::list(&mut tx, user, customer, &request).await?;
    let unread = notice::unread_count(&mut tx, user, customer).await?;
    tx.rollback().await?;
    let next = next_href(PAGE, &query, found.next.as_deref());
    let items = found.items.into_iter().map(Item::of).collect();
    Ok(member.at(PLACE).page(NoticesPage {
        items,
        unread,
        next,
    }))
}

async fn read_all(member: Member, State(portal): State<Portal>) -> Result<Response, Failure> {
    let (user, customer) = (member.visitor.user, member.customer.id);
    let mut tx = portal.gate.store().write_for(customer).await?;
    notice::mark_all_read(&mut tx, user, customer, member.now).await?;
    tx.commit().await?;
    Ok(see_other(PAGE))
}

async fn read(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<NoticeId>,
    form: Form,
) -> Result<Response, Failure> {
    let mut tx = portal.gate.store().write_for(member.customer.id).await?;
    notice::mark_read(&mut tx, member.visitor.user, id, member.now).await?;
    tx.commit().await?;
    let next = Some(form.get("next"))
        .filter(|next| !next.is_empty())
        .unwrap_or(PAGE);
    Ok(see_other(LocalPath::or_home(next).as_str()))
}
