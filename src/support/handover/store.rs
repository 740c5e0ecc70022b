//! The tables of secrets that wait for a customer's people.

use crate::handover::WAITS_SECONDS;
use wabe_access::Refusal;
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::id::{CustomerId, TicketHandoverId, TicketId, UserId};
use wabe_kernel::{Fault, ResourceKind, Rng, Secret, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "support.handover.insert" =>
        "INSERT INTO ticket_handover (id, customer_id, ticket_id, object_id, object_kind, object_name, \
         made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SEAL = "support.handover.seal" =>
        "INSERT INTO ticket_handover_secret (id, customer_id, sealed) VALUES ($1, $2, $3)";
    LIST = "support.handover.list" =>
        "SELECT id, object_id, object_kind, object_name, made_at, expires_at, emptied_at, collected_by \
         FROM ticket_handover WHERE customer_id = $1 AND ticket_id = $2 ORDER BY id LIMIT 50";
    FIND = "support.handover.find" =>
        "SELECT id, object_id, object_kind, object_name, made_at, expires_at, emptied_at, collected_by \
         FROM ticket_handover WHERE id = $1 AND customer_id = $2 AND ticket_id = $3";
    // Asked with who reads it: there is nothing for whoever is no member.
    OPEN = "support.handover.open" =>
        "SELECT s.sealed FROM ticket_handover_secret s JOIN ticket_handover h ON h.id = s.id \
         JOIN member m ON m.customer_id = s.customer_id AND m.user_id = $3 \
         WHERE s.id = $1 AND s.customer_id = $2 AND h.emptied_at IS NULL AND h.expires_at > $4";
    COLLECT = "support.handover.collect" =>
        "UPDATE ticket_handover SET emptied_at = $1, collected_by = $2 \
         WHERE id = $3 AND customer_id = $4 AND emptied_at IS NULL AND expires_at > $1 \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = ticket_handover.customer_id \
             AND m.user_id = $2)";
    EMPTY = "support.handover.empty" =>
        "UPDATE ticket_handover SET emptied_at = $1 \
         WHERE id = $2 AND customer_id = $3 AND emptied_at IS NULL";
    FORGET = "support.handover.forget" =>
        "DELETE FROM ticket_handover_secret WHERE id = $1 AND customer_id = $2";
    WAITING = "support.handover.waiting" =>
        "SELECT id FROM ticket_handover \
         WHERE customer_id = $1 AND object_id = $2 AND emptied_at IS NULL";
    DUE = "support.handover.due" =>
        "SELECT id, customer_id FROM ticket_handover WHERE emptied_at IS NULL AND expires_at <= $1 \
         ORDER BY expires_at LIMIT 200";
}

/// That there is a secret for somebody, and what became of it; never what it is.
#[derive(Debug, Clone)]
pub struct Handover {
    /// Its id.
    pub id: TicketHandoverId,
    /// The id of the thing that it opens.
    pub object: String,
    /// What kind of thing that is.
    pub kind: ResourceKind,
    /// What people call that.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it can be seen.
    pub expires_at: Timestamp,
    /// Since when it is gone.
    pub emptied_at: Option<Timestamp>,
    /// Who saw it.
    pub collected_by: Option<UserId>,
}

impl Handover {
    /// Whether somebody can still see it.
    #[must_use]
    pub fn waits(&self, now: Timestamp) -> bool {
        self.emptied_at.is_none() && now < self.expires_at
    }
}

/// What a secret opens.
pub(crate) struct About<'a> {
    pub(crate) object: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
}

fn from_row(row: &Row) -> Result<Handover, Fault> {
    Ok(Handover {
        id: row.parsed("id")?,
        object: row.text("object_id")?,
        kind: row.parsed("object_kind")?,
        name: row.text("object_name")?,
        made_at: row.time("made_at")?,
        expires_at: row.time("expires_at")?,
        emptied_at: row.time_or_null("emptied_at")?,
        collected_by: row.parsed_or_null("collected_by")?,
    })
}

/// A sealed secret opens under its own id and customer only.
fn at(customer: CustomerId, id: TicketHandoverId) -> Vec<u8> {
    place(&["ticket_handover", &id.to_string(), &customer.to_string()])
}

/// Seals a secret into a ticket.
pub(crate) async fn insert(
    tx: &mut Tx,
    (key, rng): (&SealKey, &dyn Rng),
    (customer, ticket): (CustomerId, TicketId),
    (about, secret): (&About<'_>, &Secret),
    now: Timestamp,
) -> Result<(), Fault> {
    let id = TicketHandoverId::new(now, rng);
    let sealed = key.seal(rng, &at(customer, id), secret.expose().as_bytes())?;
    let query = INSERT.bind(id).bind(customer).bind(ticket);
    let query = query.bind(about.object).bind(about.kind).bind(about.name);
    let query = query.bind(now).bind(now.plus_seconds(WAITS_SECONDS));
    query.execute_one(tx).await?;
    SEAL.bind(id)
        .bind(customer)
        .bind(sealed)
        .execute_one(tx)
        .await
}

/// Which secrets of a ticket were made for somebody. Whoever asks has found the ticket before.
///
/// # Errors
/// A fault of the database.
pub async fn list(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<Handover>, Fault> {
    let rows = LIST.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// One of a ticket; `NotFound` for missing and for somebody else's alike.
pub(crate) async fn find(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    id: TicketHandoverId,
) -> Result<Handover, Refusal> {
    let query = FIND.bind(id).bind(customer).bind(ticket);
    let row = query.optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Opens a secret for a member, and empties it. In a transaction of the customer's: no other reaches it.
///
/// # Errors
/// `Conflict` with `handover-gone` when it was seen before, or its time is up.
pub(crate) async fn collect(
    tx: &mut Tx,
    key: &SealKey,
    (customer, id): (CustomerId, TicketHandoverId),
    by: UserId,
    now: Timestamp,
) -> Result<Secret, Refusal> {
    let query = OPEN.bind(id).bind(customer).bind(by).bind(now);
    let row = query.optional(tx).await?;
    let row = row.ok_or(Refusal::Conflict("handover-gone"))?;
    let opened = key.open(&at(customer, id), &row.text("sealed")?)?;
    let text = std::str::from_utf8(&opened);
    let text = text.map_err(|error| Fault::because("open a secret", error))?;
    let query = COLLECT.bind(now).bind(by).bind(id).bind(customer);
    if query.execute(tx).await? != 1 {
        return Err(Refusal::Conflict("handover-gone"));
    }
    FORGET.bind(id).bind(customer).execute_one(tx).await?;
    Ok(Secret::new(text))
}

/// Empties one that nobody saw. In a transaction of the customer's.
pub(crate) async fn empty(
    tx: &mut Tx,
    (customer, id): (CustomerId, TicketHandoverId),
    now: Timestamp,
) -> Result<(), Fault> {
    FORGET.bind(id).bind(customer).execute(tx).await?;
    let query = EMPTY.bind(now).bind(id).bind(customer);
    query.execute(tx).await.map(|_rows| ())
}

/// Empties what waits for a thing: another secret opens it from now on.
pub(crate) async fn replace(
    tx: &mut Tx,
    (customer, object): (CustomerId, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    for row in WAITING.bind(customer).bind(object).all(tx).await? {
        empty(tx, (customer, row.parsed("id")?), now).await?;
    }
    Ok(())
}

/// Whose time is up, and whose they are. In a transaction of the system.
pub(crate) async fn due(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Vec<(CustomerId, TicketHandoverId)>, Fault> {
    let rows = DUE.bind(now).all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.parsed("customer_id")?, row.parsed("id")?)))
        .collect()
}
