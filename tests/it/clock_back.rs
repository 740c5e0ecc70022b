//! A panel that begins again with a clock that was set back an hour: nothing is locked, nothing is done twice, and
//! nothing lives on a time that is still to come. While a panel runs its clock never goes back
//! (`src/drivers/system.rs`); cron jobs, certificates and sessions have theirs beside the rest of what they promise.

use crate::domain_proof::{done, stands};
use crate::on_both_engines;
use serde_json::json;
use std::collections::BTreeMap;
use wabe_access::{Actor, Refusal};
use wabe_kernel::desired::Revision;
use wabe_kernel::{Clock as _, State};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_change_after_it_waits_for_nothing_and_no_older_wish_comes_later,
    what_had_failed_is_tried_again_within_that_hour_and_once,
    a_proof_that_lies_ahead_opens_nothing,
    the_record_goes_on_and_is_signed,
);

/// How far it is set back, in seconds.
const HOUR: u32 = 3_600;

async fn webspace(house: &House, tenant: &Tenant) -> String {
    let made = house.run_json(&tenant.owner, "webspace.create", json!({ "name": "shop" }));
    made.await.unwrap().object
}

async fn a_change_after_it_waits_for_nothing_and_no_older_wish_comes_later(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = webspace(&house, &tenant).await;
    house.settle().await;
    house.clock.set_back(HOUR);
    assert_eq!(house.settle().await, 0, "nothing is done once more");
    for (name, input) in [
        ("webspace.suspend", json!({ "id": id, "reason": "holiday" })),
        ("webspace.resume", json!({ "id": id })),
        (
            "webspace.set_document_root",
            json!({ "id": id, "document_root": "public" }),
        ),
    ] {
        done(&house, &tenant.owner, name, input).await;
        assert_eq!(house.settle().await, 1, "{name}");
    }
    assert_eq!(stands(&house, &tenant, &id).await.0, State::Live);
    // What the node was told is in the order of the wishes, whatever the clock said.
    let mut latest: BTreeMap<_, Revision> = BTreeMap::new();
    for step in house.node.steps() {
        let before = latest.insert(step.subject, step.revision);
        assert!(
            before.is_none_or(|before| before <= step.revision),
            "{step:?}"
        );
    }
}

async fn what_had_failed_is_tried_again_within_that_hour_and_once(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.node.fail("configure-site", "files-failed");
    let id = webspace(&house, &tenant).await;
    house.settle().await;
    assert_eq!(stands(&house, &tenant, &id).await.0, State::Failed);
    house.clock.set_back(HOUR);
    house.clock.advance(HOUR + 3);
    assert_eq!(house.settle().await, 1);
    assert_eq!(house.settle().await, 0);
    assert_eq!(stands(&house, &tenant, &id).await.0, State::Live);
    let words = house.node.words();
    let probes = words.iter().filter(|word| **word == "probe-site");
    assert_eq!(probes.count(), 1);
}

async fn a_proof_that_lies_ahead_opens_nothing(house: House) {
    let tenant = house.tenant("Sonne").await;
    let contact = json!({ "contact_email": "info@sonne.example", "contact_phone": "0171 1234567" });
    house.clock.set_back(HOUR);
    let ahead = house.run_json(&tenant.owner, "customer.set_contact", contact.clone());
    let refused = ahead.await;
    assert!(matches!(refused, Err(Refusal::StepUp)), "{refused:?}");
    // Everyday things need no proof, and who gives one now is heard.
    webspace(&house, &tenant).await;
    let user = tenant.owner.user.unwrap();
    let fresh = Actor::member(user, tenant.id, house.clock.now());
    done(&house, &fresh, "customer.set_contact", contact).await;
}

async fn the_record_goes_on_and_is_signed(house: House) {
    let store = &house.db.store;
    let tenant = house.tenant("Sonne").await;
    house.sequencer.sequence(store, 1_000).await.unwrap();
    let before = house.sequencer.checkpoint(store).await.unwrap();
    house.clock.set_back(HOUR);
    webspace(&house, &tenant).await;
    let added = house.sequencer.sequence(store, 1_000).await.unwrap();
    assert!(added > 0);
    let after = house.sequencer.checkpoint(store).await.unwrap();
    assert_eq!(after.size, before.size + added);
    assert_ne!(after.root, before.root);
    // It says what the clock said, and whoever verifies it sees that the clock was set back.
    assert_eq!(after.at, house.clock.now());
    let again = house.sequencer.checkpoint(store).await.unwrap();
    assert_eq!(again.note, after.note);
}
