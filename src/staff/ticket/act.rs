//! What is done in a ticket at the desk: one form, one command, and back to the ticket.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Command, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::{FieldErrors, FormState};
use wabe_support::secret::RevealSecret;
use wabe_support::ticket::{
    AnswerTicket, AssignTicket, CallTicket, FollowUpTicket, NoteOnTicket, SetTicketCategory,
    SetTicketPriority, SetTicketStatus,
};
use wabe_web::{Failure, Form, Path, Posted, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act_in_ticket};
use crate::ticket::{PLACE, WORK, attachment, path, view};
use crate::{STAFF, Staff};

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets", WORK, call)
        .post("/staff/tickets/{id}/write", WORK, write)
        .id("tkt")
        .endless()
        .post("/staff/tickets/{id}/reveal", WORK, reveal)
        .id("tkt")
        .post("/staff/tickets/{id}/assign", WORK, assign)
        .id("tkt")
        .post("/staff/tickets/{id}/take", WORK, take)
        .id("tkt")
        .post("/staff/tickets/{id}/status", WORK, status)
        .id("tkt")
        .post("/staff/tickets/{id}/priority", WORK, priority)
        .id("tkt")
        .post("/staff/tickets/{id}/category", WORK, category)
        .id("tkt")
        .post("/staff/tickets/{id}/follow_up", WORK, follow_up)
        .id("tkt")
}

/// Runs the command that the form describes; the form again when something is wrong with it.
pub(super) async fn carry_out<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    form: &Form,
) -> Result<Result<C::Output, Again>, Failure> {
    match act_in_ticket::<C>(staff, member, form).await? {
        Acted::Done(done) => Ok(Ok(done.output)),
        Acted::Again(again) => Ok(Err(again)),
        Acted::Prove => Err(Refusal::StepUp.into()),
    }
}

pub(super) async fn act<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    (id, done): (TicketId, &'static str),
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    let acted = carry_out::<C>(staff, member, &form).await?;
    shown(staff, member, (id, done), acted.err()).await
}

/// The ticket again: after the deed, or with what is wrong.
async fn shown(
    staff: &Staff,
    member: &StaffMember,
    (id, done): (TicketId, &'static str),
    wrong: Option<Again>,
) -> Result<Response, Failure> {
    match wrong {
        None => Ok(see_other(&format!("{}?done={done}", path(id)))),
        Some(again) => refused(staff, member, id, again).await,
    }
}

/// The page of the ticket with a form on its way back.
pub(super) async fn refused(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    again: Again,
) -> Result<Response, Failure> {
    let status = again.status();
    let page = view::page(staff, member, id, again).await?;
    Ok(member.at(PLACE).page(page).status(status).into_response())
}

/// The composer: an answer to the customer, or a note for colleagues.
async fn write(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    posted: Posted,
) -> Result<Response, Failure> {
    let (mut form, files) = posted.read(attachment::BOUNDS).await?;
    if !form.get("insert").is_empty() {
        let typed = FormState::of(&form.fields, FieldErrors::default(), &[]);
        let page = view::page(&staff, &member, id, typed.into()).await?;
        return Ok(member.at(PLACE).page(page).into_response());
    }
    form.fields.remove("canned");
    form.fields.insert("id".to_owned(), id.to_string());
    // An answer is what was asked for by name: whatever else was sent stays among colleagues.
    if form.get("act") == "answer" {
        let acted = attachment::carry_out::<AnswerTicket>(&staff, &member, &form, files).await?;
        shown(&staff, &member, (id, "answer"), acted.err()).await
    } else {
        let acted = attachment::carry_out::<NoteOnTicket>(&staff, &member, &form, files).await?;
        shown(&staff, &member, (id, "note"), acted.err()).await
    }
}

/// A secret is in the answer to the POST and nowhere else.
async fn reveal(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    let (revealed, again) = match carry_out::<RevealSecret>(&staff, &member, &form).await? {
        Ok(revealed) => (Some(revealed), Again::default()),
        Err(again) => (None, again),
    };
    let status = if revealed.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    let mut page = view::page(&staff, &member, id, again).await?;
    page.revealed = revealed;
    Ok(member.at(PLACE).page(page).status(status).into_response())
}

async fn take(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let me = member.visitor.user.to_string();
    form.fields.insert("owner".to_owned(), me);
    act::<AssignTicket>(&staff, &member, (id, "assign"), form).await
}

macro_rules! acts {
    ($($name:ident, $command:ty, $done:literal;)*) => {$(
        async fn $name(
            member: StaffMember,
            State(staff): State<Staff>,
            Path(id): Path<TicketId>,
            form: Form,
        ) -> Result<Response, Failure> {
            act::<$command>(&staff, &member, (id, $done), form).await
        }
    )*};
}

acts! {
    assign, AssignTicket, "assign";
    status, SetTicketStatus, "status";
    priority, SetTicketPriority, "priority";
    category, SetTicketCategory, "category";
    follow_up, FollowUpTicket, "follow_up";
}

/// A call: a ticket for whoever is on the phone.
async fn call(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    match carry_out::<CallTicket>(&staff, &member, &form).await? {
        Ok(ticket) => Ok(see_other(&format!("{}?done=call", path(ticket.ticket.id)))),
        Err(_wrong) => Err(Failure::NotFound),
    }
}
