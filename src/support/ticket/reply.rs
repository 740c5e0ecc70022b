//! `ticket.reply`, `ticket.solve`, `ticket.reopen`: what the customer's people do in a ticket.

use crate::attachment::{Files, WithFiles, store as attachment};
use crate::ticket::message::{self, NewMessage, TicketEvent, Visibility};
use crate::ticket::model::{Status, Ticket};
use crate::ticket::opened::author_kind;
use crate::ticket::{policy, store, tell, work};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::{Command, Door, Permission, Refusal, Scope};
use wabe_kernel::id::{TicketId, TicketMessageId};
use wabe_kernel::{MessageText, fields};

fields! {
    /// Answers in a ticket; a solved one is open again.
    pub struct ReplyToTicket {
        /// Which one.
        pub id: TicketId,
        /// The text.
        pub body: MessageText,
    }
    prepared {
        /// What comes along.
        files: Files,
    }
}

impl ReplyToTicket {
    /// What a letter says.
    pub(crate) fn by_mail(id: TicketId, body: MessageText) -> Self {
        Self {
            id,
            body,
            files: Files::default(),
        }
    }
}

impl WithFiles for ReplyToTicket {
    fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }
}

/// What a reply made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Replied {
    /// The message.
    pub message_id: TicketMessageId,
    /// How many secrets were masked in what was written.
    pub masked_secrets: usize,
}

/// The ticket at this door, when who stands there sees it and it is not closed for good.
pub(crate) async fn at(door: &mut Door<'_>, id: TicketId) -> Result<(Ticket, Value), Refusal> {
    let (customer, actor) = (door.customer(), door.actor().clone());
    let ticket = store::find(door.tx(), customer, id).await?;
    let scope = Scope::of(door.tx(), &actor).await?;
    policy::needs_sight(&scope, &ticket)?;
    if ticket.status == Status::Closed {
        return Err(Refusal::Conflict("ticket-closed"));
    }
    let before = ticket.snapshot();
    Ok((ticket, before))
}

impl Command for ReplyToTicket {
    const NAME: &'static str = "ticket.reply";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = Replied;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Replied, Refusal> {
        let (mut ticket, before) = at(door, self.id).await?;
        let new = NewMessage {
            ticket: self.id,
            author_kind: author_kind(door),
            visibility: Visibility::Public,
            event: None,
            body: self.body.as_str(),
        };
        let wrote = message::write(door, new).await?;
        let place = (wrote.id, Visibility::Public);
        attachment::keep(door, self.id, place, &self.files).await?;
        ticket.turn(ticket.hosters_turn(), door.now());
        work::keep_saying(door, &ticket, before, &self.files).await?;
        tell::replied(door, &ticket).await?;
        Ok(Replied {
            message_id: wrote.id,
            masked_secrets: wrote.masked,
        })
    }
}

fields! {
    /// Says that a ticket is solved.
    pub struct SolveTicket {
        /// Which one.
        pub id: TicketId,
    }
}

impl Command for SolveTicket {
    const NAME: &'static str = "ticket.solve";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = at(door, self.id).await?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-solved"));
        }
        ticket.turn(Status::Solved, door.now());
        message::note_event(door, self.id, TicketEvent::SolvedByMember).await?;
        work::keep(door, &ticket, before).await
    }
}

fields! {
    /// Opens a solved ticket again.
    pub struct ReopenTicket {
        /// Which one.
        pub id: TicketId,
    }
}

impl Command for ReopenTicket {
    const NAME: &'static str = "ticket.reopen";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = at(door, self.id).await?;
        if ticket.is_open() {
            return Err(Refusal::Conflict("ticket-open"));
        }
        ticket.turn(ticket.hosters_turn(), door.now());
        message::note_event(door, self.id, TicketEvent::Reopened).await?;
        work::keep(door, &ticket, before).await?;
        tell::replied(door, &ticket).await
    }
}
