//! Plugins from upload to effect, with guests that are closures: rights, the order of things, retries,
//! what is taken back, and what nobody may reach.

mod at_ticket;
mod at_ticket_by_program;
mod catalogue;
mod days;
pub(crate) mod desk;
mod effects;
mod files;
mod foreign;
mod host;
mod lifecycle;
mod looks;
mod programs;
mod recordings;
mod rest;
mod rules;
mod sandbox_child;
mod taken_back;
mod texts;
mod turns;
mod waiting;
mod webhook;

use serde_json::{Value, json};
use wabe_access::{Actor, Refusal, Scope};
use wabe_automation::installation::{self, Installed};
use wabe_automation::run::{self, Run, RunDetail, RunFilter};
use wabe_kernel::PageRequest;
use wabe_kernel::id::{InstallationId, RunId};
use wabe_testkit::{House, Tenant, capability, manifest};

/// A plugin that hears of databases and may change them.
fn listener(name: &str, version: &str) -> String {
    let capabilities = [
        capability("events:database.*", false),
        capability("effect:database.create", true),
        capability("effect:database.set_quota", true),
        capability("effect:database.delete", true),
        capability("mail", true),
    ];
    let trigger = "[[trigger]]\nkind = \"event\"\ntopic = \"database.create\"\n";
    manifest(
        name,
        version,
        &format!("{}{trigger}", capabilities.concat()),
    )
}

/// Everything that [`listener`] asks for.
fn everything() -> Value {
    json!({
        "events:database.*": true, "effect:database.create": true,
        "effect:database.set_quota": true, "effect:database.delete": true, "mail": true,
    })
}

async fn make_database(house: &House, actor: &Actor, name: &str) -> String {
    let input = json!({ "name": name });
    let done = house.run_json(actor, "database.create", input).await;
    done.unwrap().object
}

/// The names of a customer's databases, in order.
async fn databases(house: &House, tenant: &Tenant) -> Vec<String> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let page = wabe_hosting::database::list(&mut tx, &scope, &PageRequest::first(200)).await;
    tx.rollback().await.unwrap();
    let items = page.unwrap().items.into_iter();
    items.map(|one| one.name.to_string()).collect()
}

/// The runs of a customer, oldest first.
async fn runs(house: &House, tenant: &Tenant) -> Vec<Run> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let page = PageRequest::first(200);
    let found = run::list(&mut tx, &scope, RunFilter::default(), &page).await;
    tx.rollback().await.unwrap();
    let mut found = found.unwrap().items;
    found.sort_by_key(|run| (run.queued_at, run.change_seq, run.id));
    found
}

async fn detail(house: &House, tenant: &Tenant, id: RunId) -> RunDetail {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let found = run::load(&mut tx, &house.recorder, &scope, id).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

async fn installed(house: &House, tenant: &Tenant, id: InstallationId) -> Installed {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let found = installation::load(&mut tx, &scope, id).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

/// The state and the code of each run, oldest first.
async fn ends(house: &House, tenant: &Tenant) -> Vec<(String, Option<String>)> {
    let runs = runs(house, tenant).await.into_iter();
    runs.map(|run| (run.state.to_string(), run.code)).collect()
}

fn is(state: &str, code: Option<&str>) -> (String, Option<String>) {
    (state.to_owned(), code.map(str::to_owned))
}

/// The codes of the fields that a refusal names.
fn fields(refusal: Refusal) -> Vec<(String, &'static str)> {
    let Refusal::Invalid(errors) = refusal else {
        panic!("{refusal:?}")
    };
    let fields = errors.0.into_iter();
    fields.map(|(name, problem)| (name, problem.code)).collect()
}
