//! `ticket.answer` and `ticket.note`

use crate::attachment::{Files, WithFiles, store as attachment};
use crate::ticket::message::{self, AuthorKind, NewMessage, Visibility};
use crate::ticket::model::{Status, Ticket};
use crate::ticket::{tell, work};
use serde_json::{Value, json};
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::{MessageText, Problem, fields};

fields! {
    /// Answers the customer. Whoever answers first has the ticket from then on.
    pub struct AnswerTicket {
        /// Which one.
        pub id: TicketId,
        /// The text.
        pub body: MessageText,
        /// Where the ticket stands afterwards: `waits_for_customer`, `open` or `solved`; it waits when
        /// nothing is said.
        pub then: Option<Status>,
    }
    prepared {
        /// What comes along.
        files: Files,
    }
}

impl WithFiles for AnswerTicket {
    fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }
}

impl Command for AnswerTicket {
    const NAME: &'static str = "ticket.answer";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let found = work::begin(door, self.id).await?;
        let then = self.then.unwrap_or(Status::WaitsForCustomer);
        if !matches!(
            then,
            Status::WaitsForCustomer | Status::Open | Status::Solved
        ) {
            return Err(Refusal::field("then", Problem::new("not-a-choice")));
        }
        answer(door, found, (self.body.as_str(), &self.files), then).await
    }
}

/// Writes an answer into a ticket, in the name of whoever acts: the ticket, as it was found, is theirs if
/// it was nobody's, stands where `then` says, and the customer is told.
///
/// # Errors
/// `Conflict` for a ticket that is closed, or a fault.
pub(crate) async fn answer(
    door: &mut Door<'_>,
    (mut ticket, before): (Ticket, Value),
    (body, files): (&str, &Files),
    then: Status,
) -> Result<(), Refusal> {
    if ticket.status == Status::Closed {
        return Err(Refusal::Conflict("ticket-closed"));
    }
    work::take_on(door, &mut ticket)?;
    let now = door.now();
    let new = NewMessage {
        ticket: ticket.id,
        author_kind: AuthorKind::Staff,
        visibility: Visibility::Public,
        event: None,
        body,
    };
    let wrote = message::write(door, new).await?;
    let place = (wrote.id, Visibility::Public);
    attachment::keep(door, ticket.id, place, files).await?;
    ticket.first_answer_at = ticket.first_answer_at.or(Some(now));
    ticket.turn(then, now);
    work::keep_saying(door, &ticket, before, files).await?;
    tell::answered(door, &ticket, &wrote.text).await
}

fields! {
    /// Notes something that the hoster's people alone read. The record says that, and not what.
    pub struct NoteOnTicket {
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

impl WithFiles for NoteOnTicket {
    fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }
}

impl Command for NoteOnTicket {
    const NAME: &'static str = "ticket.note";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ticket, _before) = work::begin(door, self.id).await?;
        let new = NewMessage {
            ticket: self.id,
            author_kind: AuthorKind::Staff,
            visibility: Visibility::Internal,
            event: None,
            body: self.body.as_str(),
        };
        let wrote = message::write(door, new).await?;
        let place = (wrote.id, Visibility::Internal);
        attachment::keep(door, self.id, place, &self.files).await?;
        let said = |noted: bool| json!({ "id": self.id, "noted": noted });
        let mut noted = said(true);
        // A name of a file would tell what the note keeps to itself.
        if let (Some(members), 1..) = (noted.as_object_mut(), self.files.all.len()) {
            members.insert("file_count".to_owned(), self.files.all.len().into());
        }
        door.record(ticket.object(), said(false), noted);
        Ok(())
    }
}
