//! `ticket.create`

use crate::attachment::{Files, WithFiles};
use crate::ticket::model::{Category, Channel, Priority};
use crate::ticket::opened::{self, Opening, TicketOpened, no_such_object};
use crate::ticket::policy;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Scope};
use wabe_kernel::{Line, MessageText, fields};

fields! {
    /// Opens a ticket: asks the hoster for help.
    pub struct CreateTicket {
        /// What it is about, in a line.
        pub subject: Line,
        /// The question.
        pub body: MessageText,
        /// The id of the webspace, domain, mailbox, alias, database or member (their login) that it is about.
        pub object: Option<Line>,
        /// What it is about; follows the object when left out.
        pub category: Option<Category>,
    }
    prepared {
        /// What comes along.
        files: Files,
    }
}

impl CreateTicket {
    /// A ticket out of a letter.
    pub(crate) fn by_mail(subject: Line, body: MessageText) -> Self {
        Self {
            subject,
            body,
            object: None,
            category: None,
            files: Files::default(),
        }
    }
}

impl WithFiles for CreateTicket {
    fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }
}

impl Command for CreateTicket {
    const NAME: &'static str = "ticket.create";
    const PERMISSION: Permission = Permission::TicketWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = TicketOpened;

    async fn apply(&self, door: &mut Door<'_>) -> Result<TicketOpened, Refusal> {
        let actor = door.actor().clone();
        let object = opened::named(door, self.object.as_ref()).await?;
        if let Some(found) = &object {
            let scope = Scope::of(door.tx(), &actor).await?;
            if !policy::may_name(&scope, found) {
                return Err(no_such_object());
            }
        }
        let channel = match actor.kind {
            ActorKind::Token(_) | ActorKind::Plugin { .. } => Channel::Api,
            ActorKind::System => Channel::Mail,
            ActorKind::Member | ActorKind::Staff => Channel::Portal,
        };
        let opening = Opening {
            subject: &self.subject,
            body: Some(&self.body),
            files: &self.files,
            object: object.map(|named| named.about),
            category: self.category,
            priority: Priority::Normal,
            owner: None,
            channel,
        };
        opened::open(door, opening).await
    }
}
