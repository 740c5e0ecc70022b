//! What one customer's application and one customer's processes reach of another's.

use crate::client::until;
use crate::owners::{customer, masters, node, page, processes, site, user, works_as};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use wabe_drivers::daemon::account::Account;
use wabe_drivers::embedded::web::Visited;

/// Who it is, and what it could do to somebody else; prints a line for each.
const PRYING: &str = r#"<?php
echo 'user ', posix_getuid(), ' ', posix_geteuid(), ' ', posix_getgid(), ' ', count(posix_getgroups()), "\n";
foreach (explode(',', $_GET['files']) as $file) {
    echo @file_get_contents($file) === false ? "kept\n" : "READ $file\n";
}
$socket = @stream_socket_client('unix://' . $_GET['socket'], $code, $why, 2);
echo $socket === false ? "kept\n" : "CONNECTED\n";
echo @posix_kill((int) $_GET['process'], 0) ? "SIGNALLED\n" : 'kept ' . posix_get_last_error() . "\n";
"#;

/// Connects to a socket.
const CONNECT: &str = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])";

/// Puts a link in the place of a socket whenever that can be done.
const PLANT: &str = "
import os, sys, time
link, new = sys.argv[2], sys.argv[2] + '.new'
while True:
    try:
        os.chmod(os.path.dirname(link), 0o777)
    except OSError:
        pass
    try:
        os.symlink(sys.argv[1], new)
    except OSError:
        pass
    try:
        os.rename(new, link)
    except OSError:
        pass
    time.sleep(0.001)
";

/// A process that ends with this.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The user of the web server.
fn web() -> u32 {
    Account::of("www-data").unwrap().unwrap().user()
}

/// Begins a session that says something.
const SESSION: &str = "<?php session_start(); $_SESSION['secret'] = 'a secret'; echo session_id();";

#[tokio::test]
async fn an_application_is_its_customers_user_and_reaches_nothing_of_another() {
    let node = node().await;
    let prying = site(&node, "neugierig", customer(&node)).await;
    let victim = site(&node, "opfer", customer(&node)).await;
    let (own, other) = (user(&node, &prying), user(&node, &victim));
    assert_ne!(own, other);
    node.put(&victim, "secret.txt", "a secret");
    node.put(&victim, "session.php", SESSION);
    node.put(&prying, "index.php", PRYING);
    let session = page(&node, "https://opfer.test/session.php").await;
    let place = node.sites.place(Visited::Site(victim.id));
    let session = place.folder.join("tmp").join(format!("sess_{session}"));
    let process = *processes(other).first().unwrap();
    let environment = format!("/proc/{process}/environ");
    let files = [
        place.files.join("secret.txt").display().to_string(),
        session.display().to_string(),
        place.logs.join("php.log").display().to_string(),
        environment.clone(),
    ];
    let socket = node.pools.socket(victim.id, node.php());
    let socket = socket.display().to_string();
    let asked = format!(
        "https://neugierig.test/index.php?files={}&socket={socket}&process={process}",
        files.join(",")
    );
    let said = page(&node, &asked).await;
    // The last number is EPERM: it is there, and not theirs.
    let wanted = format!(
        "user {own} {own} {own} 0\n{}kept 1\n",
        "kept\n".repeat(files.len() + 1)
    );
    assert_eq!(said, wanted);
    // None of this is PHP's doing.
    for file in &files {
        assert!(works_as(other, "/bin/cat", &[file]), "{file}");
        assert!(!works_as(own, "/bin/cat", &[file]), "{file}");
    }
    let folder = place.files.display().to_string();
    // Only the web server speaks to PHP: whoever else does decides what PHP is started with.
    for (user, works) in [(web(), true), (other, false), (own, false)] {
        let arguments = ["-c", CONNECT, &socket];
        assert_eq!(works_as(user, "/usr/bin/python3", &arguments), works);
    }
    for (user, works) in [(other, true), (own, false)] {
        assert_eq!(works_as(user, "/bin/ls", &[&folder]), works);
        let arguments = ["-c", &format!("kill -0 {process}")];
        assert_eq!(works_as(user, "/bin/sh", &arguments), works);
    }
    node.end().await;
}

#[tokio::test]
async fn what_tells_the_node_what_to_do_is_no_customers_to_read_or_change() {
    let node = node().await;
    let site = site(&node, "laden", customer(&node)).await;
    let user = user(&node, &site);
    let place = node.sites.place(Visited::Site(site.id));
    let text = |path: std::path::PathBuf| path.display().to_string();
    for kept in [
        place.folder.join("site.json"),
        place.key.clone(),
        node.include(&site.id),
        node.path("owners.json"),
    ] {
        assert!(kept.is_file(), "{}", kept.display());
        assert!(!works_as(user, "/bin/cat", &[&text(kept)]));
    }
    for folder in [&place.folder, &place.logs] {
        let file = text(folder.join("planted"));
        assert!(!works_as(user, "/usr/bin/touch", &[&file]), "{file}");
    }
    assert!(works_as(
        user,
        "/usr/bin/touch",
        &[&text(place.files.join("planted"))]
    ));
    node.end().await;
}

#[tokio::test]
async fn a_link_that_a_customer_planted_keeps_what_it_leads_to() {
    let node = node().await;
    let site = site(&node, "falle", customer(&node)).await;
    let user = user(&node, &site);
    let place = node.sites.place(Visited::Site(site.id));
    let shadow = || {
        let about = std::fs::metadata("/etc/shadow").unwrap();
        (about.uid(), about.gid(), about.mode())
    };
    let before = shadow();
    let link = place.files.join("shadow.txt").display().to_string();
    assert!(works_as(user, "/bin/ln", &["-s", "/etc/shadow", &link]));
    let users = node.users.as_ref().unwrap();
    users.settle_again(&site, &place).unwrap();
    assert_eq!(shadow(), before);
    assert_eq!(std::fs::symlink_metadata(&link).unwrap().uid(), user);
    // Nor is it shown to anybody.
    let (status, _) = node.get("https://falle.test/shadow.txt").await;
    assert!(status >= 400, "{status}");
    node.end().await;
}

#[tokio::test]
async fn a_link_in_the_place_of_a_socket_leads_the_web_server_nowhere() {
    let node = node().await;
    let site = site(&node, "umleitung", customer(&node)).await;
    let user = user(&node, &site);
    node.put(&site, "a.php", "<?php echo 'its own';");
    let url = "https://umleitung.test/a.php";
    assert_eq!(page(&node, url).await, "its own");
    // Another's socket, as far as the web server can know.
    let other = node.path("php/run/other");
    let listener = UnixListener::bind(&other).unwrap();
    std::os::unix::fs::chown(&other, None, Some(web())).unwrap();
    std::fs::set_permissions(&other, Permissions::from_mode(0o660)).unwrap();
    let other = other.display().to_string();
    let arguments = ["-c", CONNECT, &other];
    assert!(works_as(web(), "/usr/bin/python3", &arguments));
    drop(listener.accept().unwrap());
    // PHP tries what lies in the place of its socket before it makes one.
    assert!(!works_as(user, "/usr/bin/python3", &arguments));
    listener.set_nonblocking(true).unwrap();
    // While the socket is used nobody puts anything in its place.
    let path = node.pools.socket(site.id, node.php());
    let socket = path.display().to_string();
    assert!(!works_as(user, "/bin/ln", &["-sf", &other, &socket]));
    let mut plant = Command::new("/usr/bin/python3");
    plant.args(["-c", PLANT, &other, &socket]).current_dir("/");
    let plant = Ends(plant.uid(user).gid(user).spawn().unwrap());
    // Whoever ends their master has the folder for themselves until the next one is there.
    let lies_there = || async {
        for master in masters(user) {
            // It may have ended by itself.
            kill_process(Pid::from_raw(master).unwrap(), Signal::KILL).unwrap_or_default();
        }
        let about = std::fs::symlink_metadata(&path);
        about.is_ok_and(|about| about.is_symlink()).then_some(())
    };
    until("the link to be planted", lies_there).await;
    for _ in 0..20 {
        let (status, said) = node.get(url).await;
        assert!(
            status == 502 || said.out.ends_with("its own"),
            "{}",
            said.out
        );
    }
    drop(plant);
    node.until(url, 200).await;
    assert_eq!(page(&node, url).await, "its own");
    let came = listener.accept().map(drop).map_err(|fault| fault.kind());
    assert_eq!(came, Err(ErrorKind::WouldBlock));
    node.end().await;
}

#[tokio::test]
async fn the_web_server_shows_what_a_customers_user_lets_it_read() {
    let node = node().await;
    let site = site(&node, "bilder", customer(&node)).await;
    node.put(&site, "a.txt", "shown");
    assert_eq!(page(&node, "https://bilder.test/a.txt").await, "shown");
    node.put(
        &site,
        "write.php",
        "<?php file_put_contents(__DIR__ . '/b.txt', 'made'); chmod(__DIR__ . '/b.txt', 0600); \
         mkdir(__DIR__ . '/neu'); file_put_contents(__DIR__ . '/neu/c.txt', 'new'); echo 'done';",
    );
    let place = node.sites.place(Visited::Site(site.id));
    let users = node.users.as_ref().unwrap();
    users.settle_again(&site, &place).unwrap();
    assert_eq!(page(&node, "https://bilder.test/write.php").await, "done");
    assert_eq!(page(&node, "https://bilder.test/neu/c.txt").await, "new");
    // As if it were not there: that it is, is nobody's to know.
    assert_eq!(node.get("https://bilder.test/b.txt").await.0, 404);
    node.end().await;
}

#[tokio::test]
async fn webspaces_of_one_customer_are_one_user_with_a_master_each() {
    let node = node().await;
    let whose = customer(&node);
    let (first, second) = (
        site(&node, "eins", whose).await,
        site(&node, "zwei", whose).await,
    );
    assert_eq!(user(&node, &first), user(&node, &second));
    let sockets = [&first, &second].map(|site| node.pools.socket(site.id, node.php()));
    assert!(sockets[0] != sockets[1] && sockets.iter().all(|socket| socket.exists()));
    assert_eq!(masters(user(&node, &first)).len(), 2);
    node.end().await;
}
