//! `/staff/problems`: one cause of many tickets, one answer to all of them; and
//! `POST /staff/tickets/{id}/problem`: which of them a ticket is of.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Command, Permission};
use wabe_kernel::id::{KnownProblemId, TicketId};
use wabe_kernel::{FormState, Language};
use wabe_support::problem::{
    self, AnswerKnownProblem, CreateKnownProblem, KnownProblem, Linked, SetKnownProblem,
    SetTicketProblem,
};
use wabe_web::filters;
use wabe_web::{
    Arrival, Choice, Failure, Form, Message, Page, Path, Query, Routes, StaffMember, see_other,
};

use crate::act::{Acted, Again, act, prove};
use crate::ticket::act::act as act_on;
use crate::ticket::{PLACE, READ, WORK, sign};
use crate::{STAFF, Staff};

const LIST: &str = "/staff/problems";
const ONE: &str = "/staff/problems/{id}";
/// What a page can say was done: the messages `staff-problem-done-{word}`.
const DONE: [&str; 3] = ["created", "saved", "answered"];

/// The known problems.
#[derive(Template)]
#[template(path = "staff/ticket/problems.html")]
pub(crate) struct ProblemsPage {
    /// The latest first.
    pub(crate) problems: Vec<KnownProblem>,
    /// Whether the employee may add one.
    pub(crate) works: bool,
}

/// One of them, or a new one.
#[derive(Template)]
#[template(path = "staff/ticket/problem.html")]
pub(crate) struct ProblemPage {
    /// Which one; none for a new one.
    pub(crate) problem: Option<KnownProblem>,
    /// Its tickets, the latest first, and how their state looks.
    pub(crate) linked: Vec<(Linked, &'static str)>,
    /// Whether the employee may change it.
    pub(crate) works: bool,
    /// What was typed.
    pub(crate) form: FormState,
    /// What stands in the way as a whole.
    pub(crate) note: Option<String>,
    /// What was just done, a word of a closed list.
    pub(crate) done: Option<&'static str>,
}

impl ProblemPage {
    /// Where the form is sent.
    pub(crate) fn action(&self) -> String {
        let id = self.problem.as_ref().map(|problem| problem.id);
        id.map_or_else(|| LIST.to_owned(), path)
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(LIST, READ, list)
        .get("/staff/problems/new", WORK, new)
        .post(LIST, WORK, create)
        .get(ONE, READ, show)
        .id("kpr")
        .post(ONE, WORK, set)
        .id("kpr")
        .post("/staff/problems/{id}/answer", WORK, answer)
        .id("kpr")
        .post("/staff/tickets/{id}/problem", WORK, link)
        .id("tkt")
}

fn path(id: KnownProblemId) -> String {
    format!("{LIST}/{id}")
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
) -> Result<Page<ProblemsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let problems = problem::list(&mut tx, &scope, false).await?;
    tx.rollback().await?;
    let works = member.visitor.has(Permission::TicketWork);
    Ok(member.at(PLACE).page(ProblemsPage { problems, works }))
}

async fn page(
    (staff, member): (&Staff, &StaffMember),
    arrival: &Arrival,
    id: KnownProblemId,
    again: Option<Again>,
) -> Result<ProblemPage, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let found = problem::load(&mut tx, &scope, id).await;
    let linked = problem::linked(&mut tx, &scope, id).await;
    tx.rollback().await?;
    let (found, linked) = (found?, linked?);
    let customers = linked.iter().map(|one| one.customer).collect();
    staff
        .note_tickets(member, customers, arrival.address())
        .await?;
    let (form, note) = match again {
        Some(Again { form, note }) => (form, note),
        None => (FormState::new(), None),
    };
    // What was typed in one form leaves the other as it is kept.
    let kept = |name: &str, text: &str| {
        let typed = form.value(name);
        if typed.is_empty() && form.error(name).is_none() {
            text.to_owned()
        } else {
            typed.to_owned()
        }
    };
    let (title, notice) = (kept("title", &found.title), kept("notice", &found.notice));
    Ok(ProblemPage {
        problem: Some(found),
        linked: linked.into_iter().map(signed).collect(),
        works: member.visitor.has(Permission::TicketWork),
        form: form.with("title", title).with("notice", notice),
        note,
        done: None,
    })
}

/// With how its state looks.
pub(super) fn signed(linked: Linked) -> (Linked, &'static str) {
    let sign = sign(linked.status);
    (linked, sign)
}

/// The known problems to choose from: none, those that are not solved, and the ticket's own.
pub(super) fn choices(
    language: Language,
    open: &[KnownProblem],
    own: Option<&KnownProblem>,
) -> Vec<Choice> {
    let choice = |value: String, title: String| Choice {
        value,
        title,
        text: String::new(),
    };
    let none = Message::new(language, "staff-problem-no").to_string();
    let own = own.filter(|one| one.solved_at.is_some());
    let all = open.iter().chain(own);
    let all = all.map(|one| choice(one.id.to_string(), one.title.clone()));
    std::iter::once(choice(String::new(), none))
        .chain(all)
        .collect()
}

fn blank(again: Again) -> ProblemPage {
    let Again { form, note } = again;
    ProblemPage {
        problem: None,
        linked: Vec::new(),
        works: true,
        form,
        note,
        done: None,
    }
}

async fn new(member: StaffMember) -> Page<ProblemPage> {
    member.at(PLACE).page(blank(Again::default()))
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<KnownProblemId>,
    query: Query,
) -> Result<Page<ProblemPage>, Failure> {
    let mut page = page((&staff, &member), &arrival, id, None).await?;
    page.done = DONE.into_iter().find(|word| *word == query.get("done"));
    Ok(member.at(PLACE).page(page))
}

/// What it is called says why it is kept. When that is missing, it is said of that field alone: then
/// there is no command that a purpose would go with.
fn with_purpose(mut form: Form, of: &str) -> Form {
    let text = Some(form.get(of).trim()).filter(|text| !text.is_empty());
    let purpose = text.unwrap_or(of).chars().take(200).collect::<String>();
    form.fields.insert("purpose".to_owned(), purpose);
    form
}

async fn create(
    member: StaffMember,
    State(staff): State<Staff>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_purpose(form, "title");
    match act::<CreateKnownProblem>(&staff, &member, &form).await? {
        Acted::Done(done) => Ok(see_other(&format!("{}?done=created", path(done.output.id)))),
        Acted::Prove => Ok(prove("/staff/problems/new")),
        Acted::Again(again) => Ok(member.at(PLACE).page(blank(again)).invalid()),
    }
}

async fn run<C: Command>(
    (staff, member): (&Staff, &StaffMember),
    arrival: &Arrival,
    (id, done): (KnownProblemId, &'static str),
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    match act::<C>(staff, member, &form).await? {
        Acted::Done(_) => Ok(see_other(&format!("{}?done={done}", path(id)))),
        Acted::Prove => Ok(prove(&path(id))),
        Acted::Again(again) => {
            let status = again.status();
            let page = page((staff, member), arrival, id, Some(again)).await?;
            Ok(member.at(PLACE).page(page).status(status).into_response())
        }
    }
}

async fn set(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<KnownProblemId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_purpose(form, "title");
    run::<SetKnownProblem>((&staff, &member), &arrival, (id, "saved"), form).await
}

async fn answer(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<KnownProblemId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_purpose(form, "body");
    run::<AnswerKnownProblem>((&staff, &member), &arrival, (id, "answered"), form).await
}

async fn link(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    act_on::<SetTicketProblem>(&staff, &member, (id, "problem"), form).await
}
