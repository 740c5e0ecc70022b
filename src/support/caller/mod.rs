//! What a caller says, written down by whoever of the hoster speaks with them.
//!
//! Invariants: it counts as said by the caller only within 15 minutes of their PIN, in the ticket in which
//! it was typed, and when whoever writes it down typed it; a caller asks for nothing and answers nothing
//! that they could not in the portal; they and the owners are told at once, by letter. The database keeps
//! who wrote it down, and refuses what no proof stands before. Source: bar 3.8 T2.

mod answer;
mod instruct;

pub use answer::WriteDownConsent;
pub use instruct::WriteDownInstruction;

use crate::ticket::model::{Channel, Status, Ticket};
use crate::ticket::{policy, queue, store};
use wabe_access::caller::{self, ByTelephone};
use wabe_access::resource::{self, Resource, SEARCH_MAX};
use wabe_access::{Actor, ActorKind, CommandSpec, Door, Permission, Refusal, Scope, member};
use wabe_kernel::id::{CustomerId, MemberId, TicketId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<WriteDownInstruction>(),
    CommandSpec::of::<WriteDownConsent>(),
];

/// A caller, as far as a command is concerned.
pub(crate) struct Heard {
    /// Who speaks.
    pub(crate) user: UserId,
    /// Who writes it down, and since when the caller counts.
    pub(crate) by: ByTelephone,
    /// What the caller may do themselves.
    pub(crate) scope: Scope,
}

/// The caller who proved who they are to whoever is at this door, in this ticket, which they may see. A
/// call that nobody asked yet is the caller's from then on.
///
/// # Errors
/// `Conflict` when nobody did within 15 minutes, or when the ticket is none of theirs.
pub(crate) async fn heard(door: &mut Door<'_>, ticket: &mut Ticket) -> Result<Heard, Refusal> {
    let person = matches!(door.actor().kind, ActorKind::Staff | ActorKind::Token(_));
    let written_by = door.actor().user.filter(|_| person);
    let written_by = written_by.ok_or(Refusal::Forbidden)?;
    if !ticket.is_open() {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    let unproved = Refusal::Conflict("caller-not-proved");
    let now = door.now();
    let proved = caller::proved(door.tx(), ticket.id, now).await?;
    // Who did not hear the PIN did not hear the wish.
    let Some(proved) = proved.filter(|proved| proved.typed_by == written_by) else {
        return Err(unproved);
    };
    let member = Actor::member(proved.user, ticket.customer, proved.at);
    let scope = match Scope::of(door.tx(), &member).await {
        Ok(scope) if scope.has(Permission::TicketWrite) => scope,
        Ok(_) | Err(Refusal::NotFound) => return Err(unproved),
        Err(refusal) => return Err(refusal),
    };
    if ticket.channel == Channel::Phone && ticket.opened_by.is_none() {
        ticket.opened_by = Some(proved.user);
        store::claim(door.tx(), ticket).await?;
    }
    policy::needs_sight(&scope, ticket)
        .map_err(|_unseen| Refusal::Conflict("caller-not-in-ticket"))?;
    Ok(Heard {
        user: proved.user,
        by: ByTelephone {
            written_by,
            proved_at: proved.at,
        },
        scope,
    })
}

/// Whoever writes down what is asked for has the ticket when nobody does, and goes on.
async fn take_up(door: &mut Door<'_>, ticket: &mut Ticket, heard: &Heard) -> Result<(), Refusal> {
    let now = door.now();
    ticket.owner = ticket.owner.or(Some(heard.by.written_by));
    if matches!(ticket.status, Status::New | Status::WaitsForCustomer) {
        ticket.turn(Status::Open, now);
    }
    ticket.last_activity_at = now;
    Ok(store::update(door.tx(), ticket).await?)
}

/// What a caller can ask for and answer now.
#[derive(Debug, Clone)]
pub struct Able {
    /// What they may have changed.
    pub things: Vec<Resource>,
    /// Whether there are more of them than these.
    pub more: bool,
    /// Whether the first of them is what the ticket is about.
    pub about: bool,
    /// Their own login: its id, and what they log in with.
    pub login: Option<(MemberId, String)>,
    /// Whether they answer for the customer.
    pub answers: bool,
}

/// What the caller in a ticket can ask for and answer now, things narrowed to those whose name contains
/// `text`; nothing for who did not type their PIN.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn able(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
    (text, now): (&str, Timestamp),
) -> Result<Option<Able>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let found = queue::load(tx, scope, ticket).await?;
    let customer = found.customer_id;
    let proved = caller::proved(tx, ticket, now).await?;
    let proved = proved.filter(|proved| Some(proved.typed_by) == scope.user());
    let Some(proved) = proved.filter(|_| found.ticket.is_open()) else {
        return Ok(None);
    };
    let Some(role) = member::role(tx, proved.user, customer).await? else {
        return Ok(None);
    };
    let may = role.permissions();
    let mut things = resource::search(tx, customer, text).await?;
    let more = things.len() >= SEARCH_MAX;
    // What the ticket is about comes first.
    let mut first = None;
    if let Some(about) = found.ticket.object.filter(|_| text.is_empty()) {
        things.retain(|thing| thing.id != about.id);
        match resource::load(tx, customer, &about.id).await {
            Ok(thing) => {
                first = Some(about.id);
                things.insert(0, thing);
            }
            Err(Refusal::NotFound) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    things.retain(|thing| may.contains(&Permission::to_change(thing.kind)));
    let about = first.is_some_and(|id| things.first().is_some_and(|thing| thing.id == id));
    Ok(Some(Able {
        things,
        more,
        about,
        login: login_of(tx, customer, proved.user).await?,
        answers: may.contains(&Permission::MemberWrite),
    }))
}

/// A member's own login.
async fn login_of(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
) -> Result<Option<(MemberId, String)>, Fault> {
    let Some(own) = member::place(tx, customer, user).await? else {
        return Ok(None);
    };
    let name = member::login_of(tx, customer, own.id).await?;
    Ok(name.map(|name| (own.id, name)))
}
