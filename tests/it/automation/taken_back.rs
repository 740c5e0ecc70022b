//! What is taken back while something waits or is under way: by the customer, by the hoster, by life.

use super::host::plugin;
use super::{databases, ends, everything, is, listener, make_database};
use crate::on_both_engines;
use serde_json::json;
use std::sync::Arc;
use wabe_access::{Role, StaffRole};
use wabe_package::wire::HostCall;
use wabe_testkit::{House, capability, capability_with, done, guest, manifest};

on_both_engines!(
    what_waits_is_not_told_when_it_is_granted_no_more,
    a_lower_ceiling_counts_during_the_run,
    a_lower_ceiling_counts_for_what_it_asks_at_its_end,
    a_suspension_counts_during_the_run,
    a_role_that_is_lost_counts_during_the_run,
);

fn get() -> HostCall {
    HostCall::KvGet {
        key: "a".to_owned(),
    }
}

async fn what_waits_is_not_told_when_it_is_granted_no_more(house: House) {
    let tenant = house.tenant("Sonne").await;
    let trigger = "[[trigger]]\nkind = \"event\"\ntopic = \"database.create\"\n";
    let events = capability("events:database.*", true);
    let ears = manifest("ears", "1.0.0", &format!("{events}{trigger}"));
    house.publish(&ears).await;
    let id = house
        .install(&tenant, "ears", json!({ "events:database.*": true }))
        .await;
    house.plugins.sandbox.set_up(false);
    make_database(&house, &tenant.owner, "secretly").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("queued", None)]);
    let less = json!({ "id": id, "capabilities": {} });
    house
        .run_json(&tenant.owner, "installation.set_capabilities", less)
        .await
        .unwrap();
    house.plugins.sandbox.set_up(true);
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("failed", Some("revoked"))]);
    assert!(house.plugins.sandbox.orders().is_empty());
}

/// Lets a plugin run whose ceiling is lowered meanwhile; it asks its host again afterwards, or does not.
async fn lowered(house: &House, asks: bool) {
    let tenant = house.tenant("Sonne").await;
    let version = house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    let officer = house.staff(StaffRole::PrivacyOfficer).await;
    let officer = officer.for_purpose("it does too much".parse().unwrap());
    let gate = house.gate.clone();
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let (gate, officer) = (gate.clone(), officer.clone());
        Box::pin(async move {
            host.answer(get()).await.unwrap();
            let spec = gate.command("plugin.release").unwrap();
            let ceiling = json!({ "events:database.*": true });
            let input = json!({ "id": version, "note": "looked again", "ceiling": ceiling });
            let input = input.as_object().cloned().unwrap();
            let mode = wabe_access::Mode::Commit;
            (spec.run)(&gate, &officer, input, mode, None)
                .await
                .unwrap();
            if asks {
                assert_eq!(host.answer(get()).await.unwrap_err().code, "denied");
            }
            done(&[("database.create", "", r#"{"name":"late"}"#, "")])
        })
    }));
    make_database(house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(house, &tenant).await, [is("failed", Some("revoked"))]);
    // The next run has what is left: it hears, and may change nothing.
    house.plugins.sandbox.set(guest(|_order| {
        done(&[("database.create", "", r#"{"name":"later"}"#, "")])
    }));
    make_database(house, &tenant.owner, "next").await;
    house.run_plugins().await;
    let second = is("failed", Some("effect-denied"));
    assert_eq!(ends(house, &tenant).await[1], second);
    assert_eq!(databases(house, &tenant).await, ["next", "shop"]);
}

async fn a_lower_ceiling_counts_during_the_run(house: House) {
    lowered(&house, true).await;
}

async fn a_lower_ceiling_counts_for_what_it_asks_at_its_end(house: House) {
    lowered(&house, false).await;
}

async fn a_suspension_counts_during_the_run(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    let (gate, customer) = (house.gate.clone(), tenant.id);
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let gate = gate.clone();
        Box::pin(async move {
            host.answer(get()).await.unwrap();
            let mut tx = gate.store().write().await.unwrap();
            wabe_access::customer::set_suspended(&mut tx, customer, Some("unpaid"))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert_eq!(host.answer(get()).await.unwrap_err().code, "denied");
            done(&[("database.create", "", r#"{"name":"late"}"#, "")])
        })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    let suspended = is("failed", Some("suspended"));
    assert_eq!(ends(&house, &tenant).await, [suspended]);
    assert_eq!(databases(&house, &tenant).await, ["shop"]);
}

async fn a_role_that_is_lost_counts_during_the_run(house: House) {
    let tenant = house.tenant("Sonne").await;
    let records = capability_with("records:mailbox", false, "fields = [\"address\"]");
    house.publish(&plugin(&records)).await;
    let colleague = house.member(tenant.id, Role::Administrator).await;
    let granted = json!({
        "events:database.*": true, "records:mailbox": { "fields": ["address"] },
    });
    let input = json!({ "plugin": "asks", "capabilities": granted });
    house
        .run_json(&colleague, "installation.create", input)
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let members = wabe_access::member::list(&mut tx, tenant.id).await.unwrap();
    tx.rollback().await.unwrap();
    let member = members.iter().find(|one| Some(one.user) == colleague.user);
    let member = member.unwrap().id;
    let (gate, owner) = (house.gate.clone(), tenant.owner.clone());
    house.plugins.sandbox.set(Arc::new(move |_order, host| {
        let (gate, owner) = (gate.clone(), owner.clone());
        Box::pin(async move {
            let query = || HostCall::Query {
                query: r#"{"type":"mailbox"}"#.to_owned(),
            };
            host.answer(query()).await.unwrap();
            let spec = gate.command("member.set_role").unwrap();
            let input = json!({ "id": member, "role": "database_manager" });
            let input = input.as_object().cloned().unwrap();
            let mode = wabe_access::Mode::Commit;
            (spec.run)(&gate, &owner, input, mode, None).await.unwrap();
            assert_eq!(host.answer(query()).await.unwrap_err().code, "denied");
            done(&[])
        })
    }));
    make_database(&house, &tenant.owner, "shop").await;
    house.run_plugins().await;
    assert_eq!(ends(&house, &tenant).await, [is("done", None)]);
}
