//! How many things a customer has, by kind and state: the limits' numbers and the tables agree.

use crate::on_both_engines;
use serde_json::json;
use std::collections::BTreeMap;
use wabe_access::resource;
use wabe_kernel::{ResourceKind, State};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    things_are_counted_by_kind_and_state,
    what_is_in_the_trash_is_not_counted
);

async fn counts(house: &House, tenant: &Tenant) -> BTreeMap<(String, String), i64> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = resource::counts(&mut tx, tenant.id).await.unwrap();
    tx.rollback().await.unwrap();
    let named = found
        .into_iter()
        .map(|(kind, state, count)| ((kind.word().to_owned(), state.word().to_owned()), count));
    named.collect()
}

fn is(kind: ResourceKind, state: State) -> (String, String) {
    (kind.word().to_owned(), state.word().to_owned())
}

async fn things_are_counted_by_kind_and_state(house: House) {
    let tenant = house.tenant("Sonne").await;
    assert!(counts(&house, &tenant).await.is_empty());
    for name in ["one", "two"] {
        house
            .run_json(&tenant.owner, "webspace.create", json!({ "name": name }))
            .await
            .unwrap();
    }
    let waiting = is(ResourceKind::Webspace, State::Pending);
    assert_eq!(
        counts(&house, &tenant).await,
        BTreeMap::from([(waiting.clone(), 2)])
    );
    house.settle().await;
    let live = is(ResourceKind::Webspace, State::Live);
    assert_eq!(
        counts(&house, &tenant).await,
        BTreeMap::from([(live.clone(), 2)])
    );
    let database = json!({ "name": "shop", "engine": "sqlite" });
    house
        .run_json(&tenant.owner, "webspace.create", json!({ "name": "three" }))
        .await
        .unwrap();
    house
        .run_json(&tenant.owner, "database.create", database)
        .await
        .unwrap();
    let other = is(ResourceKind::Database, State::Pending);
    let all = BTreeMap::from([(live, 2), (waiting, 1), (other, 1)]);
    assert_eq!(counts(&house, &tenant).await, all);
}

async fn what_is_in_the_trash_is_not_counted(house: House) {
    let tenant = house.tenant("Sonne").await;
    let made = house
        .run_json(&tenant.owner, "webspace.create", json!({ "name": "one" }))
        .await;
    let id = made.unwrap().object;
    house.settle().await;
    house
        .run_json(&tenant.owner, "webspace.delete", json!({ "id": id }))
        .await
        .unwrap();
    assert!(counts(&house, &tenant).await.is_empty());
    house.settle().await;
    assert!(counts(&house, &tenant).await.is_empty());
    house
        .run_json(&tenant.owner, "webspace.restore", json!({ "id": id }))
        .await
        .unwrap();
    house.settle().await;
    let live = is(ResourceKind::Webspace, State::Live);
    assert_eq!(counts(&house, &tenant).await, BTreeMap::from([(live, 1)]));
}
