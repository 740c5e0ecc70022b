//! The inbox of a mailbox.

use askama::Template;
use axum::extract::State;
use wabe_kernel::content::MessageHead;
use wabe_kernel::id::MailboxId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query};

use crate::Portal;
use crate::mailbox::Frame;
use crate::message::{failure, opened};

/// Messages on one page.
const MESSAGES: usize = 50;
/// How far the list can be paged through.
const SKIP_MAX: usize = 1_000_000;

/// The inbox.
#[derive(Template)]
#[template(path = "portal/message/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) heads: Vec<MessageHead>,
    /// Where newer ones are; empty on the first page.
    pub(crate) newer: String,
    /// Where older ones are; empty on the last page.
    pub(crate) older: String,
    /// Whether a message was just deleted.
    pub(crate) deleted: bool,
}

/// How many messages are skipped; an address that says nonsense begins at the start.
fn skipped(query: &Query) -> usize {
    query.get("after").parse().unwrap_or(0).min(SKIP_MAX)
}

pub(super) async fn list(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    query: Query,
) -> Result<Page<ListPage>, Failure> {
    let mailbox = opened(&portal, &member, id, "mail.list").await?;
    let skip = skipped(&query);
    let mut heads = portal
        .mail
        .list(id, skip, MESSAGES + 1)
        .await
        .map_err(failure)?;
    let more = heads.len() > MESSAGES;
    heads.truncate(MESSAGES);
    let at = |skip: usize| match skip {
        0 => format!("/mailboxes/{id}/messages"),
        skip => format!("/mailboxes/{id}/messages?after={skip}"),
    };
    Ok(member.at("mailboxes").page(ListPage {
        frame: Frame::of(&portal, &member, &mailbox),
        heads,
        newer: if skip == 0 {
            String::new()
        } else {
            at(skip.saturating_sub(MESSAGES))
        },
        older: if more {
            at(skip + MESSAGES)
        } else {
            String::new()
        },
        deleted: query.get("deleted") == "1",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_in_the_address_begins_at_the_start() {
        let at = |text: &str| skipped(&Query([("after".to_owned(), text.to_owned())].into()));
        assert_eq!(
            [at("50"), at("-1"), at("x"), at("99999999999")],
            [50, 0, 0, SKIP_MAX]
        );
    }
}
