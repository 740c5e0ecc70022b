//! The table of files in tickets.

use crate::attachment::file::digest;
use crate::attachment::{FileKind, Files, TICKET_BYTES_MAX, megabytes};
use crate::ticket::message::{self, TicketEvent, Visibility};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::{Door, Refusal};
use wabe_kernel::id::{CustomerId, TicketAttachmentId, TicketId, TicketMessageId};
use wabe_kernel::{Fault, Problem, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "support.attachment.insert" =>
        "INSERT INTO ticket_attachment (id, customer_id, ticket_id, message_id, visibility, name, \
         kind, bytes, digest, created_at, content) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    TAKEN = "support.attachment.taken" =>
        "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS taken FROM ticket_attachment \
         WHERE customer_id = $1 AND ticket_id = $2";
    PUBLIC = "support.attachment.public" =>
        "SELECT id, message_id, name, kind, bytes, digest, created_at FROM ticket_attachment \
         WHERE customer_id = $1 AND ticket_id = $2 AND visibility = 'public' ORDER BY id LIMIT 4000";
    ALL = "support.attachment.all" =>
        "SELECT id, message_id, name, kind, bytes, digest, created_at FROM ticket_attachment \
         WHERE ticket_id = $1 ORDER BY id LIMIT 8000";
    FIND = "support.attachment.find" =>
        "SELECT id, message_id, name, kind, bytes, digest, created_at, content \
         FROM ticket_attachment WHERE id = $1 AND customer_id = $2 AND ticket_id = $3 \
         AND visibility = 'public'";
    FIND_ANY = "support.attachment.find_any" =>
        "SELECT id, message_id, name, kind, bytes, digest, created_at, content \
         FROM ticket_attachment WHERE id = $1 AND ticket_id = $2";
}

/// A file in a ticket.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Attachment {
    /// Its id.
    pub id: TicketAttachmentId,
    /// The message that it came with.
    pub message_id: TicketMessageId,
    /// What it is called.
    pub name: String,
    /// What it is, by its bytes.
    pub kind: FileKind,
    /// Its size.
    pub bytes: i64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub digest: String,
    /// When it came.
    pub created_at: Timestamp,
}

fn from_row(row: &Row) -> Result<Attachment, Fault> {
    Ok(Attachment {
        id: row.parsed("id")?,
        message_id: row.parsed("message_id")?,
        name: row.text("name")?,
        kind: row.parsed("kind")?,
        bytes: row.int("bytes")?,
        digest: row.text("digest")?,
        created_at: row.time("created_at")?,
    })
}

/// Keeps the files of a message.
///
/// # Errors
/// `Invalid` when the ticket holds no more; a fault.
pub(crate) async fn keep(
    door: &mut Door<'_>,
    ticket: TicketId,
    (message_id, visibility): (TicketMessageId, Visibility),
    files: &Files,
) -> Result<Vec<Attachment>, Refusal> {
    if files.left_out > 0 {
        message::note_event(door, ticket, TicketEvent::FilesLeftOut).await?;
    }
    if files.all.is_empty() {
        return Ok(Vec::new());
    }
    let (customer, now) = (door.customer(), door.now());
    let taken = TAKEN.bind(customer).bind(ticket).one(door.tx()).await?;
    if taken.int("taken")?.saturating_add(files.size()) > TICKET_BYTES_MAX {
        let problem = Problem::new("ticket-files-full").with("max", megabytes(TICKET_BYTES_MAX));
        return Err(Refusal::field("files", problem));
    }
    let mut kept = Vec::new();
    for file in &files.all {
        let one = Attachment {
            id: TicketAttachmentId::new(now, door.rng()),
            message_id,
            name: file.name.to_string(),
            kind: file.kind,
            bytes: file.size,
            digest: file.digest.clone(),
            created_at: now,
        };
        let query = INSERT
            .bind(one.id)
            .bind(customer)
            .bind(ticket)
            .bind(message_id)
            .bind(visibility)
            .bind(&one.name)
            .bind(one.kind)
            .bind(one.bytes)
            .bind(&one.digest)
            .bind(now)
            .bind(&*file.content);
        query.execute_one(door.tx()).await?;
        kept.push(one);
    }
    Ok(kept)
}

/// The files of a ticket's public messages.
pub(crate) async fn public(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<Attachment>, Fault> {
    let rows = PUBLIC.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// The files of a ticket, those of internal notes included.
pub(crate) async fn all(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Attachment>, Fault> {
    let rows = ALL.bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// A file of a public message, with its bytes.
pub(crate) async fn find(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    id: TicketAttachmentId,
) -> Result<(Attachment, Vec<u8>), Refusal> {
    let query = FIND.bind(id).bind(customer).bind(ticket);
    opened(query.optional(tx).await?)
}

/// A file of whatever message, with its bytes.
pub(crate) async fn find_any(
    tx: &mut Tx,
    ticket: TicketId,
    id: TicketAttachmentId,
) -> Result<(Attachment, Vec<u8>), Refusal> {
    opened(FIND_ANY.bind(id).bind(ticket).optional(tx).await?)
}

/// What is kept must be what came.
fn opened(row: Option<Row>) -> Result<(Attachment, Vec<u8>), Refusal> {
    let row = row.ok_or(Refusal::NotFound)?;
    let about = from_row(&row)?;
    let bytes = STANDARD.decode(row.text("content")?);
    let bytes = bytes.map_err(|error| Fault::because("read a file of a ticket", error))?;
    if digest(&bytes) != about.digest {
        return Err(Fault::new("a file of a ticket is not what it was").into());
    }
    Ok((about, bytes))
}
