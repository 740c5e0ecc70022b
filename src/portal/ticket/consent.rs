//! What staff asked for in a ticket beyond instructions: answered with one click, and taken back with one.

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Command, Mode, Permission, Reach, Refusal};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ConsentId, TicketId};
use wabe_store::Tx;
use wabe_support::consent::{self, Consent};
use wabe_support::ticket::Ticket;
use wabe_web::{Choice, Failure, Form, Member, Message, Path, Query, see_other};

use crate::Portal;
use crate::carry_out::carry_out;
use crate::reading::with_field;
use crate::refused::Refused;
use crate::ticket::{path, show};

/// For how many days one can agree.
const DAYS: [i64; 3] = [1, 7, 30];

/// What was asked for or holds now.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Which.
    pub(crate) id: ConsentId,
    /// Why staff ask.
    pub(crate) reason: String,
    /// How far they ask it to reach.
    pub(crate) asks: Reach,
    /// How far it reaches.
    pub(crate) reach: Reach,
    /// Until when it holds, or held; it waits for an answer when nothing is said.
    pub(crate) until: Option<Timestamp>,
    /// Until when it was given, where it holds no longer than a day without a second person of the hoster.
    pub(crate) agreed: Option<Timestamp>,
    /// Whether it holds now; else it waits for that second person.
    pub(crate) holds: bool,
    /// Whether it did not hold at all before, because the same was read lately.
    pub(crate) waits: bool,
    /// Whether it was given on the telephone.
    pub(crate) by_telephone: bool,
}

/// What of a ticket's consents waits for an answer, holds now, or waits for a second person of the hoster.
pub(super) async fn wishes(
    tx: &mut Tx,
    member: &Member,
    scope: &wabe_access::Scope,
    ticket: &Ticket,
) -> Result<Vec<Wish>, Failure> {
    let mut all = consent::list(tx, scope, ticket.id).await?;
    all.retain(|one| one.ticket_open && (one.is_asked() || one.is_agreed(member.now)));
    let wish = |one: Consent| Wish {
        id: one.id,
        agreed: one.agreed_beyond(),
        holds: one.in_force(member.now),
        waits: one.waits(),
        reason: one.reason,
        asks: one.asks,
        reach: one.reach,
        until: one.until,
        by_telephone: one.by_telephone,
    };
    Ok(all.into_iter().map(wish).collect())
}

/// The days to choose from, for who answers for the customer.
pub(super) fn days(member: &Member) -> Vec<Choice> {
    if !member.visitor.has(Permission::MemberWrite) {
        return Vec::new();
    }
    let choice = |days: i64| Choice {
        value: days.to_string(),
        title: Message::new(member.language, "ticket-consent-days")
            .num("count", days)
            .to_string(),
        text: String::new(),
    };
    DAYS.map(choice).to_vec()
}

/// Carries out what was answered, and shows the page on which it was.
pub(super) async fn answer<C: Command>(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<ConsentId>,
    query: Query,
    form: Form,
) -> Result<Response, Failure> {
    let ticket: Option<TicketId> = query.get("ticket").parse().ok();
    let next = ticket.map_or_else(|| crate::access::PAGE.to_owned(), path);
    let form = with_field(form, "id", id);
    let done = carry_out::<C>(&portal, &member, &form, &[], Mode::Commit).await?;
    match (done, ticket) {
        (Ok(_), _) => Ok(see_other(&format!("{next}#consent"))),
        (Err(refused), Some(ticket)) => show::again(&portal, &member, ticket, refused).await,
        // On the page of accesses whoever presses twice has what they wanted.
        (Err(Refused { note: Some(_), .. }), None) => Ok(see_other(&next)),
        (Err(_), None) => Err(Refusal::NotFound.into()),
    }
}
