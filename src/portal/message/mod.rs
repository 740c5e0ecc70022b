//! The mail in a mailbox, read in the portal.
//!
//! Invariants: every look is noted in the access log before anything is shown; HTML of strangers never
//! stands in a page of the portal, only on a page of its own whose policy loads and runs nothing;
//! attachments are only ever downloaded. Of a mailbox in the trash nothing is shown. An employee on a look
//! leaves a message as unread as it was, and gets of its attachments pictures of a bounded size.

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

/// The mailbox, when there is something to show of it.
async fn found(portal: &Portal, member: &Member, id: MailboxId) -> Result<Mailbox, Failure> {
    let found = mailbox::find(portal, member, id).await?;
    if found.standing.deleted_at.is_some() {
        return Err(Failure::NotFound);
    }
    Ok(found)
}

/// The same, once the look into it is noted.
async fn opened(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
    area: &'static str,
) -> Result<Mailbox, Failure> {
    let found = found(portal, member, id).await?;
    noted(portal, member, (id, area), None).await?;
    Ok(found)
}

/// Notes a look. Of what stands in an address, only what there is.
async fn noted(
    portal: &Portal,
    member: &Member,
    (id, area): (MailboxId, &'static str),
    part: Option<&str>,
) -> Result<(), Failure> {
    portal
        .note_part(member, area, (&id.to_string(), part))
        .await
}

/// One message with its mailbox, once that is noted. Read by its people it counts as seen.
async fn read(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
    key: &str,
) -> Result<(Mailbox, Message), Failure> {
    let mailbox = found(portal, member, id).await?;
    let message = if member.looks() {
        portal.mail.peek(id, key).await
    } else {
        portal.mail.read(id, key).await
    };
    let message = message.map_err(failure)?;
    noted(portal, member, (id, "mail.read"), Some(&message.head.key)).await?;
    Ok((mailbox, message))
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
