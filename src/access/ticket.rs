//! What the gate reads of a ticket: whose it is, whether somebody may still work on it, and what it is
//! about. Everything else of tickets is the room `support`'s.

use crate::refusal::Refusal;
use wabe_kernel::Fault;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_store::{Tx, statements};

statements! {
    FIND = "access.ticket.find" =>
        "SELECT customer_id, status, object_id FROM ticket WHERE id = $1";
}

/// A ticket, as far as the gate is concerned.
#[derive(Debug, Clone)]
pub struct TicketState {
    /// Whose.
    pub customer: CustomerId,
    /// Whether it is neither solved nor closed.
    pub open: bool,
    /// The id of what it is about, when it is about one thing.
    pub object: Option<String>,
}

/// A ticket of any customer. In a transaction of a customer, one of theirs.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Option<TicketState>, Fault> {
    let Some(row) = FIND.bind(id).optional(tx).await? else {
        return Ok(None);
    };
    Ok(Some(TicketState {
        customer: row.parsed("customer_id")?,
        open: !matches!(row.text("status")?.as_str(), "solved" | "closed"),
        object: row.text_or_null("object_id")?,
    }))
}

/// A ticket of this customer.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub async fn load_of(
    tx: &mut Tx,
    customer: CustomerId,
    id: TicketId,
) -> Result<TicketState, Refusal> {
    let found = find(tx, id).await?;
    let found = found.filter(|ticket| ticket.customer == customer);
    found.ok_or(Refusal::NotFound)
}
