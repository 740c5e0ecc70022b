//! Who calls about a ticket and proved it with their telephone PIN. Here because instructions and
//! consents by telephone, which are another room's, rest on it.

use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// For how many seconds a caller counts as recognised.
pub const PROVED_SECONDS: i64 = 15 * 60;

statements! {
    SET = "access.caller.set" =>
        "INSERT INTO caller_proof (ticket_id, customer_id, user_id, typed_by, proved_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ticket_id) DO UPDATE SET \
         user_id = excluded.user_id, typed_by = excluded.typed_by, proved_at = excluded.proved_at";
    // Whoever was removed or shut out meanwhile is nobody any more.
    PROVED = "access.caller.proved" =>
        "SELECT p.user_id, p.typed_by, p.proved_at FROM caller_proof p \
         JOIN member m ON m.user_id = p.user_id AND m.customer_id = p.customer_id \
         JOIN wabe_user u ON u.id = p.user_id AND u.disabled_at IS NULL \
         WHERE p.ticket_id = $1 AND p.proved_at > $2 AND p.proved_at <= $3";
}

/// A caller who proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub user: UserId,
    /// Who of the hoster typed the PIN.
    pub typed_by: UserId,
    /// When.
    pub at: Timestamp,
}

/// How something that was said on the telephone came to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByTelephone {
    /// Who of the hoster wrote it down.
    pub written_by: UserId,
    /// When whoever said it had proved who they are.
    pub proved_at: Timestamp,
}

impl ByTelephone {
    /// Reads it from the row of what was said; nothing when people said it themselves.
    ///
    /// # Errors
    /// A fault when the row is inconsistent.
    pub fn from_row(row: &Row) -> Result<Option<Self>, Fault> {
        let Some(written_by) = row.parsed_or_null("written_by")? else {
            return Ok(None);
        };
        let proved_at = row.time("proved_at")?;
        Ok(Some(Self {
            written_by,
            proved_at,
        }))
    }
}

impl Caller {
    /// Until when that counts.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.at.plus_seconds(PROVED_SECONDS)
    }
}

/// Who calls about this ticket, when they proved it within the last 15 minutes. In a transaction of the
/// system: a customer's own does not reach it.
///
/// # Errors
/// A fault of the database.
pub async fn proved(
    tx: &mut Tx,
    ticket: TicketId,
    now: Timestamp,
) -> Result<Option<Caller>, Fault> {
    let query = PROVED.bind(ticket).bind(now.plus_seconds(-PROVED_SECONDS));
    let row = query.bind(now).optional(tx).await?;
    row.map(|row| {
        Ok(Caller {
            user: row.parsed("user_id")?,
            typed_by: row.parsed("typed_by")?,
            at: row.time("proved_at")?,
        })
    })
    .transpose()
}

/// Keeps that somebody proved who they are, in place of whoever did before.
///
/// # Errors
/// A fault of the database, which lets nobody prove themselves to themselves.
pub async fn set(
    tx: &mut Tx,
    (ticket, customer): (TicketId, CustomerId),
    caller: Caller,
) -> Result<(), Fault> {
    let query = SET.bind(ticket).bind(customer).bind(caller.user);
    let query = query.bind(caller.typed_by).bind(caller.at);
    query.execute_one(tx).await
}
