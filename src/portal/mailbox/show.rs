//! The page of one mailbox: how full it is, where programs find it, what arrived last.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_hosting::alias::{self, Alias};
use wabe_hosting::mailbox::{self, Mailbox};
use wabe_kernel::PageRequest;
use wabe_kernel::content::MessageHead;
use wabe_kernel::id::MailboxId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Page, Path, Query, format};

use crate::Portal;
use crate::mailbox::Frame;
use crate::recent::{self, Recent};
use crate::undo::{self, DoneBar};

/// Messages that are shown beside the rest.
const LATEST: usize = 5;
/// Changes that are shown beside the rest.
const CHANGES: i64 = 5;

/// The page.
#[derive(Template)]
#[template(path = "portal/mailbox/show.html")]
pub(crate) struct ShowPage {
    pub(crate) frame: Frame,
    pub(crate) mailbox: Mailbox,
    pub(crate) used: i64,
    pub(crate) percent: i64,
    pub(crate) messages: i64,
    /// Where mail arrives.
    pub(crate) smtp_host: String,
    pub(crate) smtp_port: String,
    /// The latest messages; none for who may not read them, or when they cannot be reached now.
    pub(crate) latest: Option<Vec<MessageHead>>,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) recent: Vec<Recent>,
    pub(crate) done: Option<DoneBar>,
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let mailbox = mailbox::load(&mut tx, &scope, id).await?;
    let aliases = alias::list(&mut tx, &scope, &PageRequest::first(200)).await?;
    let object = Some(id.to_string());
    let recent = recent::list(&portal, &mut tx, (&member, &scope), object, CHANGES).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    let frame = Frame::of(&portal, &member, &mailbox);
    let latest = latest(&portal, &member, &mailbox).await?;
    // What was measured last is good enough while the mail cannot be reached.
    let measured = portal.mail.usage(id).await.ok();
    let used = measured.map_or(mailbox.used_bytes, |measured| measured.bytes);
    let smtp = portal.house().smtp.rsplit_once(':');
    let (host, port) = smtp.unwrap_or((portal.house().smtp.as_str(), "25"));
    Ok(member.at("mailboxes").page(ShowPage {
        used,
        percent: format::percent(used, mailbox.quota_bytes),
        messages: measured.map_or(mailbox.messages, |measured| measured.messages),
        smtp_host: host.to_owned(),
        smtp_port: port.to_owned(),
        aliases: receiving_for(&mailbox, aliases.items),
        frame,
        mailbox,
        latest,
        recent,
        done,
    }))
}

fn receiving_for(mailbox: &Mailbox, aliases: Vec<Alias>) -> Vec<Alias> {
    aliases
        .into_iter()
        .filter(|alias| alias.targets.contains(&mailbox.address))
        .collect()
}

async fn latest(
    portal: &Portal,
    member: &Member,
    mailbox: &Mailbox,
) -> Result<Option<Vec<MessageHead>>, Failure> {
    let here = mailbox.standing.deleted_at.is_none();
    if !here || !member.visitor.has(Permission::MailRead) {
        return Ok(None);
    }
    let Ok(heads) = portal.mail.list(mailbox.id, 0, LATEST).await else {
        return Ok(None);
    };
    if !heads.is_empty() {
        portal
            .note_access(member, "mail.list", &mailbox.id.to_string())
            .await?;
    }
    Ok(Some(heads))
}
