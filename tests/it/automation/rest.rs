//! Plugins over REST with real tokens: the hoster brings one, a customer installs it, reads its runs and
//! replays one; nobody else reaches any of it.

use super::{everything, listener, make_database};
use crate::on_both_engines;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt as _;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, StaffRole};
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::embedded::files::WebFiles;
use wabe_drivers::embedded::mail::Mailboxes;
use wabe_drivers::embedded::web::Sites;
use wabe_panel::bridges::Visitors;
use wabe_testkit::{House, Tenant, done, guest, package};
use wabe_web::{Settings, Web};

on_both_engines!(
    a_plugin_goes_from_the_hoster_to_a_run_and_its_replay,
    a_program_of_the_hosters_does_what_it_is_for_and_no_more,
    what_is_another_customers_is_not_there,
);

/// The API over this house, with the tokens in its tables.
pub(super) fn api(house: &House) -> Router {
    let (clock, rng) = (house.clock.clone(), house.rng.clone());
    let (node, ca) = (house.db.folder().join("node"), house.db.folder().join("ca"));
    let suffixes = ["sites.localhost".parse().unwrap()];
    let ca = LocalCa::open_or_create(&ca, &suffixes, clock.clone(), rng.clone()).unwrap();
    let sites = Sites::open(&node, Arc::new(ca), clock.clone(), rng.clone()).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-sql");
    let api = wabe_api::Api {
        gate: house.gate.clone(),
        streams: house.streams.clone(),
        automation: house.plugins.engine.clone(),
        mail: Mailboxes::open(&node, clock.clone(), rng.clone()).unwrap(),
        sql: Databases::open(&node, &program, Deadlines::default(), clock.clone()).unwrap(),
        files: Arc::new(WebFiles::new(node, sites, clock.clone())),
    };
    let visitors = Visitors {
        store: house.db.store.clone(),
        identity: house.identity.clone(),
        streams: house.streams.clone(),
        uses: wabe_identity::staff::used::Uses::default(),
    };
    let settings = Settings::at(&house.facts.portal_url);
    let web = Web::new(settings, Arc::new(visitors), clock, rng);
    wabe_api::routes(house.gate.commands()).into_router(web, api)
}

/// What came back.
pub(super) struct Said {
    status: u16,
    replayed: bool,
    json: Value,
}

impl Said {
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }
}

async fn ask(api: &Router, token: &str, (method, path): (&str, &str), body: Vec<u8>) -> Said {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("host", "portal.wabe.test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(body)).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let replayed = response.headers().contains_key("idempotency-replayed");
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Said {
        status,
        replayed,
        json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}

pub(super) async fn get(api: &Router, token: &str, path: &str) -> Said {
    ask(api, token, ("GET", path), Vec::new()).await
}

pub(super) async fn post(api: &Router, token: &str, path: &str, body: Value) -> Said {
    ask(api, token, ("POST", path), body.to_string().into_bytes()).await
}

/// A token for all that this actor may, sensitive commands too.
async fn token(house: &House, actor: &Actor, scopes: &[&str]) -> String {
    let input =
        json!({ "name": "CI of the hoster", "scopes": scopes, "days": 30, "sensitive": true });
    let made = house.run_json(actor, "token.create", input).await.unwrap();
    made.output["token"].as_str().unwrap().to_owned()
}

/// A token of somebody who works here, as the command line makes it.
pub(super) async fn of_house(house: &House, role: StaffRole, scopes: &[&str]) -> String {
    let purpose = "tests".parse().unwrap();
    let system = Actor::system(HOUSE).for_purpose(purpose);
    let email = format!("{role}@hoster.example");
    let input = json!({ "name": "Ole Hansen", "email": email, "roles": [role] });
    let made = house
        .run_json(&system, "staff.create", input)
        .await
        .unwrap();
    let user = made.output["user"].as_str().unwrap().parse().unwrap();
    let actor = Actor {
        user: Some(user),
        ..Actor::system(HOUSE)
    };
    token(house, &actor, scopes).await
}

async fn of_owner(house: &House, tenant: &Tenant) -> String {
    token(
        house,
        &tenant.owner,
        &[
            "automation:read",
            "change:read",
            "automation:write",
            "database:write",
        ],
    )
    .await
}

async fn release(house: &House, id: &Value) {
    let officer = house.staff(StaffRole::PrivacyOfficer).await;
    let officer = officer.for_purpose("review".parse().unwrap());
    let input = json!({ "id": id, "note": "looked at" });
    house
        .run_json(&officer, "plugin.release", input)
        .await
        .unwrap();
}

async fn a_plugin_goes_from_the_hoster_to_a_run_and_its_replay(house: House) {
    let api = api(&house);
    let tenant = house.tenant("Sonne").await;
    let (own, staff) = (
        of_owner(&house, &tenant).await,
        of_house(
            &house,
            StaffRole::Operator,
            &["plugin:read", "plugin:write"],
        )
        .await,
    );
    let bytes = package(&listener("watch", "1.0.0"));
    let made = ask(&api, &staff, ("POST", "/plugins"), bytes.clone()).await;
    let version = made.expect(201);
    let again = ask(&api, &staff, ("POST", "/plugins"), bytes).await;
    assert!(again.replayed);
    assert_eq!(again.expect(201), version);
    assert_eq!(
        get(&api, &own, "/plugins").await.expect(200)["items"],
        json!([])
    );
    release(&house, &version["id"]).await;
    let catalogue = get(&api, &own, "/plugins").await.expect(200);
    assert_eq!(catalogue["items"][0]["plugin"], "watch");
    let wanted = json!({
        "plugin": "watch", "version": "1.0.0", "capabilities": everything(), "settings": {},
    });
    let installed = post(&api, &own, "/installations", wanted).await.expect(201);
    let path = format!("/installations/{}", installed["id"].as_str().unwrap());
    assert_eq!(get(&api, &own, &path).await.expect(200)["state"], "active");
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    make_database(&house, &tenant.owner, "first").await;
    house.run_plugins().await;
    let runs = get(&api, &own, &format!("{path}/runs")).await.expect(200);
    let run = &runs["items"][0];
    assert_eq!(
        (&run["state"], &run["trigger"]),
        (&"done".into(), &"event".into())
    );
    let id = run["id"].as_str().unwrap();
    let whole = get(&api, &own, &format!("/runs/{id}")).await.expect(200);
    assert_eq!(
        (&whole["id"], &whole["recorded"]),
        (&run["id"], &true.into())
    );
    let recording = get(&api, &own, &format!("/runs/{id}/recording"))
        .await
        .expect(200);
    assert_eq!(recording["plugin"], "watch");
    house.clock.advance(1);
    let asked = post(&api, &own, &format!("/runs/{id}/replay"), json!({})).await;
    asked.expect(200);
    house.run_plugins().await;
    let runs = get(&api, &own, &format!("{path}/runs")).await.expect(200);
    let modes: Vec<&Value> = runs["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| &run["mode"])
        .collect();
    assert_eq!(modes, ["replay", "live"]);
    assert_eq!(runs["items"][0]["source"], id);
}

#[tokio::test]
async fn the_command_line_makes_tokens_of_the_hosters_own() {
    let panel = crate::process::shared();
    let (operator, _) = panel.account("operator");
    let api = panel.api(&panel.token(&operator, &[]));
    api.get("/plugin_versions").await.expect(200);
    api.get("/trusted_keys").await.expect(200);
    api.get("/domains").await.expect(403);
    let junk = api.request("POST", "/plugins").body("no package");
    let refused = api.send(junk).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "package-not-a-tar");
}

#[tokio::test]
async fn the_command_line_lists_and_ends_tokens_of_the_hosters_own() {
    let panel = crate::process::shared();
    let (operator, _) = panel.account("operator");
    let named = [
        "token",
        "create",
        "--user",
        &operator,
        "--name",
        "ends soon",
    ];
    let (ending, other) = (panel.cli(&named), panel.token(&operator, &[]));
    let (ending, other) = (panel.api(&ending), panel.api(&other));
    ending.get("/plugin_versions").await.expect(200);
    let list = panel.cli(&["token", "list"]);
    let mut lines = list.lines().filter(|line| line.ends_with("\tends soon"));
    let cells: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert!(
        cells[1] == operator && cells[4].contains("plugin:write"),
        "{cells:?}"
    );
    panel.cli(&["token", "revoke", cells[0], "--purpose", "It was in a log"]);
    ending.get("/plugin_versions").await.expect(401);
    other.get("/plugin_versions").await.expect(200);
    assert!(!panel.cli(&["token", "list"]).contains("ends soon"));
}

async fn a_program_of_the_hosters_does_what_it_is_for_and_no_more(house: House) {
    let api = api(&house);
    house.tenant("Sonne").await;
    let everything: Vec<&str> = wabe_access::Permission::ALL
        .iter()
        .map(|one| one.word())
        .collect();
    let staff = of_house(&house, StaffRole::Operator, &everything).await;
    let bytes = package(&listener("watch", "1.0.0"));
    let made = ask(&api, &staff, ("POST", "/plugins"), bytes)
        .await
        .expect(201);
    // What the token is for is why it was done.
    let mut tx = house.db.store.read().await.unwrap();
    let changes = house
        .recorder
        .later(&mut tx, HOUSE, made["id"].as_str().unwrap(), 0)
        .await;
    let changes = changes.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(changes[0].purpose.as_deref(), Some("CI of the hoster"));
    // It is nobody's customer and no reviewer.
    for path in ["/plugins", "/domains", "/customer", "/tokens"] {
        get(&api, &staff, path).await.expect(403);
    }
    let officer = of_house(&house, StaffRole::PrivacyOfficer, &everything).await;
    let bytes = package(&listener("watch", "1.0.1"));
    ask(&api, &officer, ("POST", "/plugins"), bytes)
        .await
        .expect(403);
    get(&api, &officer, "/plugin_versions").await.expect(200);
}

async fn what_is_another_customers_is_not_there(house: House) {
    let api = api(&house);
    let [own, other] = [house.tenant("Sonne").await, house.tenant("Mond").await];
    house.publish(&listener("watch", "1.0.0")).await;
    let foreign = house.install(&other, "watch", everything()).await;
    make_database(&house, &other.owner, "first").await;
    house.run_plugins().await;
    let (own, theirs) = (of_owner(&house, &own).await, of_owner(&house, &other).await);
    let runs = get(&api, &theirs, &format!("/installations/{foreign}/runs"))
        .await
        .expect(200);
    let run = runs["items"][0]["id"].as_str().unwrap();
    for path in [
        format!("/installations/{foreign}"),
        format!("/installations/{foreign}/runs"),
        format!("/installations/{foreign}/usage"),
        format!("/installations/{foreign}/export"),
        format!("/runs/{run}"),
        format!("/runs/{run}/recording"),
    ] {
        get(&api, &theirs, &path).await.expect(200);
        get(&api, &own, &path).await.expect(404);
    }
    post(&api, &own, &format!("/runs/{run}/replay"), json!({}))
        .await
        .expect(404);
    assert_eq!(
        get(&api, &own, "/runs").await.expect(200)["items"],
        json!([])
    );
}
