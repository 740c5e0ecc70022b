//! The table of sealed secrets.

use wabe_access::Refusal;
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::id::{CustomerId, TicketId, TicketSecretId};
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "support.secret.insert" =>
        "INSERT INTO ticket_secret (id, customer_id, ticket_id, name, sealed, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    LIST = "support.secret.list" =>
        "SELECT id, name, sealed, created_at, revealed_at FROM ticket_secret \
         WHERE customer_id = $1 AND ticket_id = $2 ORDER BY id LIMIT 50";
    FIND = "support.secret.find" =>
        "SELECT id, name, sealed, created_at, revealed_at FROM ticket_secret \
         WHERE id = $1 AND customer_id = $2 AND ticket_id = $3";
    EMPTY = "support.secret.empty" =>
        "UPDATE ticket_secret SET sealed = NULL, revealed_at = $1 \
         WHERE id = $2 AND customer_id = $3 AND sealed IS NOT NULL";
    FORGET = "support.secret.forget" =>
        "DELETE FROM ticket_secret WHERE customer_id = $1 AND ticket_id = $2";
}

/// That there is a secret, and what became of it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: TicketSecretId,
    /// What the customer called it.
    pub name: String,
    /// When it was typed in.
    pub created_at: Timestamp,
    /// When somebody of the hoster read it; it is gone since.
    pub revealed_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Kept, Fault> {
    Ok(Kept {
        id: row.parsed("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        revealed_at: row.time_or_null("revealed_at")?,
    })
}

/// A sealed secret opens under its own id only.
fn at(id: TicketSecretId) -> Vec<u8> {
    place(&["ticket_secret", &id.to_string()])
}

/// Seals a secret into a ticket.
pub(crate) async fn insert(
    tx: &mut Tx,
    (key, rng): (&SealKey, &dyn Rng),
    (customer, ticket): (CustomerId, TicketId),
    (name, value): (&str, &Secret),
    now: Timestamp,
) -> Result<TicketSecretId, Fault> {
    let id = TicketSecretId::new(now, rng);
    let sealed = key.seal(rng, &at(id), value.expose().as_bytes())?;
    let query = INSERT.bind(id).bind(customer).bind(ticket).bind(name);
    query.bind(sealed).bind(now).execute_one(tx).await?;
    Ok(id)
}

/// Which secrets a ticket has. Whoever asks has found the ticket before.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx, customer: CustomerId, ticket: TicketId) -> Result<Vec<Kept>, Fault> {
    let rows = LIST.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// Opens a secret, and empties it.
///
/// # Errors
/// `NotFound`; `Conflict` with `secret-revealed` when it was read before.
pub(crate) async fn reveal(
    tx: &mut Tx,
    key: &SealKey,
    (customer, ticket): (CustomerId, TicketId),
    id: TicketSecretId,
    now: Timestamp,
) -> Result<(String, Secret), Refusal> {
    let row = FIND
        .bind(id)
        .bind(customer)
        .bind(ticket)
        .optional(tx)
        .await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let sealed = row.text_or_null("sealed")?;
    let sealed = sealed.ok_or(Refusal::Conflict("secret-revealed"))?;
    let opened = key.open(&at(id), &sealed)?;
    let text = std::str::from_utf8(&opened);
    let text = text.map_err(|error| Fault::because("open a secret", error))?;
    EMPTY
        .bind(now)
        .bind(id)
        .bind(customer)
        .execute_one(tx)
        .await?;
    Ok((row.text("name")?, Secret::new(text)))
}

/// Forgets every secret of a ticket.
pub(crate) async fn forget(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<(), Fault> {
    let query = FORGET.bind(customer).bind(ticket);
    query.execute(tx).await.map(|_rows| ())
}
