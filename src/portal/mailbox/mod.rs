//! Mailboxes: the list, making one, its page with its mail, its settings.
//!
//! Passwords go in and never come out: the only one that is ever shown is a suggestion that nobody
//! has taken yet.

mod create;
mod frame;
mod list;
#[cfg(test)]
pub(crate) mod samples;
mod settings;
mod show;

pub(crate) use create::{addressed, at_its_field, domains, suggestion};
pub(crate) use frame::Frame;
pub(crate) use list::address_tabs;

use axum::extract::State;
use axum::response::Response;
use wabe_access::Permission;
use wabe_hosting::mailbox::{DeleteMailbox, Mailbox, Resume, Suspend, load};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::MailboxId;
use wabe_web::{Failure, Form, Member, Needs, Path, Routes};

use crate::lifecycle::{self, Thing};
use crate::{PORTAL, Portal};

const READ: Needs = Needs::Permission(Permission::MailboxRead);
const WRITE: Needs = Needs::Permission(Permission::MailboxWrite);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/mailboxes", READ, list::list)
        .get("/mailboxes/new", WRITE, create::new)
        .post("/mailboxes", WRITE, create::create)
        .get("/mailboxes/{id}", READ, show::show)
        .id("mbx")
        .get("/mailboxes/{id}/settings", WRITE, settings::settings)
        .id("mbx")
        .post("/mailboxes/{id}/quota", WRITE, settings::set_quota)
        .id("mbx")
        .post("/mailboxes/{id}/password", WRITE, settings::set_password)
        .id("mbx")
        .get("/mailboxes/{id}/suspend", WRITE, suspend_page)
        .id("mbx")
        .post("/mailboxes/{id}/suspend", WRITE, suspend)
        .id("mbx")
        .post("/mailboxes/{id}/resume", WRITE, resume)
        .id("mbx")
        .get("/mailboxes/{id}/delete", WRITE, delete_page)
        .id("mbx")
        .post("/mailboxes/{id}/delete", WRITE, delete)
        .id("mbx")
}

/// A mailbox of the member's customer.
pub(crate) async fn find(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
) -> Result<Mailbox, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(found)
}

async fn thing(portal: &Portal, member: &Member, id: MailboxId) -> Result<Thing, Failure> {
    let found = find(portal, member, id).await?;
    Ok(Thing {
        kind: ResourceKind::Mailbox,
        id: found.id.to_string(),
        name: found.address.to_string(),
        place: "mailboxes",
    })
}

async fn suspend_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::suspend_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn suspend(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    form: Form,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::suspend::<Suspend>(&portal, &member, thing, form).await
}

async fn resume(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::resume::<Resume>(&portal, &member, &thing).await
}

async fn delete_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::delete_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    form: Form,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    let typed = (form.get("confirm"), "/mailboxes");
    lifecycle::delete::<DeleteMailbox>(&portal, &member, thing, typed).await
}
