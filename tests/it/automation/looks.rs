//! Looks that are no news: cards that are drawn again, the book-keeping of runs, and events that only
//! might have happened.

use super::waiting::{form_plugin, ui};
use super::{databases, detail, everything, listener, make_database};
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_access::{Refusal, Role, Scope};
use wabe_audit::ChangeFilter;
use wabe_automation::engine::{FormAsk, Trial};
use wabe_automation::run::{self, RunFilter};
use wabe_kernel::{Language, PageRequest};
use wabe_testkit::{House, Tenant, done, guest};

on_both_engines!(
    a_card_is_drawn_once_while_nothing_changes,
    what_a_card_shows_is_nobody_elses,
    the_end_of_a_run_is_told_to_who_asks_for_it,
    the_last_fitting_event_is_tried_out,
);

/// How many runs there are, and how many without looks at the dashboard.
async fn counted(house: &House, tenant: &Tenant) -> (usize, usize) {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let mut counts = Vec::new();
    for without_looks in [false, true] {
        let filter = RunFilter {
            without_looks,
            ..RunFilter::default()
        };
        let page = PageRequest::first(200);
        let found = run::list(&mut tx, &scope, filter, &page).await.unwrap();
        counts.push(found.items.len());
    }
    tx.rollback().await.unwrap();
    (counts[0], counts[1])
}

async fn a_card_is_drawn_once_while_nothing_changes(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&form_plugin()).await;
    let granted = json!({ "form": true, "card": true });
    let id = house.install(&tenant, "form", granted).await;
    house.plugins.sandbox.set(guest(|_order| ui("card", &[])));
    let ask = |language| FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language,
    };
    let engine = &house.plugins.engine;
    let look = async |language| engine.card(ask(language)).await.unwrap().run;
    let first = look(Language::De).await;
    house.clock.advance(30);
    assert_eq!(look(Language::De).await, first);
    assert_ne!(look(Language::En).await, first);
    // A change of the customer, time, and a run of the same installation each end it.
    make_database(&house, &tenant.owner, "shop").await;
    let second = look(Language::De).await;
    assert_ne!(second, first);
    house.clock.advance(59);
    assert_eq!(look(Language::De).await, second);
    house.clock.advance(1);
    let third = look(Language::De).await;
    assert_ne!(third, second);
    engine.render(ask(Language::De), &json!({})).await.unwrap();
    assert_ne!(look(Language::De).await, third);
    assert_eq!(counted(&house, &tenant).await, (6, 1));
}

async fn what_a_card_shows_is_nobody_elses(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&form_plugin()).await;
    let granted = json!({ "form": true, "card": true });
    let id = house.install(&tenant, "form", granted).await;
    house.plugins.sandbox.set(guest(|_order| ui("card", &[])));
    let engine = &house.plugins.engine;
    let ask = |actor| FormAsk {
        actor,
        installation: id,
        form: "main",
        language: Language::De,
    };
    engine.card(ask(&tenant.owner)).await.unwrap();
    let viewer = house.member(tenant.id, Role::Viewer).await;
    assert!(matches!(
        engine.card(ask(&viewer)).await,
        Err(Refusal::Forbidden)
    ));
    let other = house.tenant("Mond").await;
    let refused = engine.card(ask(&other.owner)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    // Who stops a plugin sees nothing of it any more.
    house
        .run_json(&tenant.owner, "installation.pause", json!({ "id": id }))
        .await
        .unwrap();
    let refused = engine.card(ask(&tenant.owner)).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("installation-paused"))
    ));
}

/// The commands of a customer's changes, newest first.
async fn commands(house: &House, tenant: &Tenant, filter: ChangeFilter) -> Vec<String> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let page = PageRequest::first(200);
    let found = house
        .recorder
        .list(&mut tx, tenant.id, &filter, &page)
        .await;
    tx.rollback().await.unwrap();
    let items = found.unwrap().items.into_iter();
    items.map(|change| change.command).collect()
}

async fn the_end_of_a_run_is_told_to_who_asks_for_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|order| {
        let copies = !format!("{:?}", order.entry).contains("copy");
        let effects = [("database.create", "", r#"{"name":"copy"}"#, "once")];
        done(if copies { &effects } else { &[] })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(databases(&house, &tenant).await.len(), 2);
    let count =
        |commands: &[String], command: &str| commands.iter().filter(|one| *one == command).count();
    let all = commands(&house, &tenant, ChangeFilter::default()).await;
    assert!(count(&all, "run.finish") > 0);
    let people = ChangeFilter {
        without_command: Some("run.finish"),
        ..ChangeFilter::default()
    };
    let told = commands(&house, &tenant, people).await;
    assert_eq!(count(&told, "run.finish"), 0);
    assert_eq!(count(&told, "database.create"), 2);
    let plugins = ChangeFilter {
        by_plugins: true,
        ..ChangeFilter::default()
    };
    let told = commands(&house, &tenant, plugins).await;
    assert_eq!(count(&told, "database.create"), 1);
    assert_eq!(count(&told, "run.finish"), count(&all, "run.finish"));
    assert_eq!(count(&told, "installation.create"), 0);
}

async fn the_last_fitting_event_is_tried_out(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    let id = house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"copy"}"#, "k")])
    }));
    let latest = async |topic: &str| {
        let trial = Trial::Latest {
            topic: topic.to_owned(),
        };
        let engine = &house.plugins.engine;
        engine.dry_run(&tenant.owner, id, trial, Language::De).await
    };
    let none = latest("database.create").await;
    assert!(matches!(none, Err(Refusal::Conflict("no-fitting-event"))));
    for name in ["first", "second"] {
        make_database(&house, &tenant.owner, name).await;
    }
    let web = json!({ "name": "shop" });
    house
        .run_json(&tenant.owner, "webspace.create", web)
        .await
        .unwrap();
    let run = latest("database.create").await.unwrap();
    let shown = detail(&house, &tenant, run).await;
    let payload = shown.input["payload"].as_str().unwrap();
    let payload: Value = serde_json::from_str(payload).unwrap();
    assert_eq!(payload["object"]["name"], "second");
    assert_eq!(shown.effects[0].state.word(), "shown");
    assert_eq!(databases(&house, &tenant).await, ["first", "second"]);
    // A topic that no trigger has is none to try.
    let other = latest("webspace.create").await;
    assert!(matches!(other, Err(Refusal::Conflict("no-fitting-event"))));
}
