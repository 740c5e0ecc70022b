//! `instruction.confirm` and `instruction.decline`: what whoever got a letter says on the page behind its
//! link. The secret of the link is in the command, so that nobody answers who has it not.

use crate::confirmation::model::{Asked, Ending};
use crate::confirmation::{sender, store, worth};
use crate::instruction::{object, snapshot};
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::{Status, Ticket};
use crate::ticket::{store as tickets, tell};
use serde_json::{Value, json};
use wabe_access::instruction::{self, Instruction};
use wabe_access::resource::{self, Resource};
use wabe_access::{ActorKind, ByMail, Command, Door, Permission, Refusal, Tools};
use wabe_kernel::id::InstructionId;
use wabe_kernel::{Secret, Timestamp, fields};
use wabe_store::Tx;

fields! {
    /// Confirms what one wrote by mail, with the secret of the link in the letter that asks for it: it is
    /// an instruction from then on.
    pub struct ConfirmInstruction {
        /// The link's secret.
        pub token: Secret,
    }
}

fields! {
    /// Says no to what a letter asks for, with the secret of its link: one did not write that, or does not
    /// want it.
    pub struct DeclineInstruction {
        /// The link's secret.
        pub token: Secret,
    }
}

/// The ticket and the thing of a letter as they are now, when whom it went to may still have that changed.
///
/// # Errors
/// `Conflict` with `letter-needs-login` when a mailbox is not enough for them any more; else why not.
pub(crate) async fn standing(
    tx: &mut Tx,
    tools: &Tools,
    asked: &Asked,
    now: Timestamp,
) -> Result<(Ticket, Resource), Refusal> {
    let ticket = tickets::find(tx, asked.customer, asked.ticket).await?;
    if !ticket.is_open() {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    let scope = sender(tx, (&ticket, asked.user), now).await?;
    let thing = resource::load(tx, asked.customer, &asked.object).await?;
    scope.needs(Permission::to_change(thing.kind))?;
    match worth(tx, tools, (asked.user, asked.asked_at)).await? {
        ByMail::Enough => Ok((ticket, thing)),
        ByMail::TooLittle => Err(Refusal::Conflict("letter-needs-login")),
        ByMail::ShutOut => Err(Refusal::NotFound),
    }
}

/// The letter with this secret, when it went to who stands at this door.
async fn asked_of(door: &mut Door<'_>, token: &Secret) -> Result<Asked, Refusal> {
    let (customer, user, now) = (door.customer(), door.actor().user, door.now());
    let person = door.actor().kind == ActorKind::Member;
    let asked = store::find(door.tx(), token, now).await?;
    let asked = asked.filter(|asked| asked.customer == customer);
    let asked = asked.filter(|asked| person && user == Some(asked.user));
    asked.ok_or(Refusal::NotFound)
}

/// Ends the letter, says so in the conversation, and lets whoever asked go on.
async fn end(
    door: &mut Door<'_>,
    (asked, ending): (&Asked, Ending),
    mut ticket: Ticket,
) -> Result<Ticket, Refusal> {
    let now = door.now();
    if !store::end(door.tx(), asked, ending, now).await? {
        return Err(Refusal::NotFound);
    }
    let event = match ending {
        Ending::Confirmed => TicketEvent::InstructionConfirmed,
        Ending::Declined | Ending::Superseded => TicketEvent::InstructionDeclined,
    };
    message::note_event(door, ticket.id, event).await?;
    if ticket.status == Status::WaitsForCustomer {
        ticket.turn(ticket.hosters_turn(), now);
    }
    ticket.last_activity_at = now;
    tickets::update(door.tx(), &ticket).await?;
    tell::replied(door, &ticket).await?;
    Ok(ticket)
}

impl Command for ConfirmInstruction {
    const NAME: &'static str = "instruction.confirm";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    const PREVIEWS: bool = false;
    type Output = Instruction;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Instruction, Refusal> {
        let (now, tools) = (door.now(), door.tools().clone());
        let asked = asked_of(door, &self.token).await?;
        let (ticket, thing) = standing(door.tx(), &tools, &asked, now).await?;
        let ticket = end(door, (&asked, Ending::Confirmed), ticket).await?;
        let given = Instruction {
            id: InstructionId::new(now, door.rng()),
            ticket: asked.ticket,
            object: thing.id,
            object_kind: thing.kind.word().to_owned(),
            object_name: thing.name,
            quote: asked.quote,
            given_by: asked.user,
            given_at: now,
            by_telephone: false,
            telephone: None,
            by_mail: true,
            confirmation: Some(asked.id),
            ended_at: None,
        };
        instruction::insert(door.tx(), asked.customer, &given).await?;
        tell::instructed_by_mail(door, &ticket, &given).await?;
        door.record(object(&given), Value::Null, snapshot(&given, true));
        Ok(given)
    }
}

impl Command for DeclineInstruction {
    const NAME: &'static str = "instruction.decline";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    const PREVIEWS: bool = false;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let asked = asked_of(door, &self.token).await?;
        let ticket = tickets::find(door.tx(), asked.customer, asked.ticket).await?;
        let ticket = end(door, (&asked, Ending::Declined), ticket).await?;
        let said = |declined: bool| json!({ "id": ticket.id, "instruction_declined": declined });
        door.record(ticket.object(), said(false), said(true));
        Ok(())
    }
}
