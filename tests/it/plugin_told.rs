//! What the customers' pages tell of plugins: their names, what they did, that they rest, and what they
//! would do.

use crate::on_both_engines;
use crate::plugin_pages::{get, post};
use crate::steps::portal;
use axum::Router;
use serde_json::json;
use wabe_testkit::{House, Tenant, capability, done, guest, manifest};

on_both_engines!(
    plugins_are_told_by_their_names,
    the_ends_of_runs_are_no_news_until_somebody_asks,
    an_event_is_tried_out_without_effect,
    a_plugin_that_used_up_its_day_says_so,
    while_no_plugin_runs_the_pages_say_so,
);

/// A plugin that is called otherwise than its id.
async fn watcher(house: &House, tenant: &Tenant) -> String {
    let rest = [
        capability("events:database.*", false),
        capability("effect:database.create", true),
        "[[trigger]]\nkind = \"event\"\ntopic = \"database.create\"\n".to_owned(),
    ];
    let text = manifest("watch", "1.0.0", &rest.concat());
    let text = text.replacen("de = \"watch\"", "de = \"Wachsame Biene\"", 1);
    assert!(text.contains("Wachsame Biene"), "{text}");
    house.publish(&text).await;
    let granted = json!({ "events:database.*": true, "effect:database.create": true });
    let id = house.install(tenant, "watch", granted).await;
    format!("/plugins/{id}")
}

async fn make(house: &House, tenant: &Tenant, name: &str) {
    let input = json!({ "name": name });
    let made = house.run_json(&tenant.owner, "database.create", input);
    made.await.unwrap();
    house.run_plugins().await;
}

async fn plugins_are_told_by_their_names(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = watcher(&house, &tenant).await;
    let paused = post(&portal, (&path, &format!("{path}/pause")), &[]).await;
    assert_eq!(paused.status, 303);
    let told = "Erweiterung „Wachsame Biene“ angehalten";
    let bar = get(&portal, &paused.location).await.text;
    assert!(bar.contains(told), "{bar}");
    for page in ["/activity", "/", path.as_str()] {
        let text = get(&portal, page).await.text;
        assert!(text.contains(told), "{page}");
        assert!(!text.contains("„watch“"), "{page}");
    }
    // Also when it is gone.
    let delete = format!("{path}/delete");
    let gone = post(&portal, (&delete, &delete), &[("confirm", "watch")]).await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    let text = get(&portal, "/activity").await.text;
    assert!(text.contains(told) && !text.contains("„watch“"));
}

/// How often the end of a run is told on a page.
async fn ends(portal: &Router, page: &str) -> usize {
    let text = get(portal, page).await.text;
    text.matches("Erweiterung „Wachsame Biene“ ist fertig")
        .count()
}

async fn the_ends_of_runs_are_no_news_until_somebody_asks(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = watcher(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|order| {
        let effects = [("database.create", "", r#"{"name":"copy"}"#, "once")];
        let again = format!("{:?}", order.entry).contains("copy");
        done(if again { &[] } else { &effects })
    }));
    make(&house, &tenant, "shop").await;
    for page in ["/activity", "/", path.as_str(), "/activity?kind=create"] {
        assert_eq!(ends(&portal, page).await, 0, "{page}");
    }
    for page in ["/activity?by=plugins", "/activity?noun=run"] {
        assert!(ends(&portal, page).await > 0, "{page}");
    }
    let plugins = get(&portal, "/activity?by=plugins").await.text;
    assert!(plugins.contains("copy") && !plugins.contains("„shop“"));
}

async fn an_event_is_tried_out_without_effect(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = watcher(&house, &tenant).await;
    let attempt = format!("{path}/try");
    let event = [("event", "database.create")];
    assert!(get(&portal, &path).await.text.contains("Ausprobieren"));
    let nothing = post(&portal, (&path, &attempt), &event).await;
    assert_eq!(nothing.status, 409);
    assert!(nothing.text.contains("Bisher ist nichts geschehen"));
    make(&house, &tenant, "shop").await;
    house.plugins.sandbox.set(guest(|order| {
        assert!(format!("{:?}", order.entry).contains("shop"));
        done(&[("database.create", "", r#"{"name":"zweitschrift"}"#, "k")])
    }));
    let tried = post(&portal, (&path, &attempt), &event).await;
    assert!(
        tried.location.starts_with("/plugins/runs/run_"),
        "{}",
        tried.text
    );
    let run = get(&portal, &tried.location).await.text;
    assert!(run.contains("zweitschrift"), "{run}");
    assert!(
        !get(&portal, "/databases")
            .await
            .text
            .contains("zweitschrift")
    );
}

async fn a_plugin_that_used_up_its_day_says_so(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = watcher(&house, &tenant).await;
    make(&house, &tenant, "shop").await;
    let told = "Die Ausführungen für heute sind aufgebraucht";
    assert!(!get(&portal, &path).await.text.contains(told));
    let spend = wabe_store::Statement {
        name: "test.spend",
        sql: "UPDATE installation_use SET runs = 12000",
    };
    let mut tx = house.write().await;
    spend.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    for page in [path.clone(), format!("{path}/runs")] {
        let text = get(&portal, &page).await.text;
        assert!(
            text.contains(told) && text.contains("ruht bis morgen"),
            "{page}"
        );
    }
    let tried = post(
        &portal,
        (&path, &format!("{path}/try")),
        &[("event", "database.create")],
    )
    .await;
    assert_eq!(tried.status, 409);
    assert!(tried.text.contains("Nach Mitternacht (UTC) geht es weiter"));
}

async fn while_no_plugin_runs_the_pages_say_so(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let rest = [
        capability("form", false),
        "[[trigger]]\nkind = \"form\"\nname = \"main\"\n[trigger.title]\nde = \"S\"\nen = \"P\"\n"
            .to_owned(),
    ];
    house
        .publish(&manifest("drawn", "1.0.0", &rest.concat()))
        .await;
    let id = house
        .install(&tenant, "drawn", json!({ "form": true }))
        .await;
    let told = "Im Moment laufen keine Erweiterungen";
    assert!(!get(&portal, "/plugins").await.text.contains(told));
    house.plugins.sandbox.set_up(false);
    for page in ["/plugins".to_owned(), format!("/plugins/{id}/forms/main")] {
        let shown = get(&portal, &page).await;
        assert!(shown.status == 200 && shown.text.contains(told), "{page}");
    }
}
