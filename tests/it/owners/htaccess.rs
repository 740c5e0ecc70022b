//! A hostile `.htaccess`: whatever it says, it reaches nothing that its customer's own programs do not.

use crate::nginx::node::Node;
use crate::owners::apache::{FRONT, site, status};
use crate::owners::{page, user, works_as};
use std::os::unix::fs::{MetadataExt as _, symlink};
use wabe_drivers::daemon::account::Account;
use wabe_drivers::embedded::web::Visited;
use wabe_drivers::php::Owners as _;
use wabe_kernel::desired::Webspace;

/// Puts these rules into a folder of a site, and answers what its file is answered with.
async fn under(node: &Node, site: &Webspace, rules: &str) -> (u16, String) {
    node.put(site, "v/.htaccess", rules);
    node.put(site, "v/a.txt", "plain");
    let (status, said) = node.get("https://boese.test/v/a.txt").await;
    (status, said.out)
}

/// Where the Apache of a site listens for what comes over HTTP.
fn address(node: &Node, site: &Webspace) -> String {
    let include = std::fs::read_to_string(node.include(&site.id)).unwrap();
    let mut lines = include.lines().map(str::trim);
    // What comes over HTTP is sent on to HTTPS, and not passed on.
    let found = lines.find_map(|line| line.strip_prefix("proxy_pass https://"));
    let (host, _) = found.unwrap().split_once(':').unwrap();
    format!("{host}:812")
}

#[tokio::test]
async fn rules_that_name_a_strangers_socket_a_host_or_a_handler_are_answered_with_an_error() {
    let node = node().await;
    let (bad, victim) = (site(&node, "boese").await, site(&node, "opfer").await);
    node.put(&victim, "a.php", "<?php echo 'STRANGER';");
    node.put(&victim, "s.txt", "SECRET");
    assert_eq!(page(&node, "https://opfer.test/a.php").await, "STRANGER");
    let place = node.sites.place(Visited::Site(victim.id));
    let script = place.files.join("a.php").display().to_string();
    let socket = node.pools.socket(victim.id, node.php());
    let socket = socket.display().to_string();
    let rewrite = |rule: &str| format!("RewriteEngine on\nRewriteRule ^ {rule}\n");
    for rules in [
        rewrite(&format!("unix:{socket}|fcgi://localhost{script} [P]")),
        rewrite(&format!("- [H=proxy:unix:{socket}|fcgi://localhost]")),
        rewrite(&format!("http://{}/ [P]", address(&node, &victim))),
        rewrite("fcgi://127.0.0.1:9/a.php [P]"),
        rewrite(&format!("- [T=proxy:unix:{socket}|fcgi://localhost]")),
        format!("ForceType \"proxy:unix:{socket}|fcgi://localhost\"\n"),
        format!("AddType proxy:unix:{socket}|fcgi://localhost .txt\n"),
        format!("SetHandler \"proxy:unix:{socket}|fcgi://localhost\"\n"),
        "SetHandler server-status\n".to_owned(),
        "AddHandler cgi-script .txt\n".to_owned(),
        "Action x /a.php\n".to_owned(),
        "Options +ExecCGI\n".to_owned(),
        "Options +Includes\n".to_owned(),
        "Options +FollowSymLinks\n".to_owned(),
        "Options All\n".to_owned(),
        "ProxyFCGISetEnvIf true PHP_ADMIN_VALUE x\n".to_owned(),
        "php_value memory_limit 9G\n".to_owned(),
        "ErrorLog /tmp/x\n".to_owned(),
    ] {
        let (status, said) = under(&node, &bad, &rules).await;
        assert!((500..=503).contains(&status), "{status} {rules}");
        assert!(!said.contains("STRANGER"), "{rules}");
    }
    // Handlers that are not there do nothing.
    for rules in [rewrite("- [H=cgi-script]"), rewrite("- [H=server-status]")] {
        let (status, said) = under(&node, &bad, &rules).await;
        assert!(status == 200 && said.ends_with("plain"), "{rules}\n{said}");
    }
    assert_eq!(page(&node, "https://opfer.test/a.php").await, "STRANGER");
    node.end().await;
}

#[tokio::test]
async fn a_strangers_files_are_read_through_no_link_no_list_of_users_and_no_expression() {
    let node = node().await;
    let (bad, victim) = (site(&node, "boese").await, site(&node, "opfer").await);
    node.put(&victim, "s.txt", "anna:SECRET");
    let secret = node
        .sites
        .place(Visited::Site(victim.id))
        .files
        .join("s.txt");
    let files = node.sites.place(Visited::Site(bad.id)).files;
    node.put(&bad, "v/a.txt", "plain");
    for (name, target) in [
        ("l.txt", secret.as_path()),
        ("p.txt", "/etc/passwd".as_ref()),
    ] {
        symlink(target, files.join("v").join(name)).unwrap();
        let owner = Account::new(user(&node, &bad), user(&node, &bad));
        let link = files.join("v").join(name);
        std::os::unix::fs::lchown(&link, Some(owner.user()), Some(owner.group())).unwrap();
        let url = format!("https://boese.test/v/{name}");
        assert_eq!(status(&node, &url).await, 403, "{name}");
    }
    let secret = secret.display();
    for rules in [
        format!(
            "RewriteEngine on\nRewriteCond expr \"file('{secret}') =~ /(SECRET)/\"\nRewriteRule ^ - [E=X:%1]\nHeader set X-Read \"%{{X}}e\"\n"
        ),
        format!("Header set X-Read \"expr=%{{file:{secret}}}\"\n"),
        format!("ErrorDocument 404 \"%{{file:{secret}}}\"\nRedirect 404 /v/a.txt\n"),
    ] {
        let (status, said) = under(&node, &bad, &rules).await;
        assert!(!said.contains("SECRET"), "{status} {rules}\n{said}");
    }
    let rules = format!("AuthType Basic\nAuthName x\nAuthUserFile {secret}\nRequire valid-user\n");
    node.put(&bad, "v/.htaccess", &rules);
    let asked = ["-u", "anna:SECRET"];
    let (status, _) = node.curl("https://boese.test/v/a.txt", &asked).await;
    assert!(matches!(status, 401 | 500), "{status}");
    node.end().await;
}

#[tokio::test]
async fn rules_do_not_say_what_php_is_started_with() {
    let node = node().await;
    let bad = site(&node, "boese").await;
    let set = "SetEnv PHP_ADMIN_VALUE \"memory_limit=999M\"\nSetEnvIf Host . PHP_VALUE=memory_limit=998M\n\
        RewriteEngine on\nRewriteRule ^ - [E=PHP_ADMIN_VALUE:memory_limit=997M]\n";
    node.put(&bad, ".htaccess", &format!("{set}{FRONT}"));
    node.put(
        &bad,
        "index.php",
        "<?php echo ini_get('memory_limit'), ' ', $_SERVER['PHP_ADMIN_VALUE'] ?? 'none', ' ', \
         $_SERVER['PHP_VALUE'] ?? 'none';",
    );
    for path in ["index.php", "anders"] {
        let told = page(&node, &format!("https://boese.test/{path}")).await;
        assert_eq!(told, "128M none none", "{path}");
    }
    node.end().await;
}

#[tokio::test]
async fn only_nginx_is_answered_and_only_the_server_of_a_webspace_reaches_its_php() {
    let node = node().await;
    let (one, other) = (site(&node, "eins").await, site(&node, "zwei").await);
    node.put(&one, "index.php", "<?php echo 'FRONT';");
    node.put(&one, ".htaccess", FRONT);
    let users = node.users.as_ref().unwrap();
    let (own, stranger) = (user(&node, &one), user(&node, &other));
    let server = users.server_of(one.id).unwrap();
    assert_eq!(server.user(), own);
    let groups = [own, stranger, users.server_of(other.id).unwrap().group()];
    assert!(!groups.contains(&server.group()));
    let address = address(&node, &one);
    assert_ne!(address, self::address(&node, &other));
    for header in [
        "X-Wabe-Front;",
        "X-Wabe-Front: guessed",
        "X-Wabe-Visitor: 203.0.113.9",
    ] {
        let asked = ["-s", "-f", "-H", header, &format!("http://{address}/")];
        assert!(!works_as(stranger, "/usr/bin/curl", &asked), "{header}");
        assert!(!works_as(own, "/usr/bin/curl", &asked), "{header}");
    }
    assert_eq!(page(&node, "https://eins.test/irgendwo").await, "FRONT");
    // Its own programs do not pass to it, nor nginx, which goes through Apache.
    let socket = node.pools.socket(one.id, node.php());
    let way = std::fs::metadata(socket.parent().unwrap()).unwrap();
    assert_eq!(
        (way.uid(), way.gid(), way.mode() & 0o777),
        (0, server.group(), 0o710)
    );
    let own_folder = node.path(&format!("apache/own/{}", one.id));
    for kept in ["apache.conf", "key.pem", "error.log", "run"] {
        let kept = own_folder.join(kept).display().to_string();
        assert!(!works_as(own, "/bin/ls", &[&kept]), "{kept}");
        assert!(!works_as(stranger, "/bin/ls", &[&kept]), "{kept}");
    }
    node.end().await;
}

/// A node with users, where Apache can be.
async fn node() -> Node {
    let node = crate::owners::node().await;
    assert!(node.apaches.is_there(), "{:?}", node.apaches.gap());
    node
}
