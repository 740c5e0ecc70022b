//! What an employee looks at: the grant behind their session, and the note of each page.

use std::net::IpAddr;
use wabe_access::customer;
use wabe_access::grant::{self, Looking};
use wabe_audit::{Access, AccessBy, Streams};
use wabe_identity::erasure::read as erasure;
use wabe_identity::session::model::Session;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Store, Tx};
use wabe_support::ticket::TicketNumber;
use wabe_web::{CustomerBrief, Look, Visitor};

/// A customer as pages name it.
pub(crate) async fn brief(tx: &mut Tx, id: CustomerId) -> Result<Option<CustomerBrief>, Fault> {
    let Some(found) = customer::find(tx, id).await? else {
        return Ok(None);
    };
    // Nobody is erased who is not switched off: one question more for those alone.
    let erased_at = match &found.suspended_reason {
        Some(_) => {
            let found = erasure::waiting(tx, id).await?;
            found.filter(|it| !it.begun).map(|it| it.due_at)
        }
        None => None,
    };
    Ok(Some(CustomerBrief {
        id,
        number: found.number.to_string(),
        name: found.name,
        plan: found.plan_name,
        suspended: found.suspended_reason,
        erased_at,
    }))
}

/// The look that an employee's session has open.
pub(crate) async fn of(
    tx: &mut Tx,
    session: &Session,
    now: Timestamp,
) -> Result<Option<Look>, Fault> {
    let since = session.created_at;
    let Some(found) = grant::live(tx, session.user, since, now).await? else {
        return Ok(None);
    };
    let Some(customer) = brief(tx, found.customer).await? else {
        return Ok(None);
    };
    let looking = Looking {
        grant: found.id,
        since,
        now,
    };
    Ok(Some(Look {
        grant: found.id,
        ticket: found.ticket,
        ticket_number: TicketNumber(found.ticket_number).to_string(),
        customer,
        permissions: found.reach.shown(),
        actor: session.actor().looking_at(found.customer, looking),
        until: found.until,
    }))
}

/// Notes a page with the customer whose it is.
pub(crate) async fn note(
    store: &Store,
    streams: &Streams,
    visitor: &Visitor,
    (area, object, client): (&str, Option<&str>, IpAddr),
) -> Result<(), Fault> {
    let look = visitor.look.as_ref();
    let look = look.ok_or(Fault::new("note a page without a look"))?;
    let access = Access {
        customer: look.customer.id,
        user: Some(visitor.user),
        by: AccessBy::Staff(Some(look.ticket), Some(look.grant)),
        area,
        object_id: object,
        address: Some(client),
    };
    let mut tx = store.write().await?;
    streams.note_access(&mut tx, &access).await?;
    tx.commit().await
}
