//! `instruction.ask`

use crate::confirmation::model::Asked;
use crate::confirmation::{Wish, link, make, mention, sender, store, worth};
use crate::mail::thread::threaded;
use crate::secret::Desk;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::{Status, Ticket};
use crate::ticket::{opened, store as tickets, work};
use serde_json::json;
use wabe_access::resource::{self, Resource};
use wabe_access::{
    ActorKind, Authority, ByMail, Command, Door, Permission, Refusal, Scope, instruction,
};
use wabe_jobs::mail::{Outgoing, Recipient, queue};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::{TicketId, TicketMessageId, UserId};
use wabe_kernel::{Line, MessageText, Problem, Secret, fields};

fields! {
    /// Asks who wrote by mail to confirm what they want done with one thing. They get a letter with one
    /// link, which works once within 72 hours; on the page behind it their words become an instruction.
    /// The ticket waits for them.
    pub struct AskInstruction {
        /// In which ticket.
        pub id: TicketId,
        /// The message of this ticket, come by mail, that says what is wanted.
        pub message: TicketMessageId,
        /// The id of the webspace, domain, mailbox, alias or database that it names.
        pub object: Line,
        /// The sentence that asks for something, as it stands in that message.
        pub quote: MessageText,
    }
}

/// The thing, when whoever wrote may change it themselves.
async fn thing(door: &mut Door<'_>, scope: &Scope, object: &Line) -> Result<Resource, Refusal> {
    let customer = door.customer();
    let found = match resource::load(door.tx(), customer, object.as_str()).await {
        Ok(found) => found,
        Err(Refusal::NotFound) => return Err(opened::no_such_object()),
        Err(refusal) => return Err(refusal),
    };
    if scope.has(Permission::to_change(found.kind)) {
        Ok(found)
    } else {
        let problem = Problem::new("sender-may-not-change");
        Err(Refusal::field("object", problem))
    }
}

/// What whoever wrote may do, when a link in their mail may speak for them.
async fn scope_of(door: &mut Door<'_>, ticket: &Ticket, user: UserId) -> Result<Scope, Refusal> {
    let (now, tools) = (door.now(), door.tools().clone());
    let scope = match sender(door.tx(), (ticket, user), now).await {
        Ok(scope) => scope,
        Err(Refusal::NotFound | Refusal::Forbidden) => {
            return Err(Refusal::Conflict("sender-not-in-ticket"));
        }
        Err(refusal) => return Err(refusal),
    };
    match worth(door.tx(), &tools, (user, now)).await? {
        ByMail::Enough => Ok(scope),
        ByMail::TooLittle | ByMail::ShutOut => Err(Refusal::Conflict("letter-needs-login")),
    }
}

/// Refuses what was given already.
async fn refuse_given(door: &mut Door<'_>, ticket: &Ticket, object: &str) -> Result<(), Refusal> {
    let given = instruction::of_ticket(door.tx(), ticket.customer, ticket.id).await?;
    let holds = |one: &instruction::Instruction| one.ended_at.is_none() && one.object == object;
    if given.iter().any(holds) {
        return Err(Refusal::Conflict("instruction-given"));
    }
    Ok(())
}

/// Writes the letter.
async fn send(
    door: &mut Door<'_>,
    ticket: &Ticket,
    (asked, token): (&Asked, &Secret),
) -> Result<(), Refusal> {
    let (tools, now) = (door.tools().clone(), door.now());
    let args = Args::new()
        .text("object", ticket.object().name)
        .text("thing", &asked.object_name)
        .prose("message", &asked.quote)
        .time("until", asked.expires_at)
        .link("link", link(&tools, token));
    let args = match &Desk::of(&tools)?.address {
        Some(address) => {
            let place = (ticket.customer, ticket.id);
            let hands = (door.tx(), tools.rng.as_ref());
            threaded(hands, address, place, None, args).await?
        }
        None => args,
    };
    let mail = Outgoing {
        to: Recipient::User(asked.user),
        kind: NoticeKind::InstructionAsked,
        args,
        until: Some(asked.expires_at),
    };
    queue(door.tx(), now, tools.rng.as_ref(), &mail).await?;
    Ok(())
}

impl Command for AskInstruction {
    const NAME: &'static str = "instruction.ask";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = Asked;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Asked, Refusal> {
        let people = matches!(door.actor().kind, ActorKind::Staff | ActorKind::Token(_));
        let asked_by = door.actor().user.filter(|_| people);
        let asked_by = asked_by.ok_or(Refusal::Forbidden)?;
        let (mut ticket, before) = work::begin(door, self.id).await?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let place = (ticket.customer, ticket.id);
        let letter = store::letter(door.tx(), place, self.message).await?;
        let letter =
            letter.ok_or_else(|| Refusal::field("message", Problem::new("no-such-letter")))?;
        // Two people: who asks does not answer.
        if letter.user == asked_by {
            return Err(Refusal::Conflict("own-letter"));
        }
        // Nobody is asked to confirm what they did not write.
        if !mention::says(&letter.body, self.quote.as_str()) {
            return Err(Refusal::field("quote", Problem::new("not-in-letter")));
        }
        let scope = scope_of(door, &ticket, letter.user).await?;
        let thing = thing(door, &scope, &self.object).await?;
        refuse_given(door, &ticket, &thing.id).await?;
        let (now, tools) = (door.now(), door.tools().clone());
        let wish = Wish {
            ticket: &ticket,
            user: letter.user,
            thing: &thing,
            quote: self.quote.as_str(),
            asked_by: Some(asked_by),
        };
        let (asked, token) = make((door.tx(), tools.rng.as_ref()), wish, now).await?;
        send(door, &ticket, (&asked, &token)).await?;
        message::note_event(door, self.id, TicketEvent::InstructionAsked).await?;
        ticket.owner = ticket.owner.or(Some(asked_by));
        ticket.turn(Status::WaitsForCustomer, now);
        tickets::update(door.tx(), &ticket).await?;
        let mut after = ticket.snapshot();
        after["instruction_asked"] = json!(asked.object_name);
        door.record(ticket.object(), before, after);
        Ok(asked)
    }
}
