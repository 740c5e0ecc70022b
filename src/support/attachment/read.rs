//! Reading a file of a ticket.

use crate::attachment::store::{self, Attachment};
use crate::ticket;
use crate::ticket::queue;
use wabe_access::{Refusal, Scope};
use wabe_kernel::id::{TicketAttachmentId, TicketId};
use wabe_store::Tx;

/// A file that came with a public message, with its bytes.
///
/// # Errors
/// `Forbidden`; `NotFound`, for files of internal notes as well; a fault.
pub async fn open(
    tx: &mut Tx,
    scope: &Scope,
    (ticket, id): (TicketId, TicketAttachmentId),
) -> Result<(Attachment, Vec<u8>), Refusal> {
    ticket::load(tx, scope, ticket).await?;
    store::find(tx, (scope.customer(), ticket), id).await
}

/// A file of a ticket at the desk, with its bytes. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn open_at_desk(
    tx: &mut Tx,
    scope: &Scope,
    (ticket, id): (TicketId, TicketAttachmentId),
) -> Result<(Attachment, Vec<u8>), Refusal> {
    queue::load(tx, scope, ticket).await?;
    store::find_any(tx, ticket, id).await
}
