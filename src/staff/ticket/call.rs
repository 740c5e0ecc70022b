//! `GET` and `POST /staff/calls`: "Who is calling?" One box for a number, a name, a domain, an address,
//! a telephone number; when it names exactly one customer, the call is a ticket at once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Mode;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Line, PageRequest};
use wabe_support::ticket::CallTicket;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Message, Page, Query, Routes, StaffMember, see_other};

use crate::customer::search::{Found, searched};
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// Customers on the page; each of them is noted as looked at.
const ITEMS: i64 = 10;
/// Characters of a search that count.
const SEARCH_CHARS: usize = 254;

/// Who it could be.
#[derive(Template)]
#[template(path = "staff/ticket/call.html")]
pub(crate) struct CallPage {
    pub(crate) who: String,
    pub(crate) subject: String,
    pub(crate) found: Vec<Found>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/calls", WORK, ask)
        .post("/staff/calls", WORK, take)
}

/// What a call is called until somebody knows better.
fn subject(member: &StaffMember) -> String {
    let at = wabe_web::format::moment(member.language, member.now);
    let subject = Message::new(member.language, "staff-call-subject");
    subject.with("at", at).to_string()
}

async fn hits(
    staff: &Staff,
    member: &StaffMember,
    arrival: &Arrival,
    who: &str,
) -> Result<Vec<Found>, Failure> {
    if who.is_empty() {
        return Ok(Vec::new());
    }
    let request = PageRequest {
        search: who.to_owned(),
        ..PageRequest::first(ITEMS)
    };
    let (mut tx, scope) = staff.read(member).await?;
    let (found, _) = searched(&mut tx, &scope, (&request, staff.calling_code())).await?;
    tx.rollback().await?;
    let ids: Vec<CustomerId> = found.iter().map(|found| found.customer.id).collect();
    staff
        .note(member, "contract.find", &ids, arrival.address())
        .await?;
    Ok(found)
}

fn shown(member: &StaffMember, who: String, found: Vec<Found>) -> Page<CallPage> {
    let subject = subject(member);
    member.at(PLACE).page(CallPage {
        who,
        subject,
        found,
    })
}

fn typed(text: &str) -> String {
    text.trim().chars().take(SEARCH_CHARS).collect()
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<CallPage>, Failure> {
    let who = typed(query.get("who"));
    let found = hits(&staff, &member, &arrival, &who).await?;
    Ok(shown(&member, who, found))
}

async fn take(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let who = typed(form.get("who"));
    let found = hits(&staff, &member, &arrival, &who).await?;
    let [only] = found.as_slice() else {
        return Ok(shown(&member, who, found).into_response());
    };
    let subject: Line = subject(&member)
        .parse()
        .map_err(|_problem| Failure::NotFound)?;
    let call = CallTicket {
        customer: only.customer.id,
        subject,
        body: None,
        object: None,
    };
    let done = Box::pin(staff.gate.run(member.actor(), call, Mode::Commit)).await?;
    let id = done.output.ticket.id;
    Ok(see_other(&format!("{}?done=call", path(id))))
}
