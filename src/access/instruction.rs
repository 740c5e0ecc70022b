//! What customers asked staff for, and what staff may do on it.
//!
//! A request is an instruction: it names one thing and carries the words that were said. Invariants: it
//! holds in its own ticket, for its own thing, while the ticket is open, nobody ended it, and whoever gave
//! it may still do the same themselves; whoever gave it does not carry it out as staff; it opens routine ticket
//! actions, sensitive ones only beside a consent, and never content; what a caller said stands on the proof of who
//! they are, and what was confirmed by letter on that letter, of which the database asks for the first whole, and for the second in part (migration 0109).
//! That it holds, the database asks again when a change is written (ADR 0039). Source: controls GON-3.2-02,
//! MWK-4-03, MWK-4-04, bar 3.8.

use crate::actor::{Actor, ActorKind};
use crate::caller::ByTelephone;
use crate::command::{Authority, Command, InTickets};
use crate::consent;
use crate::member;
use crate::refusal::Refusal;
use crate::role::{Permission, Role, StaffRole};
use crate::scope::Scope;
use crate::ticket;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;
use wabe_kernel::id::{
    ConfirmationId, ConsentId, CustomerId, InstructionId, MemberId, TicketId, UserId,
};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    INSERT = "access.instruction.insert" =>
        "INSERT INTO instruction (id, customer_id, ticket_id, object_id, object_kind, object_name, quote, \
         given_by, given_at, written_by, proved_at, confirmation_id, confirmed_by_mail_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    OF_TICKET = "access.instruction.of_ticket" =>
        "SELECT id, ticket_id, object_id, object_kind, object_name, quote, given_by, given_at, ended_at, \
         written_by, proved_at, confirmation_id \
         FROM instruction WHERE customer_id = $1 AND ticket_id = $2 ORDER BY id";
    FIND = "access.instruction.find" =>
        "SELECT id, ticket_id, object_id, object_kind, object_name, quote, given_by, given_at, ended_at, \
         written_by, proved_at, confirmation_id \
         FROM instruction WHERE id = $1 AND customer_id = $2";
    END = "access.instruction.end" =>
        "UPDATE instruction SET ended_by = $1, ended_at = $2 \
         WHERE id = $3 AND customer_id = $4 AND ended_at IS NULL";
}

/// What somebody of a customer asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Instruction {
    /// Its id.
    pub id: InstructionId,
    /// The ticket in which it holds.
    pub ticket: TicketId,
    /// The id of the thing it is about.
    pub object: String,
    /// What kind of thing that is.
    pub object_kind: String,
    /// What people call it.
    pub object_name: String,
    /// The words that were said.
    pub quote: String,
    /// Who said them.
    pub given_by: UserId,
    /// When.
    pub given_at: Timestamp,
    /// Whether they were said on the telephone, by a caller who had proved who they are.
    pub by_telephone: bool,
    /// Who of the hoster wrote them down then. Customers are told a sign, never a name.
    #[serde(skip)]
    pub telephone: Option<ByTelephone>,
    /// Whether who wrote them by mail confirmed them on the page behind the link of a letter.
    pub by_mail: bool,
    /// What they confirmed then.
    #[serde(skip)]
    pub confirmation: Option<ConfirmationId>,
    /// Since when it does not hold any more.
    pub ended_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Instruction, Fault> {
    let telephone = ByTelephone::from_row(row)?;
    let confirmation: Option<ConfirmationId> = row.parsed_or_null("confirmation_id")?;
    Ok(Instruction {
        id: row.parsed("id")?,
        ticket: row.parsed("ticket_id")?,
        object: row.text("object_id")?,
        object_kind: row.text("object_kind")?,
        object_name: row.text("object_name")?,
        quote: row.text("quote")?,
        given_by: row.parsed("given_by")?,
        given_at: row.time("given_at")?,
        by_telephone: telephone.is_some(),
        telephone,
        by_mail: confirmation.is_some(),
        confirmation,
        ended_at: row.time_or_null("ended_at")?,
    })
}

/// Keeps an instruction.
///
/// # Errors
/// A fault of the database.
pub async fn insert(tx: &mut Tx, customer: CustomerId, given: &Instruction) -> Result<(), Fault> {
    let query = INSERT.bind(given.id).bind(customer).bind(given.ticket);
    let query = query
        .bind(&given.object)
        .bind(&given.object_kind)
        .bind(&given.object_name);
    let query = query.bind(&given.quote).bind(given.given_by);
    let telephone = given.telephone.as_ref();
    let query = query
        .bind(given.given_at)
        .bind(telephone.map(|by| by.written_by))
        .bind(telephone.map(|by| by.proved_at));
    let query = query.bind(given.confirmation);
    let query = query.bind(given.confirmation.map(|_confirmed| given.given_at));
    query.execute_one(tx).await
}

/// The instructions of a ticket, oldest first; also those that hold no longer.
///
/// # Errors
/// A fault of the database.
pub async fn of_ticket(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
) -> Result<Vec<Instruction>, Fault> {
    let rows = OF_TICKET.bind(customer).bind(ticket).all(tx).await?;
    rows.iter().map(from_row).collect()
}

/// One instruction of a customer.
///
/// # Errors
/// `NotFound` for missing and for somebody else's alike.
pub async fn find(
    tx: &mut Tx,
    customer: CustomerId,
    id: InstructionId,
) -> Result<Instruction, Refusal> {
    let row = FIND.bind(id).bind(customer).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Ends an instruction; false when it had ended before.
///
/// # Errors
/// A fault of the database.
pub async fn end(
    tx: &mut Tx,
    (customer, id): (CustomerId, InstructionId),
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = END.bind(by).bind(now).bind(id).bind(customer);
    Ok(query.execute(tx).await? == 1)
}

/// The instructions on which staff may act in a ticket now: it is open, nobody ended them, and whoever
/// gave them may do what `needed` says.
///
/// # Errors
/// `NotFound` when the customer has no such ticket, `Conflict` when it is not open any more.
pub async fn in_force(
    tx: &mut Tx,
    (customer, ticket): (CustomerId, TicketId),
    needed: Permission,
) -> Result<Vec<Instruction>, Refusal> {
    if !ticket::load_of(tx, customer, ticket).await?.open {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    let mut found = Vec::new();
    for given in of_ticket(tx, customer, ticket).await? {
        if given.ended_at.is_none() && may(tx, customer, &given, needed).await? {
            found.push(given);
        }
    }
    Ok(found)
}

/// Whether whoever gave an instruction may do something themselves. A login is its owner's own affair, and
/// that of who runs the customer.
async fn may(
    tx: &mut Tx,
    customer: CustomerId,
    given: &Instruction,
    needed: Permission,
) -> Result<bool, Fault> {
    let role = member::role(tx, given.given_by, customer).await?;
    let Some(permitted) = role.map(Role::permissions) else {
        return Ok(false);
    };
    if !permitted.contains(&needed) {
        return Ok(false);
    }
    let Ok(login) = given.object.parse::<MemberId>() else {
        return Ok(true);
    };
    let whose = member::find(tx, customer, login).await?;
    let own = whose.is_some_and(|member| member.user == given.given_by);
    Ok(own || permitted.contains(&Permission::MemberWrite))
}

/// What staff see while they work in a ticket of a customer's that is open: the settings of things, as who
/// only looks at them sees them; never what is in them. The caller notes the look.
///
/// # Errors
/// `Forbidden` for who does not work on tickets, `NotFound` when the customer has no such ticket,
/// `Conflict` when it is not open any more.
pub async fn scope(tx: &mut Tx, actor: &Actor, ticket: TicketId) -> Result<Scope, Refusal> {
    if !of_staff(tx, actor).await?.contains(&Permission::TicketWork) {
        return Err(Refusal::Forbidden);
    }
    if !ticket::load_of(tx, actor.customer, ticket).await?.open {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    Ok(Scope::looking(actor, Role::Viewer.permissions()))
}

/// What somebody of the hoster may do, whatever customer the transaction sees.
pub(crate) async fn of_staff(tx: &mut Tx, actor: &Actor) -> Result<BTreeSet<Permission>, Refusal> {
    let user = actor.user.ok_or(Refusal::NotFound)?;
    tx.unscope().await?;
    let roles = member::staff_roles(tx, user).await;
    tx.rescope().await?;
    let permitted = roles?.into_iter().flat_map(StaffRole::permissions);
    let within = |permission: &Permission| {
        let scopes = actor.scopes.as_ref();
        scopes.is_none_or(|scopes| scopes.contains(permission))
    };
    Ok(permitted.filter(within).collect())
}

/// Whether staff, or a plugin that they set to work, may try this command in their ticket at all: it is a
/// ticket action, something that somebody asked for stands behind it, and a consent where that is not
/// enough. Which thing it is about shows when it was carried out.
pub(crate) async fn check<C: Command>(
    tx: &mut Tx,
    actor: &Actor,
    (ticket, now): (TicketId, Timestamp),
) -> Result<(), Refusal> {
    let action = C::IN_TICKETS.admits(C::RISK) && C::AUTHORITY == Authority::Customer;
    let works = match actor.kind {
        ActorKind::Staff | ActorKind::Token(_) => {
            of_staff(tx, actor).await?.contains(&Permission::TicketWork)
        }
        // Whoever set it to work was asked before, and is again when the panel writes down what it did.
        // What takes consent is for people.
        ActorKind::Plugin { .. } => C::IN_TICKETS == InTickets::Instructed,
        ActorKind::Member | ActorKind::System => false,
    };
    if !action || !works {
        return Err(Refusal::Forbidden);
    }
    let place = (actor.customer, ticket);
    of_another(in_force(tx, place, C::PERMISSION).await?, actor)?;
    consented::<C>(tx, place, now).await.map(|_consent| ())
}

/// The first of these that somebody else gave: whoever asked for something as a member does not carry it out as
/// staff. A plugin acts in the name of who granted its rights; who set it to work is asked elsewhere.
fn of_another(given: Vec<Instruction>, actor: &Actor) -> Result<Instruction, Refusal> {
    let person = matches!(actor.kind, ActorKind::Staff | ActorKind::Token(_));
    let own = |one: &Instruction| person && Some(one.given_by) == actor.user;
    let refusal = if given.iter().any(own) {
        Refusal::Conflict("own-instruction")
    } else {
        Refusal::Conflict("not-instructed")
    };
    given.into_iter().find(|one| !own(one)).ok_or(refusal)
}

/// The consent that a command stands on, where an instruction is not enough.
async fn consented<C: Command>(
    tx: &mut Tx,
    place: (CustomerId, TicketId),
    now: Timestamp,
) -> Result<Option<ConsentId>, Refusal> {
    match C::IN_TICKETS {
        InTickets::Consented => consent::acts(tx, place, now).await.map(Some),
        InTickets::Never | InTickets::Instructed => Ok(None),
    }
}

/// What carries an act of staff.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Footing {
    /// What somebody asked for.
    pub(crate) instruction: InstructionId,
    /// The consent beside it, where that is not enough.
    pub(crate) consent: Option<ConsentId>,
}

/// What carries what was just done to `object`; without it, it must not have been done. Everything is asked
/// anew: what ended or was withdrawn meanwhile carries nothing.
pub(crate) async fn covering<C: Command>(
    tx: &mut Tx,
    actor: &Actor,
    place: (CustomerId, TicketId),
    (object, now): (&str, Timestamp),
) -> Result<Footing, Refusal> {
    let mut given = in_force(tx, place, C::PERMISSION).await?;
    given.retain(|given| given.object == object);
    let covers = of_another(given, actor)?;
    Ok(Footing {
        instruction: covers.id,
        consent: consented::<C>(tx, place, now).await?,
    })
}
