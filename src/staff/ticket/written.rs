//! One message of a ticket, as the desk shows it.

use wabe_kernel::Timestamp;
use wabe_support::attachment::Attachment;
use wabe_support::ticket::message::{AuthorKind, DeskMessage, TicketEvent, Visibility};
use wabe_web::session::initials;

use crate::ticket::card::Card;

/// One message as the desk shows it.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Who wrote it.
    pub(crate) by: AuthorKind,
    /// Their name; empty when they are gone.
    pub(crate) name: String,
    /// The letters in their sign.
    pub(crate) initials: String,
    /// Whether no customer sees it.
    pub(crate) internal: bool,
    /// What the panel did.
    pub(crate) event: Option<TicketEvent>,
    /// What was changed on an instruction.
    pub(crate) card: Option<Card>,
    /// The plugin that found what the text says, with its run.
    pub(crate) plugin: Option<(String, String)>,
    /// The text.
    pub(crate) body: String,
    /// The files that came with it.
    pub(crate) files: Vec<Attachment>,
    /// Whether it came by email.
    pub(crate) by_mail: bool,
    /// Who wrote it down, when it was said on the telephone.
    pub(crate) heard_by: Option<String>,
    /// When.
    pub(crate) at: Timestamp,
}

impl Written {
    /// Whether somebody of the hoster wrote it.
    pub(crate) fn is_staff(&self) -> bool {
        self.by == AuthorKind::Staff
    }

    /// Whether somebody without an account wrote it.
    pub(crate) fn is_contact(&self) -> bool {
        self.by == AuthorKind::Contact
    }
}

pub(super) fn written(
    message: DeskMessage,
    name: String,
    heard_by: Option<String>,
    card: Option<Card>,
) -> Written {
    Written {
        by: message.author_kind,
        initials: initials(&name),
        name,
        internal: message.visibility == Visibility::Internal,
        event: message.event,
        card,
        plugin: message.plugin.zip(message.run.map(|run| run.to_string())),
        body: message.body,
        files: message.attachments,
        by_mail: message.by_mail,
        heard_by,
        at: message.created_at,
    }
}
