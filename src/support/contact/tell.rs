//! The answer to somebody without an account: by mail, to the address they proved.

use crate::contact::store;
use crate::mail::thread::threaded;
use crate::secret::Desk;
use crate::ticket::model::Ticket;
use wabe_access::{Door, Refusal};
use wabe_jobs::mail::{Outgoing, Person, Recipient, queue};
use wabe_jobs::text::{Args, NoticeKind};

/// Mails an answer to the contact of a ticket of the house's.
///
/// # Errors
/// `Conflict` with `contact-unproved` when nobody proved that they read the address.
pub(crate) async fn answered(
    door: &mut Door<'_>,
    ticket: &Ticket,
    text: &str,
) -> Result<(), Refusal> {
    let contact = store::of_ticket(door.tx(), ticket.id).await?;
    let contact = contact.filter(|contact| contact.proved_at.is_some());
    let contact = contact.ok_or(Refusal::Conflict("contact-unproved"))?;
    let (tools, now) = (door.tools().clone(), door.now());
    let args = Args::new()
        .text("object", ticket.object().name)
        .prose("message", text);
    let args = match &Desk::of(&tools)?.address {
        Some(address) => {
            let place = (ticket.customer, ticket.id);
            let hands = (door.tx(), tools.rng.as_ref());
            threaded(hands, address, place, None, args.count("letters", 1)).await?
        }
        None => args.count("letters", 0),
    };
    let mail = Outgoing {
        to: Recipient::Address(Person {
            address: contact.email,
            language: contact.language,
            name: Some(contact.name),
        }),
        kind: NoticeKind::ContactAnswered,
        args,
        until: None,
    };
    queue(door.tx(), now, tools.rng.as_ref(), &mail).await?;
    Ok(())
}
