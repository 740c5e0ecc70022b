//! Proofs are looked at every week and claims until they are proved: who is told what and when, that silence
//! is no answer, and that no domain delays another.

use crate::client::text;
use crate::domain_proof::{claim, proved, publish, stands};
use crate::on_both_engines;
use crate::told::told;
use wabe_access::Scope;
use wabe_hosting::domain::schedule::{Outcome, check_due};
use wabe_hosting::domain::{self, Domain};
use wabe_kernel::{Clock as _, State};
use wabe_panel::told::domains;
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_proof_that_is_in_place_is_kept,
    two_failed_weeks_take_a_proof_back_and_the_owner_is_told_before,
    a_proof_that_is_back_after_one_week_is_kept,
    silence_is_asked_again_soon_and_is_no_missing_proof,
    nor_does_silence_keep_a_proof_for_ever,
    a_claim_is_proved_by_itself_and_its_owner_told,
    claims_are_looked_at_less_often_the_longer_they_take,
    many_claims_delay_no_proof,
    a_domain_that_cannot_be_looked_at_delays_no_other,
);

const NAME: &str = "sonne.example";
const RECORD: &str = "_wabe.sonne.example";
const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;
const WEEK: u32 = 7 * DAY;

async fn load(house: &House, tenant: &Tenant, id: &str) -> Domain {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let found = domain::load(&mut tx, &scope, id.parse().unwrap()).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

async fn a_proof_that_is_in_place_is_kept(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = text(&proved(&house, &tenant, NAME).await, "id");
    assert!(check_due(&house.gate).await.unwrap().is_empty());
    for _ in 0..3 {
        house.clock.advance(WEEK);
        assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
        let found = load(&house, &tenant, &id).await;
        let now = house.clock.now();
        assert!(found.verified);
        assert_eq!(found.checked_at, Some(now));
        assert_eq!(found.next_check_at, Some(now.plus_days(7)));
    }
    assert!(told(&house, &tenant).await.is_empty());
}

async fn two_failed_weeks_take_a_proof_back_and_the_owner_is_told_before(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = text(&proved(&house, &tenant, NAME).await, "id");
    house.settle().await;
    house.lookup.set_txt(RECORD, &[]);
    house.clock.advance(WEEK);
    domains(&house.gate).await.unwrap();
    assert_eq!(told(&house, &tenant).await, ["domain-missing"]);
    let found = load(&house, &tenant, &id).await;
    assert!(found.verified);
    assert_eq!(found.finding, "proof-missing");
    assert_eq!(stands(&house, &tenant, &id).await.0, State::Live);

    house.clock.advance(WEEK);
    domains(&house.gate).await.unwrap();
    let notices = told(&house, &tenant).await;
    assert_eq!(notices, ["domain-lost", "domain-missing"]);
    house.settle().await;
    assert!(!load(&house, &tenant, &id).await.verified);
    assert_eq!(stands(&house, &tenant, &id).await.0, State::Pending);
}

async fn a_proof_that_is_back_after_one_week_is_kept(house: House) {
    let tenant = house.tenant("Sonne").await;
    let made = proved(&house, &tenant, NAME).await;
    let id = text(&made, "id");
    // Two failed weeks, but never in a row.
    for _ in 0..2 {
        house.lookup.set_txt(RECORD, &[]);
        house.clock.advance(WEEK);
        let outcomes = check_due(&house.gate).await.unwrap();
        let until = house.clock.now().plus_days(7);
        let missing = Outcome::Missing(tenant.id, id.parse().unwrap(), until);
        assert_eq!(outcomes, [missing]);
        publish(&house, &made);
        house.clock.advance(WEEK);
        assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
        assert_eq!(load(&house, &tenant, &id).await.finding, "proved");
    }
}

async fn silence_is_asked_again_soon_and_is_no_missing_proof(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = text(&proved(&house, &tenant, NAME).await, "id");
    house.lookup.set_silent(RECORD, true);
    house.clock.advance(WEEK);
    for _ in 0..3 {
        assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
        let found = load(&house, &tenant, &id).await;
        assert_eq!((found.verified, found.finding.as_str()), (true, "proved"));
        let soon = house.clock.now().plus_seconds(i64::from(HOUR));
        assert_eq!(found.next_check_at, Some(soon));
        house.clock.advance(HOUR);
    }
    house.lookup.set_silent(RECORD, false);
    assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
    let found = load(&house, &tenant, &id).await;
    assert_eq!(found.next_check_at, Some(house.clock.now().plus_days(7)));
    // The silence of a way that it was not proved by hides nothing.
    house.lookup.set_txt(RECORD, &[]);
    house.lookup.set_silent(NAME, true);
    house.clock.advance(WEEK);
    let outcomes = check_due(&house.gate).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Missing(..)]));
}

async fn nor_does_silence_keep_a_proof_for_ever(house: House) {
    let tenant = house.tenant("Sonne").await;
    proved(&house, &tenant, NAME).await;
    house.lookup.set_silent(RECORD, true);
    house.clock.advance(WEEK);
    assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
    house.clock.advance(WEEK);
    let outcomes = check_due(&house.gate).await.unwrap();
    let [Outcome::Missing(.., until)] = outcomes[..] else {
        panic!("{outcomes:?}");
    };
    house.clock.advance(WEEK);
    assert_eq!(house.clock.now(), until, "on the day that the letter named");
    // Who put the record back in time is not undone by a resolver that did not answer at that moment.
    assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
    house.clock.advance(86_400);
    let outcomes = check_due(&house.gate).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Lost(..)]), "{outcomes:?}");
}

async fn a_claim_is_proved_by_itself_and_its_owner_told(house: House) {
    let tenant = house.tenant("Sonne").await;
    let made = claim(&house, &tenant, NAME).await;
    let id = text(&made, "id");
    domains(&house.gate).await.unwrap();
    assert!(told(&house, &tenant).await.is_empty());
    publish(&house, &made);
    house.clock.advance(300);
    domains(&house.gate).await.unwrap();
    assert_eq!(told(&house, &tenant).await, ["domain-verified"]);
    assert!(load(&house, &tenant, &id).await.verified);
}

async fn claims_are_looked_at_less_often_the_longer_they_take(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = text(&claim(&house, &tenant, NAME).await, "id");
    house.settle().await;
    for (passes, pause) in [(0, 300), (10 * HOUR, HOUR), (30 * DAY, DAY)] {
        house.clock.advance(passes);
        assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
        let next = load(&house, &tenant, &id).await.next_check_at.unwrap();
        let paused = next.seconds_since(house.clock.now());
        assert_eq!(paused, i64::from(pause), "after {passes} seconds");
    }
}

async fn many_claims_delay_no_proof(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = text(&proved(&house, &tenant, NAME).await, "id");
    house.lookup.set_txt(RECORD, &[]);
    for number in 0..60 {
        claim(&house, &tenant, &format!("claim{number}.example")).await;
    }
    // All claims have been due for longer.
    house.clock.advance(WEEK);
    let outcomes = check_due(&house.gate).await.unwrap();
    let until = house.clock.now().plus_days(7);
    let missing = Outcome::Missing(tenant.id, id.parse().unwrap(), until);
    assert_eq!(outcomes[0], missing);
    assert_eq!(outcomes.len(), 51);
    // The claims that were left over have their turn in the next round.
    assert_eq!(check_due(&house.gate).await.unwrap().len(), 10);
}

async fn a_domain_that_cannot_be_looked_at_delays_no_other(house: House) {
    const BREAK: Statement = Statement {
        name: "test.break",
        sql: "UPDATE domain SET method = 'nonsense' WHERE id = $1",
    };
    let tenant = house.tenant("Sonne").await;
    let broken = text(&proved(&house, &tenant, "mond.example").await, "id");
    house.clock.advance(1);
    let id = text(&proved(&house, &tenant, NAME).await, "id");
    house.lookup.set_txt(RECORD, &[]);
    let mut tx = house.write().await;
    BREAK.bind(&broken).execute_one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    house.clock.advance(WEEK);
    let outcomes = check_due(&house.gate).await.unwrap();
    let until = house.clock.now().plus_days(7);
    let missing = Outcome::Missing(tenant.id, id.parse().unwrap(), until);
    assert_eq!(outcomes, [Outcome::Same, missing]);
    // It is put off, so that it does not come first for ever.
    assert!(check_due(&house.gate).await.unwrap().is_empty());
    house.clock.advance(HOUR);
    assert_eq!(check_due(&house.gate).await.unwrap(), [Outcome::Same]);
}
