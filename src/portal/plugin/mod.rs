//! Plugins: what there is, what is installed and what it may, what it did, and the pages it draws.
//!
//! Invariants: nothing of a plugin is markup: its words are escaped, its icon is a picture with an
//! address of its own, its pages are drawn by our components; what somebody agrees to stands on the
//! page in plain words, with the version they agree to; a password of webhooks is in the answer to
//! the request that made it and nowhere else.

mod address;
pub(crate) mod card;
mod catalogue;
mod choose;
mod consent;
mod create;
mod delete;
mod form;
mod frame;
mod icon;
pub(crate) mod names;
mod rights;
mod run;
#[cfg(test)]
mod samples;
mod secrets;
mod sensitive;
mod settings;
mod show;
mod state;
mod ui;
mod update;
mod webhook;
mod words;

use wabe_access::{Permission, Scope};
use wabe_automation::installation::{self, Installed};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Language, PageRequest};
use wabe_store::Tx;
use wabe_web::{Failure, Member, Needs, Routes};

use crate::{PORTAL, Portal};

/// The place in the navigation.
pub(crate) const PLACE: &str = "plugins";
const READ: Needs = Needs::Permission(Permission::AutomationRead);
const WRITE: Needs = Needs::Permission(Permission::AutomationWrite);
/// The most installations of a customer that pages look at.
const INSTALLATIONS_MAX: i64 = 200;

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/plugins", READ, catalogue::list)
        .get("/plugins/catalogue/{name}", READ, create::new)
        .post("/plugins/catalogue/{name}", WRITE, create::create)
        .get(
            "/plugins/catalogue/{name}/icon.svg",
            READ,
            icon::of_catalogue,
        )
        .merge(run::routes())
        .merge(installed())
        .merge(drawn())
}

/// The routes of one installation.
fn installed() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/plugins/{id}", READ, show::show)
        .id("ins")
        .get("/plugins/{id}/icon.svg", READ, icon::of_installation)
        .id("ins")
        .get("/plugins/{id}/rights", WRITE, rights::rights)
        .id("ins")
        .post("/plugins/{id}/rights", WRITE, rights::set)
        .id("ins")
        .get("/plugins/{id}/settings", WRITE, settings::settings)
        .id("ins")
        .post("/plugins/{id}/settings", WRITE, settings::set)
        .id("ins")
        .get("/plugins/{id}/secrets", WRITE, secrets::secrets)
        .id("ins")
        .post("/plugins/{id}/secrets", WRITE, secrets::set)
        .id("ins")
        .get("/plugins/{id}/webhook", WRITE, webhook::webhook)
        .id("ins")
        .post("/plugins/{id}/webhook", WRITE, webhook::renew)
        .id("ins")
        .get("/plugins/{id}/update", WRITE, update::ask)
        .id("ins")
        .post("/plugins/{id}/update", WRITE, update::approve)
        .id("ins")
        .post("/plugins/{id}/pause", WRITE, state::pause)
        .id("ins")
        .post("/plugins/{id}/resume", WRITE, state::resume)
        .id("ins")
        .post("/plugins/{id}/rollback", WRITE, state::roll_back)
        .id("ins")
        .post("/plugins/{id}/try", WRITE, state::try_out)
        .id("ins")
        .get("/plugins/{id}/delete", WRITE, delete::ask)
        .id("ins")
        .post("/plugins/{id}/delete", WRITE, delete::delete)
        .id("ins")
        .get("/plugins/{id}/export.json", WRITE, delete::export)
        .id("ins")
}

/// The routes of what plugins draw.
fn drawn() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/plugins/{id}/forms/{form}", READ, form::show)
        .id("ins")
        .cost(wabe_web::Cost::Normal)
        .post("/plugins/{id}/forms/{form}", WRITE, form::submit)
        .id("ins")
        .get("/plugins/{id}/cards/{form}", READ, card::card)
        .id("ins")
        .cost(wabe_web::Cost::Normal)
}

/// An installation of the member's customer.
async fn find(portal: &Portal, member: &Member, id: InstallationId) -> Result<Installed, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = installation::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    Ok(found)
}

/// Everything that is installed, as far as pages look.
pub(crate) async fn all(tx: &mut Tx, scope: &Scope) -> Result<Vec<Installed>, Failure> {
    let page = PageRequest::first(INSTALLATIONS_MAX);
    Ok(installation::list(tx, scope, &page).await?.items)
}

/// An installation that was searched for.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// Its page.
    pub(crate) href: String,
    /// What the plugin is called.
    pub(crate) name: String,
    /// The sign of where it stands.
    pub(crate) sign: &'static str,
    /// The word beside it.
    pub(crate) word: String,
}

/// Installations whose plugin is called like that; none for who may not see plugins.
pub(crate) async fn search(
    tx: &mut Tx,
    scope: &Scope,
    language: Language,
    text: &str,
) -> Result<Vec<Hit>, Failure> {
    if !scope.has(Permission::AutomationRead) {
        return Ok(Vec::new());
    }
    let wanted = text.to_lowercase();
    let installed = all(tx, scope).await?;
    let known = |found: &&Installed| {
        let manifest = &found.version.manifest;
        let name = manifest.name.get(language).to_lowercase();
        name.contains(&wanted) || manifest.id.as_str().contains(&wanted)
    };
    let hit = |found: &Installed| {
        let standing = frame::Standing::of(language, found);
        Hit {
            href: path(found.installation.id),
            name: found.version.manifest.name.get(language).to_owned(),
            sign: standing.sign,
            word: standing.word,
        }
    };
    Ok(installed.iter().filter(known).map(hit).collect())
}

/// The page of an installation.
pub(crate) fn path(id: InstallationId) -> String {
    format!("/plugins/{id}")
}
