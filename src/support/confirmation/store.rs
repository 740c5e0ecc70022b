//! The table of letters that wait for an answer, and the messages that they quote.

use crate::confirmation::model::{Asked, Ending};
use crate::link::digest;
use wabe_kernel::id::{CustomerId, TicketId, TicketMessageId, UserId};
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "support.confirmation.insert" =>
        "INSERT INTO confirmation (id, customer_id, ticket_id, user_id, object_id, object_kind, \
         object_name, quote, token_digest, asked_by, asked_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SUPERSEDE = "support.confirmation.supersede" =>
        "UPDATE confirmation SET ended_at = $1, ending = 'superseded' WHERE customer_id = $2 \
         AND ticket_id = $3 AND user_id = $4 AND object_id = $5 AND ended_at IS NULL";
    FIND = "support.confirmation.find" =>
        "SELECT id, customer_id, ticket_id, user_id, object_id, object_kind, object_name, quote, \
         asked_at, expires_at FROM confirmation \
         WHERE token_digest = $1 AND ended_at IS NULL AND expires_at > $2";
    WAITING = "support.confirmation.waiting" =>
        "SELECT id, customer_id, ticket_id, user_id, object_id, object_kind, object_name, quote, \
         asked_at, expires_at FROM confirmation \
         WHERE customer_id = $1 AND ticket_id = $2 AND ended_at IS NULL AND expires_at > $3 ORDER BY id";
    END = "support.confirmation.end" =>
        "UPDATE confirmation SET ended_at = $1, ending = $2 \
         WHERE id = $3 AND customer_id = $4 AND ended_at IS NULL AND expires_at > $1";
    PRUNE = "support.confirmation.prune" =>
        "DELETE FROM confirmation WHERE expires_at < $1 AND (ending IS NULL OR ending <> 'confirmed')";
    LETTER = "support.confirmation.letter" =>
        "SELECT id, author, body FROM ticket_message WHERE id = $1 AND ticket_id = $2 AND customer_id = $3 \
         AND visibility = 'public' AND author_kind = 'member' AND by_mail = 1 AND author IS NOT NULL";
    LAST_LETTER = "support.confirmation.last_letter" =>
        "SELECT id, author, body FROM ticket_message WHERE ticket_id = $1 AND customer_id = $2 \
         AND visibility = 'public' AND author_kind = 'member' AND by_mail = 1 AND author IS NOT NULL \
         ORDER BY id DESC LIMIT 1";
}

/// What came by mail in a member's name.
pub(crate) struct Letter {
    pub(crate) id: TicketMessageId,
    /// Who it says wrote it.
    pub(crate) user: UserId,
    pub(crate) body: String,
}

fn from_row(row: &Row) -> Result<Asked, Fault> {
    Ok(Asked {
        id: row.parsed("id")?,
        ticket: row.parsed("ticket_id")?,
        customer: row.parsed("customer_id")?,
        user: row.parsed("user_id")?,
        object: row.text("object_id")?,
        object_kind: row.text("object_kind")?,
        object_name: row.text("object_name")?,
        quote: row.text("quote")?,
        asked_at: row.time("asked_at")?,
        expires_at: row.time("expires_at")?,
    })
}

fn letter_from(row: &Row) -> Result<Letter, Fault> {
    Ok(Letter {
        id: row.parsed("id")?,
        user: row.parsed("author")?,
        body: row.text("body")?,
    })
}

/// Adds a letter that is about to leave.
pub(crate) async fn insert(
    tx: &mut Tx,
    asked: &Asked,
    asked_by: Option<UserId>,
    digest: &str,
) -> Result<(), Fault> {
    let query = INSERT.bind(asked.id).bind(asked.customer);
    let query = query.bind(asked.ticket).bind(asked.user);
    let query = query
        .bind(&asked.object)
        .bind(&asked.object_kind)
        .bind(&asked.object_name);
    let query = query.bind(&asked.quote).bind(digest).bind(asked_by);
    let query = query.bind(asked.asked_at).bind(asked.expires_at);
    query.execute_one(tx).await
}

/// Voids the letters that ask the same person for the same.
pub(crate) async fn supersede(tx: &mut Tx, asked: &Asked, now: Timestamp) -> Result<(), Fault> {
    let query = SUPERSEDE.bind(now).bind(asked.customer);
    let query = query.bind(asked.ticket).bind(asked.user);
    let query = query.bind(&asked.object);
    query.execute(tx).await.map(|_rows| ())
}

/// The letter whose link has this secret; nothing when it was used, voided, or is too old.
pub(crate) async fn find(
    tx: &mut Tx,
    token: &Secret,
    now: Timestamp,
) -> Result<Option<Asked>, Fault> {
    let row = FIND.bind(digest(token)).bind(now).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// The letters of a ticket that wait for an answer, oldest first.
pub(crate) async fn waiting(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    now: Timestamp,
) -> Result<Vec<Asked>, Fault> {
    let query = WAITING.bind(customer).bind(ticket).bind(now);
    query.all(tx).await?.iter().map(from_row).collect()
}

/// Ends a letter; false when somebody was faster, or its time is over.
pub(crate) async fn end(
    tx: &mut Tx,
    asked: &Asked,
    ending: Ending,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = END.bind(now).bind(ending);
    let query = query.bind(asked.id).bind(asked.customer);
    Ok(query.execute(tx).await? == 1)
}

/// Forgets letters that lapsed before this moment. What was confirmed stays: an instruction stands on it.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp) -> Result<(), Fault> {
    PRUNE.bind(before).execute(tx).await.map(|_rows| ())
}

/// A message of a ticket, when it came by mail in a member's name.
pub(crate) async fn letter(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    id: TicketMessageId,
) -> Result<Option<Letter>, Fault> {
    let query = LETTER.bind(id).bind(ticket).bind(customer);
    let row = query.optional(tx).await?;
    row.as_ref().map(letter_from).transpose()
}

/// The last message of a ticket that came by mail in a member's name.
pub(crate) async fn last_letter(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
) -> Result<Option<Letter>, Fault> {
    let row = LAST_LETTER.bind(ticket).bind(customer).optional(tx).await?;
    row.as_ref().map(letter_from).transpose()
}
