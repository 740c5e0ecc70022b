//! Letters of people without an account, to the address of their ticket.

use crate::contact::{ReplyByContact, of_ticket};
use crate::mail::content::content;
use crate::mail::receive::once;
use crate::mail::store;
use wabe_access::actor::{Actor, HOUSE};
use wabe_access::{Gate, Mode, Refusal};
use wabe_kernel::id::{IncomingMailId, TicketId};
use wabe_kernel::{Fault, IncomingMail, MailAddress};

/// Goes on in the ticket with this token, when it is the house's and its contact proved the address that the
/// letter says it is from; nothing otherwise. Files of a stranger are left out.
pub(super) async fn reply(
    gate: &Gate,
    (id, mail, from): (IncomingMailId, &IncomingMail, &MailAddress),
    token: &str,
) -> Result<Option<TicketId>, Fault> {
    let mut tx = gate.store().read().await?;
    let found = store::by_token(&mut tx, token).await?;
    let ticket = found.and_then(|(ticket, customer)| (customer == HOUSE).then_some(ticket));
    let contact = match ticket {
        Some(ticket) => of_ticket(&mut tx, ticket).await?,
        None => None,
    };
    tx.rollback().await?;
    let theirs = contact.is_some_and(|one| one.proved_at.is_some() && one.email == *from);
    let Some(ticket) = ticket.filter(|_| theirs) else {
        return Ok(None);
    };
    let (body, _files) = content(mail, "")?;
    let (panel, command) = (Actor::system(HOUSE), ReplyByContact { id: ticket, body });
    let ran = gate.run_once(&panel, command, Mode::Commit, Some(once(id)));
    match Box::pin(ran).await {
        Ok(_) | Err(Refusal::Repeated(_)) => {}
        Err(Refusal::Fault(fault)) => return Err(fault),
        Err(_closed) => return Ok(None),
    }
    if let Some(letter) = &mail.message_id {
        let mut tx = gate.store().write().await?;
        store::last_letter(&mut tx, (HOUSE, ticket), letter).await?;
        tx.commit().await?;
    }
    Ok(Some(ticket))
}
