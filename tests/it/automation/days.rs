//! The day of an installation: how often it runs, and what happens when that is used up.

use super::{ends, everything, is, listener, make_database, runs};
use crate::on_both_engines;
use serde_json::json;
use wabe_access::{Refusal, Scope, StaffRole};
use wabe_automation::engine::{FormAsk, Trial};
use wabe_automation::run::usage::{self, Spent};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Clock as _, Language, Timestamp};
use wabe_package::entry::Outcome;
use wabe_package::wire::Ending;
use wabe_testkit::{House, Tenant, capability, done, guest, manifest};

on_both_engines!(
    an_installation_rests_until_midnight_when_its_runs_are_used_up,
    a_plan_gives_a_day_as_many_runs_as_fit,
    a_full_day_keeps_how_runs_end_and_nothing_else,
    a_day_has_room_for_so_many_letters_to_support,
    a_day_has_room_for_so_many_effects,
);

async fn set(house: &House, limits: serde_json::Value) -> Result<serde_json::Value, Refusal> {
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("Ticket 7".parse().unwrap());
    let input = json!({ "plan": "Plenty", "limits": limits });
    let made = house
        .run_json(&operator, "plan.set_run_limits", input)
        .await?;
    Ok(made.output)
}

async fn rest(house: &House, tenant: &Tenant, id: InstallationId) -> Option<(Spent, Timestamp)> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let rest = usage::rest(&mut tx, &scope, id, house.clock.now()).await;
    tx.rollback().await.unwrap();
    rest.unwrap()
}

async fn an_installation_rests_until_midnight_when_its_runs_are_used_up(house: House) {
    let tenant = house.tenant("Sonne").await;
    set(&house, json!({ "day": { "runs": 10 } })).await.unwrap();
    house.publish(&listener("watch", "1.0.0")).await;
    let id = house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    for number in 0..9 {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
        house.run_plugins().await;
    }
    assert_eq!(rest(&house, &tenant, id).await, None);
    for name in ["tenth", "eleventh"] {
        make_database(&house, &tenant.owner, name).await;
        house.run_plugins().await;
    }
    let states = ends(&house, &tenant).await;
    let over = states.iter().filter(|end| **end == is("done", None));
    assert_eq!((over.count(), states.len()), (10, 11));
    let (spent, until) = rest(&house, &tenant, id).await.unwrap();
    let waits = runs(&house, &tenant).await.pop().unwrap();
    assert_eq!((spent, waits.due_at), (Spent::Runs, until));
    let trial = Trial::Event {
        topic: "database.create".to_owned(),
        payload: json!({}),
    };
    let engine = &house.plugins.engine;
    let refused = engine.dry_run(&tenant.owner, id, trial, Language::De).await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("installation-rests"))
    ));
    // What waited is caught up when the next day begins.
    let seconds = until.seconds_since(house.clock.now());
    house.clock.advance(u32::try_from(seconds).unwrap() + 1);
    house.run_plugins().await;
    let states = ends(&house, &tenant).await;
    assert!(states.iter().all(|end| *end == is("done", None)));
    assert_eq!(rest(&house, &tenant, id).await, None);
}

async fn a_plan_gives_a_day_as_many_runs_as_fit(house: House) {
    house.tenant("Sonne").await;
    let set = async |runs: serde_json::Value| set(&house, json!({ "day": { "runs": runs } })).await;
    assert_eq!(set(json!(500)).await.unwrap()["limits"]["day"]["runs"], 500);
    for wrong in [json!(9), json!(1_000_001), json!("500")] {
        let fields = super::fields(set(wrong).await.unwrap_err());
        assert_eq!(fields[0].0, "limits.day.runs");
    }
    let other = self::set(&house, json!({ "day": { "cpu_ms": 50 } })).await;
    assert_eq!(super::fields(other.unwrap_err())[0].1, "not-a-limit");
    let none = self::set(&house, json!({})).await.unwrap();
    assert_eq!(none["limits"]["day"]["runs"], 12_000);
}

async fn a_full_day_keeps_how_runs_end_and_nothing_else(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    let id = house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|_order| Ending::Done {
        outcome: Outcome {
            data: json!({ "much": "x".repeat(200_000) }).to_string(),
            ..Outcome::default()
        },
    }));
    for name in ["first", "second"] {
        make_database(&house, &tenant.owner, name).await;
        house.run_plugins().await;
        let fill = wabe_store::Statement {
            name: "test.fill",
            sql: "UPDATE installation_use SET kept_bytes = 67000000",
        };
        let mut tx = house.write().await;
        fill.query().execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    let kept = runs(&house, &tenant).await;
    assert!(kept.iter().all(|run| run.state.word() == "done"));
    let whole = kept
        .iter()
        .map(|run| (run.entry.is_some(), run.result.is_some()));
    assert_eq!(whole.collect::<Vec<_>>(), [(true, true), (false, false)]);
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert_eq!(rows["run_recording"].len(), 1);
    // What it did counts all the same, and the next day there is room again.
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let days = usage::list(&mut tx, &scope, id, (house.clock.now(), 1)).await;
    tx.rollback().await.unwrap();
    assert_eq!(days.unwrap()[0].runs, 2);
    house.clock.advance(86_400);
    make_database(&house, &tenant.owner, "third").await;
    house.run_plugins().await;
    assert!(runs(&house, &tenant).await[2].result.is_some());
}

async fn a_day_has_room_for_so_many_letters_to_support(house: House) {
    let tenant = house.tenant("Sonne").await;
    let rest = [
        capability("form", false),
        capability("effect:ticket.create", false),
        "[[trigger]]\nkind = \"form\"\nname = \"main\"\n[trigger.title]\nde = \"S\"\nen = \"P\"\n"
            .to_owned(),
    ];
    house
        .publish(&manifest("asks", "1.0.0", &rest.concat()))
        .await;
    let granted = json!({ "form": true, "effect:ticket.create": true });
    let id = house.install(&tenant, "asks", granted).await;
    let ask = FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::En,
    };
    for (letters, code, tickets) in [(21, Some("busy"), 0), (20, None, 20), (1, Some("busy"), 20)] {
        house.plugins.sandbox.set(guest(move |_order| {
            let letter = (
                "ticket.create",
                "",
                r#"{"subject":"Help","body":"Help"}"#,
                "",
            );
            done(&vec![letter; letters])
        }));
        let engine = &house.plugins.engine;
        let sent = engine.submit(ask.clone(), serde_json::Map::new()).await;
        assert_eq!(sent.unwrap().code, code, "{letters}");
        let rows = wabe_testkit::snapshot(&house.db.location).await;
        assert_eq!(rows["ticket"].len(), tickets, "{letters}");
    }
}

async fn a_day_has_room_for_so_many_effects(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"copy"}"#, "copy")])
    }));
    make_database(&house, &tenant.owner, "first").await;
    house.run_plugins().await;
    let mut tx = house.write().await;
    let fill = wabe_store::Statement {
        name: "test.fill",
        sql: "UPDATE installation_use SET effects = effects + 4999",
    };
    fill.query().execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    // Whoever asks for nothing goes on.
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    make_database(&house, &tenant.owner, "second").await;
    house.run_plugins().await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"more"}"#, "more")])
    }));
    make_database(&house, &tenant.owner, "third").await;
    house.run_plugins().await;
    let states = ends(&house, &tenant).await;
    assert_eq!(*states.last().unwrap(), is("queued", Some("busy")));
    assert!(
        states
            .iter()
            .rev()
            .skip(1)
            .all(|end| *end == is("done", None))
    );
    assert_eq!(
        super::databases(&house, &tenant).await,
        ["copy", "first", "second", "third"]
    );
}
