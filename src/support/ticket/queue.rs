//! The queue of the desk: every customer's tickets, a page at a time, never all of them.
//!
//! Each way of asking has an index that its order comes from, so that a page costs the same with a
//! thousand tickets and with a million. What narrows an owner's tickets further is looked for among theirs.

use crate::ticket::message::{self, DeskMessage};
use crate::ticket::model::{Category, Lane, Priority, Status, Ticket, TicketNumber};
use crate::ticket::read::before;
use crate::ticket::store::{columns, from_row, words};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use std::net::IpAddr;
use wabe_access::{CustomerNumber, Permission, Refusal, Scope, customer};
use wabe_audit::{Access, AccessBy, Streams};
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::{Fault, Page, PageRequest, Timestamp};
use wabe_store::{Query, Row, Statement, Store, Tx, statements};

/// What the queue shows of each ticket.
macro_rules! queued {
    () => {
        concat!(
            "SELECT ",
            columns!(),
            ", (SELECT c.number FROM customer c WHERE c.id = t.customer_id) AS customer_number, \
             (SELECT c.name FROM customer c WHERE c.id = t.customer_id) AS customer_name FROM "
        )
    };
}

/// What every way through the queue may be narrowed by, from `$3` on.
macro_rules! narrowed {
    () => {
        "AND ($3 = '' OR t.status = $3) AND ($4 = '' OR t.owner = $4) AND ($5 = '' OR t.priority = $5) \
         AND ($6 = '' OR t.category = $6) AND t.queue_at < $7 \
         ORDER BY t.queue_at, t.id LIMIT $8"
    };
}

statements! {
    LANE = "support.queue.lane" => concat!(
        queued!(), "ticket t WHERE t.lane = $9 AND (t.queue_at, t.id) > ($1, $2) ", narrowed!()
    );
    STATUS = "support.queue.status" => concat!(
        queued!(), "ticket t WHERE t.status = $9 AND (t.queue_at, t.id) > ($1, $2) ", narrowed!()
    );
    OWNER = "support.queue.owner" => concat!(
        queued!(), "ticket t WHERE t.owner = $10 AND t.lane = $9 AND (t.queue_at, t.id) > ($1, $2) ",
        narrowed!()
    );
    CATEGORY = "support.queue.category" => concat!(
        queued!(), "ticket t WHERE t.category = $10 AND t.lane = $9 \
         AND (t.queue_at, t.id) > ($1, $2) ", narrowed!()
    );
    PRIORITY = "support.queue.priority" => concat!(
        queued!(), "ticket t WHERE t.priority = $10 AND t.lane = $9 \
         AND (t.queue_at, t.id) > ($1, $2) ", narrowed!()
    );
    BOTH = "support.queue.both" => concat!(
        queued!(), "ticket t WHERE t.category = $10 AND t.priority = $11 AND t.lane = $9 \
         AND (t.queue_at, t.id) > ($1, $2) ", narrowed!()
    );
    BY_WORD = "support.queue.by_word" => concat!(
        queued!(), "(SELECT w.ticket_id FROM ticket_word w WHERE w.word = $1 AND w.ticket_id < $2 \
         AND ($3 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.word = $3 AND x.ticket_id = w.ticket_id)) \
         AND ($4 = '' OR EXISTS (SELECT 1 FROM ticket_word y WHERE y.word = $4 AND y.ticket_id = w.ticket_id)) \
         ORDER BY w.ticket_id DESC LIMIT $5) AS hit JOIN ticket t ON t.id = hit.ticket_id \
         ORDER BY hit.ticket_id DESC"
    );
    OF_WORD = "support.queue.of_word" =>
        "SELECT CAST(count(*) AS BIGINT) AS n \
         FROM (SELECT 1 AS one FROM ticket_word WHERE word = $1 LIMIT $2) AS counted";
    BY_NUMBER = "support.queue.by_number" => concat!(queued!(), "ticket t WHERE t.number = $1");
    BY_CUSTOMER = "support.queue.by_customer" => concat!(
        queued!(), "ticket t WHERE t.customer_id = $1 AND (t.last_activity_at, t.id) < ($2, $3) \
         ORDER BY t.last_activity_at DESC, t.id DESC LIMIT $4"
    );
    BY_ID = "support.queue.by_id" => concat!(queued!(), "ticket t WHERE t.id = $1");
}

/// A ticket with whose it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Queued {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// Whose.
    pub customer_id: CustomerId,
    /// The customer's number.
    pub customer_number: String,
    /// The customer's name.
    pub customer_name: String,
    /// Who of the hoster has it.
    pub owner: Option<UserId>,
    /// By when the next target is to be met; absent when it is nobody's turn.
    pub due: Option<Timestamp>,
}

/// Which tickets of the queue are wanted.
#[derive(Debug, Clone)]
pub struct QueueFilter {
    /// In this lane.
    pub lane: Lane,
    /// In this state, whatever lane that is.
    pub status: Option<Status>,
    /// Of this owner.
    pub owner: Option<UserId>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// Of this category.
    pub category: Option<Category>,
    /// Whose next moment is before this one.
    pub due_before: Option<Timestamp>,
}

impl Default for QueueFilter {
    fn default() -> Self {
        Self {
            lane: Lane::Working,
            status: None,
            owner: None,
            priority: None,
            category: None,
            due_before: None,
        }
    }
}

fn queued_from(row: &Row) -> Result<Queued, Fault> {
    let ticket = from_row(row)?;
    Ok(Queued {
        customer_id: ticket.customer,
        customer_number: row.text("customer_number")?,
        customer_name: row.text("customer_name")?,
        owner: ticket.owner,
        due: (ticket.lane() == Lane::Working).then(|| ticket.due()),
        ticket,
    })
}

impl QueueFilter {
    /// The question for the part after this place.
    fn query(&self, (at, id): (i64, &str), limit: i64) -> Query {
        let lane = self.status.map_or(self.lane, Status::lane);
        let owner = self.owner.map(|user| user.to_string());
        let asked = |statement: Statement| {
            statement
                .bind(at)
                .bind(id)
                .bind(self.status.map_or("", Status::word))
                .bind(owner.clone().unwrap_or_default())
                .bind(self.priority.map_or("", Priority::word))
                .bind(self.category.map_or("", Category::word))
                .bind(self.due_before.unwrap_or(Timestamp(i64::MAX)))
                .bind(limit)
        };
        // Nearly all of what is done is closed: there, anything else that is asked for leads to less.
        let status = self.status.filter(|status| {
            *status != Status::Closed || (self.category.is_none() && self.priority.is_none())
        });
        match (&owner, status, self.category, self.priority) {
            (Some(owner), ..) => asked(OWNER).bind(lane).bind(owner),
            (_, Some(status), ..) => asked(STATUS).bind(status),
            (_, _, Some(category), Some(priority)) => {
                asked(BOTH).bind(lane).bind(category).bind(priority)
            }
            (_, _, Some(category), None) => asked(CATEGORY).bind(lane).bind(category),
            (_, _, None, Some(priority)) => asked(PRIORITY).bind(lane).bind(priority),
            _ => asked(LANE).bind(lane),
        }
    }
}

/// A part of the queue. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &QueueFilter,
    page: &PageRequest,
) -> Result<Page<Queued>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let parts = page.after_key().split_once(':');
    let after = parts.and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let query = filter.query(after.unwrap_or((i64::MIN, "")), page.limit + 1);
    let rows = query.all(tx).await?;
    let found: Vec<Queued> = rows.iter().map(queued_from).collect::<Result<_, _>>()?;
    Ok(Page::from_rows(found, page.limit, |one| {
        format!("{}:{}", one.ticket.queue_at(), one.ticket.id)
    }))
}

/// Tickets by a number, a customer's number, or words of their subject and their customer's name. Needs
/// `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn search(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Page<Queued>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let text = page.search.trim();
    let first = page.after_key().is_empty();
    if first
        && let Ok(TicketNumber(number)) = text.parse()
        && let Some(row) = BY_NUMBER.bind(number).optional(tx).await?
    {
        return Ok(Page {
            items: vec![queued_from(&row)?],
            next: None,
        });
    }
    if let Ok(number) = text.parse::<CustomerNumber>()
        && let Some(customer) = customer::find_number(tx, &number).await?
    {
        return of_customer(tx, scope, customer, page).await;
    }
    by_words(tx, text, page).await
}

/// Words that a search goes by, at most; further ones narrow nothing.
const WORDS_MAX: usize = 3;
/// So many tickets with a word are counted before it counts as common.
const COMMON: i64 = 2_000;

/// The words to search by, the one that is on the fewest tickets first: the search reads the tickets of
/// that one alone. Of common ones, the longest.
async fn rarest_first(tx: &mut Tx, mut words: Vec<String>) -> Result<Vec<String>, Fault> {
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(WORDS_MAX);
    if words.len() < 2 {
        return Ok(words);
    }
    let mut counted = Vec::new();
    for word in words {
        let row = OF_WORD.bind(&word).bind(COMMON).one(tx).await?;
        counted.push((row.int("n")?, word));
    }
    counted.sort_by_key(|(tickets, _)| *tickets);
    Ok(counted.into_iter().map(|(_, word)| word).collect())
}

async fn by_words(tx: &mut Tx, text: &str, page: &PageRequest) -> Result<Page<Queued>, Refusal> {
    let words = rarest_first(tx, words(text)).await?;
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    if words.is_empty() {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    }
    let after = page.after_key();
    let after = if after.is_empty() { "tkt~" } else { after };
    let query = BY_WORD
        .bind(word(0))
        .bind(after)
        .bind(word(1))
        .bind(word(2));
    let rows = query.bind(page.limit + 1).all(tx).await?;
    let found: Vec<Queued> = rows.iter().map(queued_from).collect::<Result<_, _>>()?;
    Ok(Page::from_rows(found, page.limit, |one| {
        one.ticket.id.to_string()
    }))
}

/// A customer's tickets, latest activity first. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_customer(
    tx: &mut Tx,
    scope: &Scope,
    customer: CustomerId,
    page: &PageRequest,
) -> Result<Page<Queued>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let (at, id) = before(page.after_key());
    let query = BY_CUSTOMER.bind(customer).bind(at).bind(id);
    let rows = query.bind(page.limit + 1).all(tx).await?;
    let found: Vec<Queued> = rows.iter().map(queued_from).collect::<Result<_, _>>()?;
    Ok(Page::from_rows(found, page.limit, |one| {
        format!("{}:{}", one.ticket.last_activity_at.0, one.ticket.id)
    }))
}

/// Notes with each of these customers that somebody of the hoster saw tickets of theirs among others, on a
/// page or with a program. Before they are shown.
///
/// # Errors
/// A fault of the database; then nothing may be shown.
pub async fn note(
    (store, streams): (&Store, &Streams),
    (user, by): (Option<UserId>, AccessBy),
    customers: BTreeSet<CustomerId>,
    address: Option<IpAddr>,
) -> Result<(), Fault> {
    if customers.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    for customer in customers {
        let access = Access {
            customer,
            user,
            by,
            area: "ticket.find",
            object_id: None,
            address,
        };
        streams.note_access(&mut tx, &access).await?;
    }
    tx.commit().await
}

/// One ticket of whomever. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: TicketId) -> Result<Queued, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let row = BY_ID.bind(id).optional(tx).await?;
    Ok(queued_from(&row.ok_or(Refusal::NotFound)?)?)
}

/// Everything that was written in a ticket, internal notes included. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn messages(
    tx: &mut Tx,
    scope: &Scope,
    id: TicketId,
) -> Result<Vec<DeskMessage>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    Ok(message::all(tx, id).await?)
}
