//! What customers are told without having done anything: a change that fails again and again, a certificate
//! that cannot be renewed, and nobody is forgotten over others.

use crate::on_both_engines;
use serde_json::json;
use wabe_access::resource::{self, Resource};
use wabe_jobs::notice::{self, Shown};
use wabe_jobs::text::Arg;
use wabe_kernel::{Clock as _, PageRequest, State};
use wabe_panel::told::trouble;
use wabe_store::Statement;
use wabe_testkit::{Bulk, CERTIFICATE_ENDS, House, Tenant, fill};

on_both_engines!(
    a_change_that_fails_three_times_is_told_once,
    a_certificate_that_cannot_be_renewed_is_told_with_its_end,
    what_drifted_and_cannot_be_repaired_failed_and_is_tried_again,
    no_trouble_hides_behind_two_hundred_others,
);

async fn notices(house: &House, tenant: &Tenant) -> Vec<Shown> {
    let user = tenant.owner.user.unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let page = PageRequest::first(50);
    let found = notice::list(&mut tx, user, tenant.id, &page).await;
    tx.rollback().await.unwrap();
    found.unwrap().items
}

/// The kinds of what the owner was told, the latest first.
pub(crate) async fn told(house: &House, tenant: &Tenant) -> Vec<&'static str> {
    let found = notices(house, tenant).await;
    found.iter().map(|notice| notice.kind.word()).collect()
}

async fn load(house: &House, tenant: &Tenant, id: &str) -> Resource {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = resource::load(&mut tx, tenant.id, id).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

async fn webspace(house: &House, tenant: &Tenant) -> String {
    let made = house
        .run_json(&tenant.owner, "webspace.create", json!({ "name": "shop" }))
        .await;
    made.unwrap().object
}

/// Lets the time of the next attempt come, and makes it.
async fn try_again(house: &House, tenant: &Tenant, id: &str) {
    let next = load(house, tenant, id).await.retry_at.unwrap();
    house.clock.set(next);
    house.settle().await;
}

async fn a_change_that_fails_three_times_is_told_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    for _ in 0..4 {
        house.node.fail("configure-site", "files-failed");
    }
    let id = webspace(&house, &tenant).await;
    house.settle().await;
    try_again(&house, &tenant, &id).await;
    trouble(&house.gate).await.unwrap();
    assert!(told(&house, &tenant).await.is_empty());
    try_again(&house, &tenant, &id).await;
    for _ in 0..2 {
        trouble(&house.gate).await.unwrap();
        assert_eq!(told(&house, &tenant).await, ["change-failed"]);
    }
    // The fourth failure of the same wish is no news.
    try_again(&house, &tenant, &id).await;
    trouble(&house.gate).await.unwrap();
    assert_eq!(told(&house, &tenant).await.len(), 1);
    try_again(&house, &tenant, &id).await;
    assert_eq!(load(&house, &tenant, &id).await.state, State::Live);
}

async fn a_certificate_that_cannot_be_renewed_is_told_with_its_end(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = webspace(&house, &tenant).await;
    house.settle().await;
    house.clock.set(CERTIFICATE_ENDS.plus_days(-20));
    for _ in 0..3 {
        house.node.fail("issue-certificate", "certificate-failed");
    }
    house.reconciler.scan().await.unwrap();
    for _ in 0..2 {
        try_again(&house, &tenant, &id).await;
    }
    let found = load(&house, &tenant, &id).await;
    assert_eq!((found.state, found.attempts), (State::Failed, 3));
    trouble(&house.gate).await.unwrap();
    let notices = notices(&house, &tenant).await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(notice.kind.word(), "certificate-failing");
    let Some(Arg::Time(until)) = notice.args.get("until") else {
        panic!("{notice:?}")
    };
    assert_eq!(*until, CERTIFICATE_ENDS);
    try_again(&house, &tenant, &id).await;
    assert_eq!(load(&house, &tenant, &id).await.state, State::Live);
}

async fn what_drifted_and_cannot_be_repaired_failed_and_is_tried_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = webspace(&house, &tenant).await;
    house.settle().await;
    house
        .node
        .lose(wabe_kernel::desired::Subject::Webspace(id.parse().unwrap()));
    // Looked at less than an hour ago: nobody has noticed yet.
    house.node.fail("make-folder", "files-failed");
    house.reconciler.scan().await.unwrap();
    assert_eq!(load(&house, &tenant, &id).await.state, State::Live);
    house.clock.advance(3_601);
    house.reconciler.scan().await.unwrap();
    let failed = load(&house, &tenant, &id).await;
    assert_eq!(failed.state, State::Failed);
    assert_eq!(failed.failure.as_deref(), Some("files-failed"));
    assert_eq!(failed.attempts, 1);
    assert!(failed.retry_at.unwrap() > house.clock.now());
    // Not before its time, and then by itself.
    assert_eq!(house.settle().await, 0);
    try_again(&house, &tenant, &id).await;
    let repaired = load(&house, &tenant, &id).await;
    assert_eq!(repaired.state, State::Live);
    assert_eq!((repaired.failure, repaired.attempts), (None, 0));
}

async fn no_trouble_hides_behind_two_hundred_others(house: House) {
    const TROUBLE: Statement = Statement {
        name: "test.trouble",
        sql: "UPDATE resource SET desired_revision = desired_revision + 1, attempts = 3, \
              state = 'failed', failure = 'mail-disk' WHERE kind = $1",
    };
    let tenant = house.tenant("Sonne").await;
    // Its id comes after those of all mailboxes.
    webspace(&house, &tenant).await;
    house.settle().await;
    let bulk = Bulk {
        customers: 401,
        mailboxes_each: 1,
    };
    fill(&house.db.store, house.clock.as_ref(), bulk)
        .await
        .unwrap();
    let mut tx = house.write().await;
    for kind in ["mailbox", "webspace"] {
        TROUBLE.bind(kind).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    trouble(&house.gate).await.unwrap();
    assert_eq!(told(&house, &tenant).await, ["change-failed"]);
}
