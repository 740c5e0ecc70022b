//! What goes wrong, and who notices: only whoever is at fault, and only for as long as it must be.

use crate::folder::Folder;
use crate::nginx::node::Node;
use futures_util::future::join_all;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};
use wabe_drivers::nginx;
use wabe_kernel::Aside;
use wabe_kernel::desired::{Act, Subject, Webspace, Wish};

#[tokio::test]
async fn a_configuration_that_cannot_be_holds_nobody_up_while_a_hundred_others_change() {
    let node = Node::new().await;
    let broken = node.webspace("kaputt");
    node.bring(&broken).await.unwrap();
    node.put(&broken, "index.html", "as before");
    let others: Vec<Webspace> = (0..100)
        .map(|number| node.webspace(&format!("gut{number}")))
        .collect();
    let brought = join_all(others.iter().map(|site| node.bring(site))).await;
    assert!(brought.iter().all(Result::is_ok), "{brought:?}");
    // A dollar takes the place of several letters, so that this is a path and yet no word.
    let long = ["$".repeat(250), "$".repeat(250)].join("/");
    let impossible = Webspace {
        document_root: long.parse().unwrap(),
        ..broken.clone()
    };
    let changed = others.iter().map(|site| {
        let other = Webspace {
            https_redirect: false,
            ..site.clone()
        };
        node.configure(Wish::Present(other), 2)
    });
    let (refused, changed) = tokio::join!(
        node.configure(Wish::Present(impossible), 2),
        join_all(changed)
    );
    assert_eq!(refused.unwrap_err().code, "site-not-writable");
    assert!(changed.iter().all(Result::is_ok), "{changed:?}");
    let (status, shown) = node.get("https://kaputt.test/").await;
    assert!(
        status == 200 && shown.out.ends_with("as before"),
        "{}",
        shown.out
    );
    for site in [&others[0], &others[99]] {
        assert_eq!(node.get(&format!("http://{}/", site.preview)).await.0, 200);
    }
    let seen = node.sites.observe(broken.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(broken)));
    assert!(seen.refused.unwrap().starts_with("site-not-writable"));
    node.end().await;
}

#[tokio::test]
async fn an_include_that_was_broken_by_hand_holds_nobody_up_while_a_hundred_others_change() {
    let node = Node::new().await;
    let broken = node.webspace("kaputt");
    node.bring(&broken).await.unwrap();
    node.put(&broken, "index.html", "as before");
    let others: Vec<Webspace> = (0..100)
        .map(|number| node.webspace(&format!("gut{number}")))
        .collect();
    let brought = join_all(others.iter().map(|site| node.bring(site))).await;
    assert!(brought.iter().all(Result::is_ok), "{brought:?}");
    std::fs::write(node.include(&broken.id), "server { listen nowhere; }\n").unwrap();
    let seen = node.sites.observe(broken.id).await.unwrap();
    assert!(
        seen.edited.is_some_and(|edited| edited.aside.is_none()),
        "that one says that it is not what it should be"
    );
    let changed = others.iter().map(|site| {
        let other = Webspace {
            https_redirect: false,
            ..site.clone()
        };
        node.configure(Wish::Present(other), 2)
    });
    let changed = join_all(changed).await;
    assert!(changed.iter().all(Result::is_ok), "{changed:?}");
    for site in [&others[0], &others[99]] {
        assert_eq!(node.get(&format!("http://{}/", site.preview)).await.0, 200);
    }
    // Visitors of that one noticed nothing, and it is what it should be again.
    let (status, shown) = node.get("https://kaputt.test/").await;
    assert!(
        status == 200 && shown.out.ends_with("as before"),
        "{}",
        shown.out
    );
    assert_eq!(
        node.sites.observe(broken.id).await.unwrap().site,
        Some(Wish::Present(broken.clone()))
    );
    let edited = nginx::edited(&node.path("")).unwrap();
    assert_eq!(edited.len(), 1, "{edited:?}");
    assert_eq!(edited[0].of.to_string(), broken.id.to_string());
    assert!(edited[0].difference.contains("+server { listen nowhere; }"));
    let told = node.sites.observe(broken.id).await.unwrap().edited.unwrap();
    assert_eq!(told.aside, Some(Aside::Refused));
    assert!(told.difference.contains("+server { listen nowhere; }"));
    // Whoever looks at the node hears of it at once.
    let lost = node.nginx.lost().next().await;
    assert!(lost.into_iter().any(|id| id == broken.id.to_string()));
    // What cannot be rendered beside a broken file is still its own trouble.
    std::fs::write(node.include(&broken.id), "server { listen nowhere; }\n").unwrap();
    let long = ["$".repeat(250), "$".repeat(250)].join("/");
    let impossible = Webspace {
        document_root: long.parse().unwrap(),
        ..broken.clone()
    };
    let (refused, went_on) = tokio::join!(
        node.configure(Wish::Present(impossible), 2),
        node.configure(Wish::Present(others[0].clone()), 3)
    );
    assert_eq!(refused.unwrap_err().code, "site-not-writable");
    went_on.unwrap();
    let seen = node.sites.observe(broken.id).await.unwrap();
    assert!(seen.refused.unwrap().starts_with("site-not-writable"));
    assert_eq!(node.get("https://kaputt.test/").await.0, 200);
    node.end().await;
}

#[tokio::test]
async fn what_is_broken_by_hand_is_observed_and_mended_and_holds_nobody_up() {
    let node = Node::new().await;
    let (one, two) = (node.webspace("eins"), node.webspace("zwei"));
    node.bring(&one).await.unwrap();
    node.bring(&two).await.unwrap();
    // Somebody broke an include by hand: the next change of somebody else mends it.
    std::fs::write(node.include(&one.id), "server { no_such_thing on; }\n").unwrap();
    let seen = node.sites.observe(one.id).await.unwrap();
    assert!(seen.edited.is_some());
    let plain = Webspace {
        https_redirect: false,
        ..two.clone()
    };
    node.configure(Wish::Present(plain.clone()), 2)
        .await
        .unwrap();
    assert_eq!(node.get("http://zwei.test/").await.0, 200);
    assert!(node.sites.observe(one.id).await.unwrap().site.is_some());
    // A certificate that is no certificate any more is the trouble of its own site.
    let certificate = node.path(&format!("web/{}/cert.pem", one.id));
    std::fs::write(&certificate, "no certificate").unwrap();
    let seen = node.sites.observe(one.id).await.unwrap();
    assert!(
        seen.certificate.is_none() && seen.site.is_some(),
        "{seen:?}"
    );
    assert_eq!(node.get("https://eins.test/").await.0, 0);
    node.configure(Wish::Present(two), 3).await.unwrap();
    assert_eq!(node.get("https://zwei.test/").await.0, 200);
    // What the planner would do of what it sees.
    let acts = vec![
        Act::IssueCertificate(one.id, vec![one.preview.clone()]),
        Act::ProbeSite(one.id, one.preview.clone()),
    ];
    let subject = (Subject::Webspace(one.id), 2);
    node.apply(subject, acts).await.unwrap();
    assert_eq!(node.get("https://eins.test/").await.0, 200);
    node.end().await;
}

#[tokio::test]
async fn an_include_that_is_taken_away_is_told_of() {
    let node = Node::new().await;
    let site = node.webspace("gut");
    node.bring(&site).await.unwrap();
    let stray = node.webspace("fremd");
    std::fs::write(node.include(&stray.id), "server { listen nowhere; }\n").unwrap();
    node.configure(Wish::Present(site), 2).await.unwrap();
    assert!(!node.include(&stray.id).exists());
    let told = node.nginx.lost().next().await;
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [stray.id.to_string()]);
    node.end().await;
}

#[tokio::test]
async fn whole_addresses_end_in_time_although_a_pool_cannot_be() {
    let node = Node::new().await;
    let site = Webspace {
        php: Some(node.php()),
        ..node.webspace("frist")
    };
    node.bring(&site).await.unwrap();
    let include = node.include(&site.id);
    let text = std::fs::read_to_string(&include).unwrap();
    // As it was written while they were ordered.
    std::fs::write(&include, text.replace("wabe_short", "wabe_full")).unwrap();
    let pool = node.path(&format!("php/{}/pool/{}.conf", node.php(), site.id));
    std::fs::remove_file(&pool).unwrap();
    std::fs::create_dir(&pool).unwrap();
    let node = node.again().await;
    let told = node.nginx.lost().next().await;
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [site.id.to_string()]);
    let ended = || async {
        let text = std::fs::read_to_string(&include).ok()?;
        (text.contains("wabe_short") && !text.contains("wabe_full")).then_some(())
    };
    crate::client::until("whole addresses to end", ended).await;
    node.end().await;
}

#[tokio::test]
async fn nginx_that_is_killed_comes_back_with_everything() {
    let node = Node::new().await;
    let site = node.webspace("wieder");
    node.bring(&site).await.unwrap();
    let process = node.nginx.process().unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    let another = || async { node.nginx.process().filter(|now| *now != process) };
    crate::client::until("another nginx", another).await;
    node.until("https://wieder.test/", 200).await;
    let plain = Webspace {
        https_redirect: false,
        ..site
    };
    node.configure(Wish::Present(plain), 2).await.unwrap();
    assert_eq!(node.get("http://wieder.test/").await.0, 200);
    node.end().await;
}

/// Takes a port from a server that was just ended, before it is started again.
pub(crate) fn taken(port: u16) -> TcpListener {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener;
        }
    }
    panic!("port {port} was never free")
}

#[tokio::test]
async fn nginx_that_cannot_be_started_again_comes_back_with_everything_once_it_can() {
    let node = Node::new().await;
    let (site, other) = (node.webspace("wartet"), node.webspace("spaeter"));
    node.bring(&site).await.unwrap();
    let process = node.nginx.process().unwrap();
    let port = node.https_port();
    // Somebody else's program has its port meanwhile.
    let squatter = tokio::task::spawn_blocking(move || {
        rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
        taken(port)
    });
    let squatter = squatter.await.unwrap();
    // A change says that nobody sees it, and what was there before stays written.
    let before = std::fs::read_to_string(node.include(&site.id)).unwrap();
    let plain = Webspace {
        https_redirect: false,
        ..site.clone()
    };
    let refused = node.configure(Wish::Present(plain.clone()), 2).await;
    assert!(refused.is_err());
    let after = std::fs::read_to_string(node.include(&site.id)).unwrap();
    assert_eq!(after, before);
    assert!(node.bring(&other).await.is_err());
    drop(squatter);
    node.until("https://wartet.test/", 200).await;
    node.configure(Wish::Present(plain), 2).await.unwrap();
    assert_eq!(node.get("http://wartet.test/").await.0, 200);
    node.bring(&other).await.unwrap();
    assert_eq!(node.get("https://spaeter.test/").await.0, 200);
    node.end().await;
}

#[tokio::test]
async fn a_certificate_that_is_issued_anew_is_shown_at_once() {
    let node = Node::new().await;
    let site = node.webspace("neu");
    node.bring(&site).await.unwrap();
    let before = node
        .sites
        .observe(site.id)
        .await
        .unwrap()
        .certificate
        .unwrap();
    let acts = vec![
        Act::IssueCertificate(site.id, vec![site.preview.clone()]),
        // Expects the certificate that lies there.
        Act::ProbeSite(site.id, site.preview.clone()),
    ];
    node.apply((Subject::Webspace(site.id), 2), acts)
        .await
        .unwrap();
    let after = node
        .sites
        .observe(site.id)
        .await
        .unwrap()
        .certificate
        .unwrap();
    assert_ne!(before.serial, after.serial);
    node.end().await;
}

#[tokio::test]
async fn a_node_that_begins_anew_shows_what_stands_and_takes_away_what_does_not() {
    let node = Node::new().await;
    let (one, two) = (node.webspace("bleibt"), node.webspace("fehlt"));
    node.bring(&one).await.unwrap();
    node.bring(&two).await.unwrap();
    let (first, second) = (node.include(&one.id), node.include(&two.id));
    let stray = node.include(&node.webspace("fremd").id);
    std::fs::write(&first, "broken").unwrap();
    std::fs::remove_file(&second).unwrap();
    std::fs::write(&stray, "server { }\n").unwrap();
    let node = node.again().await;
    for name in ["bleibt", "fehlt"] {
        assert_eq!(node.get(&format!("https://{name}.test/")).await.0, 200);
    }
    assert!(!stray.exists());
    // Whoever wrote them finds both.
    let edited = nginx::edited(&node.path("")).unwrap();
    let mut kept: Vec<String> = edited
        .iter()
        .map(|edited| std::fs::read_to_string(&edited.kept).unwrap())
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, ["broken", "server { }\n"]);
    node.end().await;
}

#[tokio::test]
async fn a_removed_webspace_leaves_nothing() {
    let node = Node::new().await;
    let site = Webspace {
        php: Some(node.php()),
        ..node.webspace("fort")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, "index.php", "<?php session_start(); echo 'there';");
    assert_eq!(node.get("https://fort.test/index.php").await.0, 200);
    let acts = vec![Act::RemoveSite(site.id), Act::RemoveFolder(site.id)];
    node.apply((Subject::Webspace(site.id), 2), acts)
        .await
        .unwrap();
    assert_eq!(node.get("https://fort.test/").await.0, 0);
    let folder = node.end().await;
    holds_nothing_of(folder.path(), &site.id.to_string());
}

/// Nothing in this folder is of that name, or speaks of it, but for logs of all sites.
pub(super) fn holds_nothing_of(folder: &Path, id: &str) {
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            assert!(!path.to_str().unwrap().contains(id), "{}", path.display());
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let logged = path.extension().is_some_and(|kind| kind == "log");
                assert!(logged || !text.contains(id), "{}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn a_node_that_is_told_to_end_before_it_began_starts_nothing() {
    let mut node = Node::opened(Folder::new()).await;
    node.tell_to_end();
    node.run();
    let head = node.path("nginx/nginx.conf");
    let group = node.path("nginx/run/group");
    let _folder = node.end().await;
    assert!(!head.exists() && !group.exists());
}
