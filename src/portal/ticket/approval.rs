//! What two people of the hoster have to agree on, as whoever sees the ticket reads it, and stopping it.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Mode, Refusal, Scope};
use wabe_identity::approval::model::{Ending, InTicket};
use wabe_identity::approval::read as approvals;
use wabe_identity::approval::stop::StopDeed;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ApprovalId, TicketId, UserId};
use wabe_store::Tx;
use wabe_web::{Failure, Form, Member, Path, Query, see_other};

use crate::Portal;
use crate::carry_out::carry_out;
use crate::reading::with_field;
use crate::refused::Refused;
use crate::ticket::path;
use crate::ticket::show::{self, names, sign};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    /// Which one.
    pub(crate) id: ApprovalId,
    /// In which ticket.
    pub(crate) ticket: TicketId,
    /// Who shall own the customer, if it is about that.
    pub(crate) heir: Option<String>,
    /// Until when a consent was given, if it is about that.
    pub(crate) until: Option<Timestamp>,
    /// What it is about, in a word.
    pub(crate) kind: &'static str,
    /// The initials of who asked.
    pub(crate) by: String,
    /// How it ended; it waits when nothing is said.
    pub(crate) ending: Option<Ending>,
    /// Whether nobody may agree yet.
    pub(crate) waits: bool,
    /// When it ended, or from when on somebody may agree.
    pub(crate) at: Timestamp,
    /// Whether the reader stops it with a click.
    pub(crate) may_stop: bool,
}

/// The people that are named.
pub(super) fn people(all: &[InTicket]) -> impl Iterator<Item = UserId> {
    let people = |one: &InTicket| one.deed.user().into_iter().chain([one.requested_by]);
    all.iter().flat_map(people)
}

/// What of a customer's the reader may stop.
pub(super) async fn stoppable(
    tx: &mut Tx,
    scope: &Scope,
    now: Timestamp,
) -> Result<BTreeSet<ApprovalId>, Failure> {
    let found = approvals::stoppable(tx, scope, now).await?;
    Ok(found.iter().map(|one| one.id).collect())
}

/// As the page says it.
pub(super) fn decisions(
    all: &[InTicket],
    names: &BTreeMap<UserId, String>,
    stoppable: &BTreeSet<ApprovalId>,
    now: Timestamp,
) -> Vec<Decision> {
    let said = |one: &InTicket| {
        let ended = one.ending(now);
        let heir = one.deed.user();
        Decision {
            id: one.id,
            ticket: one.ticket,
            heir: heir.map(|user| names.get(&user).cloned().unwrap_or_default()),
            until: one.deed.until(),
            kind: one.deed.kind(),
            by: sign(names, one.requested_by),
            ending: ended.map(|(ending, _)| ending),
            waits: now < one.due_at,
            at: ended.map_or(one.due_at, |(_, at)| at),
            may_stop: stoppable.contains(&one.id),
        }
    };
    all.iter().map(said).collect()
}

/// What waits in the customer and the reader may stop, as the start page says it.
pub(crate) async fn waiting(
    portal: &Portal,
    found: &[InTicket],
    now: Timestamp,
) -> Result<Vec<Decision>, Failure> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let names = names(portal, people(found)).await?;
    let all = found.iter().map(|one| one.id).collect();
    Ok(decisions(found, &names, &all, now))
}

/// Stops one, and goes back to the ticket, or to the start page.
pub(super) async fn stop(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<ApprovalId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    let ticket: Option<TicketId> = query.get("ticket").parse().ok();
    let next = ticket.map_or_else(|| "/".to_owned(), |id| format!("{}#approvals", path(id)));
    let form = with_field(form, "id", id);
    let stopped = carry_out::<StopDeed>(&portal, &member, &form, &[], Mode::Commit).await?;
    match (stopped, ticket) {
        (Err(refused), Some(ticket)) => show::again(&portal, &member, ticket, refused).await,
        (Ok(_), _) | (Err(Refused { note: Some(_), .. }), None) => Ok(see_other(&next)),
        (Err(_), None) => Err(Refusal::NotFound.into()),
    }
}
