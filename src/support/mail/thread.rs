//! What makes a letter part of a ticket's conversation. Source: RFC 5322 (3.6.4).

use crate::mail::address::SupportAddress;
use crate::mail::store;
use wabe_jobs::text::Args;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{Fault, Rng, Secret};
use wabe_store::Tx;

/// The same arguments with the ticket's own address, and what the letter answers: `answers`, else the
/// last that came.
pub(crate) async fn threaded(
    (tx, rng): (&mut Tx, &dyn Rng),
    address: &SupportAddress,
    (customer, ticket): (CustomerId, TicketId),
    answers: Option<&str>,
    args: Args,
) -> Result<Args, Fault> {
    let (token, last) = store::address(tx, rng, (customer, ticket)).await?;
    let own = address.of_ticket(&token)?.to_string();
    // All letters of a ticket have one ancestor, whichever of them somebody still has.
    let root = format!("{ticket}@{}", address.plain().domain());
    let args = args
        .link("reply_to", Secret::new(own))
        .text("references", root);
    Ok(match answers.or(last.as_deref()) {
        Some(id) => args.text("in_reply_to", id),
        None => args,
    })
}
