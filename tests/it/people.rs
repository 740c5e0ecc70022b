//! People and the record beside the gate: logins, links, tokens, exports, in the scopes that pages read
//! them in.

use crate::on_both_engines;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use wabe_access::{Refusal, Role, Scope};
use wabe_audit::{Access, Dump, Export};
use wabe_identity::login::attempt::Attempt;
use wabe_identity::{LoggedIn, LoginOutcome, MailKind};
use wabe_kernel::{PageRequest, Secret};
use wabe_testkit::{House, PASSWORD};

on_both_engines!(
    somebody_logs_in_and_is_known_until_they_leave,
    a_forgotten_password_is_set_through_a_mailed_link,
    a_token_acts_until_it_is_revoked,
    members_see_members_and_the_record_of_their_own,
    the_record_of_a_customer_can_be_exported_in_its_scope,
);

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

async fn log_in(house: &House, password: &str) -> Option<Box<LoggedIn>> {
    let attempt = Attempt {
        email: "owner0@wabe.test".to_owned(),
        secret: Secret::new(password),
        address: HOME,
        device_cookie: None,
        user_agent: "Mozilla/5.0 Firefox/145.0".to_owned(),
        staff: false,
        previous_session: None,
    };
    match house.identity.log_in(&attempt).await.unwrap() {
        LoginOutcome::LoggedIn(person) => Some(person),
        LoginOutcome::Half(_) | LoginOutcome::Refused | LoginOutcome::Busy(_) => None,
    }
}

async fn somebody_logs_in_and_is_known_until_they_leave(house: House) {
    let tenant = house.tenant("Sonne").await;
    assert!(log_in(&house, "Kq7-zvt halb neun Tee").await.is_none());
    let person = log_in(&house, PASSWORD).await.unwrap();
    assert_eq!(person.session.customer, Some(tenant.id));
    house.clock.advance(120);
    let token = person.token.expose();
    let found = house.identity.find_session(token).await.unwrap().unwrap();
    assert_eq!(found.id, person.session.id);
    assert!(house.identity.is_alive(found.id).await.unwrap());
    let made = house
        .run_json(&found.actor(), "database.create", json!({ "name": "shop" }))
        .await;
    assert!(made.is_ok());
    assert_eq!(
        house
            .identity
            .list_sessions(person.user.id)
            .await
            .unwrap()
            .len(),
        1
    );
    let renewed = house
        .identity
        .rotate_session(&found)
        .await
        .unwrap()
        .unwrap();
    assert!(house.identity.find_session(token).await.unwrap().is_none());
    house.identity.log_out(renewed.expose()).await.unwrap();
    assert!(
        house
            .identity
            .find_session(renewed.expose())
            .await
            .unwrap()
            .is_none()
    );
    house.identity.prune().await.unwrap();
}

async fn a_forgotten_password_is_set_through_a_mailed_link(house: House) {
    house.tenant("Sonne").await;
    house
        .identity
        .request_reset("owner0@wabe.test", HOME)
        .await
        .unwrap();
    house
        .identity
        .request_reset("nobody@wabe.test", HOME)
        .await
        .unwrap();
    assert_eq!(house.mails.of(MailKind::Reset).len(), 1);
    let token = house.mails.token(MailKind::Reset).unwrap();
    assert!(house.identity.link_works(&token).await.unwrap());
    let new = Secret::new("Wq8-abendrot zwei Zelte");
    house.identity.redeem(&token, &new).await.unwrap();
    assert!(house.identity.redeem(&token, &new).await.is_err());
    assert!(log_in(&house, PASSWORD).await.is_none());
    assert!(log_in(&house, new.expose()).await.is_some());
}

async fn a_token_acts_until_it_is_revoked(house: House) {
    let tenant = house.tenant("Sonne").await;
    let input = json!({
        "name": "deploy", "scopes": ["database:write"], "days": 30, "sensitive": false,
    });
    let made = house
        .run_json(&tenant.owner, "token.create", input)
        .await
        .unwrap();
    let secret = made.output["token"].as_str().unwrap().to_owned();
    let actor = house
        .identity
        .authenticate_token(&secret)
        .await
        .unwrap()
        .unwrap();
    house
        .run_json(&actor, "database.create", json!({ "name": "shop" }))
        .await
        .unwrap();
    let refused = house
        .run_json(&actor, "webspace.create", json!({ "name": "shop" }))
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    let revoke = json!({ "id": made.output["id"] });
    house
        .run_json(&tenant.owner, "token.revoke", revoke)
        .await
        .unwrap();
    assert!(
        house
            .identity
            .authenticate_token(&secret)
            .await
            .unwrap()
            .is_none()
    );
}

async fn members_see_members_and_the_record_of_their_own(house: House) {
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    house
        .run_json(&own.owner, "database.create", json!({ "name": "shop" }))
        .await
        .unwrap();
    house
        .run_json(&other.owner, "database.create", json!({ "name": "blog" }))
        .await
        .unwrap();
    let mut tx = house.db.store.write_for(own.id).await.unwrap();
    let scope = Scope::of(&mut tx, &own.owner).await.unwrap();
    let members = wabe_identity::user::read::members(&mut tx, &scope)
        .await
        .unwrap();
    assert_eq!((members.len(), members[0].role), (1, Role::Owner));
    let page = PageRequest::first(50);
    let filter = wabe_audit::ChangeFilter::default();
    let changes = house
        .recorder
        .list(&mut tx, own.id, &filter, &page)
        .await
        .unwrap();
    let names: Vec<&str> = changes
        .items
        .iter()
        .map(|change| change.object_name.as_str())
        .collect();
    assert_eq!(names, ["shop"]);
    let access = Access {
        customer: own.id,
        user: own.owner.user,
        by: wabe_audit::AccessBy::Member,
        area: "mail.read",
        object_id: None,
        address: Some(HOME),
    };
    house.streams.note_access(&mut tx, &access).await.unwrap();
    let noted = house
        .streams
        .list_access(&mut tx, own.id, &page)
        .await
        .unwrap();
    assert_eq!(noted.items.len(), 1);
    tx.commit().await.unwrap();
}

async fn the_record_of_a_customer_can_be_exported_in_its_scope(house: House) {
    let tenant = house.tenant("Sonne").await;
    for name in ["shop", "blog"] {
        house
            .run_json(&tenant.owner, "database.create", json!({ "name": name }))
            .await
            .unwrap();
    }
    let store = &house.db.store;
    assert!(house.sequencer.sequence(store, 100).await.unwrap() >= 2);
    house.sequencer.checkpoint(store).await.unwrap();
    let mut tx = store.read_for(tenant.id).await.unwrap();
    let (recorder, sequencer) = (house.recorder.clone(), house.sequencer.clone());
    let export = Export::begin(recorder, sequencer, &mut tx, tenant.id, None)
        .await
        .unwrap();
    let text = export.collect(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(text.contains("shop") && text.contains("blog"));
    let dump = Dump::begin(store)
        .await
        .unwrap()
        .collect(store)
        .await
        .unwrap();
    assert!(!dump.contains("shop"));
}
