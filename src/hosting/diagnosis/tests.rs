use crate::diagnosis::outside::{Addresses, leads_here};
use crate::diagnosis::{Diagnosis, Finding, Level, standing};
use std::collections::BTreeSet;
use std::net::IpAddr;
use wabe_access::standing::Standing;
use wabe_kernel::{State, Timestamp};

fn ips(all: &[&str]) -> BTreeSet<IpAddr> {
    all.iter().map(|one| one.parse().unwrap()).collect()
}

fn code(host: &str, found: Option<&[&str]>, wanted: Option<&[&str]>) -> &'static str {
    let at = Addresses {
        host: host.parse().unwrap(),
        found: found.map(ips),
    };
    leads_here(&at, wanted.map(ips).as_ref()).code
}

#[test]
fn a_name_leads_here_elsewhere_to_both_or_nowhere() {
    let host = "www.example.com";
    let here: &[&str] = &["203.0.113.7", "2001:db8::7"];
    assert_eq!(code(host, Some(&["203.0.113.7"]), Some(here)), "host-here");
    assert_eq!(code(host, Some(here), Some(here)), "host-here");
    assert_eq!(
        code(host, Some(&["198.51.100.1"]), Some(here)),
        "host-elsewhere"
    );
    let both: &[&str] = &["203.0.113.7", "2001:db8::1"];
    assert_eq!(code(host, Some(both), Some(here)), "host-partly");
    assert_eq!(code(host, Some(&[]), Some(here)), "host-missing");
}

#[test]
fn what_nobody_answered_is_no_fault_of_the_name() {
    let here: &[&str] = &["203.0.113.7"];
    assert_eq!(code("www.example.com", None, Some(here)), "host-silent");
    assert_eq!(code("www.example.com", Some(here), None), "host-silent");
    assert_eq!(
        code("www.example.com", Some(here), Some(&[])),
        "host-silent"
    );
    assert_eq!(code("sonne.test", None, Some(here)), "host-local");
}

#[test]
fn the_state_of_a_thing_is_said_with_the_way_out_of_it() {
    let at = Timestamp(1);
    let mut held = Standing {
        state: State::Live,
        reason: None,
        retry_at: None,
        deleted_at: None,
        created_at: at,
        updated_at: at,
    };
    let code = |held: &Standing| {
        let found = standing::standing(held, "web_x");
        (found.code, found.level, found.fix.is_some())
    };
    assert_eq!(code(&held), ("live", Level::Good, false));
    held.reason = Some("host-not-proved".to_owned());
    assert_eq!(code(&held), ("live-in-part", Level::Note, false));
    held.reason = None;
    held.state = State::Updating;
    assert_eq!(code(&held), ("under-way", Level::Note, false));
    held.state = State::Pending;
    assert_eq!(code(&held), ("under-way", Level::Note, false));
    held.reason = Some("domain-not-proved".to_owned());
    assert_eq!(code(&held), ("waits", Level::Bad, false));
    held.state = State::Failed;
    assert_eq!(code(&held), ("failed", Level::Bad, true));
    held.state = State::Suspended;
    assert_eq!(code(&held), ("switched-off", Level::Bad, true));
    held.deleted_at = Some(at);
    assert_eq!(code(&held), ("in-trash", Level::Bad, true));
}

#[test]
fn room_is_full_only_when_nothing_more_fits() {
    let code = |used, quota| standing::room(used, quota, "mbx_x").code;
    assert_eq!(code(0, 100), "room");
    assert_eq!(code(84, 100), "room");
    assert_eq!(code(85, 100), "nearly-full");
    assert_eq!(code(99, 100), "nearly-full");
    assert_eq!(code(100, 100), "full");
    assert_eq!(code(i64::MAX, i64::MAX), "full");
    assert_eq!(code(1, 0), "full");
}

#[test]
fn the_worst_comes_first_and_speaks_for_all() {
    let good = Finding::good("live");
    let found = Diagnosis::of(vec![good.clone(), Finding::bad("full")]);
    assert_eq!((found.level, found.findings[0].code), (Level::Bad, "full"));
    assert_eq!(Diagnosis::of(vec![good]).level, Level::Good);
}
