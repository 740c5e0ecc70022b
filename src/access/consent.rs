//! Consents as the gate asks for them: whether staff may carry out a sensitive act in a ticket now. Asked
//! for, given and withdrawn they are in the room `support`.
//!
//! Invariant: a consent reaches acts only where it says so, in its own ticket, while that is open, while it
//! is neither over nor withdrawn, and while whoever gave it still runs the customer. It never takes the
//! place of an instruction: it comes beside one. Source: bar 3.8 T1, T2.

use crate::refusal::Refusal;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ConsentId, CustomerId, TicketId};
use wabe_store::{Tx, statements};

statements! {
    ACTS = "access.consent.acts" =>
        "SELECT c.id FROM consent c JOIN ticket t ON t.id = c.ticket_id \
         WHERE c.customer_id = $1 AND c.ticket_id = $2 AND c.acts = 1 AND c.answer = 'given' \
         AND c.until > $3 AND c.withdrawn_at IS NULL AND t.status NOT IN ('solved', 'closed') \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = c.customer_id \
             AND m.user_id = c.answered_by AND m.role IN ('owner', 'administrator')) \
         ORDER BY c.id DESC LIMIT 1";
}

/// The consent on which staff may carry out sensitive acts in a ticket now.
///
/// # Errors
/// `Conflict` with `acts-not-consented` when there is none in force that reaches them.
pub async fn acts(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    now: Timestamp,
) -> Result<ConsentId, Refusal> {
    let query = ACTS.bind(customer).bind(ticket).bind(now);
    let row = query.optional(tx).await?;
    let row = row.ok_or(Refusal::Conflict("acts-not-consented"))?;
    Ok(row.parsed("id")?)
}
