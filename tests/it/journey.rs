//! What a program does with the API, from an empty customer to a live site, mailbox and database, and
//! back.

use crate::client::{self, Answer, page, text, until, visitor};
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::{deliver, letter};
use serde_json::{Value, json};

/// A verified domain of this customer.
async fn domain(customer: &Customer, suffix: &str) -> String {
    let name = format!("journey{}.{suffix}", unique());
    let made = customer.api.live("/domains", json!({ "name": name })).await;
    assert_eq!(made["verified"], true, "{made}");
    name
}

async fn visit(panel: &Panel, host: &str, path: &str) -> Answer {
    let visitor = visitor(panel, &[host]);
    Answer::of(visitor.get(page(panel, host, path)).send().await.unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn names_for_trying_are_live_at_once() {
    let customer = shared().customer();
    domain(&customer, "test").await;
    domain(&customer, "localhost").await;
    let other = format!("journey{}.example", unique());
    let waits = customer
        .api
        .made("/domains", json!({ "name": other }))
        .await;
    assert_eq!(waits["verified"], false);
    assert!(
        text(&waits["proofs"], "txt_value").starts_with("wabe-verification="),
        "{waits}"
    );
}

#[tokio::test]
async fn a_file_put_at_once_is_served_over_https_and_a_change_shows_at_once() {
    let panel = shared();
    let customer = panel.customer();
    let host = domain(&customer, "test").await;
    let asked = json!({ "name": format!("site{}", unique()), "domain": host });
    let webspace = customer.api.made("/webspaces", asked).await;
    let files = format!("/webspaces/{}/files", text(&webspace, "id"));
    // Not live yet: the upload waits.
    customer
        .api
        .put(&format!("{files}/index.html"), b"<h1>first</h1>")
        .await
        .expect(201);
    let shown = visit(&panel, &host, "/").await;
    assert_eq!(
        (shown.status, shown.text().as_str()),
        (200, "<h1>first</h1>")
    );
    assert!(shown.header("content-type").starts_with("text/html"));
    customer
        .api
        .put(&format!("{files}/index.html"), b"<h1>second</h1>")
        .await
        .expect(201);
    assert_eq!(visit(&panel, &host, "/").await.text(), "<h1>second</h1>");
    let read = customer.api.get(&format!("{files}/index.html")).await;
    assert_eq!(
        (read.status, read.text().as_str()),
        (200, "<h1>second</h1>")
    );
    customer
        .api
        .bare("DELETE", &format!("{files}/index.html"))
        .await
        .expect(204);
    assert_eq!(visit(&panel, &host, "/index.html").await.status, 404);
    assert_eq!(
        customer
            .api
            .get(&format!("{files}/index.html"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_webspace_without_a_domain_is_live_at_its_preview_address() {
    let panel = shared();
    let customer = panel.customer();
    let asked = json!({ "name": format!("bare{}", unique()) });
    let webspace = customer.api.live("/webspaces", asked).await;
    let host = text(&webspace, "preview_host");
    let shown = visit(&panel, &host, "/").await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.header("x-robots-tag").contains("noindex"),
        "{:?}",
        shown.headers
    );
    assert_eq!(text(&webspace, "preview_url"), page(&panel, &host, "/"));
}

#[tokio::test]
async fn a_suspended_site_says_503_until_it_is_resumed() {
    let panel = shared();
    let customer = panel.customer();
    let asked = json!({ "name": format!("pause{}", unique()) });
    let webspace = customer.api.live("/webspaces", asked).await;
    let (path, host) = (
        format!("/webspaces/{}", text(&webspace, "id")),
        text(&webspace, "preview_host"),
    );
    let reason = json!({ "reason": "Invoice under review" });
    customer
        .api
        .json("POST", &format!("{path}/suspend"), &reason)
        .await
        .expect(200);
    let found = customer.api.settled(&path, "suspended").await;
    assert_eq!(found["reason"], "Invoice under review");
    let shown = visit(&panel, &host, "/").await;
    assert_eq!(shown.status, 503);
    assert!(
        !shown.text().contains("Invoice"),
        "a visitor must not read the reason"
    );
    let put = customer.api.put(&format!("{path}/files/x"), b"x").await;
    assert_eq!(
        (put.status, put.json()["code"].as_str()),
        (409, Some("resource-suspended"))
    );
    customer
        .api
        .bare("POST", &format!("{path}/resume"))
        .await
        .expect(200);
    customer.api.settled(&path, "live").await;
    assert_eq!(visit(&panel, &host, "/").await.status, 200);
}

#[tokio::test]
async fn mail_that_was_delivered_is_read_through_the_api() {
    let panel = shared();
    let customer = panel.customer();
    let address = format!("info@{}", domain(&customer, "test").await);
    let asked = json!({
        "address": address, "password": "two words and a number 7", "quota_bytes": 5_000_000,
    });
    let mailbox = customer.api.live("/mailboxes", asked).await;
    assert!(mailbox.get("password").is_none(), "{mailbox}");
    let (code, words) = deliver(&panel, &address, &letter(&address, "hello", "Grüße")).await;
    assert_eq!(code, 250, "{words}");
    let path = format!("/mailboxes/{}/messages", text(&mailbox, "id"));
    let list = customer.api.get(&path).await.expect(200);
    assert_eq!(list["items"][0]["subject"], "hello", "{list}");
    let key = text(&list["items"][0], "key");
    let message = customer.api.get(&format!("{path}/{key}")).await.expect(200);
    assert!(text(&message, "text").contains("Grüße"), "{message}");
    customer
        .api
        .bare("DELETE", &format!("{path}/{key}"))
        .await
        .expect(204);
    assert_eq!(
        customer.api.get(&path).await.expect(200)["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_database_takes_sql() {
    let customer = shared().customer();
    let asked = json!({ "name": "shop", "engine": "sqlite" });
    let database = customer.api.live("/databases", asked).await;
    let path = format!("/databases/{}/query", text(&database, "id"));
    let sql = "CREATE TABLE article (id INTEGER PRIMARY KEY, name TEXT);\n\
               INSERT INTO article (name) VALUES ('Brot'), ('Brötchen');\n\
               SELECT id, name FROM article ORDER BY id";
    let found = customer
        .api
        .json("POST", &path, &json!({ "sql": sql }))
        .await
        .expect(200);
    assert_eq!(found["columns"], json!(["id", "name"]));
    assert_eq!(found["rows"], json!([[1, "Brot"], [2, "Brötchen"]]));
    let wrong = json!({ "sql": "SELECT * FROM nothing" });
    let refused = customer.api.json("POST", &path, &wrong).await.expect(422);
    assert!(text(&refused, "detail").contains("nothing"), "{refused}");
}

#[tokio::test]
async fn a_quota_is_changed_by_patch_and_the_change_is_recorded_with_before_and_after() {
    let customer = shared().customer();
    let asked = json!({ "name": format!("quota{}", unique()), "quota_bytes": 1_000_000_000 });
    let webspace = customer.api.live("/webspaces", asked).await;
    let id = text(&webspace, "id");
    let patch = json!({ "quota_bytes": 2_000_000_000, "https_redirect": false });
    let after = customer
        .api
        .json("PATCH", &format!("/webspaces/{id}"), &patch)
        .await
        .expect(200);
    assert_eq!(after["quota_bytes"], 2_000_000_000);
    assert_eq!(after["https_redirect"], false);
    customer
        .api
        .settled(&format!("/webspaces/{id}"), "live")
        .await;
    let changes = customer
        .api
        .get(&format!("/changes?object_id={id}"))
        .await
        .expect(200);
    let quota = |change: &&Value| change["command"] == "webspace.set_quota";
    let change = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(quota)
        .unwrap();
    assert_eq!(change["before"]["quota_bytes"], 1_000_000_000);
    assert_eq!(change["after"]["quota_bytes"], 2_000_000_000);
    assert_eq!(change["kind"], "change");
}

#[tokio::test]
async fn what_was_deleted_lies_in_the_trash_and_comes_back_with_its_files() {
    let panel = shared();
    let customer = panel.customer();
    let asked = json!({ "name": format!("trash{}", unique()) });
    let webspace = customer.api.live("/webspaces", asked).await;
    let (id, host) = (text(&webspace, "id"), text(&webspace, "preview_host"));
    let path = format!("/webspaces/{id}");
    customer
        .api
        .put(&format!("{path}/files/kept.txt"), b"kept")
        .await
        .expect(201);
    customer.api.bare("DELETE", &path).await.expect(204);
    let items = customer.api.all("/webspaces").await;
    assert!(
        items.iter().all(|item| item["id"] != id.as_str()),
        "{items:?}"
    );
    let trash = customer.api.all("/trash").await;
    assert!(
        trash.iter().any(|item| item["id"] == id.as_str()),
        "{trash:?}"
    );
    let gone = async || (visit(&panel, &host, "/kept.txt").await.status != 200).then_some(());
    until("the site to be gone", gone).await;
    customer
        .api
        .bare("POST", &format!("{path}/restore"))
        .await
        .expect(200);
    customer.api.settled(&path, "live").await;
    let back = async || (visit(&panel, &host, "/kept.txt").await.text() == "kept").then_some(());
    until("the site to be back", back).await;
    assert!(customer.api.all("/trash").await.is_empty());
}

#[tokio::test]
async fn a_change_is_undone_once() {
    let customer = shared().customer();
    let asked = json!({ "name": "notes", "engine": "sqlite", "quota_bytes": 10_000_000 });
    let database = customer.api.live("/databases", asked).await;
    let path = format!("/databases/{}", text(&database, "id"));
    customer
        .api
        .json("PATCH", &path, &json!({ "quota_bytes": 20_000_000 }))
        .await
        .expect(200);
    let changes = customer.api.get("/changes?limit=1").await.expect(200);
    let undo = format!("/changes/{}/undo", text(&changes["items"][0], "id"));
    let shown = customer
        .api
        .bare("POST", &format!("{undo}?dry_run=true"))
        .await
        .expect(200);
    assert_eq!(shown["dry_run"], true);
    assert_eq!(
        customer.api.get(&path).await.expect(200)["quota_bytes"],
        20_000_000
    );
    customer.api.bare("POST", &undo).await.expect(200);
    assert_eq!(
        customer.api.get(&path).await.expect(200)["quota_bytes"],
        10_000_000
    );
    let again = customer.api.bare("POST", &undo).await;
    assert_eq!(again.status, 409, "{}", again.text());
}

#[tokio::test]
async fn a_dry_run_shows_the_steps_and_changes_nothing() {
    let customer = shared().customer();
    let asked = json!({ "name": format!("dry{}", unique()) });
    let shown = customer
        .api
        .json("POST", "/webspaces?dry_run=true", &asked)
        .await
        .expect(200);
    assert_eq!(shown["dry_run"], true);
    assert!(!shown["steps"].as_array().unwrap().is_empty(), "{shown}");
    assert!(customer.api.all("/webspaces").await.is_empty());
    let before = customer.api.all("/changes").await.len();
    customer
        .api
        .json("POST", "/webspaces?dry_run=true", &asked)
        .await
        .expect(200);
    assert_eq!(customer.api.all("/changes").await.len(), before);
    let misspelt = customer
        .api
        .json("POST", "/webspaces?dryrun=true", &asked)
        .await;
    assert_eq!(misspelt.status, 422, "{}", misspelt.text());
}

#[tokio::test]
async fn a_repeated_request_is_carried_out_once_and_shows_no_secret_again() {
    let customer = shared().customer();
    let body = json!({ "name": format!("once{}", unique()) });
    let send = async |body: &Value| {
        let request = customer.api.request("POST", "/webspaces").json(body);
        customer
            .api
            .send(request.header("idempotency-key", "one"))
            .await
    };
    let first = send(&body).await;
    let made = first.expect(201);
    assert!(made["sftp_password"].is_string(), "{made}");
    let second = send(&body).await;
    let same = second.expect(201);
    assert_eq!(same["id"], made["id"]);
    assert!(same["sftp_password"].is_null(), "{same}");
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(customer.api.all("/webspaces").await.len(), 1);
    let other = send(&json!({ "name": format!("once{}", unique()) })).await;
    assert!(
        (400..500).contains(&other.status),
        "another request under the key of one"
    );
    assert_eq!(customer.api.all("/webspaces").await.len(), 1);
}

#[tokio::test]
async fn lists_come_in_pages_and_nothing_is_left_out_or_doubled() {
    let customer = shared().customer();
    let mut names = Vec::new();
    for number in 0..7 {
        let name = format!("table{number}");
        customer
            .api
            .made("/databases", json!({ "name": name, "engine": "sqlite" }))
            .await;
        names.push(name);
    }
    let (mut found, mut path) = (Vec::new(), "/databases?limit=3".to_owned());
    for _ in 0..4 {
        let page = customer.api.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        found.extend(items.iter().map(|item| text(item, "name")));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/databases?limit=3&after={next}");
    }
    assert_eq!(found, names);
    for wrong in [
        "/databases?limit=0",
        "/databases?after=%00",
        "/databases?limit=many",
    ] {
        let refused = customer.api.get(wrong).await.expect(422);
        assert!(refused["errors"][0]["parameter"].is_string(), "{refused}");
    }
}

#[tokio::test]
async fn the_document_is_openapi_and_every_reference_in_it_leads_somewhere() {
    let panel = shared();
    let client = client::plain(&panel).build().unwrap();
    let url = format!("{}/openapi.json", panel.told("api"));
    let answer = Answer::of(client.get(url).send().await.unwrap())
        .await
        .unwrap();
    let document = answer.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with('/') && !path.contains('*'), "{path}");
        for (method, operation) in methods.as_object().unwrap() {
            let about = format!("{method} {path}");
            assert!(
                ids.insert(text(operation, "operationId")),
                "{about}: its id is another's"
            );
            let answers = operation["responses"].as_object().unwrap();
            let success = |status: &String| status.starts_with('2');
            assert!(answers.keys().any(success), "{about}: no success");
            let named: Vec<&str> = path
                .split('{')
                .skip(1)
                .map(|part| part.split('}').next().unwrap())
                .collect();
            let given = parameters(&document, operation, methods);
            assert_eq!(given.len(), named.len(), "{about}: {given:?}");
            assert!(
                named.iter().all(|name| given.contains(&(*name).to_owned())),
                "{about}"
            );
        }
    }
    assert!(ids.len() > 60, "{} operations", ids.len());
    let mut references = Vec::new();
    collect(&document, &mut references);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

/// The names of an operation's parameters in the path, references followed.
fn parameters(document: &Value, operation: &Value, item: &Value) -> Vec<String> {
    let own = [&operation["parameters"], &item["parameters"]];
    let all = own.into_iter().filter_map(Value::as_array).flatten();
    let resolved = all.map(|one| match one["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => one,
    });
    resolved
        .filter(|one| one["in"] == "path")
        .map(|one| text(one, "name"))
        .collect()
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            members.values().for_each(|member| collect(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
