//! Deleting one message: asked first, because there is no way back.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use wabe_kernel::id::MailboxId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path2, see_other};

use crate::Portal;
use crate::message::{failure, opened, read};

/// The question.
#[derive(Template)]
#[template(path = "portal/message/delete.html")]
pub(crate) struct DeletePage {
    /// The page of the message.
    pub(crate) here: String,
    pub(crate) subject: String,
    pub(crate) from: String,
}

pub(super) async fn ask(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key): Path2<MailboxId, String>,
) -> Result<Page<DeletePage>, Failure> {
    // Who only looks deletes nothing.
    if member.looks() {
        return Err(Failure::NotFound);
    }
    let head = read(&portal, &member, id, &key).await?.1.head;
    let here = format!("/mailboxes/{id}/messages/{}", head.key);
    Ok(member.at("mailboxes").page(DeletePage {
        here,
        subject: head.subject,
        from: head.from,
    }))
}

pub(super) async fn remove(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key): Path2<MailboxId, String>,
) -> Result<Response, Failure> {
    opened(&portal, &member, id, "mail.delete").await?;
    portal.mail.delete(id, &key).await.map_err(failure)?;
    Ok(see_other(&format!("/mailboxes/{id}/messages?deleted=1")))
}
