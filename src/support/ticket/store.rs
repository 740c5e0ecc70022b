//! The tables of tickets and of their words.

use crate::numbers::store as numbers;
use crate::numbers::total::Part;
use crate::ticket::model::{Ticket, TicketNumber, TicketObject};
use wabe_access::Refusal;
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// The columns that [`from_row`] reads.
macro_rules! columns {
    () => {
        "t.id, t.customer_id, t.number, t.subject, t.object_id, t.object_kind, t.object_name, \
         t.category, t.priority, t.status, t.owner, t.opened_by, t.channel, t.opened_at, \
         t.first_answer_at, t.first_answer_due, t.solution_due, t.waiting_since, t.solved_at, \
         t.closes_at, t.follow_up_at, t.last_activity_at"
    };
}
pub(crate) use columns;

statements! {
    NUMBER = "support.ticket.number" =>
        "UPDATE ticket_counter SET last = last + 1 WHERE id = 1 RETURNING last";
    INSERT = "support.ticket.insert" =>
        "INSERT INTO ticket (id, customer_id, number, subject, subject_search, object_id, object_kind, \
         object_name, category, priority, status, lane, queue_at, owner, opened_by, channel, \
         opened_at, first_answer_due, solution_due, last_activity_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
         $17)";
    UPDATE = "support.ticket.update" =>
        "UPDATE ticket SET category = $1, priority = $2, status = $3, lane = $4, queue_at = $5, \
         owner = $6, first_answer_at = $7, first_answer_due = $8, solution_due = $9, \
         waiting_since = $10, solved_at = $11, closes_at = $12, follow_up_at = $13, \
         last_activity_at = $14 WHERE id = $15 AND customer_id = $16";
    CLAIM = "support.ticket.claim" =>
        "UPDATE ticket SET opened_by = $1 \
         WHERE id = $2 AND customer_id = $3 AND channel = 'phone' AND opened_by IS NULL";
    FIND = "support.ticket.find" => concat!(
        "SELECT ", columns!(), " FROM ticket t WHERE t.id = $1 AND t.customer_id = $2"
    );
    OF_CUSTOMER = "support.ticket.of_customer" => concat!(
        "SELECT ", columns!(), " FROM ticket t WHERE t.customer_id = $1 \
         AND (t.last_activity_at, t.id) < ($2, $3) \
         AND ($4 = 1 OR t.opened_by = $5 OR t.object_kind IN ($6, $7, $8, $9, $10)) \
         AND ($11 = '' OR t.subject_search LIKE $12 ESCAPE '!') \
         ORDER BY t.last_activity_at DESC, t.id DESC LIMIT $13"
    );
    WORD = "support.ticket.word" =>
        "INSERT INTO ticket_word (word, ticket_id, customer_id) VALUES ($1, $2, $3)";
    LAPSING = "support.ticket.lapsing" =>
        "SELECT id, customer_id FROM ticket WHERE closes_at IS NOT NULL AND closes_at <= $1 \
         ORDER BY closes_at LIMIT $2";
    RETURNING_NOW = "support.ticket.returning" =>
        "SELECT id, customer_id FROM ticket WHERE follow_up_at IS NOT NULL AND follow_up_at <= $1 \
         ORDER BY follow_up_at LIMIT $2";
    CUSTOMER_NAME = "support.ticket.customer_name" =>
        "SELECT name, name_search FROM customer WHERE id = $1";
}

/// Reads a row with [`columns`].
pub(crate) fn from_row(row: &Row) -> Result<Ticket, Fault> {
    let object = match row.text_or_null("object_id")? {
        Some(id) => Some(TicketObject {
            id,
            kind: row.text("object_kind")?,
            name: row.text("object_name")?,
        }),
        None => None,
    };
    Ok(Ticket {
        id: row.parsed("id")?,
        customer: row.parsed("customer_id")?,
        number: TicketNumber(row.int("number")?),
        subject: row.text("subject")?,
        object,
        category: row.parsed("category")?,
        priority: row.parsed("priority")?,
        status: row.parsed("status")?,
        owner: row.parsed_or_null("owner")?,
        opened_by: row.parsed_or_null("opened_by")?,
        channel: row.parsed("channel")?,
        opened_at: row.time("opened_at")?,
        first_answer_at: row.time_or_null("first_answer_at")?,
        first_answer_due: row.time("first_answer_due")?,
        solution_due: row.time("solution_due")?,
        waiting_since: row.time_or_null("waiting_since")?,
        solved_at: row.time_or_null("solved_at")?,
        closes_at: row.time_or_null("closes_at")?,
        follow_up_at: row.time_or_null("follow_up_at")?,
        last_activity_at: row.time("last_activity_at")?,
    })
}

/// The next number. The counter is the system's.
pub(crate) async fn next_number(tx: &mut Tx) -> Result<TicketNumber, Fault> {
    tx.unscope().await?;
    let row = NUMBER.query().one(tx).await?;
    tx.rescope().await?;
    row.int("last").map(TicketNumber)
}

/// Adds a ticket that is neither answered nor solved, counts it, and adds the words it is found by.
pub(crate) async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), Fault> {
    let object = ticket.object.as_ref();
    let query = INSERT
        .bind(ticket.id)
        .bind(ticket.customer)
        .bind(ticket.number.0)
        .bind(&ticket.subject)
        .bind(ticket.subject.to_lowercase())
        .bind(object.map(|object| object.id.as_str()))
        .bind(object.map(|object| object.kind.as_str()))
        .bind(object.map(|object| object.name.as_str()))
        .bind(ticket.category)
        .bind(ticket.priority)
        .bind(ticket.status)
        .bind(ticket.lane())
        .bind(ticket.queue_at())
        .bind(ticket.owner)
        .bind(ticket.opened_by)
        .bind(ticket.channel)
        .bind(ticket.opened_at)
        .bind(ticket.first_answer_due)
        .bind(ticket.solution_due);
    query.execute_one(tx).await?;
    numbers::opened(tx, Part::of(ticket)).await?;
    let name = CUSTOMER_NAME.bind(ticket.customer).one(tx).await?;
    let text = format!("{} {}", ticket.subject, name.text("name_search")?);
    for word in words(&text) {
        let query = WORD.bind(word).bind(ticket.id).bind(ticket.customer);
        query.execute_one(tx).await?;
    }
    Ok(())
}

/// The most words of one ticket.
const WORDS_MAX: usize = 24;

/// The words of a text that are searched by: lower case, each once.
pub(crate) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric());
    let mut found: Vec<String> = Vec::new();
    for word in parts.filter(|word| word.chars().count() > 1) {
        let word: String = word.chars().take(40).collect();
        if !found.contains(&word) && found.len() < WORDS_MAX {
            found.push(word);
        }
    }
    found
}

/// Keeps what became of a ticket, also in the totals. Whoever does has locked its customer.
pub(crate) async fn update(tx: &mut Tx, ticket: &Ticket) -> Result<(), Fault> {
    let row = FIND.bind(ticket.id).bind(ticket.customer).one(tx).await?;
    let before = Part::of(&from_row(&row)?);
    let query = UPDATE
        .bind(ticket.category)
        .bind(ticket.priority)
        .bind(ticket.status)
        .bind(ticket.lane())
        .bind(ticket.queue_at())
        .bind(ticket.owner)
        .bind(ticket.first_answer_at)
        .bind(ticket.first_answer_due)
        .bind(ticket.solution_due)
        .bind(ticket.waiting_since)
        .bind(ticket.solved_at)
        .bind(ticket.closes_at)
        .bind(ticket.follow_up_at)
        .bind(ticket.last_activity_at)
        .bind(ticket.id)
        .bind(ticket.customer);
    query.execute_one(tx).await?;
    numbers::changed(tx, before, Part::of(ticket)).await
}

/// Keeps whose call a ticket is, when it was nobody's.
pub(crate) async fn claim(tx: &mut Tx, ticket: &Ticket) -> Result<(), Fault> {
    let query = CLAIM.bind(ticket.opened_by).bind(ticket.id);
    query.bind(ticket.customer).execute_one(tx).await
}

/// A ticket of this customer.
pub(crate) async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: TicketId,
) -> Result<Ticket, Refusal> {
    let row = FIND.bind(id).bind(customer).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Which of a customer's tickets somebody sees.
pub(crate) struct Seen {
    /// All of them.
    pub(crate) all: bool,
    /// Those that this person opened.
    pub(crate) user: Option<UserId>,
    /// Those about things of these kinds.
    pub(crate) kinds: Vec<&'static str>,
}

/// A part of a customer's tickets, latest activity first.
pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    seen: &Seen,
    (before, id): (Timestamp, &str),
    (search, pattern, limit): (&str, String, i64),
) -> Result<Vec<Ticket>, Fault> {
    let kind = |at: usize| seen.kinds.get(at).copied().unwrap_or("");
    let query = OF_CUSTOMER
        .bind(customer)
        .bind(before)
        .bind(id)
        .bind(seen.all)
        .bind(seen.user)
        .bind(kind(0))
        .bind(kind(1))
        .bind(kind(2))
        .bind(kind(3))
        .bind(kind(4))
        .bind(search)
        .bind(pattern)
        .bind(limit);
    query.all(tx).await?.iter().map(from_row).collect()
}

/// Tickets whose time has come: to close, or to come back.
pub(crate) async fn lapsing(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(TicketId, CustomerId)>, Fault> {
    let mut rows = LAPSING.bind(now).bind(limit).all(tx).await?;
    rows.extend(RETURNING_NOW.bind(now).bind(limit).all(tx).await?);
    let pair = |row: &Row| Ok((row.parsed("id")?, row.parsed("customer_id")?));
    rows.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_lower_case_and_stand_once() {
        assert_eq!(
            words("Postfach VOLL: info@x.de, postfach!"),
            ["postfach", "voll", "info", "de"]
        );
        assert!(words("- a !").is_empty());
    }
}
