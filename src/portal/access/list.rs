//! `GET /accesses`: what staff saw and changed, and what they may see now.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::grant::{self, Grant};
use wabe_access::{Mode, Permission, Reach, Refusal};
use wabe_identity::token::store::name_hoster;
use wabe_kernel::Timestamp;
use wabe_kernel::id::GrantId;
use wabe_support::consent::{self, Consent, EndAccess};
use wabe_support::ticket::TicketNumber;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query, see_other};

use crate::Portal;
use crate::access::PAGE;
use crate::access::line::{Line, Names, line};
use crate::days::{Day, by_day};
use crate::reading::listing;

/// Somebody of the hoster who looks now.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) id: GrantId,
    /// Who, as a sign.
    pub(crate) by: String,
    /// The number of the ticket.
    pub(crate) number: String,
    /// The page of the ticket.
    pub(crate) href: String,
    pub(crate) until: Timestamp,
    /// How far it reaches.
    pub(crate) reach: Reach,
}

/// The page.
#[derive(Template)]
#[template(path = "portal/access/list.html")]
pub(crate) struct ListPage {
    /// Who looks now.
    pub(crate) looks: Vec<Look>,
    /// What waits for an answer or holds now; for who answers for the customer.
    pub(crate) consents: Vec<Consent>,
    pub(crate) days: Vec<Day<Line>>,
    /// Whether these are the newest.
    pub(crate) first: bool,
    /// The address of the older ones; empty when these are the oldest.
    pub(crate) next: String,
    /// Whether the member may end what staff were allowed.
    pub(crate) may_end: bool,
}

fn look(portal: &Portal, found: &Grant) -> Look {
    Look {
        id: found.id,
        by: portal.streams.sign_of(found.staff),
        number: TicketNumber(found.ticket_number).to_string(),
        href: crate::ticket::path(found.ticket),
        until: found.until,
        reach: found.reach,
    }
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    scope.needs(Permission::ChangeRead)?;
    let page = listing(&query);
    let customer = scope.customer();
    let mut found = portal.streams.list_seen(&mut tx, customer, &page).await?;
    name_hoster(&mut tx, &mut found.items).await?;
    let (mut names, mut lines) = (Names::default(), Vec::new());
    for seen in found.items {
        let place = (&mut tx, &scope);
        let words = (portal.gate.recorder().as_ref(), member.language);
        lines.push(line(words, place, &mut names, seen).await?);
    }
    let looks = grant::of_customer(&mut tx, customer, member.now).await?;
    let may_end = scope.has(Permission::MemberWrite);
    let consents = if may_end {
        consent::open(&mut tx, &scope, member.now).await?
    } else {
        Vec::new()
    };
    tx.rollback().await?;
    Ok(member.at("accesses").page(ListPage {
        looks: looks.iter().map(|found| look(&portal, found)).collect(),
        consents,
        days: by_day(member.language, lines, |line| line.at),
        first: page.after.is_none(),
        next: found
            .next
            .map(|next| format!("{PAGE}?after={next}"))
            .unwrap_or_default(),
        may_end,
    }))
}

/// Ends a look at once.
pub(super) async fn end(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<GrantId>,
) -> Result<Response, Failure> {
    let command = EndAccess { id };
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        // Whoever presses twice, or late, has what they wanted; what is foreign is not there.
        Ok(_) | Err(Refusal::Conflict(_)) => Ok(see_other(PAGE)),
        Err(refusal) => Err(refusal.into()),
    }
}
