//! Bad input for every field of every command that the API document knows: the answer is a clear 4xx
//! that names the field, and nothing changed.

use crate::client::{Answer, Api, text};
use crate::probe;
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::Uploader;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The lists that show everything a customer has.
const LISTS: [&str; 10] = [
    "/tickets",
    "/domains",
    "/webspaces",
    "/mailboxes",
    "/aliases",
    "/databases",
    "/members",
    "/invitations",
    "/tokens",
    "/trash",
];
/// The longest text that a body may hold.
const TEXT_MAX: usize = 64 * 1024;

/// An operation with fields.
struct Operation {
    method: String,
    path: String,
    example: Map<String, Value>,
    fields: BTreeMap<String, Value>,
}

async fn document(api: &Api) -> Value {
    api.get("/openapi.json").await.expect(200)
}

/// Follows references.
fn resolved<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = document.pointer(&reference[1..]).unwrap();
    }
    value
}

/// Every operation with a JSON body.
fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"];
            let schema = resolved(document, &content["schema"]);
            let Some(properties) = schema["properties"].as_object() else {
                continue;
            };
            let example = content["example"].as_object().cloned().unwrap_or_default();
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                example,
                fields: properties
                    .iter()
                    .map(|(name, one)| (name.clone(), one.clone()))
                    .collect(),
            });
        }
    }
    found
}

/// A customer with one of everything, and the ids of its things by the noun in a path.
struct World {
    customer: Customer,
    /// A program of the hoster's that works on tickets.
    desk: Api,
    ids: BTreeMap<&'static str, String>,
    domain: String,
}

async fn world(panel: &Panel) -> World {
    let customer = panel.customer();
    let api = &customer.api;
    let domain = format!("bad{}.test", unique());
    let mut ids = BTreeMap::new();
    ids.insert(
        "domains",
        text(&api.live("/domains", json!({ "name": domain })).await, "id"),
    );
    let asked = json!({ "name": format!("bad{}", unique()), "domain": domain });
    ids.insert(
        "webspaces",
        text(&api.live("/webspaces", asked).await, "id"),
    );
    let asked = json!({ "name": "bad", "schedule": "0 0 1 jan *", "command": "./bad" });
    let jobs = format!("/webspaces/{}/cron_jobs", ids["webspaces"]);
    ids.insert("cron_jobs", text(&api.made(&jobs, asked).await, "id"));
    let address = format!("info@{domain}");
    let asked = json!({ "address": address, "password": "two words and a number 7" });
    ids.insert(
        "mailboxes",
        text(&api.live("/mailboxes", asked).await, "id"),
    );
    let asked = json!({ "address": format!("all@{domain}"), "targets": [address] });
    ids.insert("aliases", text(&api.live("/aliases", asked).await, "id"));
    let asked = json!({ "name": "shop", "engine": "sqlite" });
    ids.insert(
        "databases",
        text(&api.live("/databases", asked).await, "id"),
    );
    let made = api.made("/installations", probe::wanted()).await;
    ids.insert("installations", text(&made, "id"));
    let asked = json!({ "email": format!("m{}@a.example", unique()), "role": "viewer" });
    ids.insert(
        "invitations",
        text(&api.made("/invitations", asked).await, "id"),
    );
    let asked = json!({ "subject": "Help", "body": "Please.", "object": ids["mailboxes"] });
    let ticket = text(&api.made("/tickets", asked).await, "id");
    let given = api.all(&format!("/tickets/{ticket}/instructions")).await;
    ids.insert("instructions", text(&given[0], "id"));
    ids.insert("tickets", ticket);
    let members = api.all("/members").await;
    ids.insert("members", text(&members[0], "id"));
    let changes = api.get("/changes?limit=1").await.expect(200);
    ids.insert("changes", text(&changes["items"][0], "id"));
    let (support, _) = panel.account("support");
    let desk = panel.api(&panel.token(&support, &[]));
    let path = format!("/staff/tickets/{}/consent-requests", ids["tickets"]);
    let wish = json!({ "reason": "To see why." });
    let wish = desk.json("POST", &path, &wish).await.expect(201);
    ids.insert("consents", text(&wish, "id"));
    World {
        customer,
        desk,
        ids,
        domain,
    }
}

impl World {
    /// A path with the ids of this world in it.
    fn path(&self, path: &str) -> String {
        let own = path.strip_prefix("/staff").unwrap_or(path);
        let noun = own.split('/').nth(1).unwrap();
        let id = self.ids.get(noun).map_or("", String::as_str);
        path.replace("{webspace_id}", id)
            .replace("{id}", id)
            .replace("{command}", "mailbox.set_quota")
            .replace("{installation}", &self.ids["installations"])
            .replace("{act}", "check")
    }

    /// Who may ask for this path.
    fn api(&self, path: &str) -> &Api {
        if path.starts_with("/staff") {
            &self.desk
        } else {
            &self.customer.api
        }
    }

    /// Everything that can be seen of it. When something was looked at does not count.
    async fn seen(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for list in LISTS {
            for mut item in self.customer.api.all(list).await {
                if let Some(item) = item.as_object_mut() {
                    item.retain(|name, _| !name.ends_with("_used_at") && name != "used_bytes");
                }
                all.push(item);
            }
        }
        all.push(json!(self.customer.api.all("/changes").await.len()));
        all
    }
}

/// A refusal of one request.
struct Refused {
    about: String,
    answer: Answer,
    /// The field that must be named, if one must.
    field: Option<String>,
}

impl Refused {
    /// What is wrong with the refusal, if anything.
    fn fault(&self) -> Option<String> {
        let Self {
            about,
            answer,
            field,
        } = self;
        let problem = answer.json();
        let say = |what: &str| Some(format!("{about}: {what}: {} {problem}", answer.status));
        if !(400..500).contains(&answer.status) {
            return say("not refused");
        }
        if answer.header("content-type") != "application/problem+json" {
            return say("no problem document");
        }
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let names = |error: &Value| {
            field.as_ref().is_none_or(|name| {
                let pointer = error["pointer"].as_str().unwrap_or("");
                pointer == format!("/{name}") || pointer.starts_with(&format!("/{name}/"))
            })
        };
        if field.is_some() && !errors.iter().any(names) {
            return say("the field is not named");
        }
        let said = |error: &Value| {
            error["detail"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        };
        (!errors.iter().all(said)).then(|| format!("{about}: no words: {problem}"))
    }
}

/// What is put into a field, and what it is called in a report.
fn wrong_values(schema: &Value) -> Vec<(&'static str, Value)> {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut values = vec![
        ("an object", json!({ "a": { "b": [] } })),
        ("a nested list", json!([[["x"]]])),
        ("a NUL", json!("a\0b")),
        ("an escape", json!("\u{1b}[31m")),
        ("64 KiB and one", json!("a".repeat(TEXT_MAX + 1))),
    ];
    if schema["format"] != "prose" {
        values.push(("a line feed", json!("a\nb")));
    }
    if !kinds.contains(&"boolean") {
        values.push(("a boolean", json!(true)));
    }
    if kinds.contains(&"string") {
        values.push(("64 KiB", json!("a".repeat(TEXT_MAX))));
        values.push(("a number", json!(42)));
    }
    if kinds.contains(&"integer") {
        values.push(("a fraction", json!(1.5)));
        values.push(("less than nothing", json!(-1)));
        values.push(("a text", json!("many")));
        values.push(("too much", json!(1e300)));
    }
    values
}

#[tokio::test]
async fn every_field_of_every_operation_refuses_nonsense_and_nothing_changes() {
    let world = world(&shared()).await;
    let api = &world.customer.api;
    let document = document(api).await;
    let operations = operations(&document);
    assert!(
        operations.len() > 20,
        "only {} operations have a body",
        operations.len()
    );
    let before = world.seen().await;
    let (mut tried, mut faults) = (0, Vec::new());
    for operation in &operations {
        for (field, schema) in &operation.fields {
            for (what, value) in wrong_values(resolved(&document, schema)) {
                if field == "sql" && ["a line feed", "64 KiB", "64 KiB and one"].contains(&what) {
                    continue;
                }
                // Which settings there are, the plugin says; without one there is no wrong object.
                let names_none = ["/installations", "/installations/{id}/approve_update"];
                if (field.as_str(), what) == ("settings", "an object")
                    && names_none.contains(&operation.path.as_str())
                {
                    continue;
                }
                let mut body = operation.example.clone();
                body.insert(field.clone(), value);
                let path = world.path(&operation.path);
                let answer = world
                    .api(&path)
                    .json(&operation.method, &path, &Value::Object(body))
                    .await;
                let about = format!("{} {} {field} = {what}", operation.method, operation.path);
                let field = Some(field.clone());
                faults.extend(
                    Refused {
                        about,
                        answer,
                        field,
                    }
                    .fault(),
                );
                tried += 1;
            }
        }
    }
    println!(
        "{tried} bad values were tried on {} operations",
        operations.len()
    );
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(world.seen().await, before, "something changed");
}

/// Names that other commands or tables know, and one that nobody does. Mass assignment, bar 3.7 T8.
const UNKNOWN: [&str; 7] = [
    "customer_id",
    "state",
    "verified",
    "id",
    "owner",
    "__proto__",
    "frobnicate",
];

#[tokio::test]
async fn fields_that_nobody_knows_are_refused_by_name() {
    let world = world(&shared()).await;
    let api = &world.customer.api;
    let before = world.seen().await;
    let mut faults = Vec::new();
    for operation in operations(&document(api).await) {
        let path = world.path(&operation.path);
        for unknown in UNKNOWN {
            if operation.fields.contains_key(unknown) {
                continue;
            }
            let mut body = operation.example.clone();
            body.insert(unknown.to_owned(), json!("x"));
            let answer = world
                .api(&path)
                .json(&operation.method, &path, &Value::Object(body))
                .await;
            let about = format!("{} {} with {unknown}", operation.method, operation.path);
            let field = Some(unknown.to_owned());
            faults.extend(
                Refused {
                    about,
                    answer,
                    field,
                }
                .fault(),
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(world.seen().await, before, "something changed");
}

#[tokio::test]
async fn bodies_that_are_no_object_of_ours_are_refused() {
    let world = world(&shared()).await;
    let api = &world.customer.api;
    let before = world.seen().await;
    let mut faults = Vec::new();
    let json = "application/json";
    for operation in operations(&document(api).await) {
        let path = world.path(&operation.path);
        let first = operation.fields.keys().next().unwrap();
        let twice = format!("{{\"{first}\":\"a\",\"{first}\":\"b\"}}");
        for (what, status, kind, body) in [
            ("half an object", 400, json, "{\"name\":"),
            ("two objects", 400, json, "{}{}"),
            ("a name that comes twice", 400, json, twice.as_str()),
            ("a list", 422, json, "[]"),
            ("a text", 422, json, "\"name\""),
            ("a bare NUL in a text", 400, json, "{\"a\":\"\u{0}\"}"),
            ("plain text", 415, "text/plain", "{\"name\":\"x\"}"),
            (
                "a form",
                415,
                "application/x-www-form-urlencoded",
                "{\"name\":\"x\"}",
            ),
            ("XML", 415, "application/xml", "<name>x</name>"),
        ] {
            let request = world
                .api(&path)
                .request(&operation.method, &path)
                .header(CONTENT_TYPE, kind);
            let answer = world.api(&path).send(request.body(body.to_owned())).await;
            let about = format!("{} {} with {what}", operation.method, operation.path);
            if answer.status != status {
                faults.push(format!("{about}: {}, not {status}", answer.status));
            }
            faults.extend(
                Refused {
                    about,
                    answer,
                    field: None,
                }
                .fault(),
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(world.seen().await, before, "something changed");
}

#[tokio::test]
async fn what_another_customer_has_is_refused_in_every_field_that_names_something() {
    let panel = shared();
    let (mine, theirs) = (world(&panel).await, world(&panel).await);
    let api = &mine.customer.api;
    let before = (mine.seen().await, theirs.seen().await);
    let (address, password) = (format!("x@{}", theirs.domain), "two words and a number 7");
    let info = format!("info@{}", theirs.domain);
    let webspace = format!("/webspaces/{}", mine.ids["webspaces"]);
    let domain = format!("/domains/{}", mine.ids["domains"]);
    let alias = format!("/aliases/{}", mine.ids["aliases"]);
    let free = format!("free@{}", mine.domain);
    let cases = [
        (
            "POST",
            "/webspaces".to_owned(),
            json!({ "name": "n1", "domain": theirs.domain }),
            "domain",
        ),
        (
            "POST",
            format!("{webspace}/add_host"),
            json!({ "host": theirs.domain }),
            "host",
        ),
        (
            "POST",
            "/mailboxes".to_owned(),
            json!({ "address": address, "password": password }),
            "address",
        ),
        (
            "POST",
            "/aliases".to_owned(),
            json!({ "address": address, "targets": [free] }),
            "address",
        ),
        (
            "POST",
            "/aliases".to_owned(),
            json!({ "address": free, "targets": [info] }),
            "targets",
        ),
        ("PATCH", alias, json!({ "targets": [info] }), "targets"),
        (
            "POST",
            format!("{domain}/consent"),
            json!({ "claim": theirs.ids["domains"] }),
            "claim",
        ),
    ];
    let mut faults = Vec::new();
    for (method, path, body, field) in cases {
        let answer = api.json(method, &path, &body).await;
        let (about, missing) = (format!("{method} {path} {body}"), answer.status == 404);
        let field = (!missing).then(|| field.to_owned());
        faults.extend(
            Refused {
                about,
                answer,
                field,
            }
            .fault(),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(
        (mine.seen().await, theirs.seen().await),
        before,
        "something changed"
    );
}

#[tokio::test]
async fn what_is_there_already_is_refused_and_the_field_named() {
    let panel = shared();
    let world = world(&panel).await;
    let api = &world.customer.api;
    let name = |noun: &str, field: &'static str| {
        let path = format!("/{noun}/{}", world.ids[noun]);
        async move { text(&api.get(&path).await.expect(200), field) }
    };
    let (webspace, database) = (
        name("webspaces", "name").await,
        name("databases", "name").await,
    );
    let mailbox = name("mailboxes", "address").await;
    let password = "two words and a number 7";
    let own = format!("/webspaces/{}", world.ids["webspaces"]);
    let (hosts, keys) = (format!("{own}/add_host"), format!("{own}/access_keys"));
    let public_key = Uploader::new(&panel).await.public_key();
    let key = json!({ "name": "Laptop", "public_key": public_key });
    api.made(&keys, key.clone()).await;
    api.settled(&own, "live").await;
    let before = world.seen().await;
    let cases = [
        (hosts.as_str(), json!({ "host": world.domain }), "host"),
        (keys.as_str(), key, "public_key"),
        ("/domains", json!({ "name": world.domain }), "name"),
        ("/webspaces", json!({ "name": webspace }), "name"),
        (
            "/webspaces",
            json!({ "name": "other", "domain": world.domain }),
            "domain",
        ),
        (
            "/mailboxes",
            json!({ "address": mailbox, "password": password }),
            "address",
        ),
        (
            "/mailboxes",
            json!({ "address": mailbox.to_uppercase(), "password": password }),
            "address",
        ),
        (
            "/aliases",
            json!({ "address": mailbox, "targets": [mailbox] }),
            "address",
        ),
        (
            "/databases",
            json!({ "name": database, "engine": "sqlite" }),
            "name",
        ),
    ];
    let mut faults = Vec::new();
    for (path, body, field) in cases {
        let answer = api.json("POST", path, &body).await;
        let about = format!("{path} {body}");
        faults.extend(
            Refused {
                about,
                answer,
                field: Some(field.to_owned()),
            }
            .fault(),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(world.seen().await, before, "something changed");
}
