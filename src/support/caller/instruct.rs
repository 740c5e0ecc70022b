//! `instruction.write_down`

use crate::caller::{heard, take_up};
use crate::instruction::{self, object, snapshot};
use crate::ticket::{message, opened, policy, tell, work};
use serde_json::Value;
use wabe_access::instruction::Instruction;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::{InstructionId, TicketId};
use wabe_kernel::mask::mask;
use wabe_kernel::{Line, MessageText, Problem, fields};

fields! {
    /// Writes down what a caller asks for about one thing, in their words: an instruction of theirs, as if
    /// they had given it in the portal. Only for whoever typed their telephone PIN in this ticket, within
    /// 15 minutes, and only about what the caller may change themselves. They are told by letter.
    pub struct WriteDownInstruction {
        /// In which ticket.
        pub id: TicketId,
        /// The id of the webspace, domain, mailbox, alias, database or member (their login) that it is about.
        pub object: Line,
        /// What the caller said.
        pub words: MessageText,
    }
}

impl Command for WriteDownInstruction {
    const NAME: &'static str = "instruction.write_down";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    const WHILE_SUSPENDED: bool = true;
    type Output = Instruction;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Instruction, Refusal> {
        let (mut ticket, _before) = work::begin(door, self.id).await?;
        let named = opened::named(door, Some(&self.object)).await?;
        let named = named.ok_or_else(opened::no_such_object)?;
        let heard = heard(door, &mut ticket).await?;
        if !policy::may_change(&heard.scope, &named) {
            let problem = Problem::new("caller-may-not-change");
            return Err(Refusal::field("object", problem));
        }
        let about = named.about;
        let given = Instruction {
            id: InstructionId::new(door.now(), door.rng()),
            ticket: ticket.id,
            object: about.id,
            object_kind: about.kind,
            object_name: about.name,
            quote: mask(self.words.as_str()).text,
            given_by: heard.user,
            given_at: door.now(),
            by_telephone: true,
            telephone: Some(heard.by),
            by_mail: false,
            confirmation: None,
            ended_at: None,
        };
        instruction::keep(door, &given).await?;
        message::write_down(door, ticket.id, &heard, (None, &given.quote)).await?;
        take_up(door, &mut ticket, &heard).await?;
        tell::instructed_by_telephone(door, &ticket, &given).await?;
        door.record(object(&given), Value::Null, snapshot(&given, true));
        Ok(given)
    }
}
