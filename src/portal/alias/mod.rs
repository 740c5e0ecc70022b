//! Alias addresses: the list, making one, where it delivers to.

mod create;
mod list;
#[cfg(test)]
mod samples;
mod show;

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Permission, Scope};
use wabe_hosting::alias::{DeleteAlias, Resume, Suspend, load};
use wabe_hosting::mailbox;
use wabe_kernel::id::AliasId;
use wabe_kernel::{PageRequest, ResourceKind};
use wabe_store::Tx;
use wabe_web::{Failure, Form, Member, Needs, Path, Routes};

use crate::lifecycle::{self, Thing};
use crate::{PORTAL, Portal};

const READ: Needs = Needs::Permission(Permission::MailboxRead);
const WRITE: Needs = Needs::Permission(Permission::MailboxWrite);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/aliases", READ, list::list)
        .get("/aliases/new", WRITE, create::new)
        .post("/aliases", WRITE, create::create)
        .get("/aliases/{id}", READ, show::show)
        .id("als")
        .post("/aliases/{id}/targets", WRITE, show::set_targets)
        .id("als")
        .get("/aliases/{id}/suspend", WRITE, suspend_page)
        .id("als")
        .post("/aliases/{id}/suspend", WRITE, suspend)
        .id("als")
        .post("/aliases/{id}/resume", WRITE, resume)
        .id("als")
        .get("/aliases/{id}/delete", WRITE, delete_page)
        .id("als")
        .post("/aliases/{id}/delete", WRITE, delete)
        .id("als")
}

/// One mailbox that an alias may deliver to.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Its address.
    pub(crate) address: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// The customer's mailboxes as a choice. Who is in `chosen` and no mailbox any more stays on the
/// list, so that the person can take it off.
async fn targets(tx: &mut Tx, scope: &Scope, chosen: &str) -> Result<Vec<Target>, Failure> {
    let found = mailbox::list(tx, scope, &PageRequest::first(200)).await?;
    let known = found
        .items
        .into_iter()
        .map(|mailbox| mailbox.address.to_string());
    Ok(choice(known.collect(), chosen))
}

fn choice(known: Vec<String>, chosen: &str) -> Vec<Target> {
    let chosen: Vec<&str> = chosen.split_whitespace().collect();
    let strangers = chosen
        .iter()
        .filter(|address| !known.iter().any(|known| known == *address));
    let strangers: Vec<Target> = strangers
        .map(|address| Target {
            address: (*address).to_owned(),
            chosen: true,
        })
        .collect();
    let known = known.into_iter().map(|address| {
        let chosen = chosen.contains(&address.as_str());
        Target { address, chosen }
    });
    known.chain(strangers).collect()
}

async fn thing(portal: &Portal, member: &Member, id: AliasId) -> Result<Thing, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(Thing {
        kind: ResourceKind::Alias,
        id: found.id.to_string(),
        name: found.address.to_string(),
        place: "mailboxes",
    })
}

async fn suspend_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::suspend_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn suspend(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
    form: Form,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::suspend::<Suspend>(&portal, &member, thing, form).await
}

async fn resume(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::resume::<Resume>(&portal, &member, &thing).await
}

async fn delete_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::delete_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::delete::<DeleteAlias>(&portal, &member, thing, ("", "/aliases")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_is_gone_can_still_be_taken_off() {
        let known = vec!["a@x.test".to_owned(), "b@x.test".to_owned()];
        let found = choice(known, "b@x.test\ngone@x.test");
        let chosen: Vec<(&str, bool)> = found
            .iter()
            .map(|target| (target.address.as_str(), target.chosen))
            .collect();
        assert_eq!(
            chosen,
            [
                ("a@x.test", false),
                ("b@x.test", true),
                ("gone@x.test", true)
            ]
        );
    }
}
