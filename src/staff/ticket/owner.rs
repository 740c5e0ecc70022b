//! `GET` and `POST /staff/tickets/{id}/owner`: asking that a member becomes the owner, where the owner is
//! gone; and what was asked for, on the page of the ticket.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Role;
use wabe_identity::approval::model::Ending;
use wabe_identity::approval::read as approvals;
use wabe_identity::approval::request_owner::RequestOwner;
use wabe_identity::user::model::User;
use wabe_kernel::id::{ApprovalId, CustomerId, MemberId, TicketId};
use wabe_kernel::{FormState, Timestamp};
use wabe_store::Tx;
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{
    Arrival, Choice, Failure, Form, Message, Page, Path, Routes, StaffMember, see_other,
};

use crate::act::{Acted, Again, act_in_ticket, prove, prove_first};
use crate::ticket::people::People;
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// What was asked for in a ticket.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Which one.
    pub(crate) id: ApprovalId,
    /// Who shall own the customer, if it is about that.
    pub(crate) heir: Option<String>,
    /// What it is about, in a word.
    pub(crate) kind: &'static str,
    /// Who asked.
    pub(crate) by: String,
    /// How it ended; it waits when nothing is said.
    pub(crate) ending: Option<Ending>,
    /// When it ended, or until when it waits.
    pub(crate) at: Timestamp,
}

/// The form.
#[derive(Template)]
#[template(path = "staff/ticket/owner.html")]
pub(crate) struct OwnerPage {
    pub(crate) queued: Queued,
    /// The members who could become the owner.
    pub(crate) members: Vec<Choice>,
    /// The owners, with whether they can still log in.
    pub(crate) owners: Vec<(String, bool)>,
    /// Whether 72 hours are waited.
    pub(crate) waits: bool,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/owner", WORK, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/owner", WORK, request)
        .id("tkt")
}

/// What was asked for in a ticket, oldest first.
pub(super) async fn asked(
    tx: &mut Tx,
    people: &People,
    (customer, ticket): (CustomerId, TicketId),
    now: Timestamp,
) -> Result<Vec<Asked>, Failure> {
    let mut all = Vec::new();
    for one in approvals::of_ticket(tx, customer, ticket).await? {
        let ended = one.ending(now);
        let heir = match one.deed.user() {
            Some(user) => Some(people.anybody(tx, Some(user)).await?),
            None => None,
        };
        all.push(Asked {
            id: one.id,
            heir,
            kind: one.deed.kind(),
            by: people.anybody(tx, Some(one.requested_by)).await?,
            ending: ended.map(|(ending, _)| ending),
            at: ended.map_or(one.expires_at, |(_, at)| at),
        });
    }
    Ok(all)
}

fn here(id: TicketId) -> String {
    format!("{}/owner", path(id))
}

fn choice(member: &StaffMember, (id, user, role): &(MemberId, User, Role)) -> Choice {
    let role = Message::new(member.language, format!("role-{role}"));
    Choice {
        value: id.to_string(),
        title: format!("{} ({}), {role}", user.name, user.email),
        text: String::new(),
    }
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    Again { form, note }: Again,
) -> Result<(CustomerId, Page<OwnerPage>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    let heirs = approvals::heirs(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let owners = heirs.owners.iter();
    let page = OwnerPage {
        members: heirs
            .members
            .iter()
            .map(|heir| choice(member, heir))
            .collect(),
        owners: owners
            .map(|user| (user.name.to_string(), user.disabled_at.is_none()))
            .collect(),
        waits: heirs.wait(),
        queued,
        form,
        note,
    };
    Ok((page.queued.customer_id, member.at(PLACE).page(page)))
}

/// The page shows who can log in as whom.
async fn noted(
    staff: &Staff,
    member: &StaffMember,
    (id, customer): (TicketId, CustomerId),
    arrival: &Arrival,
) -> Result<(), Failure> {
    let (what, whose) = (("login.read", id), (customer, None));
    staff
        .note_in_ticket(member, what, whose, arrival.address())
        .await
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
) -> Result<Response, Failure> {
    if let Some(first) = prove_first(&member, &here(id)) {
        return Ok(first);
    }
    let (customer, page) = page(&staff, &member, id, Again::default()).await?;
    noted(&staff, &member, (id, customer), &arrival).await?;
    Ok(page.into_response())
}

async fn request(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("ticket".to_owned(), id.to_string());
    let again = match act_in_ticket::<RequestOwner>(&staff, &member, &form).await? {
        Acted::Done(_) => return Ok(see_other(&format!("{}?done=owner", path(id)))),
        Acted::Prove => return Ok(prove(&here(id))),
        Acted::Again(again) => again,
    };
    let status = again.status();
    let (customer, page) = page(&staff, &member, id, again).await?;
    noted(&staff, &member, (id, customer), &arrival).await?;
    Ok(page.status(status).into_response())
}
