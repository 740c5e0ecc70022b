//! The mail in a mailbox, read in the portal.
//!
//! Invariants: every look is noted in the access log before anything is shown; HTML of strangers never
//! stands in a page of the portal, only on a page of its own whose policy loads and runs nothing;
//! attachments are only ever downloaded. Of a mailbox in the trash nothing is shown. An employee on a look
//! leaves a message as unread as it was.

pub(crate) mod attachment;
mod html;
mod list;
mod remove;
#[cfg(test)]
mod samples;
mod show;

use wabe_access::Permission;
use wabe_hosting::mailbox::Mailbox;
use wabe_kernel::Fault;
use wabe_kernel::content::{ContentError, Message};
use wabe_kernel::id::MailboxId;
use wabe_web::{Failure, Member, Needs, Routes};

use crate::{PORTAL, Portal, mailbox};

const READ: Needs = Needs::Permission(Permission::MailRead);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/mailboxes/{id}/messages", READ, list::list)
        .id("mbx")
        .get("/mailboxes/{id}/messages/{key}", READ, show::show)
        .id("mbx")
        .get("/mailboxes/{id}/messages/{key}/html", READ, html::html)
        .id("mbx")
        .get(
            "/mailboxes/{id}/messages/{key}/attachments/{index}",
            READ,
            attachment::attachment,
        )
        .id("mbx")
        .get("/mailboxes/{id}/messages/{key}/delete", READ, remove::ask)
        .id("mbx")
        .post(
            "/mailboxes/{id}/messages/{key}/delete",
            READ,
            remove::remove,
        )
        .id("mbx")
}

/// Whether a text can be the key of a message: nothing else is written into anybody's access log.
fn is_key(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=200).contains(&text.len()) && text.bytes().all(plain)
}

/// The mailbox, once the look into it is noted, with the key of the message if it is one.
async fn opened(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
    (area, key): (&'static str, Option<&str>),
) -> Result<Mailbox, Failure> {
    let found = mailbox::find(portal, member, id).await?;
    if found.standing.deleted_at.is_some() || !key.is_none_or(is_key) {
        return Err(Failure::NotFound);
    }
    portal
        .note_part(member, area, (&id.to_string(), key))
        .await?;
    Ok(found)
}

/// One message. Read by its people it counts as seen.
async fn read(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
    key: &str,
) -> Result<Message, Failure> {
    let found = if member.looks() {
        portal.mail.peek(id, key).await
    } else {
        portal.mail.read(id, key).await
    };
    found.map_err(failure)
}

/// What a page says when mail cannot be reached.
fn failure(error: ContentError) -> Failure {
    match error {
        ContentError::TooLarge { .. } => Failure::TooLarge,
        ContentError::TimedOut => Failure::TimedOut,
        ContentError::Refused("busy") => Failure::Busy(5),
        ContentError::Fault(told) => Failure::Fault(Fault::because("reach a mailbox", told)),
        // What is not there, and what a key could never name.
        _ => Failure::NotFound,
    }
}
