//! Looking at a customer's pages: asked for in the ticket, begun and ended with a click.

use axum::extract::State;
use axum::response::Response;
use http::header;

use wabe_access::grant::{self, Grant};
use wabe_access::{Reach, Scope};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_store::Tx;
use wabe_support::consent::{self, Answer, AskConsent, CloseAccess, Consent, OpenAccess};
use wabe_web::cookie::{self, SameSite};
use wabe_web::{Arrival, Failure, Form, Path, Routes, StaffMember, see_other};

use crate::ticket::act::{act, carry_out, refused};
use crate::ticket::{WORK, path};
use crate::{STAFF, Staff};

/// How a ticket stands with its customer's consent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looking {
    /// Since when an answer is waited for.
    pub(crate) asked_at: Option<Timestamp>,
    /// What is asked for then, by id.
    pub(crate) asked: String,
    /// How far that would reach.
    pub(crate) asks: Reach,
    /// Until when a consent is given.
    pub(crate) until: Option<Timestamp>,
    /// Until when one is given that holds no longer than a day without a second person.
    pub(crate) agreed: Option<Timestamp>,
    /// Whether that one does not hold at all without them, because the same was read lately.
    pub(crate) waits: bool,
    /// What is given, by id.
    pub(crate) consent: String,
    /// How far that reaches.
    pub(crate) reach: Reach,
    /// Whether the last answer was no.
    pub(crate) refused: bool,
    /// Whether the last yes was taken back.
    pub(crate) withdrawn: bool,
    /// Until when the employee looks already.
    pub(crate) open_until: Option<Timestamp>,
    /// What they look on, by id.
    pub(crate) access: String,
}

impl Looking {
    /// Whether the employee may ask: nothing waits for an answer, and something is still shut.
    pub(crate) fn may_ask(&self) -> bool {
        let open = self.until.is_some() && self.reach.covers(Reach::EVERYTHING);
        self.asked_at.is_none() && !open
    }

    fn of(all: &[Consent], mine: Option<Grant>, now: Timestamp) -> Self {
        let Some(last) = all.last() else {
            return Self::default();
        };
        let given = all.iter().rev().find(|consent| consent.in_force(now));
        Self {
            asked_at: last.is_asked().then_some(last.asked_at),
            asked: last.id.to_string(),
            asks: last.asks,
            until: given.and_then(|given| given.until),
            agreed: longer(all, now).and_then(Consent::agreed_beyond),
            waits: longer(all, now).is_some_and(Consent::waits),
            consent: given.map(|given| given.id.to_string()).unwrap_or_default(),
            reach: given.map(|given| given.reach).unwrap_or_default(),
            refused: last.answer == Some(Answer::Refused),
            withdrawn: last.withdrawn_at.is_some(),
            open_until: mine.as_ref().map(|mine| mine.until),
            access: mine.map(|mine| mine.id.to_string()).unwrap_or_default(),
        }
    }
}

/// The latest consent of a ticket that could hold for longer than it does.
pub(super) fn longer(all: &[Consent], now: Timestamp) -> Option<&Consent> {
    let mut all = all.iter().rev();
    all.find(|consent| consent.is_agreed(now) && consent.agreed_beyond().is_some())
}

/// How a ticket stands with its customer's consent, for this employee.
pub(super) async fn looking(
    (tx, scope): (&mut Tx, &Scope),
    member: &StaffMember,
    (customer, ticket): (CustomerId, TicketId),
) -> Result<Looking, Failure> {
    let all = consent::at_desk(tx, scope, ticket).await?;
    let open = grant::of_customer(tx, customer, member.now).await?;
    let me = member.visitor.user;
    let mine = open
        .into_iter()
        .find(|look| look.staff == me && look.ticket == ticket);
    Ok(Looking::of(&all, mine, member.now))
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets/{id}/consent", WORK, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/access", WORK, open)
        .id("tkt")
        .post("/staff/tickets/{id}/access/close", WORK, close)
        .id("tkt")
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<AskConsent>(&staff, &member, (id, "consent"), form).await
}

/// The session goes on under another token: what it opens is not what it opened. Source: bar 3.5 T2.
async fn rotated(staff: &Staff, arrival: &Arrival, next: &str) -> Result<Response, Failure> {
    let token = arrival.session().ok_or(Failure::LoginRequired)?;
    let session = staff.identity.find_session(token.expose()).await?;
    let session = session.ok_or(Failure::LoginRequired)?;
    let token = staff.identity.rotate_session(&session).await?;
    let token = token.ok_or(Failure::LoginRequired)?;
    let cookie = cookie::set(cookie::SESSION, &token, SameSite::Strict, None);
    let mut response = see_other(next);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Begins to look, and goes to the customer's first page.
async fn open(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    match carry_out::<OpenAccess>(&staff, &member, &form).await? {
        Ok(_) => rotated(&staff, &arrival, "/").await,
        Err(again) => refused(&staff, &member, id, again).await,
    }
}

/// Ends the look, and goes back to its ticket.
async fn close(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    let next = format!("{}#look", path(id));
    match carry_out::<CloseAccess>(&staff, &member, &form).await? {
        Ok(()) => rotated(&staff, &arrival, &next).await,
        // It was over already.
        Err(again) if again.note.as_deref() == Some("conflict-access-over") => Ok(see_other(&next)),
        Err(again) => refused(&staff, &member, id, again).await,
    }
}
