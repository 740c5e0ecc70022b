//! How it ends without a decision, and who is told.

use crate::four_eyes::{
    AFTER, BEFORE, DAY, ask, asked, decide, due, ended, joined, link, over, place_of, roles, scene,
    second_address,
};
use crate::on_both_engines;
use crate::staff_role::{acts, hired, run, told};
use serde_json::json;
use wabe_access::{Actor, ActorKind, Role};
use wabe_identity::MailKind;
use wabe_kernel::id::TokenId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock as _, PageRequest};
use wabe_testkit::House;

on_both_engines!(
    an_owner_stops_it_in_the_portal_and_nobody_else,
    owners_are_told_when_nobody_decided,
    whoever_leaves_takes_what_they_asked_for_along,
    whoever_was_told_hears_that_it_is_off,
    management_is_told_when_nobody_decides,
);

async fn an_owner_stops_it_in_the_portal_and_nobody_else(house: House) {
    let scene = scene(&house).await;
    second_address(&house).await;
    let id = asked(&house, &scene).await;
    let (input, token) = (json!({ "id": id }), link(&house));
    let owner = &scene.tenant.owner;
    let other = house.tenant("Mond").await.owner;
    let admin = house.member(scene.tenant.id, Role::Administrator).await;
    let heir = Actor::member(scene.heir.1, scene.tenant.id, house.clock.now());
    let program = Actor {
        kind: ActorKind::Token(TokenId::from_uuid(Uuid::from_u128(1))),
        sensitive: true,
        ..owner.clone()
    };
    for (somebody, why) in [
        (other, "NotFound"),
        (admin, "Forbidden"),
        (heir, "Forbidden"),
        (program, "Forbidden"),
        (Actor::system(scene.tenant.id), "Forbidden"),
        (acts(&house, scene.mira), "Forbidden"),
    ] {
        let refused = house.run_json(&somebody, "approval.stop", input.clone());
        assert_eq!(
            format!("{:?}", refused.await.unwrap_err()),
            why,
            "{somebody:?}"
        );
    }
    assert_eq!(ended(&house, "").await, 1);
    let stopped = house.run_json(owner, "approval.stop", input.clone()).await;
    stopped.unwrap();
    over(&house.run_json(owner, "approval.stop", input).await);
    over(&decide(&house, scene.ole, "approve", &id).await);
    assert!(!house.identity.keeps_owner(&token).await.unwrap());
    let owners = ["owner0@wabe.test", "zwei@elsewhere.test"];
    assert_eq!(told(&house, MailKind::OwnerChangeOff), owners);
    let asker = told(&house, MailKind::ApprovalStopped);
    assert_eq!(asker, ["mira@hoster.test"]);
    assert_eq!(ended(&house, "stopped").await, 1);
    assert_eq!(roles(&house, &scene).await, BEFORE);
    let customer = scene.tenant.id;
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let (filter, page) = (wabe_audit::ChangeFilter::default(), PageRequest::first(20));
    let record = house.recorder.list(&mut tx, customer, &filter, &page).await;
    tx.rollback().await.unwrap();
    let record = record.unwrap().items;
    let change = record.iter().find(|one| one.command == "approval.stop");
    assert_eq!(change.unwrap().actor_kind, "member");
}

async fn owners_are_told_when_nobody_decided(house: House) {
    let scene = scene(&house).await;
    second_address(&house).await;
    asked(&house, &scene).await;
    let token = link(&house);
    for (wait, letters) in [(7 * DAY - 1, 0), (1, 2), (DAY, 2)] {
        house.clock.advance(wait);
        house.identity.prune().await.unwrap();
        let off = told(&house, MailKind::OwnerChangeOff);
        assert_eq!(off.len(), letters, "{off:?}");
    }
    assert!(!house.identity.keeps_owner(&token).await.unwrap());
    assert_eq!(ended(&house, "lapsed").await, 1);
    assert_eq!(roles(&house, &scene).await, BEFORE);
}

async fn whoever_leaves_takes_what_they_asked_for_along(house: House) {
    let scene = scene(&house).await;
    let id = asked(&house, &scene).await;
    let token = link(&house);
    let leave = json!({ "id": scene.mira });
    run(&house, scene.karin, "staff.leave", leave)
        .await
        .unwrap();
    over(&decide(&house, scene.ole, "approve", &id).await);
    assert!(!house.identity.keeps_owner(&token).await.unwrap());
    let jona = hired(&house, "Jona", &["support"]).await;
    let id = ask(&house, jona, &scene.ticket, &scene.heir.0).await;
    let role = json!({ "id": jona, "role": "support" });
    run(&house, scene.karin, "staff_role.withdraw", role)
        .await
        .unwrap();
    over(&decide(&house, scene.ole, "approve", &id.unwrap()).await);
    assert_eq!(ended(&house, "retracted").await, 2);
    let off = told(&house, MailKind::OwnerChangeOff);
    assert_eq!(off, ["owner0@wabe.test", "owner0@wabe.test"]);
    assert_eq!(roles(&house, &scene).await, BEFORE);
}

/// Whoever was told that it was asked for, also when they own nothing any more; and nobody else.
async fn whoever_was_told_hears_that_it_is_off(house: House) {
    let scene = scene(&house).await;
    let (other, _) = joined(&house, &scene.tenant, "Carla").await;
    let id = asked(&house, &scene).await;
    let system = Actor::system(scene.tenant.id);
    let former = place_of(&house, &scene.tenant).await;
    for (place, role) in [(other, "owner"), (former, "viewer")] {
        let set = json!({ "id": place, "role": role });
        let set = house.run_json(&system, "member.set_role", set).await;
        set.unwrap();
    }
    decide(&house, scene.ole, "refuse", &id).await.unwrap();
    assert_eq!(told(&house, MailKind::OwnerChangeOff), ["owner0@wabe.test"]);
}

async fn management_is_told_when_nobody_decides(house: House) {
    let scene = scene(&house).await;
    let id = due(&house, &scene).await;
    house.identity.prune().await.unwrap();
    assert_eq!(told(&house, MailKind::ApprovalWaiting), ["ole@hoster.test"]);
    for (wait, letters) in [(DAY - 1, 0), (1, 2), (DAY, 2)] {
        house.clock.advance(wait);
        house.identity.prune().await.unwrap();
        assert_eq!(told(&house, MailKind::ApprovalLate).len(), letters);
    }
    let late = told(&house, MailKind::ApprovalLate);
    assert_eq!(late, ["karin@hoster.test", "ole@hoster.test"]);
    assert_eq!(told(&house, MailKind::ApprovalWaiting).len(), 1);
    decide(&house, scene.karin, "approve", &id).await.unwrap();
    assert_eq!(roles(&house, &scene).await, AFTER);
}
