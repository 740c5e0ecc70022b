//! Asking in a ticket for what takes a second person: one form, one command, one way through both.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Command;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_web::{Arrival, Failure, Form, Needs, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act_in_ticket, prove, prove_first};
use crate::ticket::{PLACE, path};
use crate::{STAFF, Staff};

/// The page with the form for one of these.
pub(super) trait Asks: Template + Send + Sized + 'static {
    /// What the form asks for.
    type Command: Command;
    /// What its address ends with, and the word for what was done.
    const WORD: &'static str;

    /// The page of this ticket, as it is now, with what was typed.
    fn load(
        at: (&Staff, &StaffMember),
        id: TicketId,
        again: Again,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// Whose ticket it is.
    fn customer(&self) -> CustomerId;
}

/// The two routes of a page, at its whole address.
pub(super) fn routes<P: Asks>(address: &'static str, needs: Needs) -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(address, needs, ask::<P>)
        .id("tkt")
        .post(address, needs, request::<P>)
        .id("tkt")
}

fn here<P: Asks>(id: TicketId) -> String {
    format!("{}/{}", path(id), P::WORD)
}

/// The page, once its look is noted with the customer whose ticket it shows.
async fn page<P: Asks>(
    (staff, member): (&Staff, &StaffMember),
    arrival: &Arrival,
    id: TicketId,
    again: Again,
) -> Result<Page<P>, Failure> {
    let page = P::load((staff, member), id, again).await?;
    let about = (page.customer(), Some(id.to_string()));
    staff
        .note_in_ticket(member, ("ticket.read", id), about, arrival.address())
        .await?;
    Ok(member.at(PLACE).page(page))
}

async fn ask<P: Asks>(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &here::<P>(id)) {
        return Ok(first);
    }
    let page = page::<P>((&staff, &member), &arrival, id, Again::default()).await?;
    Ok(page.into_response())
}

async fn request<P: Asks>(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("ticket".to_owned(), id.to_string());
    let again = match act_in_ticket::<P::Command>(&staff, &member, &form).await? {
        Acted::Done(_) => return Ok(see_other(&format!("{}?done={}", path(id), P::WORD))),
        Acted::Prove => return Ok(prove(&here::<P>(id))),
        Acted::Again(again) => again,
    };
    let status = again.status();
    let page = page::<P>((&staff, &member), &arrival, id, again).await?;
    Ok(page.status(status).into_response())
}
