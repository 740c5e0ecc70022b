//! `ticket.attach`

use crate::attachment::file::{FileBytes, Files, NewFile, Sent};
use crate::attachment::store::{self, Attachment};
use crate::ticket::message::{self, NewMessage, Visibility};
use crate::ticket::opened::author_kind;
use crate::ticket::{reply, tell, work};
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::{Fault, Line, fields};

fields! {
    /// Adds a file to a ticket, as a message of its own.
    pub struct AttachToTicket {
        /// Which ticket.
        pub id: TicketId,
        /// What the file is called.
        pub name: Line,
        /// The file, in Base64.
        pub file: FileBytes,
    }
    prepared {
        /// The file, once it was looked at.
        files: Option<Files>,
    }
}

impl AttachToTicket {
    /// Adds these bytes.
    #[must_use]
    pub const fn of(id: TicketId, name: Line, bytes: Vec<u8>) -> Self {
        Self {
            id,
            name,
            file: FileBytes(bytes),
            files: None,
        }
    }
}

impl Command for AttachToTicket {
    const NAME: &'static str = "ticket.attach";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    const PREPARES: bool = true;
    type Output = Attachment;

    async fn prepare(&mut self, _with: &Preparing<'_>) -> Result<(), Refusal> {
        let sent = Sent {
            name: self.name.to_string(),
            bytes: self.file.0.clone(),
        };
        let file = NewFile::read(sent).map_err(|problem| Refusal::field("file", problem))?;
        self.files = Some(Files {
            all: vec![file],
            left_out: 0,
        });
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Attachment, Refusal> {
        let missing = || Fault::new("a file that was not looked at");
        let files = self.files.as_ref().ok_or_else(missing)?;
        let (mut ticket, before) = reply::at(door, self.id).await?;
        let new = NewMessage {
            ticket: self.id,
            author_kind: author_kind(door),
            visibility: Visibility::Public,
            event: None,
            body: "",
        };
        let wrote = message::write(door, new).await?;
        let kept = store::keep(door, self.id, (wrote.id, Visibility::Public), files).await?;
        ticket.turn(ticket.hosters_turn(), door.now());
        work::keep_saying(door, &ticket, before, files).await?;
        tell::replied(door, &ticket).await?;
        Ok(kept.into_iter().next().ok_or_else(missing)?)
    }
}
