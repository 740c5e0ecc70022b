//! Both ends of a letter: the ticket's page, where it is asked for, and the page behind its link.

use crate::action::is_action;
use crate::confirmation::answer::standing;
use crate::confirmation::model::Asked;
use crate::confirmation::offer::candidates;
use crate::confirmation::{ConfirmInstruction, DeclineInstruction, mention, sender, store, worth};
use crate::ticket::{queue, store as tickets};
use wabe_access::resource::{self, Resource, SEARCH_MAX};
use wabe_access::{
    Actor, ByMail, CommandSpec, Gate, InTickets, Mode, Permission, Refusal, Scope, Tools, customer,
};
use wabe_kernel::id::{TicketId, TicketMessageId, UserId};
use wabe_kernel::{Fault, Secret};
use wabe_store::Tx;

/// What who wrote by mail can be asked to confirm.
#[derive(Debug, Clone)]
pub struct Askable {
    /// The last message that came by mail.
    pub message: TicketMessageId,
    /// Who it says wrote it.
    pub user: UserId,
    /// What they may have changed.
    pub things: Vec<Resource>,
    /// Whether there are more of them than these.
    pub more: bool,
    /// The id of the one that the message plainly names.
    pub named: Option<String>,
    /// The sentence in which it does; else its first one.
    pub quote: String,
    /// What a link in their mail is worth now.
    pub worth: ByMail,
    /// Letters that wait for their answer.
    pub waiting: Vec<Asked>,
}

/// What who wrote by mail in a ticket can be asked to confirm now, things narrowed to those whose name
/// contains `search`; nothing when nobody did, or whoever did is nobody in this ticket any more.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn askable(
    tx: &mut Tx,
    scope: &Scope,
    tools: &Tools,
    (ticket, search): (TicketId, &str),
) -> Result<Option<Askable>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let found = queue::load(tx, scope, ticket).await?;
    let (customer, now) = (found.customer_id, tools.clock.now());
    if !found.ticket.is_open() {
        return Ok(None);
    }
    let Some(letter) = store::last_letter(tx, (customer, ticket)).await? else {
        return Ok(None);
    };
    let theirs = match sender(tx, (&found.ticket, letter.user), now).await {
        Ok(theirs) => theirs,
        Err(Refusal::NotFound | Refusal::Forbidden) => return Ok(None),
        Err(refusal) => return Err(refusal),
    };
    let mut things = if search.is_empty() {
        candidates(tx, customer, &letter.body).await?
    } else {
        resource::search(tx, customer, search).await?
    };
    let more = things.len() >= SEARCH_MAX;
    things.retain(|thing| theirs.has(Permission::to_change(thing.kind)));
    let names = things.iter().map(|thing| (thing.kind, thing.name.as_str()));
    let names: Vec<_> = names.collect();
    let found = mention::the_one(&letter.body, &names);
    let found = found.and_then(|at| things.get(at));
    let name = found.map_or("", |thing| thing.name.as_str());
    Ok(Some(Askable {
        message: letter.id,
        user: letter.user,
        quote: mention::sentence(&letter.body, name),
        named: found.map(|thing| thing.id.clone()),
        worth: worth(tx, tools, (letter.user, now)).await?,
        waiting: store::waiting(tx, (customer, ticket), now).await?,
        more,
        things,
    }))
}

/// What the link of a letter leads to.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What is to be confirmed.
    pub asked: Asked,
    /// For which customer.
    pub customer_name: String,
    /// In which ticket.
    pub ticket_name: String,
    /// Whether this person's login takes more than a mailbox by now.
    pub needs_login: bool,
    /// The commands that staff may carry out then.
    pub actions: Vec<&'static str>,
}

/// What the link with this secret leads to; nothing when it does not work, whatever the reason. Changes
/// nothing.
///
/// # Errors
/// A fault of the database.
pub async fn opened(gate: &Gate, token: &Secret) -> Result<Option<Opened>, Fault> {
    let mut tx = gate.store().read().await?;
    let found = look(&mut tx, gate, token).await;
    tx.rollback().await?;
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(_void) => Ok(None),
    }
}

async fn look(tx: &mut Tx, gate: &Gate, token: &Secret) -> Result<Opened, Refusal> {
    let tools = gate.tools();
    let now = tools.clock.now();
    let asked = store::find(tx, token, now).await?;
    let asked = asked.ok_or(Refusal::NotFound)?;
    let needs_login = match standing(tx, tools, &asked, now).await {
        Ok(_) => false,
        Err(Refusal::Conflict("letter-needs-login")) => true,
        Err(refusal) => return Err(refusal),
    };
    let ticket = tickets::find(tx, asked.customer, asked.ticket).await?;
    let whose = customer::find(tx, asked.customer).await?;
    let commands = gate.commands().iter();
    let here = |spec: &&CommandSpec| is_routine(spec) && (spec.possible)(&tools.house);
    let mut actions = Vec::new();
    for spec in commands.filter(|spec| here(spec) && spec.noun() == asked.object_kind) {
        if (spec.suits)(tx, asked.customer, &asked.object).await? {
            actions.push(spec.name);
        }
    }
    Ok(Opened {
        actions,
        customer_name: whose.ok_or(Refusal::NotFound)?.name,
        ticket_name: ticket.object().name,
        needs_login,
        asked,
    })
}

/// Whether an instruction alone is enough for it: what takes consent besides is not agreed to here.
fn is_routine(spec: &CommandSpec) -> bool {
    is_action(spec) && spec.in_tickets == InTickets::Instructed
}

/// Whoever the letter with this secret went to, proved by nothing but that they have it.
async fn reader(gate: &Gate, token: &Secret) -> Result<Actor, Refusal> {
    let now = gate.tools().clock.now();
    let mut tx = gate.store().read().await?;
    let asked = store::find(&mut tx, token, now).await;
    tx.rollback().await?;
    let asked = asked?.ok_or(Refusal::NotFound)?;
    Ok(Actor {
        authenticated_at: None,
        factor_wanted: true,
        ..Actor::member(asked.user, asked.customer, now)
    })
}

/// Confirms what the letter with this secret asks for.
///
/// # Errors
/// `NotFound` when the link does not work, `Conflict` with `letter-needs-login`, or what else stands in
/// the way by now.
pub async fn confirm(gate: &Gate, token: &Secret) -> Result<(), Refusal> {
    let actor = reader(gate, token).await?;
    let command = ConfirmInstruction {
        token: token.clone(),
    };
    let done = Box::pin(gate.run(&actor, command, Mode::Commit)).await;
    done.map(|_confirmed| ())
}

/// Says no to what the letter with this secret asks for.
///
/// # Errors
/// `NotFound` when the link does not work.
pub async fn decline(gate: &Gate, token: &Secret) -> Result<(), Refusal> {
    let actor = reader(gate, token).await?;
    let command = DeclineInstruction {
        token: token.clone(),
    };
    let done = Box::pin(gate.run(&actor, command, Mode::Commit)).await;
    done.map(|_declined| ())
}
