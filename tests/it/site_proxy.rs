//! Who may have an application elsewhere answer for a site, and where it may be.

use crate::on_both_engines;
use serde_json::{Value, json};
use std::net::IpAddr;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Refusal, Role, Scope, plan, resource};
use wabe_hosting::desired;
use wabe_hosting::webspace::look_due;
use wabe_kernel::desired::{Act, Desired, Wish};
use wabe_kernel::{Clock as _, SiteProxy};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    hoster_and_plan_have_to_let_an_application_answer,
    a_name_that_leads_inside_is_refused,
    undone_the_files_are_there_again,
    a_name_that_moves_is_followed_and_one_that_turns_inside_is_left_at_once,
    silence_is_borne_for_an_hour,
    nobody_looks_for_what_lies_in_the_trash,
    another_plan_reaches_the_node_at_once,
);

const NAME: &str = "webspace.set_proxy";
const APP: &str = "app.elsewhere.example";
/// From one look to the next, in seconds.
const LOOK: u32 = 300;

fn at(addresses: &[&str]) -> Vec<IpAddr> {
    addresses.iter().map(|text| text.parse().unwrap()).collect()
}

async fn made(house: &House, tenant: &Tenant) -> String {
    let asked = json!({ "name": "shop" });
    let done = house
        .run_json(&tenant.owner, "webspace.create", asked)
        .await;
    let id = done.unwrap().object;
    house.settle().await;
    id
}

/// What the command says to an application.
async fn set(
    house: &House,
    tenant: &Tenant,
    (id, proxy): (&str, Value),
) -> Result<(), &'static str> {
    let input = json!({ "id": id, "proxy": proxy });
    match house.run_json(&tenant.owner, NAME, input).await {
        Ok(_) => Ok(()),
        Err(Refusal::Conflict(code)) => Err(code),
        Err(Refusal::Invalid(errors)) => Err(errors.0["proxy"].code),
        Err(other) => panic!("{other:?}"),
    }
}

fn app() -> Value {
    json!(format!("https://{APP}:8443"))
}

/// Says whether the plan of all tenants allows applications elsewhere.
async fn allow(house: &House, allowed: bool) {
    let mut tx = house.write().await;
    let plenty = plan::find(&mut tx, "Plenty").await.unwrap().unwrap();
    plan::set_site_proxy(&mut tx, plenty.id, allowed)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// What the node is to be told.
async fn wished(house: &House, tenant: &Tenant, id: &str) -> Option<SiteProxy> {
    let mut tx = house.write().await;
    let resource = resource::load(&mut tx, tenant.id, id).await.unwrap();
    let world = &house.gate.tools().house;
    let wanted = desired::load(&mut tx, &resource, world, house.clock.now()).await;
    tx.rollback().await.unwrap();
    match wanted.unwrap().desired {
        Desired::Webspace(_, Wish::Present(webspace)) => webspace.rules.proxy,
        other => panic!("{other:?}"),
    }
}

/// Where the node was told last that the application is; absent where it was told of none.
fn told(house: &House) -> Option<Vec<IpAddr>> {
    let steps = house.node.steps().into_iter().rev();
    let mut sites = steps.filter_map(|step| match step.act {
        Act::ConfigureSite(Wish::Present(webspace)) => Some(webspace.rules.proxy),
        _ => None,
    });
    sites.next().unwrap().map(|proxy| proxy.addresses)
}

/// What the page says is the matter.
async fn trouble(house: &House, tenant: &Tenant, id: &str) -> Option<String> {
    let scope = Scope::system(tenant.id);
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let world = &house.gate.tools().house;
    let id = id.parse().unwrap();
    let found = wabe_hosting::webspace::load(&mut tx, &scope, id, world).await;
    tx.rollback().await.unwrap();
    found.unwrap().proxy_trouble
}

/// The next look, and what the node is told then.
async fn look(house: &House) {
    house.clock.advance(LOOK);
    assert_eq!(look_due(&house.gate).await.unwrap(), 1);
    house.reconciler.scan().await.unwrap();
}

async fn hoster_and_plan_have_to_let_an_application_answer(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    allow(&house, false).await;
    let refused = set(&house, &tenant, (&id, app())).await;
    assert_eq!(refused, Err("plan-without-proxy"));
    assert_eq!(wished(&house, &tenant, &id).await, None);
    allow(&house, true).await;
    assert_eq!(set(&house, &tenant, (&id, app())).await, Ok(()));
    let wanted = SiteProxy {
        upstream: format!("https://{APP}:8443").parse().unwrap(),
        addresses: at(&["8.8.8.8"]),
    };
    assert_eq!(wished(&house, &tenant, &id).await, Some(wanted));
    // What the plan does not allow any more is nowhere, and no file is shown in its place.
    allow(&house, false).await;
    let resting = wished(&house, &tenant, &id).await.unwrap();
    assert!(resting.addresses.is_empty());
    // To be without is always possible.
    assert_eq!(set(&house, &tenant, (&id, Value::Null)).await, Ok(()));
    assert_eq!(wished(&house, &tenant, &id).await, None);
    // Whoever may not change webspaces may not do this either, and somebody else's is not there.
    allow(&house, true).await;
    let reader = house.member(tenant.id, Role::MailManager).await;
    let input = json!({ "id": id, "proxy": app() });
    let refused = house.run_json(&reader, NAME, input.clone()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    let other = house.tenant("Mond").await;
    let refused = house.run_json(&other.owner, NAME, input).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert_eq!(wished(&house, &tenant, &id).await, None);
}

async fn a_name_that_leads_inside_is_refused(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    for inside in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "fd00::1",
        "0.0.0.0",
    ] {
        for addresses in [&[inside][..], &["8.8.8.8", inside]] {
            house.lookup.set_addresses(APP, &at(addresses));
            let refused = set(&house, &tenant, (&id, app())).await;
            assert_eq!(refused, Err("upstream-not-public"), "{addresses:?}");
        }
    }
    house.lookup.set_addresses(APP, &[]);
    let refused = set(&house, &tenant, (&id, app())).await;
    assert_eq!(refused, Err("upstream-nowhere"));
    house.lookup.set_silent(APP, true);
    let refused = set(&house, &tenant, (&id, app())).await;
    assert_eq!(refused, Err("upstream-silent"));
    for here in ["https://shop.sites.localhost", "https://portal.wabe.test"] {
        let refused = set(&house, &tenant, (&id, json!(here))).await;
        assert_eq!(refused, Err("upstream-is-here"), "{here}");
    }
    for none in [
        "https://127.0.0.1",
        "https://localhost:8443",
        "unix:/run/a.sock",
    ] {
        assert!(
            set(&house, &tenant, (&id, json!(none))).await.is_err(),
            "{none}"
        );
    }
    assert_eq!(wished(&house, &tenant, &id).await, None);
}

async fn undone_the_files_are_there_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    let input = json!({ "id": id, "proxy": app() });
    let previewed = house.gate.command(NAME).unwrap();
    let object = input.as_object().cloned().unwrap();
    let previewed = (previewed.run)(&house.gate, &tenant.owner, object, Mode::Preview, None).await;
    assert_eq!(previewed.unwrap().after["proxy"], app());
    assert_eq!(wished(&house, &tenant, &id).await, None);
    let done = house.run_json(&tenant.owner, NAME, input).await.unwrap();
    house.settle().await;
    assert_eq!(told(&house), Some(at(&["8.8.8.8"])));
    let undone = house.gate.undo(&tenant.owner, done.change, Mode::Commit);
    undone.await.unwrap();
    house.settle().await;
    assert_eq!(told(&house), None);
    // Nobody looks for it any more.
    house.clock.advance(LOOK);
    assert_eq!(look_due(&house.gate).await.unwrap(), 0);
}

async fn a_name_that_moves_is_followed_and_one_that_turns_inside_is_left_at_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    set(&house, &tenant, (&id, app())).await.unwrap();
    house.settle().await;
    assert_eq!(
        look_due(&house.gate).await.unwrap(),
        0,
        "it was found just now"
    );
    house
        .lookup
        .set_addresses(APP, &at(&["2606:4700::1", "9.9.9.9"]));
    look(&house).await;
    assert_eq!(told(&house), Some(at(&["9.9.9.9", "2606:4700::1"])));
    assert_eq!(trouble(&house, &tenant, &id).await, None);
    // Rebound: one address inside is enough.
    house
        .lookup
        .set_addresses(APP, &at(&["9.9.9.9", "10.0.0.1"]));
    look(&house).await;
    assert_eq!(told(&house), Some(Vec::new()));
    let said = trouble(&house, &tenant, &id).await;
    assert_eq!(said.as_deref(), Some("refused"));
    house.lookup.set_addresses(APP, &at(&["9.9.9.9"]));
    look(&house).await;
    assert_eq!(told(&house), Some(at(&["9.9.9.9"])));
    assert_eq!(trouble(&house, &tenant, &id).await, None);
    house.lookup.set_addresses(APP, &[]);
    look(&house).await;
    assert_eq!(told(&house), Some(Vec::new()));
    let said = trouble(&house, &tenant, &id).await;
    assert_eq!(said.as_deref(), Some("nowhere"));
}

async fn silence_is_borne_for_an_hour(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    set(&house, &tenant, (&id, app())).await.unwrap();
    house.settle().await;
    house.lookup.set_silent(APP, true);
    for _ in 0..11 {
        look(&house).await;
        assert_eq!(told(&house), Some(at(&["8.8.8.8"])));
    }
    let said = trouble(&house, &tenant, &id).await;
    assert_eq!(said.as_deref(), Some("silent"));
    look(&house).await;
    assert_eq!(told(&house), Some(Vec::new()));
    house.lookup.set_silent(APP, false);
    look(&house).await;
    assert_eq!(told(&house), Some(at(&["8.8.8.8"])));
}

async fn nobody_looks_for_what_lies_in_the_trash(house: House) {
    let [one, two] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    let ids = [made(&house, &one).await, made(&house, &two).await];
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    set(&house, &one, (&ids[0], app())).await.unwrap();
    set(&house, &two, (&ids[1], app())).await.unwrap();
    house.settle().await;
    house.clock.advance(LOOK);
    // In the trash, nobody looks for it; beside it, everybody else's is looked for.
    let deleted = json!({ "id": ids[0] });
    let deleted = house.run_json(&one.owner, "webspace.delete", deleted).await;
    deleted.unwrap();
    assert_eq!(look_due(&house.gate).await.unwrap(), 1);
    assert_eq!(look_due(&house.gate).await.unwrap(), 0);
    let restored = json!({ "id": ids[0] });
    let restored = house.run_json(&one.owner, "webspace.restore", restored);
    restored.await.unwrap();
    assert_eq!(look_due(&house.gate).await.unwrap(), 1);
}

async fn another_plan_reaches_the_node_at_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = made(&house, &tenant).await;
    house.lookup.set_addresses(APP, &at(&["8.8.8.8"]));
    set(&house, &tenant, (&id, app())).await.unwrap();
    house.settle().await;
    assert_eq!(told(&house), Some(at(&["8.8.8.8"])));
    let operator = Actor::system(HOUSE);
    for (name, with, wanted) in [
        ("Files", false, Vec::new()),
        ("Applications", true, at(&["8.8.8.8"])),
    ] {
        let plan = json!({
            "name": name, "storage_bytes": 50_000_000_000_i64, "webspaces": 5, "domains": 5,
            "mailboxes": 5, "aliases": 5, "databases": 5, "members": 5, "with_site_proxy": with,
        });
        let plan = house.run_json(&operator, "plan.create", plan).await;
        plan.unwrap();
        let booked = json!({ "customer": tenant.number, "plan": name });
        let booked = house.run_json(&operator, "customer.set_plan", booked).await;
        booked.unwrap();
        // No time has passed, in which everything is compared anyway.
        house.reconciler.scan().await.unwrap();
        assert_eq!(told(&house), Some(wanted), "{name}");
    }
}
