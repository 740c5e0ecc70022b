//! `GET /staff/tickets`: the queue, and the search in it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::Permission;
use wabe_kernel::id::TicketViewId;
use wabe_kernel::{Cursor, FormState, Language, PageRequest, Timestamp};
use wabe_support::ticket::queue::{self, Queued};
use wabe_support::ticket::{Category, Lane, Priority, Status};
use wabe_support::view::{self, DeleteTicketView, SaveTicketView, TicketView};
use wabe_web::filters;
use wabe_web::{
    Arrival, Choice, Failure, Form, Message, Page, Path, Query, Routes, StaffMember, see_other,
};

use crate::ticket::act::carry_out;
use crate::ticket::filter::Wanted;
use crate::ticket::people::People;
use crate::ticket::{PAGE, PLACE, READ, sign};
use crate::{STAFF, Staff};

/// Tickets on one page.
const ITEMS: i64 = 50;
/// Characters of a search that count.
const SEARCH_CHARS: usize = 100;

/// A ticket as a row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The ticket, and whose.
    pub(crate) queued: Queued,
    /// Who has it; empty while nobody does.
    pub(crate) owner: String,
    /// Whether its next target has passed.
    pub(crate) late: bool,
}

impl Row {
    /// How the state looks.
    pub(crate) fn sign(&self) -> &'static str {
        sign(self.queued.ticket.status)
    }

    /// Whether it presses more than others.
    pub(crate) fn presses(&self) -> bool {
        matches!(
            self.queued.ticket.priority,
            Priority::High | Priority::Urgent
        )
    }
}

/// The lists to choose from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// States.
    pub(crate) statuses: Vec<Choice>,
    /// Owners.
    pub(crate) owners: Vec<Choice>,
    /// Priorities.
    pub(crate) priorities: Vec<Choice>,
    /// Categories.
    pub(crate) categories: Vec<Choice>,
    /// Times.
    pub(crate) dues: Vec<Choice>,
}

/// A lane as a tab.
#[derive(Debug, Clone)]
pub(crate) struct LaneTab {
    /// Where it leads.
    pub(crate) href: String,
    /// Its word.
    pub(crate) word: &'static str,
    /// Whether it is in force.
    pub(crate) current: bool,
}

/// A view that the employee kept.
#[derive(Debug, Clone)]
pub(crate) struct ViewTab {
    /// Which one.
    pub(crate) id: TicketViewId,
    /// Where it leads.
    pub(crate) href: String,
    /// What it is called.
    pub(crate) name: String,
    /// Whether it is in force.
    pub(crate) current: bool,
}

impl ViewTab {
    fn of(view: &TicketView, wanted: &Wanted) -> Self {
        let query = Wanted::kept(view).query();
        Self {
            id: view.id,
            current: query == wanted.query(),
            href: format!("{PAGE}?{query}"),
            name: view.name.clone(),
        }
    }
}

/// The queue.
#[derive(Template)]
#[template(path = "staff/ticket/queue.html")]
pub(crate) struct QueuePage {
    pub(crate) search: String,
    pub(crate) wanted: Wanted,
    pub(crate) lanes: Vec<LaneTab>,
    pub(crate) lists: Lists,
    pub(crate) rows: Vec<Row>,
    pub(crate) next: String,
    /// The views that the employee kept.
    pub(crate) views: Vec<ViewTab>,
    /// What was typed to keep this one.
    pub(crate) form: FormState,
}

impl QueuePage {
    /// Whether this way through the queue is one that could be kept.
    pub(crate) fn is_new(&self) -> bool {
        self.search.is_empty()
            && (self.wanted.is_narrow() || self.form.has_errors())
            && !self.views.iter().any(|view| view.current)
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, READ, list)
        .post("/staff/tickets/views", READ, save)
        .post("/staff/tickets/views/{id}/delete", READ, forget)
        .id("tvw")
}

/// Words as choices, titled by the messages `{stem}{word}`, behind one for all of them.
pub(super) fn words(language: Language, stem: &str, words: &[&str]) -> Vec<Choice> {
    let choice = |word: &&str| Choice {
        value: (*word).to_owned(),
        title: Message::new(language, format!("{stem}{word}")).to_string(),
        text: String::new(),
    };
    words.iter().map(choice).collect()
}

fn any(language: Language, mut rest: Vec<Choice>) -> Vec<Choice> {
    let any = Choice {
        value: String::new(),
        title: Message::new(language, "staff-ticket-any").to_string(),
        text: String::new(),
    };
    rest.insert(0, any);
    rest
}

/// What the queue can be narrowed by.
pub(super) fn lists(language: Language, mut owners: Vec<Choice>) -> Lists {
    owners.insert(
        0,
        Choice {
            value: "me".to_owned(),
            title: Message::new(language, "staff-ticket-me").to_string(),
            text: String::new(),
        },
    );
    let statuses: Vec<&str> = Status::ALL.iter().map(|one| one.word()).collect();
    let priorities: Vec<&str> = Priority::ALL.iter().map(|one| one.word()).collect();
    let categories: Vec<&str> = Category::ALL.iter().map(|one| one.word()).collect();
    Lists {
        statuses: any(language, words(language, "ticket-status-", &statuses)),
        owners: any(language, owners),
        priorities: any(language, words(language, "ticket-priority-", &priorities)),
        categories: any(language, words(language, "ticket-category-", &categories)),
        dues: any(
            language,
            words(language, "staff-ticket-due-", &["overdue", "today"]),
        ),
    }
}

/// The lanes as tabs.
pub(super) fn lanes(current: &str) -> Vec<LaneTab> {
    let tab = |lane: &Lane| LaneTab {
        href: format!("{PAGE}?lane={lane}"),
        word: lane.word(),
        current: lane.word() == current,
    };
    Lane::ALL.iter().map(tab).collect()
}

fn row(queued: Queued, people: &People, now: Timestamp) -> Row {
    Row {
        owner: people.name(queued.owner),
        late: queued.due.is_some_and(|due| due < now),
        queued,
    }
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<QueuePage>, Failure> {
    page((&staff, &member), &arrival, &query, FormState::new()).await
}

/// Keeps the way through the queue that the form describes.
async fn save(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    mut form: Form,
) -> Result<Response, Failure> {
    let query = Query(form.fields.clone());
    let mine = form.get("owner") == "me";
    if mine {
        form.fields.remove("owner");
    }
    form.fields.insert("mine".to_owned(), mine.to_string());
    match carry_out::<SaveTicketView>(&staff, &member, &form).await? {
        Ok(_) => Ok(see_other(&format!("{PAGE}?{}", Wanted::of(&query).query()))),
        Err(again) => {
            let page = page((&staff, &member), &arrival, &query, again.form).await?;
            Ok(page.invalid())
        }
    }
}

async fn forget(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketViewId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    // Nothing of it can be wrong but the id, and then there is nothing.
    match carry_out::<DeleteTicketView>(&staff, &member, &form).await? {
        Ok(()) => Ok(see_other(PAGE)),
        Err(_) => Err(Failure::NotFound),
    }
}

async fn page(
    (staff, member): (&Staff, &StaffMember),
    arrival: &Arrival,
    query: &Query,
    form: FormState,
) -> Result<Page<QueuePage>, Failure> {
    let search: String = query.get("q").trim().chars().take(SEARCH_CHARS).collect();
    let wanted = Wanted::of(query);
    let request = PageRequest {
        after: Cursor::parse(query.get("after")).filter(|after| !after.key().is_empty()),
        search: search.clone(),
        ..PageRequest::first(ITEMS)
    };
    let (mut tx, scope) = staff.read(member).await?;
    scope.needs(Permission::TicketDesk)?;
    let found = if search.is_empty() {
        let filter = wanted.filter(member.visitor.user, member.now);
        queue::list(&mut tx, &scope, &filter, &request).await?
    } else {
        queue::search(&mut tx, &scope, &request).await?
    };
    let people = People::of(&mut tx, &scope).await?;
    let views = view::list(&mut tx, &scope, member.visitor.user).await?;
    tx.rollback().await?;
    let customers = found.items.iter().map(|one| one.customer_id).collect();
    staff
        .note_tickets(member, customers, arrival.address())
        .await?;
    let next = found
        .next
        .map_or_else(String::new, |after| next_href(&search, &wanted, &after));
    let rows = found.items.into_iter();
    Ok(member.at(PLACE).page(QueuePage {
        rows: rows.map(|one| row(one, &people, member.now)).collect(),
        lanes: lanes(&wanted.lane),
        lists: lists(member.language, people.choices()),
        views: views
            .iter()
            .map(|view| ViewTab::of(view, &wanted))
            .collect(),
        form,
        search,
        wanted,
        next,
    }))
}

/// The address of the next page. A cursor is plain already.
fn next_href(search: &str, wanted: &Wanted, after: &str) -> String {
    if search.is_empty() {
        return format!("{PAGE}?{}&after={after}", wanted.query());
    }
    let words = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC);
    format!("{PAGE}?q={words}&after={after}")
}
