//! The table of who wrote without an account, and the way of their ticket to a customer.

use crate::ticket::store::words;
use wabe_access::actor::HOUSE;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{Fault, Language, MailAddress, PersonName, Timestamp};
use wabe_store::{Row, Statement, Tx, statements};

/// For how many seconds the link works that proves an address.
pub const VALID_SECONDS: i64 = 72 * 3_600;

statements! {
    INSERT = "support.contact.insert" =>
        "INSERT INTO ticket_contact (ticket_id, customer_id, name, email, language, written_at, \
         token_digest, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_TICKET = "support.contact.of_ticket" =>
        "SELECT name, email, language, proved_at FROM ticket_contact WHERE ticket_id = $1";
    BY_TOKEN = "support.contact.by_token" =>
        "SELECT ticket_id FROM ticket_contact WHERE token_digest = $1 AND expires_at > $2";
    PROVE = "support.contact.prove" =>
        "UPDATE ticket_contact SET proved_at = $1, token_digest = NULL \
         WHERE token_digest = $2 AND expires_at > $1 RETURNING ticket_id";
    MORE = "support.contact.more" =>
        "SELECT CAST((SELECT count(*) FROM ticket_attachment a WHERE a.ticket_id = $1) \
         + (SELECT count(*) FROM ticket_secret s WHERE s.ticket_id = $1) AS BIGINT) AS things";
    HAND_TICKET = "support.contact.hand_ticket" =>
        "UPDATE ticket SET customer_id = $1 WHERE id = $2 AND customer_id = $3";
    HAND_MESSAGES = "support.contact.hand_messages" =>
        "UPDATE ticket_message SET customer_id = $1 WHERE ticket_id = $2 AND customer_id = $3";
    HAND_WORDS = "support.contact.hand_words" =>
        "UPDATE ticket_word SET customer_id = $1 WHERE ticket_id = $2 AND customer_id = $3";
    HAND_ADDRESS = "support.contact.hand_address" =>
        "UPDATE ticket_address SET customer_id = $1 WHERE ticket_id = $2 AND customer_id = $3";
    HAND_CONTACT = "support.contact.hand_contact" =>
        "UPDATE ticket_contact SET customer_id = $1 WHERE ticket_id = $2 AND customer_id = $3";
    WORD = "support.contact.word" =>
        "INSERT INTO ticket_word (word, ticket_id, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
}

/// Who wrote without an account.
#[derive(Debug, Clone)]
pub struct Contact {
    /// What they say they are called.
    pub name: PersonName,
    /// Where they say they are reached.
    pub email: MailAddress,
    /// In which language.
    pub language: Language,
    /// When they proved that they read that address.
    pub proved_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Contact, Fault> {
    Ok(Contact {
        name: row.parsed("name")?,
        email: row.parsed("email")?,
        language: row.parsed("language")?,
        proved_at: row.time_or_null("proved_at")?,
    })
}

/// Adds who wrote a ticket of the house's, and the digest of the secret that proves their address.
pub(crate) async fn insert(
    tx: &mut Tx,
    ticket: TicketId,
    contact: &Contact,
    (digest, now): (&str, Timestamp),
) -> Result<(), Fault> {
    let query = INSERT.bind(ticket).bind(HOUSE);
    let query = query.bind(&contact.name).bind(&contact.email);
    let query = query.bind(contact.language).bind(now).bind(digest);
    query
        .bind(now.plus_seconds(VALID_SECONDS))
        .execute_one(tx)
        .await
}

/// Who wrote a ticket without an account; nobody when somebody with one did. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<Option<Contact>, Fault> {
    let row = OF_TICKET.bind(ticket).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Whether a link with this digest would prove an address now.
pub(crate) async fn works(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<bool, Fault> {
    let row = BY_TOKEN.bind(digest).bind(now).optional(tx).await?;
    Ok(row.is_some())
}

/// Uses a link up; the ticket whose address it proved.
pub(crate) async fn prove(
    tx: &mut Tx,
    digest: &str,
    now: Timestamp,
) -> Result<Option<TicketId>, Fault> {
    let row = PROVE.bind(now).bind(digest).optional(tx).await?;
    row.map(|row| row.parsed("ticket_id")).transpose()
}

/// Whether there is more than words in a ticket.
pub(crate) async fn holds_more(tx: &mut Tx, ticket: TicketId) -> Result<bool, Fault> {
    Ok(MORE.bind(ticket).one(tx).await?.int("things")? > 0)
}

/// Gives a ticket of the house's to a customer, and keeps everybody else from it until the transaction ends;
/// false when it is not the house's.
pub(crate) async fn take(
    tx: &mut Tx,
    ticket: TicketId,
    customer: CustomerId,
) -> Result<bool, Fault> {
    let query = HAND_TICKET.bind(customer).bind(ticket).bind(HOUSE);
    Ok(query.execute(tx).await? == 1)
}

/// Moves what was written in it after it, and makes it found by its customer's name.
pub(crate) async fn hand_over(
    tx: &mut Tx,
    ticket: TicketId,
    (customer, name): (CustomerId, &str),
) -> Result<(), Fault> {
    let move_to = |statement: Statement| statement.bind(customer).bind(ticket).bind(HOUSE);
    for statement in [HAND_MESSAGES, HAND_WORDS, HAND_ADDRESS, HAND_CONTACT] {
        move_to(statement).execute(tx).await?;
    }
    for word in words(name) {
        let query = WORD.bind(word).bind(ticket).bind(customer);
        query.execute(tx).await?;
    }
    Ok(())
}
