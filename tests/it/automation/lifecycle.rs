//! Installations from consent to farewell.

use super::{databases, ends, everything, fields, installed, is, listener, make_database, runs};
use crate::on_both_engines;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::{Limit, Refusal, Role, Scope, StaffRole};
use wabe_automation::installation::export;
use wabe_kernel::id::InstallationId;
use wabe_package::wire::{Ending, HostCall};
use wabe_testkit::{House, Tenant, capability, done, guest, outcome};

on_both_engines!(
    a_grant_takes_what_is_asked_and_leaves_what_is_optional,
    installing_is_counted_and_needs_a_fresh_proof,
    rights_taken_back_are_gone_during_the_run,
    a_version_that_asks_for_more_waits_and_another_does_not,
    the_way_back_is_one_step,
    a_withdrawn_version_stops_everywhere,
    a_paused_installation_holds_what_waits,
    what_is_deleted_leaves_an_export,
    a_suspended_customer_runs_nothing,
);

async fn install(house: &House, tenant: &Tenant) -> InstallationId {
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(tenant, "watch", everything()).await
}

async fn a_grant_takes_what_is_asked_and_leaves_what_is_optional(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    let create = |granted: Value| {
        let input = json!({ "plugin": "watch", "capabilities": granted });
        house.run_json(&tenant.owner, "installation.create", input)
    };
    let missing = fields(create(json!({ "mail": true })).await.unwrap_err());
    assert!(
        missing.contains(&("capabilities".to_owned(), "capability-needed")),
        "{missing:?}"
    );
    let more = json!({ "events:database.*": true, "events:mailbox.*": true });
    let more = fields(create(more).await.unwrap_err());
    assert!(
        more.contains(&("capabilities".to_owned(), "capability-not-asked")),
        "{more:?}"
    );
    let made = create(json!({ "events:database.*": true, "mail": false }))
        .await
        .unwrap();
    let found = installed(&house, &tenant, made.object.parse().unwrap()).await;
    let rights = found.rights();
    assert!(rights.may_hear("database.create") && !rights.may_hear("mailbox.create"));
    assert!(!rights.has_effect("plugin_message.send") && !rights.has_effect("database.create"));
    assert_eq!(
        found.shown().capabilities,
        json!({ "events:database.*": true })
    );
}

async fn installing_is_counted_and_needs_a_fresh_proof(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    let usage = house.usage(tenant.id).await;
    let taken = usage
        .iter()
        .find(|one| one.limit == Limit::Installations)
        .unwrap();
    assert_eq!(taken.used, 1);
    let viewer = house.member(tenant.id, Role::Webmaster).await;
    let input = json!({ "plugin": "watch", "capabilities": everything() });
    let refused = house
        .run_json(&viewer, "installation.create", input.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    house.clock.advance(3_600);
    let refused = house
        .run_json(&tenant.owner, "installation.create", input)
        .await;
    assert!(matches!(refused, Err(Refusal::StepUp)));
}

async fn rights_taken_back_are_gone_during_the_run(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    let (gate, owner) = (house.gate.clone(), tenant.owner.clone());
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let (gate, owner) = (gate.clone(), owner.clone());
        Box::pin(async move {
            let get = || HostCall::KvGet {
                key: "a".to_owned(),
            };
            host.answer(get()).await.unwrap();
            let spec = gate.command("installation.set_capabilities").unwrap();
            let input = json!({ "id": id, "capabilities": everything() });
            let input = input.as_object().cloned().unwrap();
            let mode = wabe_access::Mode::Commit;
            (spec.run)(&gate, &owner, input, mode, None).await.unwrap();
            let denied = host.answer(get()).await.unwrap_err();
            assert_eq!(denied.code, "denied");
            done(&[("database.create", "", r#"{"name":"late"}"#, "")])
        })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("failed", Some("revoked"))]);
    assert_eq!(databases(&house, &tenant).await, ["shop"]);
}

async fn a_version_that_asks_for_more_waits_and_another_does_not(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    house.publish(&listener("watch", "1.1.0")).await;
    house.run_plugins().await;
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.version.manifest.version.to_string(), "1.1.0");
    assert!(found.parked.is_none());
    let more = listener("watch", "2.0.0") + &capability("schedule", true);
    // The capability stands behind the tables of the manifest, where TOML takes it too.
    house.publish(&more).await;
    house.run_plugins().await;
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.version.manifest.version.to_string(), "1.1.0");
    let asked: Vec<String> = found
        .difference()
        .iter()
        .map(|one| one.capability.to_string())
        .collect();
    assert_eq!(asked, ["schedule"]);
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    assert!(
        rows["notice"]
            .iter()
            .any(|row| row.contains("plugin-update"))
    );
    // The old version goes on meanwhile.
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
    let input =
        |version: &str| json!({ "id": id, "version": version, "capabilities": everything() });
    let unseen = house
        .run_json(&tenant.owner, "installation.approve_update", input("3.0.0"))
        .await;
    assert!(matches!(unseen, Err(Refusal::Conflict("no-update"))));
    house
        .run_json(&tenant.owner, "installation.approve_update", input("2.0.0"))
        .await
        .unwrap();
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.version.manifest.version.to_string(), "2.0.0");
    assert!(found.parked.is_none() && found.installation.previous.is_some());
}

async fn the_way_back_is_one_step(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    let back = json!({ "id": id });
    let refused = house
        .run_json(&tenant.owner, "installation.rollback", back.clone())
        .await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("no-version-before"))
    ));
    house.publish(&listener("watch", "1.1.0")).await;
    house.run_plugins().await;
    house
        .run_json(&tenant.owner, "installation.rollback", back)
        .await
        .unwrap();
    house.run_plugins().await;
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.version.manifest.version.to_string(), "1.0.0");
    house.publish(&listener("watch", "1.2.0")).await;
    house.run_plugins().await;
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.version.manifest.version.to_string(), "1.2.0");
}

async fn a_withdrawn_version_stops_everywhere(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    let version = installed(&house, &tenant, id).await.version.id;
    let operator = house.staff(StaffRole::Operator).await;
    let operator = operator.for_purpose("abuse".parse().unwrap());
    let (gate, watched) = (house.gate.clone(), operator.clone());
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let (gate, operator) = (gate.clone(), watched.clone());
        Box::pin(async move {
            let spec = gate.command("plugin.withdraw").unwrap();
            let input = json!({ "id": version, "reason": "it misbehaves" });
            let input = input.as_object().cloned().unwrap();
            let mode = wabe_access::Mode::Commit;
            (spec.run)(&gate, &operator, input, mode, None)
                .await
                .unwrap();
            let get = HostCall::KvGet {
                key: "a".to_owned(),
            };
            assert!(host.answer(get).await.is_err());
            done(&[("database.create", "", r#"{"name":"late"}"#, "")])
        })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("failed", Some("revoked"))]);
    let found = installed(&house, &tenant, id).await;
    assert_eq!(found.installation.paused_by.unwrap().word(), "hoster");
    let resume = json!({ "id": id });
    let refused = house
        .run_json(&tenant.owner, "installation.resume", resume)
        .await;
    assert!(matches!(
        refused,
        Err(Refusal::Conflict("version-withdrawn"))
    ));
}

async fn a_paused_installation_holds_what_waits(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    house.plugins.sandbox.set_up(false);
    make_database(&house, &tenant.owner, "one").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("queued", None)]);
    let pause = json!({ "id": id, "reason": "holiday" });
    house
        .run_json(&tenant.owner, "installation.pause", pause)
        .await
        .unwrap();
    make_database(&house, &tenant.owner, "two").await;
    house.plugins.sandbox.set_up(true);
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("held", None)]);
    let resume = json!({ "id": id, "catch_up": true });
    house
        .run_json(&tenant.owner, "installation.resume", resume)
        .await
        .unwrap();
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("done", None), is("done", None)]
    );
    // Without catching up it goes on from now.
    house
        .run_json(&tenant.owner, "installation.pause", json!({ "id": id }))
        .await
        .unwrap();
    make_database(&house, &tenant.owner, "three").await;
    house
        .run_json(&tenant.owner, "installation.resume", json!({ "id": id }))
        .await
        .unwrap();
    house.run_plugins().await;
    assert_eq!(runs(&house, &tenant).await.len(), 2);
}

async fn what_is_deleted_leaves_an_export(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = install(&house, &tenant).await;
    house.plugins.sandbox.set(Arc::new(|_order, host| {
        Box::pin(async move {
            let set = HostCall::KvSet {
                key: "seen".to_owned(),
                value: wabe_package::Blob(b"shop".to_vec()),
                expect: Some(0),
                ttl_s: None,
            };
            host.answer(set).await.unwrap();
            Ending::Done {
                outcome: outcome(&[]),
            }
        })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    let gone = json!({ "id": id });
    house
        .run_json(&tenant.owner, "installation.delete", gone)
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let text = export::document(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    let document: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(document["kv"][0]["key"], "seen");
    assert_eq!(document["runs"].as_array().unwrap().len(), 1);
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    for table in [
        "installation",
        "installation_kv",
        "run",
        "run_recording",
        "installation_use",
    ] {
        assert!(rows[table].is_empty(), "{table}");
    }
    let usage = house.usage(tenant.id).await;
    assert!(
        usage
            .iter()
            .all(|one| one.limit != Limit::Installations || one.used == 0)
    );
    house.clock.advance(15 * 86_400);
    house.plugins.engine.purge().await.unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    assert!(matches!(
        export::document(&mut tx, &scope, id).await,
        Err(Refusal::NotFound)
    ));
}

async fn a_suspended_customer_runs_nothing(house: House) {
    let tenant = house.tenant("Sonne").await;
    install(&house, &tenant).await;
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"late"}"#, "")])
    }));
    make_database(&house, &tenant.owner, "shop").await;
    let mut tx = house.write().await;
    wabe_access::customer::set_suspended(&mut tx, tenant.id, Some("unpaid"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    house.run_plugins().await;
    assert_eq!(
        ends(&house, &tenant).await,
        [is("failed", Some("suspended"))]
    );
    assert!(house.plugins.sandbox.orders().is_empty());
}
