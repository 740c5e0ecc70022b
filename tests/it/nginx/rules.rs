//! What sites do beside showing their files, with curl as the visitor; and what they write down.

use crate::nginx::header;
use crate::nginx::node::Node;
use wabe_drivers::embedded::files::WebFiles;
use wabe_kernel::content::Files as _;
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Field, FolderKey, FolderVerifier, Hsts, LogQuery, Secret, SiteLog, SiteRules};
use wabe_panel::system::SystemRng;

pub(crate) fn key(folder: &str, user: &str, password: &str) -> FolderKey {
    FolderKey {
        folder: folder.parse().unwrap(),
        user: user.parse().unwrap(),
        verifier: FolderVerifier::of(&Secret::new(password), &SystemRng),
    }
}

/// The last lines of a log that have this in them; nothing while there are none.
async fn lines(
    files: &WebFiles,
    site: WebspaceId,
    (log, text): (SiteLog, &str),
) -> Option<Vec<String>> {
    let asked = LogQuery::of(log, 10).with(text);
    let lines = files.log(site, asked).await.unwrap();
    (!lines.is_empty()).then_some(lines)
}

#[tokio::test]
async fn redirects_pages_for_errors_and_hsts_are_what_visitors_get() {
    let node = Node::new().await;
    let site = Webspace {
        rules: Box::new(SiteRules {
            redirects: Field::from_text("301 /old https://b.test/$x\n/now https://b.test/")
                .unwrap(),
            error_pages: Field::from_text("404 pages/not there.html\n500 pages/broken.html")
                .unwrap(),
            hsts: Hsts::Month,
            ..SiteRules::default()
        }),
        ..node.webspace("regel")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, "pages/not there.html", "not there");
    node.put(&site, "older.html", "older");
    for (path, status, target) in [
        ("/old", 301, "https://b.test/$x"),
        ("/old/a?b=c", 301, "https://b.test/$x"),
        ("/now/", 302, "https://b.test/"),
    ] {
        let (got, printed) = node.get(&format!("https://regel.test{path}")).await;
        assert_eq!(
            (got, header(&printed.out, "location")),
            (status, target),
            "{path}"
        );
    }
    let (status, printed) = node.get("https://regel.test/older.html").await;
    assert_eq!(status, 200, "{}", printed.out);
    assert_eq!(
        header(&printed.out, "strict-transport-security"),
        "max-age=2592000"
    );
    let (status, printed) = node.get("https://regel.test/nothing").await;
    assert!(
        status == 404 && printed.out.ends_with("not there"),
        "{}",
        printed.out
    );
    // Taken away, everything is as it was.
    let plain = Webspace {
        rules: Box::default(),
        ..site
    };
    node.configure(Wish::Present(plain), 2).await.unwrap();
    let (status, printed) = node.get("https://regel.test/old").await;
    assert_eq!(
        (status, header(&printed.out, "strict-transport-security")),
        (404, "")
    );
    node.end().await;
}

#[tokio::test]
async fn a_sites_own_pages_for_errors_keep_the_status() {
    let node = Node::new().await;
    let site = Webspace {
        rules: Box::new(SiteRules {
            redirects: Field::from_text("410 /past").unwrap(),
            error_pages: Field::from_text(
                "401 e/who.html\n403 e/no.html\n404 e/missing.html\n410 e/past.html\n\
                 500 e/broken.html\n502 e/behind.html\n503 e/busy.html",
            )
            .unwrap(),
            keys: vec![key("intern", "anna", "two words")],
            ..SiteRules::default()
        }),
        ..node.webspace("fehler")
    };
    node.bring(&site).await.unwrap();
    for (page, text) in [
        ("e/who.html", "who are you"),
        ("e/no.html", "not for you"),
        ("e/missing.html", "not there"),
        ("e/past.html", "there no more"),
        ("intern/a.txt", "inside"),
        ("empty/a.txt", "a folder without a page"),
    ] {
        node.put(&site, page, text);
    }
    for (path, status, text) in [
        ("/intern/a.txt", 401, "who are you"),
        ("/empty/", 403, "not for you"),
        ("/nothing", 404, "not there"),
        ("/past/a", 410, "there no more"),
        ("/e/past.html", 200, "there no more"),
    ] {
        let (got, printed) = node.get(&format!("https://fehler.test{path}")).await;
        assert_eq!(got, status, "{path}: {}", printed.out);
        assert!(
            header(&printed.out, "content-type").starts_with("text/html"),
            "{}",
            printed.out
        );
        assert!(printed.out.ends_with(text), "{path}: {}", printed.out);
    }
    let (_, asked) = node.get("https://fehler.test/intern/a.txt").await;
    assert!(
        header(&asked.out, "www-authenticate").starts_with("Basic"),
        "{}",
        asked.out
    );
    // A page that is not there changes nothing about the status.
    let page = node
        .sites
        .place(wabe_drivers::embedded::web::Visited::Site(site.id));
    std::fs::remove_file(page.files.join("e/past.html")).unwrap();
    let (status, printed) = node.get("https://fehler.test/past").await;
    assert_eq!(status, 410, "{}", printed.out);
    node.end().await;
}

#[tokio::test]
async fn a_protected_folder_opens_by_name_and_password_alone_and_never_unencrypted() {
    let node = Node::new().await;
    let site = Webspace {
        https_redirect: false,
        php: Some(node.php()),
        rules: Box::new(SiteRules {
            keys: vec![
                key("in side", "anna", "two words"),
                key("in side", "ben", "a: $b"),
            ],
            ..SiteRules::default()
        }),
        ..node.webspace("zu")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, "open.txt", "open");
    node.put(&site, "in side/a.txt", "inside");
    node.put(&site, "in side/a.php", "<?php echo 'ran';");
    node.put(&site, "in side/.htaccess", "hidden");
    let inside = "https://zu.test/in%20side/a.txt";
    assert_eq!(node.get("https://zu.test/open.txt").await.0, 200);
    assert_eq!(node.get("http://zu.test/open.txt").await.0, 308);
    for path in [
        "in%20side/",
        "in%20side/a.txt",
        "in%20side/a.php",
        "in%20side/nothing",
        "x/../in%20side/a.txt",
        "//in%20side//a.txt",
        "%69n%20side/a.txt",
    ] {
        let url = format!("https://zu.test/{path}");
        assert_eq!(node.curl(&url, &["--path-as-is"]).await.0, 401, "{path}");
    }
    for (who, status) in [
        ("anna:two words", 200),
        ("ben:a: $b", 200),
        ("anna:a: $b", 401),
        ("carl:two words", 401),
    ] {
        assert_eq!(node.curl(inside, &["-u", who]).await.0, status, "{who}");
    }
    let login = ["-u", "anna:two words"];
    let (_, ran) = node.curl("https://zu.test/in%20side/a.php", &login).await;
    assert!(ran.out.ends_with("ran"), "{}", ran.out);
    let hidden = "https://zu.test/in%20side/.htaccess";
    assert_eq!(node.curl(hidden, &login).await.0, 404);
    // A key that is taken away opens nothing, and its file is gone.
    let fewer = Webspace {
        rules: Box::new(SiteRules {
            keys: vec![site.rules.keys[1].clone()],
            ..SiteRules::default()
        }),
        ..site.clone()
    };
    node.configure(Wish::Present(fewer.clone()), 2)
        .await
        .unwrap();
    assert_eq!(node.curl(inside, &login).await.0, 401);
    let keys = node.path(&format!("web/{}/keys", site.id));
    assert_eq!(std::fs::read_dir(&keys).unwrap().count(), 1);
    // Somebody changed the file by hand: that is seen, and mended.
    let file = std::fs::read_dir(&keys).unwrap().next().unwrap().unwrap();
    std::fs::write(file.path(), "carl:$6$a$b\n").unwrap();
    assert_eq!(node.sites.observe(site.id).await.unwrap().site, None);
    node.configure(Wish::Present(fewer), 2).await.unwrap();
    assert!(node.sites.observe(site.id).await.unwrap().site.is_some());
    node.end().await;
}

#[tokio::test]
async fn an_upload_is_as_large_as_the_site_says() {
    let node = Node::new().await;
    let site = Webspace {
        php: Some(node.php()),
        rules: Box::new(SiteRules {
            upload_bytes: Some(100),
            ..SiteRules::default()
        }),
        ..node.webspace("klein")
    };
    node.bring(&site).await.unwrap();
    node.put(
        &site,
        "in.php",
        "<?php echo strlen(file_get_contents('php://input'));",
    );
    let (small, large) = ("x".repeat(100), "x".repeat(101));
    let url = "https://klein.test/in.php";
    let (status, printed) = node.curl(url, &["--data-raw", &small]).await;
    assert!(
        status == 200 && printed.out.ends_with("100"),
        "{}",
        printed.out
    );
    assert_eq!(node.curl(url, &["--data-raw", &large]).await.0, 413);
    node.end().await;
}

#[tokio::test]
async fn what_goes_wrong_is_in_the_logs_of_the_site_without_whole_addresses() {
    let node = Node::new().await;
    let site = Webspace {
        php: Some(node.php()),
        rules: Box::new(SiteRules {
            upload_bytes: Some(10),
            ..SiteRules::default()
        }),
        ..node.webspace("fehler")
    };
    node.bring(&site).await.unwrap();
    node.put(
        &site,
        "warn.php",
        "<?php trigger_error('something odd', E_USER_WARNING); echo 'done';",
    );
    assert_eq!(node.get("https://fehler.test/warn.php").await.0, 200);
    let body = ["--data-raw", "more than ten letters"];
    let refused = node
        .curl("https://fehler.test/warn.php?secret=1", &body)
        .await;
    assert_eq!(refused.0, 413);
    let files = node.files();
    let php = || lines(&files, site.id, (SiteLog::Php, "something odd"));
    crate::client::until("a message of PHP", php).await;
    let error = || lines(&files, site.id, (SiteLog::Error, "too large body"));
    let errors = crate::client::until("an error of nginx", error).await;
    let error = errors.concat();
    assert!(error.contains("client: 127.0.0.0"), "{error}");
    assert!(
        !error.contains("127.0.0.1") && !error.contains("secret"),
        "{error}"
    );
    let visits = || lines(&files, site.id, (SiteLog::Access, "/warn.php"));
    crate::client::until("visits", visits).await;
    node.end().await;
}

#[tokio::test]
async fn what_apache_would_keep_shut_keeps_the_site_from_going_live_until_something_else_does() {
    let node = Node::new().await;
    let site = node.webspace("apache");
    node.bring(&site).await.unwrap();
    node.put(&site, "index.html", "as before");
    node.put(&site, "intern/a.txt", "inside");
    node.put(
        &site,
        "intern/.htaccess",
        "AuthType Basic\nRequire valid-user\n",
    );
    node.put(&site, ".htaccess", "RewriteRule . /index.php [L]\n");
    let other = Webspace {
        https_redirect: false,
        ..site.clone()
    };
    let refused = node
        .configure(Wish::Present(other.clone()), 2)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "htaccess-protects");
    assert_eq!(refused.detail, "intern/.htaccess");
    let seen = node.sites.observe(site.id).await.unwrap();
    assert!(seen.refused.unwrap().starts_with("htaccess-protects"));
    let (status, shown) = node.get("https://apache.test/").await;
    assert!(
        status == 200 && shown.out.ends_with("as before"),
        "{}",
        shown.out
    );
    let found = node.files().rule_files(site.id).await.unwrap();
    let found: Vec<(String, bool)> = found
        .into_iter()
        .map(|file| (file.path.to_string(), file.protects))
        .collect();
    let expected = [(".htaccess", false), ("intern/.htaccess", true)];
    assert_eq!(
        found,
        expected.map(|(path, protects)| (path.to_owned(), protects))
    );
    let shut = Webspace {
        rules: Box::new(SiteRules {
            keys: vec![key("intern", "anna", "two words")],
            ..SiteRules::default()
        }),
        ..other
    };
    node.configure(Wish::Present(shut), 3).await.unwrap();
    assert_eq!(node.get("https://apache.test/intern/a.txt").await.0, 401);
    assert!(node.sites.observe(site.id).await.unwrap().refused.is_none());
    node.end().await;
}

/// Rules as plugins of applications bring them along: a directory is shut but for what visitors need of it.
const PLUGIN: &str = "# What visitors may have.\n<IfModule !mod_authz_core.c>\n\tOrder Deny,Allow\n\tDeny from all\n\
    </IfModule>\n<IfModule mod_authz_core.c>\n\tRequire all denied\n</IfModule>\n\
    <FilesMatch \"^(form\\.js|own(-admin)?\\.css)$\">\n\t<IfModule !mod_authz_core.c>\n\t\tAllow from all\n\
    \t</IfModule>\n\t<IfModule mod_authz_core.c>\n\t\tRequire all granted\n\t</IfModule>\n</FilesMatch>\n";

/// What visitors get of the site below: what nobody may see is not there.
const ANSWERS: [(&str, u16); 13] = [
    ("plugins/a/own-admin.css", 200),
    ("plugins/a/in/form.js", 200),
    ("plugins/a/own.css", 404),
    ("plugins/a/readme.txt", 404),
    ("plugins//a/readme.txt", 404),
    ("plugins/%61/readme.txt", 404),
    ("plugins/a/readme.txt?own.css", 404),
    ("plugins/a/x.php", 404),
    ("plugins/a/x.php/own.css", 404),
    ("plugins/a/own-admin.css/", 404),
    ("plugins/a/", 404),
    ("plugins/a/.htaccess", 404),
    ("plugins/b/readme.txt", 200),
];
const README: &str = "https://plugin.test/plugins/a/readme.txt";
const STYLE: &str = "https://plugin.test/plugins/a/own-admin.css";

/// A site that is shown, into which a plugin came after that.
async fn with_plugin(node: &Node) -> Webspace {
    let site = node.webspace("plugin");
    node.bring(&site).await.unwrap();
    for (path, text) in [
        ("plugins/a/.htaccess", PLUGIN),
        ("plugins/a/own-admin.css", "a style"),
        ("plugins/a/in/form.js", "a script"),
        ("plugins/a/readme.txt", "a secret"),
        ("plugins/a/x.php", "<?php echo 'run';"),
        ("plugins/b/readme.txt", "for everybody"),
    ] {
        node.put(&site, path, text);
    }
    Webspace {
        https_redirect: false,
        ..site
    }
}

/// The site with a password for these directories.
fn keyed(site: &Webspace, folders: &[&str]) -> Wish<Webspace> {
    let keys = folders
        .iter()
        .map(|folder| key(folder, "anna", "two words"));
    Wish::Present(Webspace {
        rules: Box::new(SiteRules {
            keys: keys.collect(),
            ..SiteRules::default()
        }),
        ..site.clone()
    })
}

#[tokio::test]
async fn a_directory_that_a_plugin_shuts_is_shut_by_nginx_and_holds_nothing_back() {
    let node = Node::new().await;
    let site = with_plugin(&node).await;
    node.configure(keyed(&site, &[]), 2).await.unwrap();
    for scheme in ["http", "https"] {
        for (path, status) in ANSWERS {
            let (got, shown) = node.get(&format!("{scheme}://plugin.test/{path}")).await;
            assert_eq!(got, status, "{scheme} {path}: {}", shown.out);
            assert!(!shown.out.contains("a secret"), "{path}: {}", shown.out);
        }
    }
    // It is as wished, and stays shut however the node begins.
    let seen = node.sites.observe(site.id).await.unwrap();
    assert_eq!(seen.site, Some(keyed(&site, &[])));
    let node = node.again().await;
    node.until(STYLE, 200).await;
    assert_eq!(node.get(README).await.0, 404);
    node.end().await;
}

#[tokio::test]
async fn what_nginx_cannot_shut_alike_holds_back_and_without_the_file_nothing_is_shut() {
    let node = Node::new().await;
    let site = with_plugin(&node).await;
    // A password above it is asked for, in its place; one within it would let in what is shut.
    node.configure(keyed(&site, &["plugins"]), 2).await.unwrap();
    assert_eq!(node.get(README).await.0, 401);
    assert_eq!(node.get(STYLE).await.0, 401);
    let within = keyed(&site, &["plugins/a/in"]);
    let refused = node.configure(within, 3).await.unwrap_err();
    assert_eq!(refused.code, "htaccess-protects");
    assert_eq!(refused.detail, "plugins/a/.htaccess");
    assert_eq!(node.get(README).await.0, 401);
    node.configure(keyed(&site, &[]), 4).await.unwrap();
    assert_eq!(node.get(README).await.0, 404);
    // One word that is not known, and nobody claims to follow it.
    let more = format!("{PLUGIN}Require ip 192.0.2.1\n");
    node.put(&site, "plugins/a/.htaccess", &more);
    let changed = Webspace {
        https_redirect: true,
        ..site.clone()
    };
    let changed = Wish::Present(changed);
    let refused = node.configure(changed.clone(), 5).await.unwrap_err();
    assert_eq!(refused.code, "htaccess-protects");
    assert_eq!(node.get(README).await.0, 404);
    let file = format!("web/{}/files/plugins/a/.htaccess", site.id);
    std::fs::remove_file(node.path(&file)).unwrap();
    node.configure(changed, 6).await.unwrap();
    assert_eq!(node.get(README).await.0, 200);
    node.end().await;
}
