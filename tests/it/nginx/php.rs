//! Applications in PHP: they run, keep their data, and see nobody else's.

use crate::nginx::node::Node;
use wabe_kernel::desired::{Webspace, Wish};

/// Counts visits in a database of its own, beside the folder that is served.
const COUNTER: &str = r"<?php
$data = new PDO('sqlite:' . dirname(__DIR__) . '/visits.sqlite');
$data->exec('CREATE TABLE IF NOT EXISTS visit (at INTEGER)');
$data->prepare('INSERT INTO visit VALUES (?)')->execute([time()]);
echo 'visit ', $data->query('SELECT count(*) FROM visit')->fetchColumn(), ' of ', $_SERVER['REQUEST_URI'];
";

/// Tries what an application must not do; prints a line for each.
const PRYING: &str = r#"<?php
foreach (explode(',', $_GET['files']) as $file) {
    echo @file_get_contents($file) === false ? "kept\n" : "READ $file\n";
}
echo @symlink($_GET['dir'], __DIR__ . '/way') ? "LINKED\n" : "kept\n";
echo is_array(@scandir($_GET['dir'])) ? "LISTED\n" : "kept\n";
foreach (['exec', 'system', 'shell_exec', 'passthru', 'popen', 'proc_open', 'pcntl_exec'] as $name) {
    echo function_exists($name) ? "HAS $name\n" : "kept\n";
}
echo @mail('a@b.test', 's', 't') ? "MAILED\n" : "kept\n";
echo @ini_set('open_basedir', '/') === false ? "kept\n" : "OPENED\n";
echo @ini_set('memory_limit', '4G') === false ? "kept\n" : "GREW\n";
echo function_exists('opcache_get_status') && @opcache_get_status() !== false ? "OVERHEARD\n" : "kept\n";
echo function_exists('opcache_reset') && @opcache_reset() ? "RESET\n" : "kept\n";
"#;

async fn site(node: &Node, name: &str, root: &str) -> Webspace {
    let site = Webspace {
        document_root: root.parse().unwrap(),
        php: Some(node.php()),
        ..node.webspace(name)
    };
    node.bring(&site).await.unwrap();
    site
}

#[tokio::test]
async fn an_application_with_its_database_answers() {
    let node = Node::new().await;
    let site = site(&node, "laden", "public").await;
    std::fs::remove_file(node.path(&format!("web/{}/files/public/index.html", site.id))).unwrap();
    node.put(&site, "public/index.php", COUNTER);
    node.put(&site, "public/style.css", "body {}");
    for (path, wanted) in [
        ("", "visit 1 of /"),
        ("index.php?a=b", "visit 2 of /index.php?a=b"),
        // What is not there is the application's business.
        ("shop/rad-7?x=1", "visit 3 of /shop/rad-7?x=1"),
    ] {
        let (status, said) = node.get(&format!("https://laden.test/{path}")).await;
        assert!(
            status == 200 && said.out.ends_with(wanted),
            "{}{}",
            said.out,
            said.err
        );
    }
    let (_, style) = node.get("https://laden.test/style.css").await;
    assert!(style.out.ends_with("body {}"), "{}", style.out);
    assert!(
        !node
            .get("https://laden.test/")
            .await
            .1
            .out
            .to_lowercase()
            .contains("x-powered-by")
    );
    node.end().await;
}

#[tokio::test]
async fn an_application_sees_its_own_webspace_and_starts_nothing() {
    let node = Node::new().await;
    let (prying, victim) = (
        site(&node, "neugierig", "").await,
        site(&node, "opfer", "").await,
    );
    node.put(&victim, "secret.txt", "a secret");
    node.put(&prying, "index.php", PRYING);
    node.put(&prying, "own.txt", "its own");
    let secret = node.path(&format!("web/{}/files/secret.txt", victim.id));
    let key = node.path(&format!("web/{}/key.pem", prying.id));
    let include = node.include(&victim.id);
    let files = ["/etc/passwd".into(), secret.clone(), key, include];
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let folder = secret.parent().unwrap().display().to_string();
    let url = format!(
        "https://neugierig.test/index.php?files={}&dir={folder}",
        files.join(",")
    );
    let (status, said) = node.get(&url).await;
    let (_, body) = said.out.split_once("\r\n\r\n").unwrap();
    assert_eq!(status, 200, "{}", said.out);
    assert_eq!(body, "kept\n".repeat(files.len() + 2 + 7 + 5));
    // It is shut in, not shut up.
    node.put(
        &prying,
        "own.php",
        "<?php echo file_get_contents(__DIR__ . '/own.txt');",
    );
    let (_, own) = node.get("https://neugierig.test/own.php").await;
    assert!(own.out.ends_with("its own"), "{}", own.out);
    node.end().await;
}

#[tokio::test]
async fn php_is_switched_off_and_on_and_its_files_are_never_shown() {
    let node = Node::new().await;
    let site = site(&node, "wechsel", "").await;
    node.put(&site, "a.php", "<?php echo 'it ', 'runs'; // a secret");
    let (_, runs) = node.get("https://wechsel.test/a.php").await;
    assert!(runs.out.ends_with("it runs"), "{}", runs.out);
    let without = Webspace {
        php: None,
        ..site.clone()
    };
    node.configure(Wish::Present(without), 2).await.unwrap();
    let (status, hidden) = node.get("https://wechsel.test/a.php").await;
    assert!(
        status == 404 && !hidden.out.contains("secret"),
        "{}",
        hidden.out
    );
    for name in ["b.PHP", "c.php5", "d.phtml", "e.phar", "f.phps"] {
        node.put(&site, name, "<?php // a secret");
        let (status, hidden) = node.get(&format!("https://wechsel.test/{name}")).await;
        assert!(
            status == 404 && !hidden.out.contains("secret"),
            "{name}: {}",
            hidden.out
        );
    }
    let pool = node.path(&format!("php/{}/pool/{}.conf", node.php(), site.id));
    let socket = node.pools.socket(site.id, node.php());
    assert!(!pool.exists() && !socket.exists());
    node.configure(Wish::Present(site.clone()), 3)
        .await
        .unwrap();
    let (_, runs) = node.get("https://wechsel.test/a.php").await;
    assert!(runs.out.ends_with("it runs"), "{}", runs.out);
    // A pool that somebody changed is not the one that is wanted.
    let text = std::fs::read_to_string(&pool).unwrap();
    std::fs::write(&pool, text.replace("128M", "999M")).unwrap();
    assert_eq!(node.sites.observe(site.id).await.unwrap().site, None);
    node.configure(Wish::Present(site.clone()), 3)
        .await
        .unwrap();
    assert_eq!(std::fs::read_to_string(&pool).unwrap(), text);
    node.end().await;
}

#[tokio::test]
async fn a_version_that_is_not_there_changes_nothing() {
    let node = Node::new().await;
    let site = node.webspace("alt");
    node.bring(&site).await.unwrap();
    let old = Webspace {
        php: Some("5.6".parse().unwrap()),
        ..site.clone()
    };
    let refused = node.configure(Wish::Present(old), 2).await.unwrap_err();
    assert_eq!(refused.code, "php-not-installed");
    assert_eq!(node.get("https://alt.test/").await.0, 200);
    let seen = node.sites.observe(site.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(site)));
    node.end().await;
}
