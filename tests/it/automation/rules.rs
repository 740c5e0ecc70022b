//! Retries, dead letters, the breaker, and what happens when the machine fails.

use super::{ends, everything, installed, is, listener, make_database, runs};
use crate::on_both_engines;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wabe_access::Refusal;
use wabe_kernel::id::InstallationId;
use wabe_package::LimitName;
use wabe_package::wire::Ending;
use wabe_store::Statement;
use wabe_testkit::{House, Tenant, done, failed, guest};

on_both_engines!(
    what_may_succeed_later_is_tried_five_times,
    what_would_fail_again_is_not_tried_again,
    a_plugin_that_fails_twenty_times_in_a_row_is_stopped,
    failures_of_ours_stop_nobody,
    a_run_whose_process_died_comes_back,
    a_retry_repeats_no_effect,
    a_limit_is_named,
    events_of_one_installation_are_heard_in_order,
    old_runs_are_forgotten,
);

async fn install(house: &House, tenant: &Tenant) -> InstallationId {
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(tenant, "watch", everything()).await
}

async fn what_may_succeed_later_is_tried_five_times(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|_order| failed(true)));
    make_database(&house, &tenant.owner, "shop").await;
    let mut tries = house.run_plugins().await;
    assert_eq!(tries, 1);
    assert_eq!(ends(&house, &tenant).await, [is("queued", Some("failed"))]);
    for _wait in 0..6 {
        house.clock.advance(3_600);
        tries += house.run_plugins().await;
    }
    assert_eq!(tries, 5);
    assert_eq!(ends(&house, &tenant).await, [is("dead", Some("failed"))]);
    let attempts: Vec<u32> = house
        .plugins
        .sandbox
        .orders()
        .iter()
        .map(|order| order.context.attempt)
        .collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5]);
    let keys: std::collections::BTreeSet<String> = house
        .plugins
        .sandbox
        .orders()
        .into_iter()
        .map(|order| order.context.idempotency_key)
        .collect();
    assert_eq!(keys.len(), 1);
}

async fn what_would_fail_again_is_not_tried_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    let trap = || Ending::Trap {
        message: "panicked at src/lib.rs:3".to_owned(),
    };
    house.plugins.sandbox.set(guest(move |_order| trap()));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    house.clock.advance(86_400);
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("failed", Some("trap"))]);
    let run = runs(&house, &tenant).await.remove(0);
    assert_eq!(run.message.unwrap(), "panicked at src/lib.rs:3");
}

async fn a_plugin_that_fails_twenty_times_in_a_row_is_stopped(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|_order| failed(false)));
    for number in 0..25 {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
    }
    let tries = house.run_plugins().await;
    assert_eq!(tries, 20);
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.installation.paused_by.unwrap().word(), "breaker");
    assert_eq!(
        found.installation.paused_reason.as_deref(),
        Some("plugin-in-row")
    );
    let held = ends(&house, &tenant).await;
    assert_eq!(held.iter().filter(|end| end.0 == "held").count(), 5);
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    let told = rows["notice"]
        .iter()
        .filter(|row| row.contains("plugin-paused"));
    assert_eq!(told.count(), 1);
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    let resume = json!({ "id": id });
    house
        .run_json(&tenant.owner, "installation.resume", resume)
        .await
        .unwrap();
    assert_eq!(house.run_plugins().await, 5);
    assert_eq!(
        installed(&house, &tenant, id)
            .await
            .installation
            .failures_in_row,
        0
    );
}

async fn failures_of_ours_stop_nobody(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    house.plugins.sandbox.set_dying(true);
    for number in 0..22 {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
    }
    house.run_plugins().await;
    let all = ends(&house, &tenant).await;
    assert!(
        all.iter()
            .all(|end| *end == is("queued", Some("sandbox-down"))),
        "{all:?}"
    );
    assert_eq!(
        installed(&house, &tenant, id)
            .await
            .installation
            .failures_in_row,
        0
    );
    house.plugins.sandbox.set_dying(false);
    house.clock.advance(60);
    house.run_plugins().await;
    let all = ends(&house, &tenant).await;
    assert!(all.iter().all(|end| *end == is("done", None)), "{all:?}");
}

async fn a_run_whose_process_died_comes_back(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    make_database(&house, &tenant.owner, "shop").await;
    house.plugins.sandbox.set_up(false);
    house.run_plugins().await;
    let claim = Statement {
        name: "test.claim",
        sql: "UPDATE run SET state = 'running', attempt = 1, lease_until = $1",
    };
    let lease = wabe_kernel::Clock::now(house.clock.as_ref()).plus_seconds(60);
    let mut tx = house.write().await;
    claim.bind(lease).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    house.plugins.sandbox.set_up(true);
    assert_eq!(house.run_plugins().await, 0);
    house.clock.advance(61);
    house.run_plugins().await;
    house.clock.advance(60);
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
    assert_eq!(runs(&house, &tenant).await[0].attempt, 2);
}

async fn a_retry_repeats_no_effect(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = tries.clone();
    house.plugins.sandbox.set(guest(move |order| {
        if order.entry.function().1 == "handle" && counted.fetch_add(1, Ordering::SeqCst) == 0 {
            return failed(false);
        }
        done(&[(
            "plugin_message.send",
            "",
            r#"{"subject":"a","text":"b"}"#,
            "",
        )])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    let first = runs(&house, &tenant).await.remove(0);
    let retry = |id| house.run_json(&tenant.owner, "run.retry", json!({ "id": id }));
    retry(first.id).await.unwrap();
    house.run_plugins().await;
    retry(first.id).await.unwrap();
    house.run_plugins().await;
    let all = runs(&house, &tenant).await;
    assert_eq!(
        all.iter().filter(|run| run.state.word() == "done").count(),
        2
    );
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    let told = rows["notice"]
        .iter()
        .filter(|row| row.contains("plugin-message"));
    assert_eq!(told.count(), 1);
    let fine = all.iter().find(|run| run.state.word() == "done").unwrap();
    assert!(matches!(
        retry(fine.id).await,
        Err(Refusal::Conflict("run-not-failed"))
    ));
    let other = house.tenant("Mond").await;
    let foreign = house
        .run_json(&other.owner, "run.retry", json!({ "id": first.id }))
        .await;
    assert!(matches!(foreign, Err(Refusal::NotFound)));
}

async fn a_limit_is_named(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|_order| Ending::Limit {
        limit: LimitName::Memory,
        message: "70 MB wanted, 64 MB is the most".to_owned(),
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    let run = runs(&house, &tenant).await.remove(0);
    assert_eq!(
        (run.limit.as_deref(), run.state.word()),
        (Some("memory"), "failed")
    );
    assert_eq!(run.closest.unwrap().limit, "memory");
}

async fn events_of_one_installation_are_heard_in_order(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    for number in 0..12 {
        make_database(&house, &tenant.owner, &format!("db{number:02}")).await;
    }
    house.run_plugins().await;
    let seqs: Vec<i64> = house
        .plugins
        .sandbox
        .orders()
        .iter()
        .map(|order| match &order.entry {
            wabe_package::Entry::Event { payload, .. } => {
                let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
                payload["seq"].as_i64().unwrap()
            }
            _ => 0,
        })
        .collect();
    assert_eq!(seqs.len(), 12);
    assert!(seqs.is_sorted(), "{seqs:?}");
}

async fn old_runs_are_forgotten(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    house.clock.advance(8 * 86_400);
    house.plugins.engine.purge().await.unwrap();
    let run = runs(&house, &tenant).await.remove(0);
    assert!(run.entry.is_none());
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert!(rows["run_recording"].is_empty());
    house.clock.advance(23 * 86_400);
    house.plugins.engine.purge().await.unwrap();
    assert!(runs(&house, &tenant).await.is_empty());
}
