//! `GET /staff/tickets/{id}`: what was written, internal notes included, and the facts beside it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Permission;
use wabe_access::actor::HOUSE;
use wabe_audit::{Looks, looks_in};
use wabe_identity::user::store as users;
use wabe_kernel::FormState;
use wabe_kernel::id::{KnownProblemId, TicketId};
use wabe_support::action::{Topic, topics};
use wabe_support::canned::{self, CannedReply};
use wabe_support::problem::{self as causes, KnownProblem};
use wabe_support::secret::{self, Kept, Revealed};
use wabe_support::ticket::queue::{self, Queued};
use wabe_support::ticket::{Category, Priority, Status};
use wabe_web::filters;
use wabe_web::{Arrival, Choice, Failure, Message, Path, Query, Routes, StaffMember, see_other};

use crate::act::Again;
use crate::ticket::action::{self, Panel};
use crate::ticket::caller::{self, Callers};
use crate::ticket::canned::filled;
use crate::ticket::card::card;
use crate::ticket::contact::{self, Stranger};
use crate::ticket::letter::{self, Letter};
use crate::ticket::look::{self, Looking};
use crate::ticket::owner::{self, Asked};
use crate::ticket::people::People;
use crate::ticket::phone::{self, Phone};
use crate::ticket::plugin;
use crate::ticket::problem;
use crate::ticket::queue::words;
use crate::ticket::written::{Written, written};
use crate::ticket::{PLACE, READ, sign};
use crate::{STAFF, Staff};

/// What the page can say was done.
const DONE: [&str; 22] = [
    "answer",
    "note",
    "assign",
    "status",
    "priority",
    "category",
    "follow_up",
    "call",
    "caller",
    "said",
    "answered",
    "asked",
    "handed",
    "action",
    "plugin",
    "undo",
    "consent",
    "problem",
    "owner",
    "extension",
    "export",
    "erasure",
];

/// The page.
#[derive(Template)]
#[template(path = "staff/ticket/view.html")]
pub(crate) struct ViewPage {
    pub(crate) queued: Queued,
    /// Who wrote without an account.
    pub(crate) contact: Option<Stranger>,
    pub(crate) owner: String,
    pub(crate) opened_by: String,
    pub(crate) written: Vec<Written>,
    /// How often content was read here, so that no card says that nothing was.
    pub(crate) readings: i64,
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
    /// What was typed into the secure field.
    pub(crate) secrets: Vec<Kept>,
    /// A secret, this once.
    pub(crate) revealed: Option<Revealed>,
    /// Who calls, and who could be.
    pub(crate) callers: Callers,
    /// What can be written down for whoever calls.
    pub(crate) phone: Option<Phone>,
    /// What who wrote by mail can be asked to confirm.
    pub(crate) letter: Option<Letter>,
    /// Answers to choose from.
    pub(crate) canned: Vec<Choice>,
    /// How it stands with the customer's consent.
    pub(crate) looking: Looking,
    /// What takes a second person.
    pub(crate) approvals: Vec<Asked>,
    /// The known problem that it is of.
    pub(crate) problem: Option<(KnownProblemId, String)>,
    /// The known problems to choose from, behind none.
    pub(crate) problems: Vec<Choice>,
    /// What was just done, a word of a closed list.
    pub(crate) done: Option<&'static str>,
}

impl ViewPage {
    /// How the state looks.
    pub(crate) fn sign(&self) -> &'static str {
        sign(self.queued.ticket.status)
    }

    /// The message of what a card says.
    pub(crate) fn card_said(&self) -> &'static str {
        if self.readings > 0 {
            "staff-card-done"
        } else {
            "staff-card-said"
        }
    }

    /// Whether it is no customer's.
    pub(crate) fn is_house(&self) -> bool {
        self.queued.customer_id == HOUSE
    }

    /// Whether the customer can be answered.
    pub(crate) fn is_closed(&self) -> bool {
        self.queued.ticket.status == Status::Closed
    }

    /// Whether names of the customer's things are there to choose from.
    fn names_things(&self) -> bool {
        self.phone.is_some() || self.letter.is_some()
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

/// What the tables know of a ticket.
struct Known {
    queued: Queued,
    people: People,
    written: Vec<Written>,
    looks: Looks,
    secrets: Vec<Kept>,
    callers: Callers,
    phone: Option<Phone>,
    letter: Option<Letter>,
    replies: Vec<CannedReply>,
    /// The name of whoever asked; empty when nobody did.
    asked: String,
    panel: Option<Panel>,
    topics: Vec<Topic>,
    looking: Looking,
    approvals: Vec<Asked>,
    problem: Option<KnownProblem>,
    problems: Vec<KnownProblem>,
    contact: Option<Stranger>,
}

/// What was typed to find something on the page.
#[derive(Default)]
struct Typed<'a> {
    /// An action.
    action: &'a str,
    /// A thing that a caller speaks of.
    thing: &'a str,
    /// A thing that a letter is about.
    named: &'a str,
}

/// Reads it, narrowed by what was typed; and the page of the action that is plainly meant.
async fn read(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    typed: Typed<'_>,
) -> Result<(Known, Option<String>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    let people = People::of(&mut tx, &scope).await?;
    let mut all = Vec::new();
    for message in queue::messages(&mut tx, &scope, id).await? {
        let name = people.anybody(&mut tx, message.author).await?;
        let made = match message.change {
            Some(change) => {
                let place = (queued.customer_id, change);
                card((staff, member), &mut tx, place).await?
            }
            None => None,
        };
        let by = message.written_by.map(|user| people.name(Some(user)));
        all.push(written(message, name, by, made));
    }
    let (panel, meant, phone, letter) = if member.visitor.has(Permission::TicketWork) {
        let look = (&mut tx, &scope);
        let place = (id, &people);
        let (panel, meant) = action::panel(staff, member, look, place, typed.action).await?;
        let phone = phone::phone((&mut tx, &scope), member, id, typed.thing).await?;
        let letter = letter::letter((&mut tx, &scope), (staff, member), id, typed.named).await?;
        (Some(panel), meant, phone, letter)
    } else {
        (None, None, None, None)
    };
    let topics = match panel {
        Some(_) => topics(&mut tx, &scope, id).await?,
        None => Vec::new(),
    };
    let place = (queued.customer_id, id);
    let looking = look::looking((&mut tx, &scope), member, place).await?;
    let approvals = owner::asked(&mut tx, &people, place, member.now).await?;
    let contact = contact::stranger(&mut tx, place).await?;
    let asked = match queued.ticket.opened_by {
        Some(user) => users::find(&mut tx, user).await?,
        None => None,
    };
    let mut known = Known {
        secrets: secret::list(&mut tx, queued.customer_id, id).await?,
        callers: caller::of(&mut tx, (queued.customer_id, id), member.now).await?,
        replies: canned::list(&mut tx, &scope).await?,
        asked: asked.map(|user| user.name.to_string()).unwrap_or_default(),
        problem: causes::of_ticket(&mut tx, &scope, id).await?,
        problems: causes::list(&mut tx, &scope, true).await?,
        looks: looks_in(&mut tx, queued.customer_id, id).await?,
        written: all,
        contact,
        panel,
        topics,
        phone,
        letter,
        looking,
        approvals,
        people,
        queued,
    };
    tx.rollback().await?;
    if let Some(panel) = &mut known.panel {
        let about = (known.topics.as_slice(), panel.search.as_str());
        panel.plugins = plugin::slots(staff, member, id, about).await?;
    }
    Ok((known, meant))
}

/// The form of the page: what was typed, or a canned reply, and how the ticket stands.
fn form_of(known: &Known, form: FormState) -> FormState {
    let chosen = form.value("canned").to_owned();
    let chosen = known
        .replies
        .iter()
        .find(|one| one.id.to_string() == chosen);
    let form = match chosen {
        Some(reply) => {
            let filled = filled(&reply.body, &known.queued, &known.asked);
            let typed = form.value("body").trim_end();
            let body = match typed {
                "" => filled,
                typed => format!("{typed}\n\n{filled}"),
            };
            form.with("body", body)
        }
        None => form,
    };
    let form = match &known.letter {
        Some(found) => letter::filled(form, found),
        None => form,
    };
    let owner = known.queued.owner;
    form.with(
        "owner",
        owner.map_or_else(String::new, |user| user.to_string()),
    )
    .with("status", known.queued.ticket.status.word())
    .with("priority", known.queued.ticket.priority.word())
    .with("category", known.queued.ticket.category.word())
    .with(
        "problem",
        known
            .problem
            .as_ref()
            .map_or_else(String::new, |one| one.id.to_string()),
    )
}

/// The page of a ticket, with a form on its way back.
pub(super) async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: TicketId,
    again: Again,
) -> Result<ViewPage, Failure> {
    let (known, _) = read(staff, member, id, Typed::default()).await?;
    let page = composed(member, known, again);
    let seen = (&page.queued, page.names_things());
    staff.note_ticket(member, seen, None).await?;
    Ok(page)
}

fn composed(member: &StaffMember, known: Known, Again { form, note }: Again) -> ViewPage {
    let form = form_of(&known, form);
    let list = |stem: &str, all: Vec<&str>| words(member.language, stem, &all);
    let priorities = Priority::ALL.iter().map(|one| one.word()).collect();
    let categories = Category::ALL.iter().map(|one| one.word()).collect();
    let statuses = [
        Status::Open,
        Status::WaitsForCustomer,
        Status::Solved,
        Status::Closed,
    ];
    let thens = [Status::WaitsForCustomer, Status::Open, Status::Solved];
    let canned = known.replies.iter().map(|reply| Choice {
        value: reply.id.to_string(),
        title: reply.title.clone(),
        text: String::new(),
    });
    let problems = problem::choices(member.language, &known.problems, known.problem.as_ref());
    ViewPage {
        problems,
        problem: known.problem.map(|one| (one.id, one.title)),
        canned: canned.collect(),
        contact: known.contact,
        owner: known.people.name(known.queued.owner),
        opened_by: known.asked,
        written: known.written,
        readings: known.looks.content(),
        panel: known.panel,
        looking: known.looking,
        approvals: known.approvals,
        form,
        note,
        owners: known.people.choices(),
        statuses: list("ticket-status-", statuses.map(Status::word).to_vec()),
        priorities: list("ticket-priority-", priorities),
        categories: list("ticket-category-", categories),
        thens: list("staff-ticket-then-", thens.map(Status::word).to_vec()),
        late: known.queued.due.is_some_and(|due| due < member.now),
        works: member.visitor.has(Permission::TicketWork),
        mine: known.queued.owner == Some(member.visitor.user),
        secrets: known.secrets,
        callers: known.callers,
        phone: known.phone,
        letter: known.letter,
        revealed: None,
        done: None,
        queued: known.queued,
    }
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    query: Query,
) -> Result<Response, Failure> {
    let typed = Typed {
        action: query.get("do"),
        thing: query.get("thing"),
        named: query.get("named"),
    };
    let (known, meant) = read(&staff, &member, id, typed).await?;
    if let Some(href) = meant {
        return Ok(see_other(&href));
    }
    let mut page = composed(&member, known, Again::default());
    if query.get("ask") == "1" {
        let asked = Message::new(member.language, "staff-ticket-ask-instruction");
        page.form = page.form.with("body", asked.to_string());
    }
    if let Some(panel) = &mut page.panel {
        panel.lacks = query.get("lacks") == "1";
    }
    page.done = DONE.into_iter().find(|word| *word == query.get("done"));
    let seen = (&page.queued, page.names_things());
    let from = Some(arrival.address());
    staff.note_ticket(&member, seen, from).await?;
    Ok(member.at(PLACE).page(page).into_response())
}
