//! When certificates are ordered, and when not.

use crate::certificates::fake::FakeAuthority;
use crate::certificates::{HOST, NAME, add, served, site, standing};
use crate::domain_proof::done;
use crate::on_both_engines;
use serde_json::json;
use wabe_hosting::certificate::{Outcome, Source, order_due};
use wabe_kernel::Clock as _;
use wabe_kernel::certificate::{OrderTrouble, RenewalWindow};
use wabe_testkit::House;

on_both_engines!(
    public_names_are_served_with_what_stands_in_until_a_certificate_is_there,
    a_certificate_is_renewed_when_a_third_of_its_life_is_left,
    an_authority_says_when_it_wants_a_certificate_to_be_replaced,
    failures_pause_for_longer_each_time_and_a_restart_shortens_nothing,
    no_order_is_placed_where_caa_forbids_or_nobody_answers,
    new_names_are_ordered_together_with_the_old_ones_and_five_times_a_day_at_most,
    a_clock_that_was_set_back_orders_nothing_twice_and_renews_in_time,
    the_last_public_name_takes_its_certificate_with_it,
);

const DAY: u32 = 86_400;

/// Lets what is due be ordered, and the node take it up.
async fn ordered(house: &House, authority: &FakeAuthority) -> Vec<Outcome> {
    let outcomes = order_due(&house.gate, authority).await.unwrap();
    for outcome in &outcomes {
        if let Outcome::Issued(_, id) = outcome {
            house.reconciler.look(&id.to_string()).await.unwrap();
        }
    }
    outcomes
}

async fn public_names_are_served_with_what_stands_in_until_a_certificate_is_there(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    assert_eq!(served(&house, id).await.unwrap().fingerprint, None);
    assert!(standing(&house, &tenant, id).await.source.is_none());
    let outcomes = ordered(&house, &authority).await;
    assert_eq!(outcomes, [Outcome::Issued(tenant.id, id)]);
    assert_eq!(authority.said().orders, [[HOST]]);
    let found = served(&house, id).await.unwrap();
    assert!(found.fingerprint.is_some());
    let stands = standing(&house, &tenant, id).await;
    assert_eq!(stands.source, Some(Source::Ordered));
    assert!(stands.failure.is_none());
    // It is there now, and nothing more to do.
    assert!(ordered(&house, &authority).await.is_empty());
    let words = house.node.words();
    let supplied = words.iter().filter(|word| **word == "supply-certificate");
    assert_eq!(supplied.count(), 1);
}

async fn a_certificate_is_renewed_when_a_third_of_its_life_is_left(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (_, id) = site(&house).await;
    ordered(&house, &authority).await;
    let first = served(&house, id).await.unwrap().fingerprint;
    house.clock.advance(59 * DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 1, "two thirds are not over");
    house.clock.advance(2 * DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 2);
    let second = served(&house, id).await.unwrap().fingerprint;
    assert!(second.is_some() && first != second);
}

async fn a_clock_that_was_set_back_orders_nothing_twice_and_renews_in_time(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (_, id) = site(&house).await;
    ordered(&house, &authority).await;
    let first = served(&house, id).await.unwrap().fingerprint;
    house.clock.set_back(3_600);
    assert!(ordered(&house, &authority).await.is_empty());
    house.reconciler.look(&id.to_string()).await.unwrap();
    assert_eq!(served(&house, id).await.unwrap().fingerprint, first);
    house.clock.advance(59 * DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 1);
    house.clock.advance(2 * DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 2);
    assert_ne!(served(&house, id).await.unwrap().fingerprint, first);
}

async fn an_authority_says_when_it_wants_a_certificate_to_be_replaced(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    site(&house).await;
    ordered(&house, &authority).await;
    let now = house.clock.now();
    authority.said().window = Some(RenewalWindow {
        from: now.plus_days(10),
        until: now.plus_days(12),
    });
    house.clock.advance(DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 1, "its time has not come");
    while authority.count() == 1 {
        house.clock.advance(DAY / 4);
        ordered(&house, &authority).await;
        assert!(
            house.clock.now() < now.plus_days(13),
            "long before a third is left"
        );
    }
    assert!(house.clock.now() >= now.plus_days(10));
}

async fn failures_pause_for_longer_each_time_and_a_restart_shortens_nothing(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    authority.said().failures = vec![OrderTrouble::NotReached; 6].into();
    let mut pauses = Vec::new();
    for attempt in 1..=5 {
        let outcomes = ordered(&house, &authority).await;
        let [Outcome::Failed(failed)] = outcomes[..] else {
            panic!("{outcomes:?}")
        };
        assert_eq!(failed.attempts, attempt);
        pauses.push(failed.next.seconds_since(house.clock.now()));
        // What is written down counts, not what somebody remembers.
        let again = FakeAuthority::new(&house.clock);
        assert!(ordered(&house, &again).await.is_empty() && again.count() == 0);
        house.clock.set(failed.next);
    }
    assert!(pauses.is_sorted() && pauses[4] >= 86_400, "{pauses:?}");
    let stands = standing(&house, &tenant, id).await;
    assert_eq!(stands.failure, Some(OrderTrouble::NotReached));
    assert_eq!(stands.failure_host.unwrap().as_str(), HOST);
    assert_eq!(
        served(&house, id).await.unwrap().fingerprint,
        None,
        "the site answers all the while"
    );
    authority.said().failures.clear();
    ordered(&house, &authority).await;
    assert!(standing(&house, &tenant, id).await.failure.is_none());
}

async fn no_order_is_placed_where_caa_forbids_or_nobody_answers(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    let next = |outcomes: Vec<Outcome>, trouble| {
        let [Outcome::Failed(failed)] = outcomes[..] else {
            panic!("{outcomes:?}")
        };
        assert_eq!(failed.trouble, trouble);
        house.clock.set(failed.next);
    };
    // A record above the name decides as well.
    house.lookup.set_caa(NAME, &[("issue", "other.example")]);
    next(ordered(&house, &authority).await, OrderTrouble::Forbidden);
    house.lookup.set_caa(NAME, &[]);
    house.lookup.set_silent(NAME, true);
    next(ordered(&house, &authority).await, OrderTrouble::Silent);
    house.lookup.set_silent(NAME, false);
    house.lookup.set_addresses(HOST, &[]);
    next(ordered(&house, &authority).await, OrderTrouble::Nowhere);
    assert_eq!(authority.count(), 0);
    house
        .lookup
        .set_addresses(HOST, &["9.9.9.9".parse().unwrap()]);
    house.lookup.set_caa(NAME, &[("issue", "ca.example")]);
    let outcomes = ordered(&house, &authority).await;
    assert_eq!(outcomes, [Outcome::Issued(tenant.id, id)]);
}

async fn new_names_are_ordered_together_with_the_old_ones_and_five_times_a_day_at_most(
    house: House,
) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    ordered(&house, &authority).await;
    for number in 1..=6 {
        let host = format!("n{number}.{NAME}");
        add(&house, &tenant, &id.to_string(), &host).await;
        ordered(&house, &authority).await;
    }
    let last = authority.said().orders.last().cloned().unwrap();
    assert_eq!(authority.count(), 5);
    assert_eq!(last.len(), 5, "{last:?}");
    let stands = standing(&house, &tenant, id).await;
    assert_eq!(stands.failure, Some(OrderTrouble::Limited));
    house.clock.advance(DAY);
    ordered(&house, &authority).await;
    assert_eq!(authority.count(), 6);
    assert_eq!(authority.said().orders[5].len(), 7);
}

async fn the_last_public_name_takes_its_certificate_with_it(house: House) {
    let authority = FakeAuthority::new(&house.clock);
    let (tenant, id) = site(&house).await;
    ordered(&house, &authority).await;
    let input = json!({ "id": id, "host": HOST });
    done(&house, &tenant.owner, "webspace.remove_host", input).await;
    house.settle().await;
    assert!(served(&house, id).await.is_none());
    let mut tx = house.db.store.read().await.unwrap();
    let scope = wabe_access::Scope::system(tenant.id);
    let hosts = [HOST.parse().unwrap()];
    let now = house.clock.now();
    let found = wabe_hosting::certificate::standing(&mut tx, &scope, (id, &hosts), now)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert!(found.is_none_or(|found| found.source.is_none() && found.next_at.is_none()));
    house.clock.advance(61 * DAY);
    assert!(ordered(&house, &authority).await.is_empty());
}
