//! The whole panel in front of nginx and PHP, by its API.

use crate::client::text;
use crate::folder::Folder;
use crate::nginx::proxied::Application;
use crate::process::{Panel, unique};
use crate::tools::{curl, ran};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use wabe_drivers::{daemon, php};

/// A panel that is told to end even by a test that fails, so that its daemons end with it.
struct Services(Panel);

impl Drop for Services {
    fn drop(&mut self) {
        self.0.end_quietly();
    }
}

#[tokio::test]
async fn a_webspace_gets_php_through_the_panel_and_loses_it_again() {
    let services = Services(Panel::demo_with("[web]\nserver = \"nginx\"\n"));
    let panel = &services.0;
    assert_eq!(panel.ready["services"], true);
    let customer = panel.customer();
    let name = format!("app{}", unique());
    let made = customer
        .api
        .live("/webspaces", json!({ "name": name }))
        .await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    let host = text(&made, "preview_host");
    let page = format!("{path}/files/hello.php");
    let code = b"<?php echo 'hello from ', PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION;";
    customer.api.put(&page, code).await.expect(201);
    let get = || async {
        let mut curl = curl(panel, &host);
        let port = panel.port("sites_https");
        curl.arg("-i")
            .arg(format!("https://{host}:{port}/hello.php"));
        ran(curl).await.out
    };
    assert!(get().await.contains(" 404"), "PHP is off at first");
    let version = php::installed(&daemon::folders(&[]));
    let version = version
        .keys()
        .next_back()
        .expect("PHP-FPM is installed")
        .to_string();
    let set = json!({ "php": version });
    let answer = customer.api.json("PATCH", &path, &set).await.expect(200);
    assert_eq!(text(&answer, "php"), version);
    customer.api.settled(&path, "live").await;
    let said = get().await;
    assert!(said.ends_with(&format!("hello from {version}")), "{said}");
    let log = customer.api.get(&format!("{path}/logs")).await;
    assert!(
        log.status == 200 && log.text().contains("/hello.php"),
        "{}",
        log.text()
    );
    let says = b"<?php echo 'memory ', ini_get('memory_limit');";
    let says_page = format!("{path}/files/says.php");
    customer.api.put(&says_page, says).await.expect(201);
    let set = json!({ "php_settings": { "memory_limit": "200M" } });
    let answer = customer.api.json("PATCH", &path, &set).await.expect(200);
    assert_eq!(answer["php_settings"]["memory_limit"], "200M");
    customer.api.settled(&path, "live").await;
    let says = || async {
        let mut curl = curl(panel, &host);
        let port = panel.port("sites_https");
        curl.arg(format!("https://{host}:{port}/says.php"));
        let said = ran(curl).await.out;
        said.ends_with("memory 200M").then_some(())
    };
    crate::client::until("the new limit to hold", says).await;
    let beyond = json!({ "php_settings": { "memory_limit": "4G" } });
    let refused = customer.api.json("PATCH", &path, &beyond).await;
    assert!(
        refused.status == 422 && refused.text().contains("memory_limit: "),
        "{}",
        refused.text()
    );
    let wrong = json!({ "php": "5.6" });
    let refused = customer.api.json("PATCH", &path, &wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let none = json!({ "php": null });
    customer.api.json("PATCH", &path, &none).await.expect(200);
    customer.api.settled(&path, "live").await;
    assert!(get().await.contains(" 404"));
}

#[tokio::test]
async fn an_application_answers_through_the_panel_where_the_operator_opened_its_network() {
    let services = Services(Panel::demo_with(
        "[web]\nserver = \"nginx\"\n\n[node]\nproxy_networks = [\"127.0.0.0/8\", \"::1\"]\n",
    ));
    let (panel, app) = (&services.0, Application::new().await);
    let customer = panel.customer();
    let name = format!("app{}", unique());
    let made = customer
        .api
        .live("/webspaces", json!({ "name": name }))
        .await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    let host = text(&made, "preview_host");
    let get = || async {
        let mut curl = curl(panel, &host);
        let port = panel.port("sites_https");
        curl.arg("-i").arg(format!("https://{host}:{port}/a"));
        ran(curl).await.out
    };
    let set = async |upstream: &str| {
        let set = json!({ "proxy": upstream });
        customer.api.json("PATCH", &path, &set).await
    };
    // The front of the sites themselves stays shut, and so does what is nobody's.
    let front = format!("http://app.localhost:{}", panel.port("sites_https"));
    for refused in [
        front.as_str(),
        "http://127.0.0.1:80",
        "http://user@app.localhost",
    ] {
        let answer = set(refused).await;
        assert!(
            answer.status == 422 && answer.text().contains("\"proxy\""),
            "{refused}: {}",
            answer.text()
        );
    }
    let upstream = format!("http://app.localhost:{}", app.port);
    let answer = set(&upstream).await.expect(200);
    assert_eq!(text(&answer, "proxy"), upstream);
    customer.api.settled(&path, "live").await;
    let said = get().await;
    let heard = format!("host: app.localhost:{}", app.port);
    assert!(said.contains(&heard), "{said}");
    let none = json!({ "proxy": null });
    customer.api.json("PATCH", &path, &none).await.expect(200);
    customer.api.settled(&path, "live").await;
    assert!(!get().await.contains(&heard));
}

/// The process group that is written down there.
fn group_in(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    text.split_whitespace().next().unwrap().to_owned()
}

/// Whether anybody of a process group is at work. What ended and was not collected yet has a number, and does
/// nothing.
fn lives(group: &str) -> bool {
    let all = Command::new("ps").args(["-eo", "pgid=,stat="]).output();
    let all = String::from_utf8(all.unwrap().stdout).unwrap();
    all.lines().any(|line| {
        let (of, state) = line.trim().split_once(' ').unwrap();
        of == group && !state.trim().starts_with('Z')
    })
}

#[tokio::test]
async fn a_panel_that_was_killed_ends_the_php_of_its_former_life_without_nginx_too() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let config = data.with_extension("toml");
    std::fs::write(&config, "[web]\nserver = \"nginx\"\n").unwrap();
    let first = Panel::start("demo", &data);
    let api = first.customer().api;
    let name = format!("app{}", unique());
    let made = api.live("/webspaces", json!({ "name": name })).await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    let version = php::installed(&daemon::folders(&[]));
    let version = version.keys().next_back().unwrap().to_string();
    let set = json!({ "php": version });
    api.json("PATCH", &path, &set).await.expect(200);
    api.settled(&path, "live").await;
    let former = group_in(&data.join(format!("node/php/{version}/group")));
    first.kill();
    assert!(lives(&former), "PHP outlives a panel that is killed");
    std::fs::write(&config, "[web]\nserver = \"embedded\"\n").unwrap();
    let _again = Services(Panel::start("demo", &data));
    assert!(!lives(&former));
}

#[tokio::test]
async fn a_panel_that_was_killed_ends_the_nginx_of_its_former_life() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    std::fs::write(data.with_extension("toml"), "[web]\nserver = \"nginx\"\n").unwrap();
    let first = Panel::start("demo", &data);
    let group = || group_in(&data.join("node/nginx/run/group"));
    let former = group();
    first.kill();
    assert!(lives(&former), "nginx outlives a panel that is killed");
    let again = Services(Panel::start("demo", &data));
    assert!(!lives(&former) && group() != former);
    let shop = "sonnenkorn.localhost";
    let mut curl = curl(&again.0, shop);
    let port = again.0.port("sites_https");
    curl.arg("-i").arg(format!("https://{shop}:{port}/"));
    let shown = ran(curl).await.out;
    assert!(shown.contains(" 200"), "{shown}");
}

#[test]
fn a_panel_without_services_says_so() {
    let panel = crate::process::shared();
    assert_eq!(panel.ready["services"], false);
}
