//! Received mail.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::Call;
use crate::content::ready::ready;
use crate::paging::PAGED;
use axum::body::Body;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_kernel::content::{Message, MessageHead};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Cursor, Page};

const MESSAGES: &str = "/api/v1/mailboxes/{id}/messages";
const MESSAGE: &str = "/api/v1/mailboxes/{id}/messages/{key}";
const ATTACHMENT: &str = "/api/v1/mailboxes/{id}/messages/{key}/attachments/{index}";

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let needs = Permission::MailRead;
    let list = Operation::get(
        "message_list",
        MESSAGES,
        needs,
        Answers::List(|| schema_for!(MessageHead)),
    );
    let read = Operation::get(
        "message_show",
        MESSAGE,
        needs,
        Answers::Json(200, || schema_for!(Message)),
    );
    let delete = Operation::get("message_delete", MESSAGE, needs, Answers::Nothing)
        .by("DELETE", Sends::Nothing);
    let attachment = Operation::get("attachment_read", ATTACHMENT, needs, Answers::Bytes("*/*"));
    book.add(list.id("mbx").query(PAGED).endless(), list_messages)
        .add(read.id("mbx").endless(), show)
        .add(delete.id("mbx").endless(), delete_message)
        .add(attachment.id("mbx").endless(), read_attachment)
}

async fn opened(api: &Api, call: &Call, area: &'static str) -> Result<MailboxId, crate::Problem> {
    let mailbox: MailboxId = call.id("id")?;
    ready(api, call, &mailbox.to_string(), Permission::MailRead, area).await?;
    Ok(mailbox)
}

/// A page begins after so many messages; new mail moves it, as in every list that is newest first.
async fn list_messages(api: Api, call: Call) -> Answer {
    let page = call.page()?;
    let mailbox = opened(&api, &call, "mail.list").await?;
    let skip: usize = page.after_key().parse().unwrap_or(0);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let mut items = api.mail.list(mailbox, skip, limit + 1).await?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = more.then(|| Cursor::after(&skip.saturating_add(limit).to_string()).opaque());
    answer::ok(&Page { items, next })
}

async fn show(api: Api, call: Call) -> Answer {
    let mailbox = opened(&api, &call, "mail.read").await?;
    answer::ok(&api.mail.read(mailbox, call.text("key")).await?)
}

async fn delete_message(api: Api, call: Call) -> Answer {
    let mailbox = opened(&api, &call, "mail.delete").await?;
    api.mail.delete(mailbox, call.text("key")).await?;
    Ok(answer::nothing())
}

async fn read_attachment(api: Api, call: Call) -> Answer {
    let index: usize = call.id("index")?;
    let mailbox = opened(&api, &call, "mail.read").await?;
    let (about, bytes) = api
        .mail
        .attachment(mailbox, call.text("key"), index)
        .await?;
    let size = i64::try_from(bytes.len()).ok();
    Ok(answer::download(
        &about.media_type,
        &about.name,
        size,
        Body::from(bytes),
    ))
}
