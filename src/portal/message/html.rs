//! One message, as its sender laid it out: on a page of its own.
//!
//! The HTML is sanitised where the mail is kept. This page trusts that no further than it must: its
//! policy allows no script, style, image, form or frame, whatever stands in the message. The policy
//! stands in the page, because the header is the same for all pages; browsers hold both.

use askama::Template;
use axum::extract::State;
use wabe_kernel::id::MailboxId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path2};

use crate::Portal;
use crate::message::read;

/// The message's own layout.
#[derive(Template)]
#[template(path = "portal/message/html.html")]
pub(crate) struct HtmlPage {
    /// Back to the message as text.
    pub(crate) back: String,
    pub(crate) subject: String,
    /// Sanitised by whoever holds the mail.
    pub(crate) html: String,
}

pub(super) async fn html(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key): Path2<MailboxId, String>,
) -> Result<Page<HtmlPage>, Failure> {
    let (_mailbox, mail) = read(&portal, &member, id, &key).await?;
    let html = mail.html.ok_or(Failure::NotFound)?;
    let back = format!("/mailboxes/{id}/messages/{}", mail.head.key);
    Ok(member.page(HtmlPage {
        back,
        subject: mail.head.subject,
        html,
    }))
}
