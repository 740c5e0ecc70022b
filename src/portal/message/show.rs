//! One message, as text.

use askama::Template;
use axum::extract::State;
use wabe_kernel::content::{Attachment, Message as Mail};
use wabe_kernel::id::MailboxId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path2};

use crate::Portal;
use crate::message::attachment::is_whole;
use crate::message::read;

/// The message.
#[derive(Template)]
#[template(path = "portal/message/show.html")]
pub(crate) struct ShowPage {
    pub(crate) mailbox: String,
    /// The page of the mailbox.
    pub(crate) href: String,
    pub(crate) mail: Mail,
    /// Whether an employee looks, who deletes nothing and saves no more than pictures.
    pub(crate) looks: bool,
}

impl ShowPage {
    /// The page of this message.
    pub(crate) fn here(&self) -> String {
        format!("{}/messages/{}", self.href, self.mail.head.key)
    }

    /// Whether the visitor can have an attachment.
    pub(crate) fn gets(&self, about: &Attachment) -> bool {
        !self.looks || is_whole(about)
    }
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key): Path2<MailboxId, String>,
) -> Result<Page<ShowPage>, Failure> {
    let (mailbox, mail) = read(&portal, &member, id, &key).await?;
    Ok(member.at("mailboxes").page(ShowPage {
        mailbox: mailbox.address.to_string(),
        href: format!("/mailboxes/{id}"),
        mail,
        looks: member.looks(),
    }))
}
