//! The rows of known problems, and which tickets are of which. Whoever wrote without an account and has not
//! proved their address is written nothing: their tickets wait, and keep nobody else's waiting.

use crate::ticket::model::{Status, TicketNumber};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Object, Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, KnownProblemId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// The most that are shown at once.
const SHOWN: i64 = 200;
/// Tickets that one look takes on.
const AT_ONCE: i64 = 100;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.title, p.notice, p.opened_at, p.solved_at, p.answer, p.answered_by, \
             p.answered_at, p.then_status, \
             CAST(CASE WHEN p.answered_by IS NULL OR EXISTS (SELECT 1 FROM staff s \
             WHERE s.user_id = p.answered_by AND s.role IN ('support', 'operator')) THEN 0 ELSE 1 END AS BIGINT) \
             AS orphaned, \
             CAST((SELECT count(*) FROM ticket t WHERE t.problem_id = p.id) AS BIGINT) AS tickets, \
             CAST((SELECT count(*) FROM ticket t WHERE t.problem_id = p.id AND t.problem_waits = 1 \
             AND t.status <> 'closed' AND NOT EXISTS (SELECT 1 FROM ticket_contact n \
             WHERE n.ticket_id = t.id AND n.proved_at IS NULL)) \
             AS BIGINT) AS waiting FROM known_problem p ",
            $rest
        )
    };
}

statements! {
    LIST = "support.problem.list" => select!("ORDER BY p.opened_at DESC LIMIT $1");
    OPEN = "support.problem.open" => select!("WHERE p.solved_at IS NULL ORDER BY p.opened_at DESC LIMIT $1");
    FIND = "support.problem.find" => select!("WHERE p.id = $1");
    NOTICES = "support.problem.notices" =>
        "SELECT title, notice FROM known_problem WHERE solved_at IS NULL AND notice <> '' \
         ORDER BY opened_at DESC LIMIT 5";
    INSERT = "support.problem.insert" =>
        "INSERT INTO known_problem (id, title, notice, opened_at) VALUES ($1, $2, $3, $4)";
    SET = "support.problem.set" => "UPDATE known_problem SET title = $1, notice = $2 WHERE id = $3";
    ANSWER = "support.problem.answer" =>
        "UPDATE known_problem SET answer = $1, answered_by = $2, answered_at = $3, then_status = $4, \
         solved_at = $5 WHERE id = $6";
    WAIT = "support.problem.wait" =>
        "UPDATE ticket SET problem_waits = 1 WHERE problem_id = $1 AND status <> 'closed'";
    LINK = "support.problem.link" =>
        "UPDATE ticket SET problem_id = $1, problem_waits = 0 WHERE id = $2 AND customer_id = $3";
    OF_TICKET = "support.problem.of_ticket" =>
        select!("JOIN ticket k ON k.problem_id = p.id WHERE k.id = $1");
    LINKED = "support.problem.linked" =>
        "SELECT t.id, t.number, t.subject, t.status, t.problem_waits, c.name AS customer_name, c.id AS customer_id \
         FROM ticket t JOIN customer c ON c.id = t.customer_id WHERE t.problem_id = $1 ORDER BY t.id DESC LIMIT $2";
    TAKE = "support.problem.take" =>
        "UPDATE ticket SET problem_waits = 0 WHERE id = $1 AND customer_id = $2 AND problem_waits = 1";
    WAITING = "support.problem.waiting" =>
        "SELECT t.id, p.answered_by FROM ticket t JOIN known_problem p ON p.id = t.problem_id \
         WHERE t.problem_waits = 1 AND t.status <> 'closed' AND t.id > $1 \
         AND EXISTS (SELECT 1 FROM staff s WHERE s.user_id = p.answered_by) \
         AND NOT EXISTS (SELECT 1 FROM ticket_contact n WHERE n.ticket_id = t.id AND n.proved_at IS NULL) \
         ORDER BY t.id LIMIT $2";
}

/// The answer to everybody.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Answer {
    /// The text.
    pub body: String,
    /// Who gave it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Where the tickets stand afterwards.
    pub then: Status,
}

/// A known problem.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KnownProblem {
    /// Which one.
    pub id: KnownProblemId,
    /// What it is called.
    pub title: String,
    /// What customers read before they ask; empty when nothing.
    pub notice: String,
    /// Since when it is known.
    pub opened_at: Timestamp,
    /// When it was solved.
    pub solved_at: Option<Timestamp>,
    /// The last answer to everybody.
    pub answer: Option<Answer>,
    /// How many tickets are of it.
    pub tickets: i64,
    /// How many of them the answer is not written into yet.
    pub waiting: i64,
    /// Whether whoever gave the answer does not work on tickets any more.
    pub orphaned: bool,
}

impl KnownProblem {
    /// Whether tickets wait for an answer that nobody writes into them: it is given anew, by somebody else.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        self.orphaned && self.waiting > 0
    }

    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "known_problem",
            id: self.id.to_string(),
            name: self.title.clone(),
        }
    }

    pub(crate) fn snapshot(&self) -> Value {
        json!({
            "id": self.id, "title": self.title, "notice": self.notice, "solved_at": self.solved_at,
            "answered_at": self.answer.as_ref().map(|answer| answer.at),
        })
    }
}

fn from_row(row: &Row) -> Result<KnownProblem, Fault> {
    let answer = match row.text_or_null("answer")? {
        Some(body) => Some(Answer {
            body,
            by: row.parsed("answered_by")?,
            at: row.time("answered_at")?,
            then: row.parsed("then_status")?,
        }),
        None => None,
    };
    Ok(KnownProblem {
        id: row.parsed("id")?,
        title: row.text("title")?,
        notice: row.text("notice")?,
        opened_at: row.time("opened_at")?,
        solved_at: row.time_or_null("solved_at")?,
        answer,
        tickets: row.int("tickets")?,
        waiting: row.int("waiting")?,
        orphaned: row.flag("orphaned")?,
    })
}

/// All of them, or those that are not solved, the latest first. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, open: bool) -> Result<Vec<KnownProblem>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let statement = if open { OPEN } else { LIST };
    let rows = statement.bind(SHOWN).all(tx).await?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// One of them. Needs `ticket:desk`.
///
/// # Errors
/// `NotFound`, `Forbidden`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: KnownProblemId) -> Result<KnownProblem, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    find(tx, id).await
}

pub(crate) async fn find(tx: &mut Tx, id: KnownProblemId) -> Result<KnownProblem, Refusal> {
    let row = FIND.bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// The one that a ticket is of. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_ticket(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
) -> Result<Option<KnownProblem>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    Ok(find_of(tx, ticket).await?)
}

pub(crate) async fn find_of(tx: &mut Tx, ticket: TicketId) -> Result<Option<KnownProblem>, Fault> {
    let row = OF_TICKET.bind(ticket).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// What is written to whoever is about to ask: title and notice of each problem that has one.
///
/// # Errors
/// A fault.
pub async fn notices(tx: &mut Tx) -> Result<Vec<(String, String)>, Fault> {
    tx.unscope().await?;
    let rows = NOTICES.query().all(tx).await?;
    tx.rescope().await?;
    rows.iter()
        .map(|row| Ok((row.text("title")?, row.text("notice")?)))
        .collect()
}

/// A ticket of a problem, with whose it is.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Which one.
    pub id: TicketId,
    /// Its number.
    pub number: TicketNumber,
    /// What it is about.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// Whether the answer is on its way.
    pub waits: bool,
    /// Whose.
    pub customer: CustomerId,
    /// What they are called.
    pub customer_name: String,
}

/// The tickets of a problem, the latest first. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn linked(
    tx: &mut Tx,
    scope: &Scope,
    id: KnownProblemId,
) -> Result<Vec<Linked>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let mut found = Vec::new();
    for row in &LINKED.bind(id).bind(SHOWN).all(tx).await? {
        found.push(Linked {
            id: row.parsed("id")?,
            number: TicketNumber(row.int("number")?),
            subject: row.text("subject")?,
            status: row.parsed("status")?,
            waits: row.flag("problem_waits")?,
            customer: row.parsed("customer_id")?,
            customer_name: row.text("customer_name")?,
        });
    }
    Ok(found)
}

pub(crate) async fn insert(tx: &mut Tx, new: &KnownProblem) -> Result<(), Fault> {
    let query = INSERT.bind(new.id).bind(&new.title).bind(&new.notice);
    query.bind(new.opened_at).execute_one(tx).await
}

pub(crate) async fn set(tx: &mut Tx, new: &KnownProblem) -> Result<(), Fault> {
    let query = SET.bind(&new.title).bind(&new.notice).bind(new.id);
    query.execute_one(tx).await
}

/// Keeps an answer, and makes every ticket that is not closed wait for it; only those that waited before, where it
/// takes the place of one that was held.
pub(crate) async fn answer(
    tx: &mut Tx,
    problem: &KnownProblem,
    was_held: bool,
) -> Result<(), Fault> {
    let Some(answer) = &problem.answer else {
        return Err(Fault::new("keep an answer that is not there"));
    };
    let query = ANSWER.bind(&answer.body).bind(answer.by).bind(answer.at);
    let query = query.bind(answer.then).bind(problem.solved_at);
    query.bind(problem.id).execute_one(tx).await?;
    if was_held {
        return Ok(());
    }
    WAIT.bind(problem.id).execute(tx).await.map(|_rows| ())
}

/// Says which problem a ticket is of, or that it is of none.
pub(crate) async fn link(
    tx: &mut Tx,
    problem: Option<KnownProblemId>,
    (ticket, customer): (TicketId, CustomerId),
) -> Result<(), Fault> {
    let query = LINK.bind(problem).bind(ticket).bind(customer);
    query.execute_one(tx).await
}

/// Takes the answer of a ticket's problem out of the waiting; false when it does not wait.
pub(crate) async fn take(
    tx: &mut Tx,
    (ticket, customer): (TicketId, CustomerId),
) -> Result<bool, Fault> {
    Ok(TAKE.bind(ticket).bind(customer).execute(tx).await? == 1)
}

/// Tickets behind this one that wait for their answer, with who gave it: none of those who left.
pub(crate) async fn waiting(
    tx: &mut Tx,
    after: Option<TicketId>,
) -> Result<Vec<(TicketId, UserId)>, Fault> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = WAITING.bind(after).bind(AT_ONCE).all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.parsed("id")?, row.parsed("answered_by")?)))
        .collect()
}
