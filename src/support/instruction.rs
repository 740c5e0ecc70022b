//! Instructions: what a customer asked staff for, about one thing. The rows and what they allow are the
//! gate's; here they are given and ended.
//!
//! Invariants: whoever names a thing in a ticket and asks for something about it has given one; staff
//! never give one, and write one down only for a caller, see [`crate::caller`]; whoever sees the ticket may
//! end it, at once.

use crate::ticket::model::Ticket;
use crate::ticket::{opened, policy, queue, store};
use serde_json::json;
use wabe_access::instruction;
pub use wabe_access::instruction::Instruction;
use wabe_access::{ActorKind, Command, CommandSpec, Door, Object, Permission, Refusal, Scope};
use wabe_kernel::id::{InstructionId, TicketId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Line, MessageText, fields};
use wabe_store::Tx;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<GiveInstruction>(),
    CommandSpec::of::<EndInstruction>(),
];

/// How the record names it: by the thing, and never by what was said.
pub(crate) fn object(given: &Instruction) -> Object {
    Object {
        kind: "instruction",
        id: given.id.to_string(),
        name: given.object_name.clone(),
    }
}

/// What the record keeps of it; of what was said on the telephone, also who said it.
pub(crate) fn snapshot(given: &Instruction, in_force: bool) -> serde_json::Value {
    let mut kept = json!({
        "id": given.id, "ticket": given.ticket, "object": given.object, "in_force": in_force,
    });
    if given.by_telephone {
        kept["by_telephone"] = json!(true);
        kept["given_by"] = json!(given.given_by);
    }
    if given.by_mail {
        kept["by_mail"] = json!(true);
    }
    kept
}

/// Keeps one that was written down.
pub(crate) async fn keep(door: &mut Door<'_>, given: &Instruction) -> Result<(), Refusal> {
    let customer = door.customer();
    Ok(instruction::insert(door.tx(), customer, given).await?)
}

/// Keeps what somebody at this door asked for about a thing of a ticket, if it was a person of the
/// customer's, who proved who they are. Nobody else's words are an instruction.
pub(crate) async fn of_words(
    door: &mut Door<'_>,
    ticket: &Ticket,
    quote: &str,
) -> Result<Option<Instruction>, Refusal> {
    let person = matches!(door.actor().kind, ActorKind::Member | ActorKind::Token(_));
    let user = door.actor().user.filter(|_| person);
    let (Some(user), Some(about)) = (user, ticket.object.clone()) else {
        return Ok(None);
    };
    let given = Instruction {
        id: InstructionId::new(door.now(), door.rng()),
        ticket: ticket.id,
        object: about.id,
        object_kind: about.kind,
        object_name: about.name,
        quote: mask(quote).text,
        given_by: user,
        given_at: door.now(),
        by_telephone: false,
        telephone: None,
        by_mail: false,
        confirmation: None,
        ended_at: None,
    };
    instruction::insert(door.tx(), ticket.customer, &given).await?;
    Ok(Some(given))
}

/// The instructions of a ticket, oldest first; also those that hold no longer.
///
/// # Errors
/// `Forbidden`, `NotFound` for a ticket that the scope does not see, or a fault.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
) -> Result<Vec<Instruction>, Refusal> {
    let found = crate::ticket::load(tx, scope, ticket).await?;
    Ok(instruction::of_ticket(tx, found.customer, ticket).await?)
}

/// The instructions of a ticket that hold now, for the desk; none of a ticket that is not open.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn in_force(
    tx: &mut Tx,
    scope: &Scope,
    ticket: TicketId,
) -> Result<Vec<Instruction>, Refusal> {
    let found = queue::load(tx, scope, ticket).await?;
    if !found.ticket.is_open() {
        return Ok(Vec::new());
    }
    let mut all = instruction::of_ticket(tx, found.customer_id, ticket).await?;
    all.retain(|given| given.ended_at.is_none());
    Ok(all)
}

fields! {
    /// Asks staff for something about one thing: they may carry out ticket actions on exactly that, in
    /// this ticket, until it is solved or somebody ends it.
    pub struct GiveInstruction {
        /// In which ticket.
        pub id: TicketId,
        /// The id of the webspace, domain, mailbox, alias, database or member (their login) that it is about.
        pub object: Line,
        /// What is asked for.
        pub quote: MessageText,
    }
}

impl Command for GiveInstruction {
    const NAME: &'static str = "instruction.give";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = Instruction;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Instruction, Refusal> {
        let (customer, actor) = (door.customer(), door.actor().clone());
        let mut ticket = store::find(door.tx(), customer, self.id).await?;
        let scope = Scope::of(door.tx(), &actor).await?;
        policy::needs_sight(&scope, &ticket)?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let named = opened::named(door, Some(&self.object)).await?;
        let named = named.filter(|found| policy::may_name(&scope, found));
        ticket.object = Some(named.ok_or_else(opened::no_such_object)?.about);
        let given = of_words(door, &ticket, self.quote.as_str()).await?;
        let given = given.ok_or(Refusal::Forbidden)?;
        door.record(
            object(&given),
            serde_json::Value::Null,
            snapshot(&given, true),
        );
        Ok(given)
    }
}

fields! {
    /// Ends an instruction: staff change nothing on it any more.
    pub struct EndInstruction {
        /// Which one.
        pub id: InstructionId,
    }
}

impl Command for EndInstruction {
    const NAME: &'static str = "instruction.end";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, actor, now) = (door.customer(), door.actor().clone(), door.now());
        let given = instruction::find(door.tx(), customer, self.id).await?;
        let ticket = store::find(door.tx(), customer, given.ticket).await?;
        let scope = Scope::of(door.tx(), &actor).await?;
        policy::needs_sight(&scope, &ticket)?;
        if !instruction::end(door.tx(), (customer, self.id), actor.user, now).await? {
            return Err(Refusal::Conflict("instruction-ended"));
        }
        door.record(
            object(&given),
            snapshot(&given, true),
            snapshot(&given, false),
        );
        Ok(())
    }
}
