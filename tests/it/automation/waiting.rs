//! Runs that somebody waits for, the clock, dry runs and replays, and whose turn it is.

use super::{databases, detail, ends, everything, is, listener, make_database, runs};
use crate::on_both_engines;
use serde_json::json;
use std::sync::Arc;
use wabe_access::{Refusal, Role};
use wabe_automation::engine::{FormAsk, Trial};
use wabe_kernel::Language;
use wabe_package::entry::Outcome;
use wabe_package::wire::{Answer, Ending, HostCall};
use wabe_package::{Blob, Entry};
use wabe_testkit::{House, capability, done, guest, manifest};

on_both_engines!(
    a_form_is_drawn_and_sent,
    a_page_that_is_none_is_refused,
    a_card_needs_its_own_right,
    a_task_comes_by_the_clock_and_goes_on_in_slices,
    a_dry_run_shows_and_changes_nothing,
    a_replay_names_the_first_difference,
    a_customer_with_much_to_do_holds_nobody_up,
    a_full_day_of_running_time_is_enough,
    a_quota_is_an_event_once_for_each_listener,
);

fn page(text: &str) -> String {
    json!({ "v": 1, "nodes": [{ "kind": "text", "text": text }] }).to_string()
}

pub(super) fn ui(text: &str, effects: &[(&str, &str, &str, &str)]) -> Ending {
    let Ending::Done { outcome } = done(effects) else {
        panic!("not done")
    };
    Ending::Done {
        outcome: Outcome {
            ui: Some(page(text)),
            ..outcome
        },
    }
}

pub(super) fn form_plugin() -> String {
    let rest = [
        capability("form", false),
        capability("card", true),
        capability("ticket", true),
        capability("effect:database.create", true),
        "[[trigger]]\nkind = \"form\"\nname = \"main\"\ncard = true\n\
         [trigger.title]\nde = \"Seite\"\nen = \"Page\"\n"
            .to_owned(),
        "[[trigger]]\nkind = \"ticket\"\n".to_owned(),
    ];
    manifest("form", "1.0.0", &rest.concat())
}

async fn a_form_is_drawn_and_sent(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&form_plugin()).await;
    let granted = json!({ "form": true, "effect:database.create": true });
    let id = house.install(&tenant, "form", granted).await;
    house.plugins.sandbox.set(guest(|order| match &order.entry {
        Entry::Render { .. } => ui(&order.context.locale, &[]),
        Entry::Submit { input, .. } => ui("done", &[("database.create", "", input, "")]),
        other => panic!("{other:?}"),
    }));
    let ask = FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::En,
    };
    let engine = &house.plugins.engine;
    let drawn = engine.render(ask.clone(), &json!({})).await.unwrap();
    let page = serde_json::to_value(drawn.page.unwrap()).unwrap();
    assert_eq!(page["nodes"][0]["text"], "en");
    let input = json!({ "name": "typed" }).as_object().cloned().unwrap();
    let sent = engine.submit(ask.clone(), input.clone()).await.unwrap();
    assert_eq!((sent.changes, sent.code), (1, None));
    assert_eq!(databases(&house, &tenant).await, ["typed"]);
    // What cannot be done is said, and nothing of it happened.
    let again = engine.submit(ask.clone(), input.clone()).await.unwrap();
    assert_eq!((again.changes, again.code), (0, Some("effect-refused")));
    let viewer = house.member(tenant.id, Role::Viewer).await;
    let refused = engine
        .render(
            FormAsk {
                actor: &viewer,
                ..ask.clone()
            },
            &json!({}),
        )
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    let other = house.tenant("Mond").await;
    let refused = engine
        .submit(
            FormAsk {
                actor: &other.owner,
                ..ask.clone()
            },
            input,
        )
        .await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let refused = engine
        .render(
            FormAsk {
                form: "other",
                ..ask
            },
            &json!({}),
        )
        .await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
}

async fn a_page_that_is_none_is_refused(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&form_plugin()).await;
    let id = house
        .install(&tenant, "form", json!({ "form": true }))
        .await;
    let ask = || FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::De,
    };
    for bad in [
        "<b>html</b>".to_owned(),
        json!({ "v": 2, "nodes": [] }).to_string(),
    ] {
        house.plugins.sandbox.set(guest(move |_order| Ending::Done {
            outcome: Outcome {
                ui: Some(bad.clone()),
                ..Outcome::default()
            },
        }));
        let drawn = house
            .plugins
            .engine
            .render(ask(), &json!({}))
            .await
            .unwrap();
        assert_eq!((drawn.page.is_none(), drawn.code), (true, Some("result")));
    }
    house.plugins.sandbox.set(guest(|_order| {
        ui("x", &[("database.create", "", r#"{"name":"sly"}"#, "")])
    }));
    let drawn = house
        .plugins
        .engine
        .render(ask(), &json!({}))
        .await
        .unwrap();
    assert_eq!(drawn.code, Some("result"));
    assert!(databases(&house, &tenant).await.is_empty());
}

async fn a_card_needs_its_own_right(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&form_plugin()).await;
    house.plugins.sandbox.set(guest(|_order| ui("card", &[])));
    let bare = house
        .install(&tenant, "form", json!({ "form": true }))
        .await;
    let whole = house
        .install(&tenant, "form", json!({ "form": true, "card": true }))
        .await;
    let ask = |installation| FormAsk {
        actor: &tenant.owner,
        installation,
        form: "main",
        language: Language::De,
    };
    let refused = house.plugins.engine.card(ask(bare)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert!(
        house
            .plugins
            .engine
            .card(ask(whole))
            .await
            .unwrap()
            .page
            .is_some()
    );
}

async fn a_task_comes_by_the_clock_and_goes_on_in_slices(house: House) {
    let tenant = house.tenant("Sonne").await;
    let rest = [
        capability("schedule", false),
        "[[trigger]]\nkind = \"schedule\"\nname = \"nightly\"\ncron = \"0 3 * * *\"\n".to_owned(),
    ];
    house
        .publish(&manifest("clock", "1.0.0", &rest.concat()))
        .await;
    let id = house
        .install(&tenant, "clock", json!({ "schedule": true }))
        .await;
    house.plugins.sandbox.set(guest(|order| {
        let Entry::Task { task, cursor, .. } = &order.entry else {
            panic!("no task")
        };
        assert_eq!(task, "nightly");
        let next = match cursor.as_deref() {
            None => Some("1"),
            Some("1") => Some("2"),
            _ => None,
        };
        Ending::Done {
            outcome: Outcome {
                cursor: next.map(str::to_owned),
                ..Outcome::default()
            },
        }
    }));
    assert_eq!(house.run_plugins().await, 0);
    house.clock.advance(86_400);
    house.run_plugins().await;
    house.clock.advance(30);
    house.run_plugins().await;
    assert_eq!(runs(&house, &tenant).await.len(), 3);
    // Late by days, it comes once.
    house.clock.advance(3 * 86_400);
    house.run_plugins().await;
    house.clock.advance(30);
    house.run_plugins().await;
    assert_eq!(runs(&house, &tenant).await.len(), 6);
    house
        .run_json(&tenant.owner, "installation.pause", json!({ "id": id }))
        .await
        .unwrap();
    house.clock.advance(86_400);
    assert_eq!(house.run_plugins().await, 0);
}

async fn a_dry_run_shows_and_changes_nothing(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    let id = house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|order| {
        assert!(order.context.dry_run && order.limits.fuel > 0);
        done(&[("database.create", "", r#"{"name":"copy"}"#, "k")])
    }));
    let trial = Trial::Event {
        topic: "database.create".to_owned(),
        payload: json!({}),
    };
    let engine = &house.plugins.engine;
    let run = engine
        .dry_run(&tenant.owner, id, trial, Language::De)
        .await
        .unwrap();
    let shown = detail(&house, &tenant, run).await;
    assert_eq!(shown.effects[0].state.word(), "shown");
    assert_eq!(shown.effects[0].after["name"], "copy");
    assert!(databases(&house, &tenant).await.is_empty());
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert!(rows["effect_key"].is_empty() && rows["database"].is_empty());
    let trial = Trial::Task {
        name: "none".to_owned(),
    };
    let refused = engine.dry_run(&tenant.owner, id, trial, Language::De).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
}

async fn a_replay_names_the_first_difference(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    let asks = |key: &'static str| {
        let guest: wabe_testkit::Guest = Arc::new(move |_order, host| {
            Box::pin(async move {
                let get = HostCall::KvGet {
                    key: key.to_owned(),
                };
                let found = host.answer(get).await;
                let seen = matches!(found, Ok(Answer::Versioned { found: None }));
                let set = HostCall::KvSet {
                    key: key.to_owned(),
                    value: Blob(vec![1]),
                    expect: None,
                    ttl_s: None,
                };
                drop(host.answer(set).await);
                let args = format!(r#"{{"name":"{}"}}"#, if seen { "fresh" } else { "stale" });
                done(&[("database.create", "", &args, "")])
            })
        });
        guest
    };
    house.plugins.sandbox.set(asks("a"));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    let first = runs(&house, &tenant).await.remove(0);
    let before = databases(&house, &tenant).await;
    let replay = || house.run_json(&tenant.owner, "run.replay", json!({ "id": first.id }));
    replay().await.unwrap();
    house.run_plugins().await;
    replay().await.unwrap();
    house.plugins.sandbox.set(asks("b"));
    house.run_plugins().await;
    let replays: Vec<_> = runs(&house, &tenant)
        .await
        .into_iter()
        .filter(|run| run.mode.word() == "replay")
        .collect();
    let mut ends: Vec<_> = replays
        .iter()
        .map(|run| {
            (
                run.state.to_string(),
                run.difference.clone().unwrap_or_default()["place"].clone(),
            )
        })
        .collect();
    ends.sort_by_key(|end| end.0.clone());
    assert_eq!(
        ends,
        [
            ("done".to_owned(), serde_json::Value::Null),
            ("failed".to_owned(), json!("calls[0].key")),
        ]
    );
    // Nothing of a replay counts.
    assert_eq!(databases(&house, &tenant).await, before);
}

async fn a_customer_with_much_to_do_holds_nobody_up(house: House) {
    let tenant = house.tenant("Sonne").await;
    let other = house.tenant("Mond").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    house.install(&other, "watch", everything()).await;
    for number in 0..20 {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
    }
    for number in 0..3 {
        make_database(&house, &other.owner, &format!("db{number}")).await;
    }
    house.run_plugins().await;
    let number = other.number.to_string();
    let orders = house.plugins.sandbox.orders();
    let places: Vec<usize> = orders
        .iter()
        .enumerate()
        .filter(|(_, order)| order.context.customer == number)
        .map(|(place, _)| place)
        .collect();
    assert_eq!(orders.len(), 23);
    // They take turns as long as both have something to do.
    assert!(places.iter().all(|place| *place < 7), "{places:?}");
}

async fn a_full_day_of_running_time_is_enough(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    make_database(&house, &tenant.owner, "one").await;
    house.run_plugins().await;
    let spend = wabe_store::Statement {
        name: "test.spend",
        sql: "UPDATE installation_use SET cpu_us = 600000000",
    };
    let mut tx = house.write().await;
    spend.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    make_database(&house, &tenant.owner, "two").await;
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("done", None), is("queued", None)]
    );
    house.clock.advance(86_400);
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("done", None), is("done", None)]
    );
}

async fn a_quota_is_an_event_once_for_each_listener(house: House) {
    let tenant = house.tenant("Sonne").await;
    let rest = [
        capability("events:quota.reached", false),
        "[[trigger]]\nkind = \"event\"\ntopic = \"quota.reached\"\n".to_owned(),
    ];
    house
        .publish(&manifest("alert", "1.0.0", &rest.concat()))
        .await;
    house
        .install(&tenant, "alert", json!({ "events:quota.reached": true }))
        .await;
    let quota = wabe_automation::engine::QuotaReached {
        customer: tenant.id,
        object: ("webspace", "web_1".to_owned(), "shop".to_owned()),
        used_bytes: 80,
        max_bytes: 100,
        percent: 80,
        at: wabe_kernel::Clock::now(house.clock.as_ref()),
    };
    let mut tx = house.write().await;
    let rng = house.rng.as_ref();
    let added = wabe_automation::engine::quota_reached(&mut tx, rng, &quota)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(added, 1);
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
}
