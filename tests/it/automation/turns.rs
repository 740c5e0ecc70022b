//! Whose turn it is among the installations of one customer, and who of two was first.

use super::{ends, everything, is, listener, make_database};
use crate::on_both_engines;
use serde_json::{Map, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wabe_automation::engine::FormAsk;
use wabe_kernel::Language;
use wabe_package::Blob;
use wabe_package::wire::{Answer, HostCall};
use wabe_testkit::{House, capability, done, manifest};

on_both_engines!(
    an_installation_with_much_to_do_holds_no_other_up,
    of_two_runs_that_saw_the_same_one_counts,
);

/// More than are looked at at once.
const MANY: usize = 53;

async fn an_installation_with_much_to_do_holds_no_other_up(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("busy", "1.0.0")).await;
    house.publish(&listener("calm", "1.0.0")).await;
    let busy = house.install(&tenant, "busy", everything()).await;
    house.plugins.sandbox.set_up(false);
    for number in 0..MANY {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
    }
    house.run_plugins().await;
    let calm = house.install(&tenant, "calm", everything()).await;
    make_database(&house, &tenant.owner, "last").await;
    house.run_plugins().await;
    house.plugins.sandbox.set_up(true);
    // While the first event is under way, no other of the same installation may begin; all else may.
    let (engine, first) = (house.plugins.engine.clone(), AtomicBool::new(true));
    let first = Arc::new(first);
    house.plugins.sandbox.set(Arc::new(move |_order, _host| {
        let (engine, first) = (engine.clone(), first.clone());
        Box::pin(async move {
            if first.swap(false, Ordering::SeqCst) {
                assert_eq!(engine.run_due().await.unwrap(), 1);
            }
            done(&[])
        })
    }));
    house.run_plugins().await;
    let orders = house.plugins.sandbox.orders();
    let who: Vec<&str> = orders
        .iter()
        .map(|order| order.context.installation.as_str())
        .collect();
    assert_eq!(who[..2], [busy.to_string(), calm.to_string()]);
    assert_eq!(who.len(), MANY + 2);
    let over = ends(&house, &tenant).await;
    assert!(over.iter().all(|end| *end == is("done", None)), "{over:?}");
}

/// Both relied on a key that was not there: the one that ended first keeps it, the other keeps nothing.
async fn of_two_runs_that_saw_the_same_one_counts(house: House) {
    let tenant = house.tenant("Sonne").await;
    let form = "[[trigger]]\nkind = \"form\"\nname = \"main\"\n\
        [trigger.title]\nde = \"Seite\"\nen = \"Page\"\n";
    let rest = format!("{}{form}", capability("form", false));
    house.publish(&manifest("race", "1.0.0", &rest)).await;
    let id = house
        .install(&tenant, "race", json!({ "form": true }))
        .await;
    let ask = FormAsk {
        actor: &tenant.owner,
        installation: id,
        form: "main",
        language: Language::En,
    };
    let key = || "n".to_owned();
    let set = move |value: &str| HostCall::KvSet {
        key: key(),
        value: Blob(value.as_bytes().to_vec()),
        expect: Some(0),
        ttl_s: None,
    };
    let (engine, owner) = (house.plugins.engine.clone(), tenant.owner.clone());
    let first = Arc::new(AtomicBool::new(true));
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let (engine, owner, first) = (engine.clone(), owner.clone(), first.clone());
        Box::pin(async move {
            let slow = first.swap(false, Ordering::SeqCst);
            let value = if slow { "slow" } else { "quick" };
            host.answer(set(value)).await.unwrap();
            if slow {
                let again = FormAsk {
                    actor: &owner,
                    installation: id,
                    form: "main",
                    language: Language::En,
                };
                let quick = engine.submit(again, Map::new()).await.unwrap();
                assert_eq!(quick.code, None);
            }
            done(&[])
        })
    }));
    let engine = &house.plugins.engine;
    let slow = engine.submit(ask.clone(), Map::new()).await.unwrap();
    assert_eq!(slow.code, Some("kv-conflict"));
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        Box::pin(async move {
            let get = HostCall::KvGet { key: key() };
            let found = host.answer(get).await.unwrap();
            let Answer::Versioned {
                found: Some((value, _)),
            } = &found
            else {
                panic!("{found:?}")
            };
            assert_eq!(value.0, b"quick");
            done(&[])
        })
    }));
    assert_eq!(engine.submit(ask, Map::new()).await.unwrap().code, None);
}
