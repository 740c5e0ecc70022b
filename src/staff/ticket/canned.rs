//! `/staff/canned_replies`: answers that are sent again and again, and who keeps them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Command, Permission};
use wabe_kernel::FormState;
use wabe_kernel::id::CannedReplyId;
use wabe_support::canned::{
    self, CannedReply, CreateCannedReply, DeleteCannedReply, Facts, SetCannedReply, fill,
};
use wabe_support::ticket::queue::Queued;
use wabe_web::filters;
use wabe_web::{Failure, Form, Page, Path, Query, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::ticket::{PLACE, READ, WORK};
use crate::{STAFF, Staff};

const LIST: &str = "/staff/canned_replies";
/// What the page can say was done: the messages `staff-canned-done-{word}`.
const DONE: [&str; 2] = ["saved", "deleted"];

/// The replies.
#[derive(Template)]
#[template(path = "staff/ticket/canned.html")]
pub(crate) struct CannedPage {
    pub(crate) replies: Vec<CannedReply>,
    /// Whether the employee may change them.
    pub(crate) works: bool,
    /// What was just done, a word of a closed list.
    pub(crate) done: Option<&'static str>,
}

/// One reply in a form.
#[derive(Template)]
#[template(path = "staff/ticket/canned_form.html")]
pub(crate) struct CannedFormPage {
    /// Which one; none for a new one.
    pub(crate) id: Option<CannedReplyId>,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

impl CannedFormPage {
    /// Where the form is sent.
    pub(crate) fn action(&self) -> String {
        self.id
            .map_or_else(|| LIST.to_owned(), |id| format!("{LIST}/{id}"))
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(LIST, READ, list)
        .get("/staff/canned_replies/new", WORK, new)
        .post(LIST, WORK, create)
        .get("/staff/canned_replies/{id}", WORK, edit)
        .id("crp")
        .post("/staff/canned_replies/{id}", WORK, set)
        .id("crp")
        .post("/staff/canned_replies/{id}/delete", WORK, delete)
        .id("crp")
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    query: Query,
) -> Result<Page<CannedPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let replies = canned::list(&mut tx, &scope).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(CannedPage {
        replies,
        works: member.visitor.has(Permission::TicketWork),
        done: DONE.into_iter().find(|word| *word == query.get("done")),
    }))
}

fn page(member: &StaffMember, id: Option<CannedReplyId>, again: Again) -> Page<CannedFormPage> {
    let Again { form, note } = again;
    member.at(PLACE).page(CannedFormPage { id, form, note })
}

async fn new(member: StaffMember) -> Response {
    page(&member, None, Again::default()).into_response()
}

async fn edit(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<CannedReplyId>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let found = canned::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let form = FormState::new()
        .with("title", found.title)
        .with("body", found.body);
    Ok(page(&member, Some(id), form.into()).into_response())
}

async fn run<C: Command>(
    staff: &Staff,
    member: &StaffMember,
    (id, done): (Option<CannedReplyId>, &'static str),
    form: &Form,
) -> Result<Response, Failure> {
    match act::<C>(staff, member, form).await? {
        Acted::Done(_) => Ok(see_other(&format!("{LIST}?done={done}"))),
        Acted::Prove => Ok(prove(LIST)),
        Acted::Again(again) => Ok(page(member, id, again).invalid()),
    }
}

async fn create(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    run::<CreateCannedReply>(&staff, &member, (None, "saved"), &form).await
}

async fn set(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<CannedReplyId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    run::<SetCannedReply>(&staff, &member, (Some(id), "saved"), &form).await
}

async fn delete(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<CannedReplyId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    run::<DeleteCannedReply>(&staff, &member, (Some(id), "deleted"), &form).await
}

/// A canned reply with what differs filled in.
pub(super) fn filled(body: &str, queued: &Queued, asked: &str) -> String {
    let object = queued.ticket.object.as_ref();
    let facts = Facts {
        customer: queued.customer_name.clone(),
        name: if asked.is_empty() {
            queued.customer_name.clone()
        } else {
            asked.to_owned()
        },
        number: queued.ticket.number.to_string(),
        object: object.map_or_else(String::new, |object| object.name.clone()),
    };
    fill(body, &facts)
}
