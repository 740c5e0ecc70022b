//! Where requests go, and where they never go.

use std::net::IpAddr;
use std::sync::Arc;

use crate::embedded::ca::LocalCa;
use crate::embedded::web::tests::SeededRng;
use crate::fetch::tests::{Bench, LOCAL, QUICK, Setting, says};
use crate::fetch::{Borders, Fetch, FetchParts};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_host_that_was_not_granted_is_not_even_resolved() {
    let bench = Bench::new(says(OK)).await;
    let mut outgoing = bench.outgoing(bench.request("/"));
    let port = bench.host.port;
    outgoing.hosts = vec![
        "api.wabe.test".parse().unwrap(),
        format!("other.wabe.test:{port}").parse().unwrap(),
    ];
    let problem = bench.fetch.fetch(outgoing).await.unwrap_err();
    assert_eq!(problem.code, "denied");
    assert!(
        problem.how.contains(&format!("http:api.wabe.test:{port}")),
        "{}",
        problem.how
    );
    assert_eq!((bench.times_asked(), bench.heard().len()), (0, 0));
}

#[tokio::test]
async fn names_that_lead_inside_are_refused_as_a_whole() {
    for answer in [
        &["127.0.0.1"][..],
        &["::1"],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["fd00:ec2::254"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        // One of them is enough, wherever it stands.
        &["127.0.0.1", "93.184.215.14"],
        &["93.184.215.14", "127.0.0.1"],
        &["2606:4700::1111", "93.184.215.14", "fe80::1"],
    ] {
        let setting = Setting {
            addresses: vec![addresses(answer)],
            allowed: false,
            ..Setting::default()
        };
        let bench = Bench::with(says(OK), setting).await;
        let problem = bench.ask().await.unwrap_err();
        assert_eq!(problem.code, "denied", "{answer:?}");
        for address in answer {
            assert!(!problem.message.contains(address), "{}", problem.message);
        }
        assert_eq!((bench.times_asked(), bench.heard().len()), (1, 0));
    }
}

#[tokio::test]
async fn an_internal_host_does_not_lead_to_what_never_is() {
    let setting = Setting {
        addresses: vec![addresses(&["127.0.0.1", "169.254.169.254"])],
        ..Setting::default()
    };
    let bench = Bench::with(says(OK), setting).await;
    assert_eq!(bench.code().await, "denied");
}

#[tokio::test]
async fn a_name_that_changes_its_answer_is_asked_once() {
    let setting = Setting {
        addresses: vec![vec![LOCAL], addresses(&["169.254.169.254"])],
        ..Setting::default()
    };
    let bench = Bench::with(says(OK), setting).await;
    assert_eq!(bench.ask().await.unwrap().status, 200);
    assert_eq!((bench.times_asked(), bench.heard().len()), (1, 1));
    // The next request asks anew, and judges anew.
    assert_eq!(bench.code().await, "denied");
    assert_eq!((bench.times_asked(), bench.heard().len()), (2, 1));
}

#[tokio::test]
async fn a_name_without_an_address_is_unavailable() {
    let setting = Setting {
        addresses: vec![Vec::new()],
        ..Setting::default()
    };
    assert_eq!(
        Bench::with(says(OK), setting).await.code().await,
        "unavailable"
    );
}

#[tokio::test]
async fn the_next_address_is_tried_when_nobody_listens() {
    let setting = Setting {
        addresses: vec![addresses(&["127.0.0.2", "127.0.0.1"])],
        ..Setting::default()
    };
    let bench = Bench::with(says(OK), setting).await;
    assert_eq!(bench.ask().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_server_that_is_somebody_else_hears_nothing() {
    let setting = Setting {
        certified: "other.wabe.test",
        ..Setting::default()
    };
    let wrong_name = Bench::with(says(OK), setting).await;
    assert_eq!(wrong_name.code().await, "unavailable");
    assert_eq!(wrong_name.heard().len(), 0);

    let ended = Bench::new(says(OK)).await;
    ended.clock.move_days(31);
    assert_eq!(ended.code().await, "unavailable");
    assert_eq!(ended.heard().len(), 0);

    let stranger = Bench::new(says(OK)).await;
    let folder = tempfile::tempdir().unwrap();
    let (clock, rng) = (stranger.clock.clone(), SeededRng::new());
    let other = LocalCa::open_or_create(folder.path(), &[], clock.clone(), rng).unwrap();
    assert_ne!(other.ca_pem(), stranger.ca.ca_pem());
    let fetch = Fetch::new(FetchParts {
        resolver: stranger.resolver.clone(),
        roots: other.roots(),
        clock,
        borders: Borders {
            internal: [stranger.host.clone()].into(),
            ..Borders::default()
        },
        caps: QUICK,
    });
    let outgoing = stranger.outgoing(stranger.request("/"));
    let problem = Arc::new(fetch.unwrap()).fetch(outgoing).await.unwrap_err();
    assert_eq!(problem.code, "unavailable");
    assert_eq!(stranger.heard().len(), 0);
}
