//! `wabe serve` as a process on either engine: from an empty folder to a customer's change, over a
//! restart, and on PostgreSQL over what `wabe store move` brought there.

use crate::browser::Browser;
use crate::client::{text, until};
use crate::factor::enrol;
use crate::folder::Folder;
use crate::postgres::ROLES;
use crate::process::{Panel, empty_database, run};
use crate::tools::{curl, ran};
use serde_json::json;
use wabe_testkit::Engine;

/// What people choose in place of an initial password.
const CHOSEN: &str = "quite a long sentence 42";
const OPERATOR: &str = "olga@hoster.example";
const OWNER: &str = "otto@baker.example";

/// Chooses a password where nothing else is possible before.
async fn choose_password(browser: &mut Browser, initial: &str) {
    assert_eq!(browser.get("/").await.header("location"), "/password");
    let csrf = browser.token("/password").await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("old_password", initial),
        ("new_password", CHOSEN),
    ];
    let answer = browser.post("/password", &fields).await;
    let onward = answer.header("location");
    assert!(
        answer.status == 303 && !onward.starts_with("/password"),
        "{onward}: {}",
        answer.text()
    );
    browser.take_session(&answer);
}

/// An operator, from the command line to their desk.
async fn operator(panel: &Panel) -> Browser {
    let who = ["--email", OPERATOR, "--name", "Olga", "--role", "operator"];
    let made = panel.cli(&[&["user", "create"], &who[..]].concat());
    let initial = made.rsplit(' ').next().unwrap();
    let mut browser = Browser::guest(panel);
    let answer = browser
        .post("/login", &[("email", OPERATOR), ("password", initial)])
        .await;
    let (_, enrolled) = enrol(&browser, &answer, "/staff").await;
    browser.take_session(&enrolled);
    choose_password(&mut browser, initial).await;
    browser
}

/// Offers a plan at the desk.
async fn offer(desk: &Browser, name: &str) {
    let csrf = desk.token("/staff/plans/new").await;
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("name", name),
        ("storage_bytes", "20 GB"),
        ("purpose", "Offer"),
    ];
    for limit in ["webspaces", "domains", "mailboxes", "aliases", "databases"] {
        fields.push((limit, "5"));
    }
    fields.extend([("members", "5"), ("installations", "5")]);
    let answer = desk.post("/staff/plans", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// An owner, from the command line to their portal.
async fn owner(panel: &Panel, plan: &str) -> Browser {
    let customer = ["--name", "Baker", "--plan", plan];
    let who = ["--owner-name", "Otto", "--owner-email", OWNER];
    let made = panel.cli(&[&["customer", "create"], &customer[..], &who].concat());
    let initial = made.rsplit(' ').next().unwrap();
    let mut browser = Browser::guest(panel);
    let answer = browser
        .post("/login", &[("email", OWNER), ("password", initial)])
        .await;
    browser.take_session(&answer);
    choose_password(&mut browser, initial).await;
    browser
}

async fn from_nothing_to_a_customers_change(mut panel: Panel) {
    let desk = operator(&panel).await;
    offer(&desk, "Basic").await;
    let browser = owner(&panel, "Basic").await;
    let token = panel.token(OWNER, &[]);
    let api = panel.api(&token);
    let made = api.live("/webspaces", json!({ "name": "bakery" })).await;
    let page = format!("/webspaces/{}", text(&made, "id"));
    let files = format!("{page}/files/index.html");
    api.put(&files, b"<h1>Rolls</h1>").await.expect(201);
    let shown = browser.get(&page).await;
    assert!(
        shown.status == 200 && shown.text().contains("bakery"),
        "{}",
        shown.text()
    );
    // Nobody would run its jobs here: both pages say so before there is one.
    for tab in ["cron", "cron/new"] {
        let shown = browser.get(&format!("{page}/{tab}")).await.text();
        let said = ["Hier läuft kein Cronjob", "No cron job runs here"];
        assert!(said.iter().any(|said| shown.contains(said)), "{shown}");
    }
    panel.end();
    let again = panel.serve_again();
    let browser = Browser::logged_in(&again, (OWNER, CHOSEN)).await;
    assert_eq!(browser.get(&page).await.status, 200);
    let api = again.api(&token);
    assert_eq!(api.get(&files).await.text(), "<h1>Rolls</h1>");
    api.live(
        "/databases",
        json!({ "name": "orders", "engine": "sqlite" }),
    )
    .await;
    let changes = api.all("/changes").await;
    let names: Vec<_> = changes.iter().map(|one| &one["object_name"]).collect();
    for name in ["bakery", "orders"] {
        assert!(names.contains(&&json!(name)), "{name} in {names:?}");
    }
    again.cli(&["audit", "verify"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_goes_from_an_empty_folder_to_a_customers_change() {
    let panel = Panel::on(Engine::Sqlite, "serve").await;
    Box::pin(from_nothing_to_a_customers_change(panel)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_goes_from_an_empty_postgresql_to_a_customers_change() {
    let panel = Panel::on(Engine::Postgres, "serve").await;
    // It starts once more, which is refused while another test bends the server's roles.
    let _calm = ROLES.read().await;
    Box::pin(from_nothing_to_a_customers_change(panel)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_is_moved_to_postgresql_by_a_command_and_goes_on_there() {
    let mut panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let token = panel.token(&email, &[]);
    let asked = json!({ "name": "before", "engine": "sqlite" });
    let made = panel.api(&token).live("/databases", asked).await;
    let query = format!("/databases/{}/query", text(&made, "id"));
    let sql = json!({ "sql": "CREATE TABLE t (v); INSERT INTO t VALUES ('kept')" });
    panel
        .api(&token)
        .json("POST", &query, &sql)
        .await
        .expect(200);
    let _calm = ROLES.read().await;
    let url = empty_database().await;
    let data = panel.data.to_str().unwrap().to_owned();
    let moving = ["store", "move", "--data", &data, "--to", &url];
    let held = run(&moving);
    let said = String::from_utf8_lossy(&held.stderr).into_owned();
    assert!(!held.status.success() && said.contains("in use"), "{said}");
    panel.end();
    let moved = run(&moving);
    let said = String::from_utf8_lossy(&moved.stderr);
    assert!(moved.status.success(), "{said}");
    let told = String::from_utf8_lossy(&moved.stdout);
    assert!(told.lines().any(|line| line == "mailbox\t5"), "{told}");
    // All or nothing, and never over what is there.
    assert!(!run(&moving).status.success(), "it was moved twice");

    let there = Panel::start_over("serve", &panel.data, Some(&url));
    let api = there.api(&token);
    let sql = json!({ "sql": "SELECT v FROM t" });
    let kept = api.json("POST", &query, &sql).await;
    assert!(kept.text().contains("kept"), "{}", kept.text());
    let asked = json!({ "name": "after", "engine": "sqlite" });
    api.live("/databases", asked).await;
    let browser = Browser::logged_in(&there, (&email, &password)).await;
    let shown = browser.get("/databases").await.text();
    for name in ["before", "after"] {
        assert!(shown.contains(name), "{name} in {shown}");
    }
    there.cli(&["audit", "verify"]);
}

#[tokio::test]
async fn a_node_that_was_emptied_while_nobody_served_is_made_again_after_the_next_start() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let mut first = Panel::start("demo", &data);
    first.end();
    std::fs::remove_dir_all(data.join("node")).unwrap();
    let again = Panel::start("demo", &data);
    let (shop, port) = ("sonnenkorn.localhost", again.port("sites_https"));
    let shown = || async {
        let mut curl = curl(&again, shop);
        curl.arg("-i").arg(format!("https://{shop}:{port}/"));
        // There is nothing in it any more, and yet it is there, with a certificate.
        let said = ran(curl).await;
        said.out.starts_with("HTTP/").then_some(())
    };
    until("the site to be there again", shown).await;
}
