//! `GET /staff/tickets/{id}`: what was written, internal notes included, and the facts beside it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Permission, Refusal};
use wabe_identity::user::store as users;
use wabe_kernel::id::{ChangeId, CustomerId, TicketId};
use wabe_kernel::{FormState, Timestamp};
use wabe_store::Tx;
use wabe_support::action::is_action;
use wabe_support::ticket::message::{AuthorKind, DeskMessage, TicketEvent, Visibility};
use wabe_support::ticket::queue::{self, Queued};
use wabe_support::ticket::{Category, Priority, Status};
use wabe_web::filters;
use wabe_web::session::initials;
use wabe_web::{
    Arrival, Choice, DiffRow, Failure, Message, Path, Query, Routes, StaffMember, diff, see_other,
};

use crate::act::Again;
use crate::ticket::action::{self, Panel};
use crate::ticket::people::People;
use crate::ticket::queue::words;
use crate::ticket::{PLACE, READ, sign};
use crate::{STAFF, Staff};

/// What the page can say was done.
const DONE: [&str; 10] = [
    "answer",
    "note",
    "assign",
    "status",
    "priority",
    "category",
    "follow_up",
    "call",
    "action",
    "undo",
];

/// One message as the desk shows it.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Who wrote it.
    pub(crate) by: AuthorKind,
    /// Their name; empty when they are gone.
    pub(crate) name: String,
    /// The letters in their sign.
    pub(crate) initials: String,
    /// Whether no customer sees it.
    pub(crate) internal: bool,
    /// What the panel did.
    pub(crate) event: Option<TicketEvent>,
    /// What was changed on an instruction.
    pub(crate) card: Option<Card>,
    /// The text.
    pub(crate) body: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// A change that was made on an instruction.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    /// The change.
    pub(crate) change: ChangeId,
    /// What was done.
    pub(crate) title: String,
    /// Before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// Whether it can be taken back from here.
    pub(crate) back: bool,
}

impl Written {
    /// Whether somebody of the hoster wrote it.
    pub(crate) fn is_staff(&self) -> bool {
        self.by == AuthorKind::Staff
    }
}

/// The page.
#[derive(Template)]
#[template(path = "staff/ticket/view.html")]
pub(crate) struct ViewPage {
    pub(crate) queued: Queued,
    pub(crate) owner: String,
    pub(crate) opened_by: String,
    pub(crate) written: Vec<Written>,
    /// What can be done; nothing for who does not work on tickets.
    pub(crate) panel: Option<Panel>,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
    pub(crate) owners: Vec<Choice>,
    pub(crate) statuses: Vec<Choice>,
    pub(crate) priorities: Vec<Choice>,
    pub(crate) categories: Vec<Choice>,
    pub(crate) thens: Vec<Choice>,
    /// Whether the next target has passed.
    pub(crate) late: bool,
    /// Whether the employee may work on it.
    pub(crate) works: bool,
    /// Whether it is the employee's already.
    pub(crate) mine: bool,
    /// What was just done, a word of a closed list.
    pub(crate) done: Option<&'static str>,
}

impl ViewPage {
    /// How the state looks.
    pub(crate) fn sign(&self) -> &'static str {
        sign(self.queued.ticket.status)
    }

    /// Whether the customer can be answered.
    pub(crate) fn is_closed(&self) -> bool {
        self.queued.ticket.status == Status::Closed
    }

    /// Whether what is written is a note for colleagues.
    pub(crate) fn is_note(&self) -> bool {
        self.form.value("act") == "note"
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}", READ, show)
        .id("tkt")
}

fn written(message: DeskMessage, name: String, card: Option<Card>) -> Written {
    Written {
        by: message.author_kind,
        initials: initials(&name),
        name,
        internal: message.visibility == Visibility::Internal,
        event: message.event,
        card,
        body: message.body,
        at: message.created_at,
    }
}

/// The card of a change.
async fn card(
    (staff, member): (&Staff, &StaffMember),
    tx: &mut Tx,
    (customer, change): (CustomerId, ChangeId),
) -> Result<Option<Card>, Failure> {
    let Some(found) = staff.gate.recorder().load(tx, customer, change).await? else {
        return Ok(None);
    };
    let back = match staff.gate.way_back(tx, customer, change).await {
        Ok(inverse) => staff.gate.command(inverse.command).is_some_and(is_action),
        Err(Refusal::Conflict(_) | Refusal::NotFound) => false,
        Err(refusal) => return Err(refusal.into()),
    };
    let word = found.command.replace(['.', '_'], "-");
    let title = Message::new(member.language, format!("done-{word}"));
    Ok(Some(Card {
        change,
        title: title.with("name", &found.object_name).to_string(),
        rows: diff::rows(member.language, &found.before, &found.after),
        back: back && member.visitor.has(Permission::TicketWork),
    }))
}

/// The page of a ticket, with a form on its way back.
pub(super) async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    again: Again,
) -> Result<ViewPage, Failure> {
    let (page, _) = searched(staff, member, id, again, "").await?;
    Ok(page)
}

/// The same, with the actions narrowed by what was typed; and the page of what is plainly meant.
async fn searched(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    again: Again,
    search: &str,
) -> Result<(ViewPage, Option<String>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    let people = People::of(&mut tx, &scope).await?;
    let mut messages = Vec::new();
    for message in queue::messages(&mut tx, &scope, id).await? {
        let name = people.anybody(&mut tx, message.author).await?;
        let made = match message.change {
            Some(change) => {
                let place = (queued.customer_id, change);
                card((staff, member), &mut tx, place).await?
            }
            None => None,
        };
        messages.push(written(message, name, made));
    }
    let works = member.visitor.has(Permission::TicketWork);
    let (panel, meant) = if works {
        let look = (&mut tx, &scope);
        let (panel, meant) = action::panel(staff, member, look, (id, &people), search).await?;
        (Some(panel), meant)
    } else {
        (None, None)
    };
    let opened_by = match queued.ticket.opened_by {
        Some(user) => users::find(&mut tx, user).await?,
        None => None,
    };
    tx.rollback().await?;
    let page = composed(member, (queued, people, messages), again);
    let opened_by = opened_by
        .map(|user| user.name.to_string())
        .unwrap_or_default();
    let page = ViewPage {
        opened_by,
        panel,
        ..page
    };
    Ok((page, meant))
}

fn composed(
    member: &StaffMember,
    (queued, people, messages): (Queued, People, Vec<Written>),
    Again { form, note }: Again,
) -> ViewPage {
    let language = member.language;
    let list = |stem: &str, all: Vec<&str>| words(language, stem, &all);
    let statuses = [
        Status::Open,
        Status::WaitsForCustomer,
        Status::Solved,
        Status::Closed,
    ];
    let thens = [Status::WaitsForCustomer, Status::Open, Status::Solved];
    let form = form
        .with(
            "owner",
            queued
                .owner
                .map_or_else(String::new, |user| user.to_string()),
        )
        .with("status", queued.ticket.status.word())
        .with("priority", queued.ticket.priority.word())
        .with("category", queued.ticket.category.word());
    ViewPage {
        owner: people.name(queued.owner),
        opened_by: String::new(),
        panel: None,
        written: messages,
        form,
        note,
        owners: people.choices(),
        statuses: list("ticket-status-", statuses.map(Status::word).to_vec()),
        priorities: list(
            "ticket-priority-",
            Priority::ALL.iter().map(|one| one.word()).collect(),
        ),
        categories: list(
            "ticket-category-",
            Category::ALL.iter().map(|one| one.word()).collect(),
        ),
        thens: list("staff-ticket-then-", thens.map(Status::word).to_vec()),
        late: queued.due.is_some_and(|due| due < member.now),
        works: member.visitor.has(Permission::TicketWork),
        mine: queued.owner == Some(member.visitor.user),
        done: None,
        queued,
    }
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    query: Query,
) -> Result<Response, Failure> {
    let again = Again::default();
    let (mut page, meant) = searched(&staff, &member, id, again, query.get("do")).await?;
    if let Some(href) = meant {
        return Ok(see_other(&href));
    }
    if query.get("ask") == "1" {
        let asked = Message::new(member.language, "staff-ticket-ask-instruction");
        page.form = page.form.with("body", asked.to_string());
    }
    page.done = DONE.into_iter().find(|word| *word == query.get("done"));
    let about = (page.queued.customer_id, Some(id.to_string()));
    staff
        .note_about(&member, "ticket.read", about, arrival.address())
        .await?;
    Ok(member.at(PLACE).page(page).into_response())
}
