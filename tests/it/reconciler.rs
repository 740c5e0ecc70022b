//! From the wish to the node and back: what is wanted becomes so, and what fails says when it is
//! tried again.

use crate::on_both_engines;
use serde_json::json;
use wabe_access::Scope;
use wabe_access::resource::{self, Resource};
use wabe_hosting::webspace::{self, Certificate};
use wabe_kernel::desired::Subject;
use wabe_kernel::{Clock as _, State};
use wabe_testkit::{CERTIFICATE_ENDS, Engine, House, ISSUER, PASSWORD, Tenant};

on_both_engines!(
    what_is_wanted_becomes_live_and_stays,
    a_failed_step_is_tried_again_later_and_delays_nobody,
    what_left_the_trash_is_gone_with_its_name,
    a_site_says_whose_certificate_the_node_has,
);

async fn load(house: &House, tenant: &Tenant, id: &str) -> Option<Resource> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = resource::load(&mut tx, tenant.id, id).await;
    tx.rollback().await.unwrap();
    found.ok()
}

async fn webspace(house: &House, tenant: &Tenant, name: &str) -> String {
    let made = house
        .run_json(&tenant.owner, "webspace.create", json!({ "name": name }))
        .await;
    made.unwrap().object
}

async fn what_is_wanted_becomes_live_and_stays(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = webspace(&house, &tenant, "shop").await;
    assert_eq!(
        load(&house, &tenant, &id).await.unwrap().state,
        State::Pending
    );
    house.settle().await;
    assert_eq!(load(&house, &tenant, &id).await.unwrap().state, State::Live);
    let steps = house.node.words();
    assert_eq!(
        steps,
        [
            "make-folder",
            "issue-certificate",
            "configure-site",
            "probe-site"
        ]
    );
    assert_eq!(house.settle().await, 0);
    let input = json!({ "id": id, "reason": "holiday" });
    house
        .run_json(&tenant.owner, "webspace.suspend", input)
        .await
        .unwrap();
    assert_eq!(
        load(&house, &tenant, &id).await.unwrap().state,
        State::Updating
    );
    house.settle().await;
    assert_eq!(
        load(&house, &tenant, &id).await.unwrap().state,
        State::Suspended
    );
}

async fn a_failed_step_is_tried_again_later_and_delays_nobody(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.node.fail("configure-site", "files-failed");
    let first = webspace(&house, &tenant, "shop").await;
    let second = webspace(&house, &tenant, "blog").await;
    house.settle().await;
    let states = [
        load(&house, &tenant, &first).await.unwrap(),
        load(&house, &tenant, &second).await.unwrap(),
    ];
    let (failed, live) = if states[0].state == State::Failed {
        (&states[0], &states[1])
    } else {
        (&states[1], &states[0])
    };
    assert_eq!((failed.state, live.state), (State::Failed, State::Live));
    assert_eq!(failed.failure.as_deref(), Some("files-failed"));
    assert!(failed.retry_at.unwrap() > house.clock.now());
    assert_eq!(house.settle().await, 0);
    house.clock.set(failed.retry_at.unwrap());
    house.settle().await;
    assert_eq!(
        load(&house, &tenant, &failed.id).await.unwrap().state,
        State::Live
    );
}

async fn what_left_the_trash_is_gone_with_its_name(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = webspace(&house, &tenant, "shop").await;
    house.settle().await;
    house
        .run_json(&tenant.owner, "webspace.delete", json!({ "id": id }))
        .await
        .unwrap();
    house.settle().await;
    assert_eq!(house.reconciler.empty_trash().await.unwrap(), 0);
    house.clock.advance(14 * 86_400);
    assert_eq!(house.reconciler.empty_trash().await.unwrap(), 1);
    house.settle().await;
    assert!(load(&house, &tenant, &id).await.is_none());
    assert!(
        house
            .node
            .words()
            .ends_with(&["remove-site", "remove-folder"])
    );
    let again = webspace(&house, &tenant, "shop").await;
    house.settle().await;
    assert_eq!(
        load(&house, &tenant, &again).await.unwrap().state,
        State::Live
    );
    let gone = Subject::Webspace(id.parse().unwrap());
    assert!(house.node.steps().iter().any(|step| step.subject == gone));
}

async fn certificate(house: &House, tenant: &Tenant, id: &str) -> Option<Certificate> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let found = webspace::load(&mut tx, &scope, id.parse().unwrap(), &house.facts).await;
    tx.rollback().await.unwrap();
    found.unwrap().certificate
}

async fn a_site_says_whose_certificate_the_node_has(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.node.fail("configure-site", "files-failed");
    let id = webspace(&house, &tenant, "shop").await;
    assert_eq!(certificate(&house, &tenant, &id).await, None);
    house.settle().await;
    // The site failed behind its certificate, which is there all the same.
    let held = certificate(&house, &tenant, &id).await.unwrap();
    assert_eq!(
        (held.issuer.as_str(), held.valid_until),
        (ISSUER, CERTIFICATE_ENDS)
    );
    assert_eq!(held.names, ["shop.sites.localhost".parse().unwrap()]);
    house.clock.advance(10);
    house.node.lose(Subject::Webspace(id.parse().unwrap()));
    house.node.fail("issue-certificate", "certificate-failed");
    house.settle().await;
    assert_eq!(certificate(&house, &tenant, &id).await, None);
}

#[tokio::test]
async fn the_embedded_node_makes_what_is_wanted_and_takes_it_away() {
    let house = House::builder(Engine::Sqlite).embedded().build().await;
    let tenant = house.tenant("Sonne").await;
    house
        .run_json(
            &tenant.owner,
            "domain.create",
            json!({ "name": "sonne.test" }),
        )
        .await
        .unwrap();
    let site = webspace(&house, &tenant, "shop").await;
    let input = json!({ "address": "info@sonne.test", "password": PASSWORD });
    let made = house.run_json(&tenant.owner, "mailbox.create", input).await;
    let mailbox = made.unwrap().object;
    house.settle().await;
    for id in [&site, &mailbox] {
        let found = load(&house, &tenant, id).await.unwrap();
        assert_eq!(found.state, State::Live, "{id}: {:?}", found.failure);
    }
    let node = house.db.folder().join("node");
    assert!(node.join("web").join(&site).is_dir());
    for (noun, id) in [("webspace", &site), ("mailbox", &mailbox)] {
        let delete = format!("{noun}.delete");
        house
            .run_json(&tenant.owner, &delete, json!({ "id": id }))
            .await
            .unwrap();
    }
    house.clock.advance(14 * 86_400);
    house.reconciler.empty_trash().await.unwrap();
    house.settle().await;
    assert!(load(&house, &tenant, &site).await.is_none());
    assert!(!node.join("web").join(&site).exists());
}
