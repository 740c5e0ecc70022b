//! Databases: the list, making one, its page, its tables, the SQL console, dumps in and out, who comes
//! in from elsewhere, its settings.
//!
//! Rows are content: every look and every statement is noted in the access log before it happens, and
//! nothing of it can be taken back here. An employee on a look reads tables and sends no statements.

mod console;
mod create;
mod export;
mod frame;
mod import;
mod list;
mod password;
mod remote;
mod rows;
#[cfg(test)]
mod samples;
mod settings;
mod show;
mod trouble;

use axum::extract::State;
use axum::response::Response;
use wabe_access::Permission;
use wabe_hosting::database::{Database, DeleteDatabase, Resume, Suspend, load};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::DatabaseId;
use wabe_web::{Cost, Failure, Form, Member, Needs, Path, Routes};

use crate::lifecycle::{self, Thing};
use crate::{PORTAL, Portal};

const READ: Needs = Needs::Permission(Permission::DatabaseRead);
const WRITE: Needs = Needs::Permission(Permission::DatabaseWrite);
const USE: Needs = Needs::Permission(Permission::SqlUse);

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/databases", READ, list::list)
        .get("/databases/new", WRITE, create::new)
        .post("/databases", WRITE, create::create)
        .get("/databases/{id}", READ, show::show)
        .id("dbs")
        .get("/databases/{id}/settings", WRITE, settings::settings)
        .id("dbs")
        .post("/databases/{id}/quota", WRITE, settings::set_quota)
        .id("dbs")
        .post(
            "/databases/{id}/connections",
            WRITE,
            settings::set_connections,
        )
        .id("dbs")
        .get("/databases/authority.pem", READ, remote::authority)
        .get("/databases/{id}/remote", READ, remote::remote)
        .id("dbs")
        .post("/databases/{id}/remote", WRITE, remote::set_addresses)
        .id("dbs")
        .post("/databases/{id}/password", WRITE, password::set_password)
        .id("dbs")
        .get("/databases/{id}/suspend", WRITE, suspend_page)
        .id("dbs")
        .post("/databases/{id}/suspend", WRITE, suspend)
        .id("dbs")
        .post("/databases/{id}/resume", WRITE, resume)
        .id("dbs")
        .get("/databases/{id}/delete", WRITE, delete_page)
        .id("dbs")
        .post("/databases/{id}/delete", WRITE, delete)
        .id("dbs")
        .merge(content())
}

/// The routes that reach into a database.
fn content() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/databases/{id}/sql", USE, console::console)
        .id("dbs")
        .post("/databases/{id}/sql", USE, console::run)
        .id("dbs")
        .cost(Cost::Heavy)
        .get("/databases/{id}/rows", USE, rows::rows)
        .id("dbs")
        .cost(Cost::Heavy)
        .get("/databases/{id}/import", USE, import::form)
        .id("dbs")
        .post("/databases/{id}/import", USE, import::import)
        .id("dbs")
        .cost(Cost::Heavy)
        .endless()
        .get("/databases/{id}/export.sql", USE, export::export)
        .id("dbs")
        .cost(Cost::Heavy)
        .endless()
}

/// A database of the member's customer.
async fn find(portal: &Portal, member: &Member, id: DatabaseId) -> Result<Database, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(found)
}

/// A database that can be reached into, once the look is noted; nothing of one in the trash.
async fn opened(
    portal: &Portal,
    member: &Member,
    id: DatabaseId,
    area: &'static str,
) -> Result<Database, Failure> {
    let found = present(portal, member, id).await?;
    portal.note_access(member, area, &id.to_string()).await?;
    Ok(found)
}

/// A database that is not in the trash, for who may send something into it. An employee on a look sends nothing,
/// so the form for that is not there for them.
async fn sendable(portal: &Portal, member: &Member, id: DatabaseId) -> Result<Database, Failure> {
    if member.looks() {
        return Err(Failure::NotFound);
    }
    present(portal, member, id).await
}

/// A database that is not in the trash.
async fn present(portal: &Portal, member: &Member, id: DatabaseId) -> Result<Database, Failure> {
    let found = find(portal, member, id).await?;
    if found.standing.deleted_at.is_some() {
        return Err(Failure::NotFound);
    }
    Ok(found)
}

async fn thing(portal: &Portal, member: &Member, id: DatabaseId) -> Result<Thing, Failure> {
    let found = find(portal, member, id).await?;
    Ok(Thing {
        kind: ResourceKind::Database,
        id: found.id.to_string(),
        name: found.name.to_string(),
        place: "databases",
    })
}

async fn suspend_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::suspend_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn suspend(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::suspend::<Suspend>(&portal, &member, thing, form).await
}

async fn resume(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    lifecycle::resume::<Resume>(&portal, &member, &thing).await
}

async fn delete_page(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Response, Failure> {
    Ok(lifecycle::delete_page(
        &member,
        thing(&portal, &member, id).await?,
    ))
}

async fn delete(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let thing = thing(&portal, &member, id).await?;
    let typed = (form.get("confirm"), "/databases");
    lifecycle::delete::<DeleteDatabase>(&portal, &member, thing, typed).await
}
