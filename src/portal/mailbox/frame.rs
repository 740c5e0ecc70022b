//! What every page of one mailbox has in common: its head, its condition, its tabs.

use wabe_access::Permission;
use wabe_hosting::mailbox::Mailbox;
use wabe_kernel::{ResourceKind, State};
use wabe_web::{Member, Tab};

use crate::Portal;
use crate::condition::Condition;

/// The head of a mailbox's pages; for the macros of `templates/portal/mailbox/frame.html`.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Its id.
    pub(crate) id: String,
    /// Its address.
    pub(crate) name: String,
    /// Its state.
    pub(crate) state: State,
    /// What is to be said about that.
    pub(crate) condition: Condition,
    /// The pages of the mailbox that the member may see.
    pub(crate) tabs: Vec<Tab>,
    /// Whether the member may change it, and it is not in the trash.
    pub(crate) may_write: bool,
    /// Whether its mail is there to be opened: the member may read it, and it is not in the trash; an employee
    /// on a look without that is told how to ask for it.
    pub(crate) may_read: bool,
}

impl Frame {
    /// The frame of this mailbox as the member sees it.
    pub(crate) fn of(portal: &Portal, member: &Member, mailbox: &Mailbox) -> Self {
        let here = mailbox.standing.deleted_at.is_none();
        let has = |permission| here && member.visitor.has(permission);
        Self::new(
            mailbox,
            portal.condition(
                member,
                ResourceKind::Mailbox,
                &mailbox.id.to_string(),
                &mailbox.standing,
            ),
            has(Permission::MailboxWrite),
            has(Permission::MailRead) || (here && member.looks()),
        )
    }

    /// The frame with these rights.
    pub(crate) fn new(
        mailbox: &Mailbox,
        condition: Condition,
        may_write: bool,
        may_read: bool,
    ) -> Self {
        let href = format!("/mailboxes/{}", mailbox.id);
        let tab = |key, text, end: &str| Tab {
            href: format!("{href}{end}"),
            text,
            key,
        };
        let mut tabs = vec![tab("show", "mailbox-tab-show", "")];
        if may_read {
            tabs.push(tab("messages", "mailbox-tab-messages", "/messages"));
        }
        if may_write {
            tabs.push(tab("settings", "mailbox-tab-settings", "/settings"));
        }
        Self {
            id: mailbox.id.to_string(),
            name: mailbox.address.to_string(),
            state: mailbox.standing.shown_state(),
            condition,
            tabs,
            may_write,
            may_read,
        }
    }
}
