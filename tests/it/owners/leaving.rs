//! What a customer leaves behind on a node: nothing, and a number that is nobody's any more.

use crate::nginx::node::Node;
use crate::owners::{customer, masters, node, processes, site, user};
use std::os::unix::process::CommandExt;
use std::process::Command;
use wabe_drivers::php::Owners;
use wabe_kernel::desired::{Act, Subject, Webspace, Wish};

async fn remove(node: &Node, site: &Webspace) {
    let acts = vec![Act::RemoveSite(site.id), Act::RemoveFolder(site.id)];
    node.apply((Subject::Webspace(site.id), 2), acts)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_customer_who_is_removed_leaves_no_process_no_socket_no_folder_and_no_line() {
    let node = node().await;
    let site_of = site(&node, "weg", customer(&node)).await;
    let former = user(&node, &site_of);
    // Something that is no PHP, and does not listen.
    let mut other = Command::new("/bin/sh");
    other.args(["-c", "trap '' TERM; sleep 600"]);
    let mut other = other.uid(former).gid(former).spawn().unwrap();
    assert!(!processes(former).is_empty());
    let socket = node.pools.socket(site_of.id, node.php());
    assert!(socket.exists());
    // Whoever started it waits for it, as a service does.
    let waited = tokio::task::spawn_blocking(move || other.wait().unwrap());
    remove(&node, &site_of).await;
    assert!(!waited.await.unwrap().success());
    assert_eq!(processes(former), Vec::<i32>::new());
    for gone in [
        socket.parent().unwrap().to_owned(),
        node.path(&format!("web/{}", site_of.id)),
        node.path(&format!("php/own/{}-{}", site_of.id, node.php())),
    ] {
        assert!(!gone.exists(), "{}", gone.display());
    }
    let book = std::fs::read_to_string(node.path("owners.json")).unwrap();
    assert!(!book.contains("web_") && !book.contains("cus_"), "{book}");
    // Twice is once.
    remove(&node, &site_of).await;
    let next = site(&node, "danach", customer(&node)).await;
    assert_ne!(user(&node, &next), former);
    let node = node.again().await;
    let last = site(&node, "zuletzt", customer(&node)).await;
    assert!(![former, user(&node, &next)].contains(&user(&node, &last)));
    node.end().await;
}

#[tokio::test]
async fn one_webspace_less_ends_nothing_of_the_others() {
    let node = node().await;
    let whose = customer(&node);
    let (kept, gone) = (
        site(&node, "bleibt", whose).await,
        site(&node, "geht", whose).await,
    );
    let user = user(&node, &kept);
    remove(&node, &gone).await;
    assert_eq!(masters(user).len(), 1);
    let users = node.users.as_ref().unwrap();
    assert!(users.of(gone.id).is_none() && users.of(kept.id).is_some());
    node.end().await;
}

#[tokio::test]
async fn php_that_is_switched_off_leaves_no_process_and_no_session() {
    let node = node().await;
    let site = site(&node, "aus", customer(&node)).await;
    let user = user(&node, &site);
    let without = Webspace {
        php: None,
        ..site.clone()
    };
    node.configure(Wish::Present(without), 2).await.unwrap();
    assert_eq!(processes(user), Vec::<i32>::new());
    for gone in [
        node.path(&format!("php/run/{}", site.id)),
        node.path(&format!("web/{}/tmp", site.id)),
        node.path(&format!("web/{}/logs/php.log", site.id)),
    ] {
        assert!(!gone.exists(), "{}", gone.display());
    }
    node.configure(Wish::Present(site.clone()), 3)
        .await
        .unwrap();
    node.put(&site, "a.php", "<?php echo 'it ', 'runs';");
    let (status, said) = node.get("https://aus.test/a.php").await;
    assert!(
        status == 200 && said.out.ends_with("it runs"),
        "{}",
        said.out
    );
    node.end().await;
}
