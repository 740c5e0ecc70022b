//! Ticket actions: commands that staff carry out for a customer, in a ticket, on an instruction; and on a
//! consent besides, where they are sensitive.
//!
//! Which commands are actions, the list of commands says; whether one may be carried out now, the gate.
//! Invariants: what an action changed stands in the conversation, written in the transaction of the
//! change, and whoever asked for it gets one letter about it; the actor is the employee, never the customer.

mod keep;
mod keep_run;
mod offer;
mod plugin;

pub use keep::KeepAction;
pub use keep_run::{KeepRun, RunFound};
pub use offer::{Offered, offered};
pub use plugin::{PLUGIN_ACT, PLUGIN_LOOK, Topic, topic, topics};

use crate::ticket::queue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use wabe_access::command::BoxedCommand;
use wabe_access::gate::{Made, Stopped, Together};
use wabe_access::{Actor, CommandSpec, Gate, Mode, Refusal, Scope};
use wabe_kernel::FieldErrors;
use wabe_kernel::id::{ChangeId, CustomerId, TicketId};

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<KeepAction>(),
    CommandSpec::of::<KeepRun>(),
];

/// Whether a command is a ticket action.
#[must_use]
pub fn is_action(spec: &CommandSpec) -> bool {
    spec.in_tickets.admits(spec.risk)
}

/// What an action changed, or would change.
#[derive(Debug)]
pub struct Acted {
    /// The change.
    pub made: Made,
    /// In a preview: the steps the planner would send, as words.
    pub steps: Vec<&'static str>,
}

/// Carries a ticket action out and writes it into the conversation; or shows what it would change.
/// `input` are the command's fields, with the id of the thing as `id`.
///
/// # Errors
/// `NotFound` for what is no ticket or no action, `Conflict` without an instruction or the consent that it
/// takes, `StepUp`, and whatever the command itself is refused for; then nothing happened.
pub async fn act(
    gate: &Gate,
    actor: &Actor,
    (ticket, command): (TicketId, &str),
    input: &Map<String, Value>,
    mode: Mode,
) -> Result<Acted, Refusal> {
    let customer = customer_of(gate, actor, ticket).await?;
    let command = (action(gate, command)?.parse)(input).map_err(about_object)?;
    pass(gate, actor, (customer, ticket), command, mode).await
}

/// As [`act`], from what somebody typed into a form.
///
/// # Errors
/// As [`act`].
pub async fn act_typed(
    gate: &Gate,
    actor: &Actor,
    (ticket, command): (TicketId, &str),
    typed: &BTreeMap<String, String>,
    mode: Mode,
) -> Result<Acted, Refusal> {
    let customer = customer_of(gate, actor, ticket).await?;
    let command = (action(gate, command)?.parse_form)(typed).map_err(about_object)?;
    pass(gate, actor, (customer, ticket), command, mode).await
}

/// Takes back what an action of this ticket changed, as an action of its own; or shows what that would do.
///
/// # Errors
/// `NotFound` for a change that no action in this ticket made, `Conflict` where there is no way back,
/// and whatever the command that leads back is refused for.
pub async fn undo(
    gate: &Gate,
    actor: &Actor,
    (ticket, change): (TicketId, ChangeId),
    mode: Mode,
) -> Result<Acted, Refusal> {
    let customer = customer_of(gate, actor, ticket).await?;
    let mut tx = gate.store().read().await?;
    let found = gate.recorder().load(&mut tx, customer, change).await?;
    let inverse = match found.filter(|found| found.ticket == Some(ticket)) {
        Some(_) => gate.way_back(&mut tx, customer, change).await,
        None => Err(Refusal::NotFound),
    };
    tx.rollback().await?;
    let inverse = inverse?;
    let spec = gate.command(inverse.command).filter(|spec| is_action(spec));
    let command = (spec.ok_or(Refusal::Conflict("no-undo"))?.parse)(&inverse.input)?;
    pass(gate, actor, (customer, ticket), command, mode).await
}

/// What is wrong with the id is wrong with the thing that was named.
fn about_object(mut errors: FieldErrors) -> FieldErrors {
    if let Some(problem) = errors.0.remove("id") {
        errors.add("object", problem);
    }
    errors
}

/// Whose ticket it is, for who may see it.
async fn customer_of(gate: &Gate, actor: &Actor, ticket: TicketId) -> Result<CustomerId, Refusal> {
    let mut tx = gate.store().read().await?;
    let scope = Scope::of(&mut tx, actor).await?;
    let found = queue::load(&mut tx, &scope, ticket).await;
    tx.rollback().await?;
    Ok(found?.customer_id)
}

/// The action of this name.
fn action<'a>(gate: &'a Gate, command: &str) -> Result<&'a CommandSpec, Refusal> {
    let found = gate.command(command).filter(|spec| is_action(spec));
    found.ok_or(Refusal::NotFound)
}

async fn pass(
    gate: &Gate,
    actor: &Actor,
    (customer, ticket): (CustomerId, TicketId),
    command: BoxedCommand,
    mode: Mode,
) -> Result<Acted, Refusal> {
    let by = actor.user.ok_or(Refusal::Forbidden)?;
    let keep: BoxedCommand = Box::new(KeepAction { id: ticket, by });
    let there = actor.clone().at_ticket(customer, ticket);
    let done = gate.run_then(&there, vec![command], vec![keep], mode).await;
    let Together { mut changes, steps } = done.map_err(|Stopped { refusal, .. }| refusal)?;
    let change = changes.pop().ok_or(Refusal::NotFound)?;
    Ok(Acted {
        made: change,
        steps,
    })
}
