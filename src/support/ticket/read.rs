//! What a customer's people read of their tickets.

use crate::ticket::message::{self, Message};
use crate::ticket::model::Ticket;
use crate::ticket::{policy, store};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::TicketId;
use wabe_kernel::{Page, PageRequest, Timestamp};
use wabe_store::Tx;

/// The tickets that the scope sees, latest activity first; searched by their subject.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, page: &PageRequest) -> Result<Page<Ticket>, Refusal> {
    scope.needs(Permission::TicketRead)?;
    let (before, id) = before(page.after_key());
    let seen = policy::seen(scope);
    let part = (page.search.as_str(), page.search_pattern(), page.limit + 1);
    let rows = store::of_customer(tx, scope.customer(), &seen, (before, id), part).await?;
    Ok(Page::from_rows(rows, page.limit, |ticket| {
        format!("{}:{}", ticket.last_activity_at.0, ticket.id)
    }))
}

/// Where a list sorted backwards goes on; from its beginning without a key, or with one that is none.
pub(crate) fn before(key: &str) -> (Timestamp, &str) {
    let parts = key.split_once(':');
    let parsed = parts.and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id)));
    parsed.unwrap_or((Timestamp(i64::MAX), ""))
}

/// One ticket.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Ticket, Refusal> {
    scope.needs(Permission::TicketRead)?;
    let found = store::find(tx, scope.customer(), id).await?;
    policy::needs_sight(scope, &found)?;
    Ok(found)
}

/// What both sides wrote in a ticket, oldest first.
///
/// # Errors
/// As [`load`].
pub async fn messages(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Vec<Message>, Refusal> {
    load(tx, scope, id).await?;
    Ok(message::public(tx, scope.customer(), id).await?)
}
