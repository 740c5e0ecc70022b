//! Apache behind nginx: rules of a `.htaccess`, with curl as the visitor.

use crate::client::until;
use crate::nginx::header;
use crate::nginx::node::Node;
use crate::owners::{customer, node, page, processes, user};
use rustix::process::{Pid, Signal, kill_process};
use std::path::PathBuf;
use wabe_drivers::embedded::web::Visited;
use wabe_kernel::content::Files as _;
use wabe_kernel::desired::{Act, Subject, Webspace, Wish};
use wabe_kernel::{
    ErrorPages, Field as _, LogQuery, SiteLog, SiteRedirects, SiteRules, SiteServer,
};

/// What applications bring along: what is no file is answered by the front page.
pub(super) const FRONT: &str = "<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteBase /\n\
    RewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\n\
    RewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule . /index.php [L]\n</IfModule>\n";
/// The password `geheim` of anna.
const PASSWORDS: &str = "anna:$apr1$saltsalt$9/tMzdzSc6dIiPlJw6UTa.\n";
/// What PHP is told about a request.
const TOLD: &str = "<?php foreach (['REQUEST_URI', 'REMOTE_ADDR', 'HTTPS', 'HTTP_HOST', 'SCRIPT_NAME', \
    'HTTP_X_FORWARDED_PROTO', 'HTTP_X_WABE_FRONT', 'PHP_ADMIN_VALUE'] as $name) \
    echo $name, '=', $_SERVER[$name] ?? 'none', \"\\n\"; echo ini_get('memory_limit');";

/// Rules with which Apache answers.
pub(super) fn behind() -> Box<SiteRules> {
    Box::new(SiteRules {
        server: SiteServer::Apache,
        ..SiteRules::default()
    })
}

/// A webspace with PHP that Apache answers for, live.
pub(super) async fn site(node: &Node, name: &str) -> Webspace {
    let site = Webspace {
        php: Some(node.php()),
        customer: Some(customer(node)),
        rules: behind(),
        ..node.webspace(name)
    };
    node.bring(&site).await.unwrap();
    site
}

/// The status of a page.
pub(super) async fn status(node: &Node, url: &str) -> u16 {
    node.get(url).await.0
}

/// The Apaches among the processes of a user.
fn apaches(user: u32) -> Vec<i32> {
    let mut all = processes(user);
    all.retain(|number| {
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        line.starts_with(b"/usr/sbin/apache2")
    });
    all
}

/// The folder of the Apache of a webspace.
fn folder(node: &Node, site: &Webspace) -> PathBuf {
    node.path(&format!("apache/own/{}", site.id))
}

#[tokio::test]
async fn an_application_with_rules_of_its_own_hears_who_asks_for_what_and_how() {
    let node = node().await;
    let site = Webspace {
        https_redirect: false,
        ..site(&node, "regeln").await
    };
    node.configure(Wish::Present(site.clone()), 2)
        .await
        .unwrap();
    node.put(&site, ".htaccess", FRONT);
    node.put(&site, "index.php", TOLD);
    node.put(&site, "bild.txt", "as it is");
    let told = page(&node, "https://regeln.test/ein/beitrag?a=b").await;
    for line in [
        "REQUEST_URI=/ein/beitrag?a=b",
        "REMOTE_ADDR=127.0.0.1",
        "HTTPS=on",
        "SCRIPT_NAME=/index.php",
        "HTTP_X_FORWARDED_PROTO=https",
        "HTTP_X_WABE_FRONT=none",
    ] {
        assert!(told.lines().any(|found| found == line), "{line}\n{told}");
    }
    assert!(told.contains(&format!("HTTP_HOST=regeln.test:{}", node.https_port())));
    let plain = page(&node, "http://regeln.test/noch/einer").await;
    assert!(plain.contains("HTTPS=none\n"), "{plain}");
    // Nobody says who they are but nginx.
    let forged = [
        "-H",
        "X-Wabe-Visitor: 203.0.113.9",
        "-H",
        "X-Forwarded-For: 203.0.113.9",
    ];
    let (_, said) = node.curl("https://regeln.test/wer/fragt", &forged).await;
    assert!(said.out.contains("REMOTE_ADDR=127.0.0.1\n"), "{}", said.out);
    assert_eq!(
        page(&node, "https://regeln.test/bild.txt").await,
        "as it is"
    );
    let (_, said) = node.get("https://regeln.test/bild.txt").await;
    assert_eq!(header(&said.out, "x-content-type-options"), "nosniff");
    assert!(!said.out.to_lowercase().contains("x-wabe"), "{}", said.out);
    // Whoever looks how somebody came is told what is true.
    let to_https = "RewriteEngine On\nRewriteCond %{HTTPS} off\n\
        RewriteRule ^ https://regeln.test/da [R=301,L]\n";
    node.put(&site, ".htaccess", to_https);
    assert_eq!(status(&node, "http://regeln.test/bild.txt").await, 301);
    assert_eq!(status(&node, "https://regeln.test/bild.txt").await, 200);
    node.end().await;
}

#[tokio::test]
async fn passwords_and_blocks_hold_as_they_are_written() {
    let node = node().await;
    let site = site(&node, "sperren").await;
    let files = node.sites.place(Visited::Site(site.id)).files;
    node.put(
        &site,
        "intern/.htaccess",
        &format!(
            "AuthType Basic\nAuthName \"only us\"\nAuthUserFile {}\nRequire valid-user\n",
            files.join("intern/.htpasswd").display()
        ),
    );
    node.put(&site, "intern/.htpasswd", PASSWORDS);
    node.put(&site, "intern/a.txt", "inside");
    node.put(&site, "alt/.htaccess", "Order allow,deny\nDeny from all\n");
    node.put(&site, "alt/a.txt", "nobody's");
    node.put(&site, "zu/.htaccess", "Require all denied\n");
    // What runs is kept as what lies there.
    for folder in ["intern", "alt", "zu"] {
        let file = format!("{folder}/a.php");
        node.put(&site, &file, "<?php echo 'it runs';");
    }
    node.put(
        &site,
        ".htaccess",
        "<FilesMatch \"\\.(sql|bak)$\">\nRequire all denied\n</FilesMatch>\n",
    );
    node.put(&site, "dump.sql", "nobody's");
    node.put(&site, "alt.php5", "<?php secret");
    for (path, wanted) in [
        ("intern/a.txt", 401),
        ("intern/a.php", 401),
        ("intern/.htpasswd", 404),
        (".htaccess", 404),
        ("alt/a.txt", 403),
        ("alt/a.php", 403),
        ("zu/a.php", 403),
        ("dump.sql", 403),
        ("alt.php5", 403),
        ("index.html", 200),
    ] {
        let url = format!("https://sperren.test/{path}");
        assert_eq!(status(&node, &url).await, wanted, "{path}");
    }
    let url = "https://sperren.test/intern/a.txt";
    let (status, said) = node.curl(url, &["-u", "anna:geheim"]).await;
    assert!(
        status == 200 && said.out.ends_with("inside"),
        "{}",
        said.out
    );
    assert_eq!(node.curl(url, &["-u", "anna:falsch"]).await.0, 401);
    let url = "https://sperren.test/intern/a.php";
    let (status, said) = node.curl(url, &["-u", "anna:geheim"]).await;
    assert!(
        status == 200 && said.out.ends_with("it runs"),
        "{}",
        said.out
    );
    assert_eq!(node.curl(url, &["-u", "anna:falsch"]).await.0, 401);
    node.end().await;
}

#[tokio::test]
async fn a_broken_file_of_rules_breaks_its_folder_alone_and_the_log_says_why() {
    let node = node().await;
    let (broken, other) = (site(&node, "bruch").await, site(&node, "heil").await);
    node.put(&broken, "kaputt/.htaccess", "NoSuchThing on\n");
    node.put(&broken, "kaputt/a.txt", "a");
    for (url, wanted) in [
        ("https://bruch.test/kaputt/a.txt", 500),
        ("https://bruch.test/", 200),
        ("https://heil.test/", 200),
    ] {
        assert_eq!(status(&node, url).await, wanted, "{url}");
    }
    let files = node.files();
    let said = || async {
        let asked = LogQuery::of(SiteLog::Error, 10).with("NoSuchThing");
        let lines = files.log(broken.id, asked).await.unwrap();
        (!lines.is_empty()).then_some(lines)
    };
    let lines = until("the complaint to be in the log", said).await;
    assert!(lines[0].contains("files/kaputt/.htaccess"), "{lines:?}");
    assert!(!lines[0].contains("127.0.0.1"), "{lines:?}");
    assert_ne!(user(&node, &broken), user(&node, &other));
    node.end().await;
}

#[tokio::test]
async fn a_site_that_goes_back_to_nginx_runs_on_and_leaves_no_apache() {
    let node = node().await;
    let site = site(&node, "zurueck").await;
    let user = user(&node, &site);
    node.put(
        &site,
        ".htaccess",
        "<Files \"geheim.txt\">\nRequire all denied\n</Files>\n",
    );
    node.put(&site, "a.php", "<?php echo 'it runs';");
    let url = "https://zurueck.test/a.php";
    assert_eq!(page(&node, url).await, "it runs");
    assert!(!apaches(user).is_empty() && folder(&node, &site).is_dir());
    // nginx does not know these rules, so that nobody is let in by it.
    let plain = Webspace {
        rules: Box::default(),
        ..site.clone()
    };
    let refused = node.configure(Wish::Present(plain.clone()), 2).await;
    assert_eq!(refused.unwrap_err().code, "htaccess-protects");
    assert_eq!(page(&node, url).await, "it runs");
    node.put(&site, ".htaccess", FRONT);
    node.configure(Wish::Present(plain), 2).await.unwrap();
    assert_eq!(page(&node, url).await, "it runs");
    assert_eq!(apaches(user), Vec::<i32>::new());
    assert!(!folder(&node, &site).exists());
    // And there again, where it is taken away with everything.
    node.configure(Wish::Present(site.clone()), 3)
        .await
        .unwrap();
    assert_eq!(page(&node, url).await, "it runs");
    let acts = vec![Act::RemoveSite(site.id), Act::RemoveFolder(site.id)];
    node.apply((Subject::Webspace(site.id), 4), acts)
        .await
        .unwrap();
    assert_eq!(processes(user), Vec::<i32>::new());
    assert!(!folder(&node, &site).exists());
    let book = std::fs::read_to_string(node.path("owners.json")).unwrap();
    assert!(!book.contains("web_"), "{book}");
    node.end().await;
}

#[tokio::test]
async fn a_change_that_fails_leaves_an_apache_as_it_was() {
    let node = node().await;
    let site = site(&node, "bleibt").await;
    node.put(&site, "a.txt", "as before");
    node.put(&site, "neu/a.txt", "another");
    let file = folder(&node, &site).join("apache.conf");
    let before = std::fs::read_to_string(&file).unwrap();
    // PHP takes no requests for as long as the folder of its sockets is its user's.
    let socket = node.pools.socket(site.id, node.php());
    let folder = socket.parent().unwrap();
    std::os::unix::fs::chown(folder, Some(user(&node, &site)), None).unwrap();
    let other = Webspace {
        document_root: "neu".parse().unwrap(),
        ..site
    };
    let refused = node.configure(Wish::Present(other), 2).await;
    assert_eq!(refused.unwrap_err().code, "apache-failed");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let url = "https://bleibt.test/a.txt";
    let shown = || async { (page(&node, url).await == "as before").then_some(()) };
    until("the former root to be shown", shown).await;
    node.end().await;
}

#[tokio::test]
async fn an_apache_that_is_killed_or_written_over_comes_back_and_so_does_a_node() {
    let node = node().await;
    let site = site(&node, "stehauf").await;
    node.put(&site, "a.php", "<?php echo 'it runs';");
    let (url, own) = ("https://stehauf.test/a.php", user(&node, &site));
    for process in apaches(own) {
        // The others may have ended with the first.
        kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap_or_default();
    }
    node.until(url, 200).await;
    // What somebody wrote over is seen, and is what it was with the next change.
    let file = folder(&node, &site).join("apache.conf");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "NoSuchThing on\n").unwrap();
    assert_eq!(node.sites.observe(site.id).await.unwrap().site, None);
    node.configure(Wish::Present(site.clone()), 2)
        .await
        .unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    node.until(url, 200).await;
    let node = node.again().await;
    node.until(url, 200).await;
    let seen = node.sites.observe(site.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(site)));
    node.end().await;
}

#[tokio::test]
async fn an_include_that_was_edited_by_hand_reaches_its_apache_after_a_restart() {
    let node = node().await;
    let site = site(&node, "hand").await;
    node.put(&site, "a.txt", "as before");
    let include = node.include(&site.id);
    let before = std::fs::read_to_string(&include).unwrap();
    let edited = before.replace("nosniff", "sniff");
    assert_ne!(edited, before);
    std::fs::write(&include, &edited).unwrap();
    let node = node.again().await;
    node.until("https://hand.test/a.txt", 200).await;
    assert_eq!(std::fs::read_to_string(&include).unwrap(), edited);
    node.end().await;
}

#[tokio::test]
async fn a_sites_own_pages_for_errors_and_its_redirects_hold_before_the_files_do() {
    let node = node().await;
    let rules = SiteRules {
        redirects: SiteRedirects::from_text("301 /weg https://b.test/").unwrap(),
        error_pages: ErrorPages::from_text("404 seiten/nicht da.html").unwrap(),
        server: SiteServer::Apache,
        ..SiteRules::default()
    };
    let site = Webspace {
        rules: Box::new(rules),
        ..site(&node, "seiten").await
    };
    node.configure(Wish::Present(site.clone()), 2)
        .await
        .unwrap();
    node.put(&site, "seiten/nicht da.html", "not there");
    node.put(&site, "weg/.htaccess", "Require all denied\n");
    let (status, said) = node.get("https://seiten.test/nirgends").await;
    assert!(
        status == 404 && said.out.ends_with("not there"),
        "{}",
        said.out
    );
    let (status, said) = node.get("https://seiten.test/weg/a").await;
    assert_eq!(
        (status, header(&said.out, "location")),
        (301, "https://b.test/")
    );
    node.end().await;
}
