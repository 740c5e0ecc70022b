//! What staff read of one thing in a ticket, to find out why it does not work.
//!
//! Invariants: somebody of the customer asked about exactly that thing in this ticket, or gave consent in
//! it and the ticket is about that thing; the ticket is open, nobody took back what carries it, and whoever
//! said it may still see the same themselves; how things stand is read, and never what is in them. All of
//! that is asked at every read, and the caller notes the look before anything is shown.
//! Source: controls MWK-4-03, MWK-4-04, bar 3.8.

use crate::actor::Actor;
use crate::grant;
use crate::instruction::{self, of_staff};
use crate::member;
use crate::refusal::Refusal;
use crate::role::Permission;
use crate::scope::Scope;
use crate::ticket;
use std::collections::BTreeSet;
use wabe_kernel::id::{CustomerId, DomainId, MailboxId, MemberId, TicketId, UserId, WebspaceId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    CONSENTED = "access.reading.consented" =>
        "SELECT c.id FROM consent c WHERE c.customer_id = $1 AND c.ticket_id = $2 AND c.answer = 'given' \
         AND c.until > $3 AND c.withdrawn_at IS NULL \
         AND EXISTS (SELECT 1 FROM member m WHERE m.customer_id = c.customer_id \
             AND m.user_id = c.answered_by AND m.role IN ('owner', 'administrator')) LIMIT 1";
}

/// What somebody needs to ask why a thing does not work; nothing for what cannot be asked about.
#[must_use]
pub fn needs(object: &str) -> Option<Permission> {
    let (prefix, _) = object.split_once('_')?;
    match prefix {
        WebspaceId::PREFIX => Some(Permission::WebspaceRead),
        DomainId::PREFIX => Some(Permission::DomainRead),
        MailboxId::PREFIX => Some(Permission::MailboxRead),
        MemberId::PREFIX => Some(Permission::MemberRead),
        _ => None,
    }
}

/// Whether something that the customer said in this ticket, which is open, lets staff read how this thing
/// stands.
///
/// # Errors
/// `NotFound` when the customer has no such ticket, `Conflict` when it is not open any more, or a fault.
pub async fn is_allowed(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    object: &str,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let state = ticket::load_of(tx, customer, ticket).await?;
    if !state.open {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    let Some(needed) = needs(object) else {
        return Ok(false);
    };
    for given in instruction::of_ticket(tx, customer, ticket).await? {
        if given.ended_at.is_none()
            && given.object == object
            && sees(tx, customer, (given.given_by, object), needed).await?
        {
            return Ok(true);
        }
    }
    // A consent opens how things stand, and no login of anybody's.
    if state.object.as_deref() != Some(object) || !grant::shown().contains(&needed) {
        return Ok(false);
    }
    let query = CONSENTED.bind(customer).bind(ticket).bind(now);
    Ok(query.optional(tx).await?.is_some())
}

/// Whether a member may see this themselves: by their role, or because it is their own login.
async fn sees(
    tx: &mut Tx,
    customer: CustomerId,
    (user, object): (UserId, &str),
    needed: Permission,
) -> Result<bool, Fault> {
    let Some(role) = member::role(tx, user, customer).await? else {
        return Ok(false);
    };
    if role.permissions().contains(&needed) {
        return Ok(true);
    }
    let Ok(id) = object.parse::<MemberId>() else {
        return Ok(false);
    };
    let found = member::find(tx, customer, id).await?;
    Ok(found.is_some_and(|member| member.user == user))
}

/// What staff see who ask in a ticket why a thing does not work. The caller notes the look.
///
/// # Errors
/// `Forbidden` for who does not work on tickets, `NotFound` when the customer has no such ticket,
/// `Conflict` when it is not open any more, or when nothing that the customer said carries the look.
pub async fn scope(
    tx: &mut Tx,
    actor: &Actor,
    (ticket, object): (TicketId, &str),
    now: Timestamp,
) -> Result<Scope, Refusal> {
    if !of_staff(tx, actor).await?.contains(&Permission::TicketWork) {
        return Err(Refusal::Forbidden);
    }
    let allowed = is_allowed(tx, (actor.customer, ticket), object, now).await?;
    let needed = needs(object).filter(|_| allowed);
    let needed = needed.ok_or(Refusal::Conflict("not-asked-about"))?;
    let shown = grant::shown();
    let permissions = if shown.contains(&needed) {
        shown
    } else {
        BTreeSet::from([needed])
    };
    Ok(Scope::looking(actor, permissions))
}
