//! Masters of their own over time: killed, restarted with the node, logged, held to limits.

use crate::client::until;
use crate::owners::{customer, masters, node, page, processes, site, user};
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::fs::MetadataExt;
use wabe_kernel::content::Files;
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::{Field, LogQuery, PhpCeiling, PhpSettings, PhpValues, SiteLog, SiteRules};

/// Says where it runs.
const RUNS: &str = "<?php echo 'it ', 'runs';";

#[tokio::test]
async fn a_master_that_is_killed_comes_back_and_others_do_not_notice() {
    let node = node().await;
    let (killed, other) = (
        site(&node, "faellt", customer(&node)).await,
        site(&node, "steht", customer(&node)).await,
    );
    for site in [&killed, &other] {
        node.put(site, "a.php", RUNS);
    }
    let (before, beside) = (
        processes(user(&node, &killed)),
        masters(user(&node, &other)),
    );
    for process in &before {
        kill_process(Pid::from_raw(*process).unwrap(), Signal::KILL).unwrap();
    }
    node.until("https://faellt.test/a.php", 200).await;
    let after = masters(user(&node, &killed));
    assert!(after.iter().all(|process| !before.contains(process)));
    assert!(!after.is_empty());
    assert_eq!(masters(user(&node, &other)), beside);
    node.end().await;
}

#[tokio::test]
async fn a_master_that_cannot_be_started_again_takes_nobody_along_and_is_mended() {
    let node = node().await;
    let (broken, other) = (
        site(&node, "bricht", customer(&node)).await,
        site(&node, "bleibt", customer(&node)).await,
    );
    for site in [&broken, &other] {
        node.put(site, "a.php", RUNS);
    }
    let beside = masters(user(&node, &other));
    let file = format!("php/own/{}-{}/fpm.conf", broken.id, node.php());
    std::fs::write(node.path(&file), "no configuration").unwrap();
    for process in processes(user(&node, &broken)) {
        kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
    }
    let url = "https://bricht.test/a.php";
    let down = || async { (node.get(url).await.0 >= 500).then_some(()) };
    until("its PHP to be down", down).await;
    assert_eq!(page(&node, "https://bleibt.test/a.php").await, "it runs");
    assert_eq!(masters(user(&node, &other)), beside);
    assert_eq!(node.sites.observe(broken.id).await.unwrap().site, None);
    node.configure(Wish::Present(broken), 2).await.unwrap();
    node.until(url, 200).await;
    assert_eq!(masters(user(&node, &other)), beside);
    node.end().await;
}

#[tokio::test]
async fn a_master_that_reads_its_pool_again_keeps_its_socket() {
    let node = node().await;
    let site = site(&node, "liest", customer(&node)).await;
    node.put(&site, "a.php", "<?php echo ini_get('memory_limit');");
    let url = "https://liest.test/a.php";
    assert_eq!(page(&node, url).await, "128M");
    let socket = node.pools.socket(site.id, node.php());
    let number = || std::fs::symlink_metadata(&socket).unwrap().ino();
    let before = (masters(user(&node, &site)), number());
    let settings = PhpSettings::from_text("memory_limit = 64M").unwrap();
    let rules = SiteRules {
        php: PhpValues::of(&settings, &PhpCeiling::default()),
        ..SiteRules::default()
    };
    let less = Webspace {
        rules: Box::new(rules),
        ..site.clone()
    };
    node.configure(Wish::Present(less), 2).await.unwrap();
    let holds = || async { (page(&node, url).await == "64M").then_some(()) };
    until("the new value to hold", holds).await;
    assert_eq!((masters(user(&node, &site)), number()), before);
    node.end().await;
}

#[tokio::test]
async fn a_node_that_begins_again_runs_what_stood_as_the_same_users() {
    let node = node().await;
    let site = site(&node, "wieder", customer(&node)).await;
    node.put(&site, "a.php", RUNS);
    let before = user(&node, &site);
    let node = node.again().await;
    assert_eq!(user(&node, &site), before);
    node.until("https://wieder.test/a.php", 200).await;
    let seen = node.sites.observe(site.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(site)));
    let folder = node.end().await;
    assert_eq!(processes(before), Vec::<i32>::new());
    drop(folder);
}

#[tokio::test]
async fn what_an_application_complains_about_is_in_its_log() {
    let node = node().await;
    let site = site(&node, "klagt", customer(&node)).await;
    node.put(&site, "a.php", "<?php error_log('a complaint'); echo 'ok';");
    assert_eq!(page(&node, "https://klagt.test/a.php").await, "ok");
    let asked = LogQuery::of(SiteLog::Php, 10);
    let lines = node.files().log(site.id, asked).await.unwrap();
    assert!(
        lines.iter().any(|line| line.contains("a complaint")),
        "{lines:?}"
    );
    node.end().await;
}

#[tokio::test]
async fn a_master_is_held_to_limits_and_gains_no_rights() {
    let node = node().await;
    let site = site(&node, "klein", customer(&node)).await;
    let process = *processes(user(&node, &site)).first().unwrap();
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{process}/{name}")).unwrap();
    assert!(read("status").contains("NoNewPrivs:\t1\n"));
    assert!(read("status").contains("CapEff:\t0000000000000000\n"));
    assert_eq!(read("oom_score_adj").trim(), "500");
    let limits = read("limits");
    let most = |name: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next())
            .map(str::to_owned)
    };
    assert_eq!(most("Max processes"), Some("100".to_owned()));
    assert_eq!(most("Max cpu time"), Some("3600".to_owned()));
    assert_eq!(most("Max core file size"), Some("0".to_owned()));
    node.end().await;
}
