//! The tables of mail: letters that wait, the addresses of tickets, and who wrote how often.

use crate::attachment;
use crate::confirmation::store as confirmation;
use crate::mail::address::token;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wabe_kernel::id::{CustomerId, IncomingMailId, TicketId};
use wabe_kernel::{Fault, MailAddress, Rng, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    KEEP = "support.mail.keep" =>
        "INSERT INTO incoming_mail (id, return_path, recipient, content, arrived_at) \
         VALUES ($1, $2, $3, $4, $5)";
    WAITING = "support.mail.waiting" =>
        "SELECT return_path, recipient, content, arrived_at FROM incoming_mail WHERE id = $1";
    DONE = "support.mail.done" => "DELETE FROM incoming_mail WHERE id = $1";
    ADDRESS = "support.mail.address" =>
        "SELECT token, last_message_id FROM ticket_address WHERE ticket_id = $1 AND customer_id = $2";
    NEW_ADDRESS = "support.mail.new_address" =>
        "INSERT INTO ticket_address (ticket_id, customer_id, token) VALUES ($1, $2, $3)";
    LAST = "support.mail.last" =>
        "UPDATE ticket_address SET last_message_id = $1 WHERE ticket_id = $2 AND customer_id = $3";
    BY_TOKEN = "support.mail.by_token" =>
        "SELECT ticket_id, customer_id FROM ticket_address WHERE token = $1";
    SENDER = "support.mail.sender" =>
        "SELECT window_at, letters, answered_at FROM mail_sender WHERE digest = $1";
    NEW_SENDER = "support.mail.new_sender" =>
        "INSERT INTO mail_sender (digest, window_at, letters) VALUES ($1, $2, 1) \
         ON CONFLICT (digest) DO UPDATE SET window_at = excluded.window_at, letters = 1";
    ONE_MORE = "support.mail.one_more" =>
        "UPDATE mail_sender SET letters = letters + 1 WHERE digest = $1";
    ANSWERED = "support.mail.answered" =>
        "UPDATE mail_sender SET answered_at = $1 WHERE digest = $2";
    FORGET = "support.mail.forget" =>
        "DELETE FROM mail_sender WHERE window_at < $1 AND (answered_at IS NULL OR answered_at < $1)";
}

/// A letter that waits to be read.
pub struct Waiting {
    /// Where the envelope says that failures go.
    pub return_path: String,
    /// Which address of support it went to.
    pub recipient: String,
    /// The letter as it came.
    pub bytes: Vec<u8>,
    /// When.
    pub arrived_at: Timestamp,
}

/// Keeps a letter until it is read. What was acknowledged is kept.
///
/// # Errors
/// A fault of the database.
pub async fn keep(tx: &mut Tx, rng: &dyn Rng, letter: &Waiting) -> Result<IncomingMailId, Fault> {
    let id = IncomingMailId::new(letter.arrived_at, rng);
    let query = KEEP
        .bind(id)
        .bind(&letter.return_path)
        .bind(&letter.recipient)
        .bind(STANDARD.encode(&letter.bytes))
        .bind(letter.arrived_at);
    query.execute_one(tx).await?;
    Ok(id)
}

/// A letter that waits; nothing when it was read.
///
/// # Errors
/// A fault of the database.
pub async fn waiting(tx: &mut Tx, id: IncomingMailId) -> Result<Option<Waiting>, Fault> {
    let Some(row) = WAITING.bind(id).optional(tx).await? else {
        return Ok(None);
    };
    let bytes = STANDARD.decode(row.text("content")?);
    Ok(Some(Waiting {
        return_path: row.text("return_path")?,
        recipient: row.text("recipient")?,
        bytes: bytes.map_err(|error| Fault::because("read a letter", error))?,
        arrived_at: row.time("arrived_at")?,
    }))
}

/// Forgets a letter that was read.
///
/// # Errors
/// A fault of the database.
pub async fn done(tx: &mut Tx, id: IncomingMailId) -> Result<(), Fault> {
    DONE.bind(id).execute(tx).await.map(|_rows| ())
}

/// The token of a ticket, made with the first letter about it, and the last letter that came for it.
pub(crate) async fn address(
    tx: &mut Tx,
    rng: &dyn Rng,
    (customer, ticket): (CustomerId, TicketId),
) -> Result<(String, Option<String>), Fault> {
    if let Some(row) = ADDRESS.bind(ticket).bind(customer).optional(tx).await? {
        return Ok((row.text("token")?, row.text_or_null("last_message_id")?));
    }
    let token = token(rng);
    let query = NEW_ADDRESS.bind(ticket).bind(customer).bind(&token);
    query.execute_one(tx).await?;
    Ok((token, None))
}

/// Notes the letter that answers go to.
pub(crate) async fn last_letter(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    message_id: &str,
) -> Result<(), Fault> {
    let query = LAST.bind(message_id).bind(ticket).bind(customer);
    query.execute(tx).await.map(|_rows| ())
}

/// The ticket with this token.
pub(crate) async fn by_token(
    tx: &mut Tx,
    token: &str,
) -> Result<Option<(TicketId, CustomerId)>, Fault> {
    let row = BY_TOKEN.bind(token).optional(tx).await?;
    let pair = |row: wabe_store::Row| Ok((row.parsed("ticket_id")?, row.parsed("customer_id")?));
    row.map(pair).transpose()
}

/// A sender as the table knows them: not by their address.
pub(crate) fn digest(address: &MailAddress) -> String {
    attachment::digest(address.to_string().as_bytes())
}

/// Counts a letter of this sender; answers how many came within the window.
pub(crate) async fn count(
    tx: &mut Tx,
    sender: &str,
    (now, window_seconds): (Timestamp, i64),
) -> Result<i64, Fault> {
    if let Some(row) = SENDER.bind(sender).optional(tx).await?
        && now.seconds_since(row.time("window_at")?) < window_seconds
    {
        ONE_MORE.bind(sender).execute(tx).await?;
        return Ok(row.int("letters")?.saturating_add(1));
    }
    NEW_SENDER.bind(sender).bind(now).execute(tx).await?;
    Ok(1)
}

/// Whether this sender may be answered now: not within `pause_seconds` of the last time. Then that is
/// noted.
pub(crate) async fn may_answer(
    tx: &mut Tx,
    sender: &str,
    (now, pause_seconds): (Timestamp, i64),
) -> Result<bool, Fault> {
    let row = SENDER.bind(sender).optional(tx).await?;
    let last = match row {
        Some(row) => row.time_or_null("answered_at")?,
        None => None,
    };
    if last.is_some_and(|last| now.seconds_since(last) < pause_seconds) {
        return Ok(false);
    }
    ANSWERED.bind(now).bind(sender).execute(tx).await?;
    Ok(true)
}

/// Forgets senders of whom nothing was heard since `before`, and letters to them that lapsed before it. For
/// a schedule.
///
/// # Errors
/// A fault of the database.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), Fault> {
    FORGET.bind(before).execute(tx).await?;
    confirmation::prune(tx, before).await
}
