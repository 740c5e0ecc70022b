//! The catalogue at the staff desk, as a browser meets it: upload, review, ceiling, withdrawal, keys,
//! recordings, limits of a plan.

use super::{everything, listener, make_database};
use crate::browser::csrf_of;
use crate::on_both_engines;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use http_body_util::BodyExt as _;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use tower::ServiceExt as _;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Permission, StaffRole, plan};
use wabe_automation::run::of_plan;
use wabe_kernel::desired::Working;
use wabe_kernel::id::SessionId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Fault, Language, PageRequest, Secret};
use wabe_package::SigningKey;
use wabe_staff::Staff;
use wabe_testkit::{House, capability, done, guest, manifest, package};
use wabe_web::{Bearer, ProvedBy, Sessions, Settings, Theme, Visitor, Web};

on_both_engines!(
    a_version_is_uploaded_reviewed_and_withdrawn,
    every_flaw_is_on_the_page_and_what_was_typed_stays,
    whoever_uploaded_reads_why_somebody_else_releases,
    keys_come_and_go,
    a_recording_is_read_only_after_the_look_was_noted,
    a_plan_sets_what_runs_may_use,
    who_may_not_does_not,
    the_desk_says_why_no_plugin_runs,
);

/// Employees, by the cookie that they send.
struct Desk(Vec<(&'static str, Visitor)>);

impl Sessions for Desk {
    fn find<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>> {
        let known = self.0.iter().find(|(cookie, _)| *cookie == token.expose());
        let known = known.map(|(_, visitor)| visitor.clone());
        Box::pin(async { Ok(known) })
    }

    fn alive(&self, _: SessionId) -> Working<'_, Result<bool, Fault>> {
        Box::pin(async { Ok(true) })
    }

    fn note_look<'a>(
        &'a self,
        _: &'a Visitor,
        _: &'a str,
        _: Option<&'a str>,
        _: IpAddr,
    ) -> Working<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::new("nobody looks here")) })
    }

    fn note_use(
        &self,
        _user: wabe_kernel::id::UserId,
        _permission: Permission,
    ) -> Working<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }

    fn bearer<'a>(&'a self, _: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>> {
        Box::pin(async { Ok(None) })
    }
}

fn employee(actor: Actor, roles: &[StaffRole]) -> Visitor {
    let permissions: BTreeSet<Permission> =
        roles.iter().flat_map(|role| role.permissions()).collect();
    Visitor {
        session: SessionId::from_uuid(Uuid::from_u128(7)),
        user: actor.user.unwrap(),
        name: "Ole Hansen".to_owned(),
        initials: "OH".to_owned(),
        email: "ole@wabe.test".to_owned(),
        language: Language::En,
        theme: Theme::Auto,
        staff: true,
        permissions,
        customer: None,
        customers: 0,
        on_both_sides: false,
        look: None,
        watched: None,
        counts: [].into(),
        csrf: Secret::new("00".repeat(32)),
        must_change_password: false,
        authenticated_at: actor.authenticated_at.unwrap(),
        proved_by: ProvedBy::of(actor.factor_wanted, false),
        actor,
    }
}

/// The desk over this house: `operator`, `officer`, `both` (one person with both roles), `support`.
pub(crate) async fn desk(house: &House) -> Router {
    use StaffRole::{Operator, PrivacyOfficer, Support};
    let system = Actor::system(HOUSE).for_purpose("tests".parse().unwrap());
    let mut known = Vec::new();
    for (cookie, roles) in [
        ("operator", vec![Operator]),
        ("officer", vec![PrivacyOfficer]),
        ("both", vec![Operator, PrivacyOfficer]),
        ("support", vec![Support]),
    ] {
        let input = json!({
            "name": "Ole Hansen", "email": format!("{cookie}@hoster.example"), "roles": roles,
        });
        let made = house.run_json(&system, "staff.create", input).await;
        let made = made.unwrap().output;
        let user = made["user"].as_str().unwrap().parse().unwrap();
        let actor = Actor::staff(user, wabe_kernel::Clock::now(house.clock.as_ref()));
        known.push((cookie, employee(actor, &roles)));
    }
    let staff = Staff {
        gate: house.gate.clone(),
        identity: house.identity.clone(),
        streams: house.streams.clone(),
        files: Arc::new(wabe_testkit::MemoryFiles::default()),
        automation: house.plugins.engine.clone(),
    };
    let (clock, rng) = (house.clock.clone(), house.rng.clone());
    let settings = Settings::at(&house.facts.portal_url);
    let web = Web::new(settings, Arc::new(Desk(known)), clock, rng);
    wabe_staff::routes().into_router(web, staff)
}

/// What came back: the status, where it leads, the page.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) page: String,
}

async fn send(desk: &Router, request: Request<Body>) -> Said {
    let response = desk.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let location = response.headers().get("location");
    let location = location.map_or("", |to| to.to_str().unwrap()).to_owned();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Said {
        status,
        location,
        page: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn request(who: &str, method: &str, path: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "portal.wabe.test")
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("cookie", format!("__Host-wabe={who}"))
}

pub(crate) async fn get(desk: &Router, who: &str, path: &str) -> Said {
    send(desk, request(who, "GET", path).body(Body::empty()).unwrap()).await
}

async fn token(desk: &Router, who: &str) -> String {
    let page = get(desk, who, "/staff/account").await.page;
    csrf_of(&page).unwrap()
}

pub(crate) async fn post(desk: &Router, who: &str, path: &str, fields: &[(&str, &str)]) -> Said {
    let csrf = token(desk, who).await;
    let encoded = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        let one = |byte| {
            if plain(byte) {
                char::from(byte).into()
            } else {
                format!("%{byte:02X}")
            }
        };
        text.bytes().map(one).collect()
    };
    let token = [("csrf", csrf.as_str())];
    let pairs = token.iter().chain(fields);
    let body: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let request = request(who, "POST", path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")));
    send(desk, request.unwrap()).await
}

/// Sends the upload form with this file.
async fn upload(desk: &Router, who: &str, purpose: &str, file: &[u8]) -> Said {
    let csrf = token(desk, who).await;
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str()), ("purpose", purpose)] {
        let part =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "--edge\r\nContent-Disposition: form-data; name=\"package\"; filename=\"a.wabeplugin\"\r\n\
        Content-Type: application/octet-stream\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let request = request(who, "POST", "/staff/plugins")
        .header("content-type", "multipart/form-data; boundary=edge");
    send(desk, request.body(Body::from(body)).unwrap()).await
}

/// The page of the version that an upload made.
async fn uploaded(desk: &Router, who: &str, text: &str) -> String {
    let made = upload(desk, who, "Ticket 7", &package(text)).await;
    assert_eq!(made.status, 303, "{}", made.page);
    made.location.split('?').next().unwrap().to_owned()
}

async fn a_version_is_uploaded_reviewed_and_withdrawn(house: House) {
    let desk = desk(&house).await;
    let tenant = house.tenant("Sonne").await;
    assert!(
        get(&desk, "operator", "/staff/plugins")
            .await
            .page
            .contains("/staff/plugins/new")
    );
    let text = listener("watch", "1.0.0");
    let page = uploaded(&desk, "operator", &text).await;
    let again = upload(&desk, "operator", "Ticket 7", &package(&text)).await;
    assert_eq!(again.location, format!("{page}?done=known"));
    let shown = get(&desk, "officer", &page).await.page;
    for words in [
        "Ole Hansen",
        "Hears of changes: database.*",
        "For tests.",
        "plugin.toml",
        "Waits for review",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let empty = post(
        &desk,
        "officer",
        &format!("{page}/release"),
        &[("allow", "mail")],
    )
    .await;
    assert_eq!(empty.status, 422);
    assert!(empty.page.contains("href=\"#note\"") && !empty.page.contains("#purpose"));
    let fields = [
        ("allow", "events:database.*"),
        ("allow", "mail"),
        ("note", "looked at it"),
    ];
    let released = post(&desk, "officer", &format!("{page}/release"), &fields).await;
    assert_eq!(
        released.location,
        format!("{page}?done=released"),
        "{}",
        released.page
    );
    let wanted = json!({ "plugin": "watch", "capabilities": everything() });
    let refused = house
        .run_json(&tenant.owner, "installation.create", wanted)
        .await;
    assert!(
        super::fields(refused.unwrap_err())
            .iter()
            .any(|(_, code)| *code == "capability-not-asked")
    );
    house
        .install(&tenant, "watch", json!({ "events:database.*": true }))
        .await;
    assert_eq!(
        get(&desk, "officer", &format!("{page}/package"))
            .await
            .status,
        200
    );
    withdrawn(&desk, &page).await;
}

/// Ends a version that one customer installed.
async fn withdrawn(desk: &Router, page: &str) {
    let asked = get(desk, "operator", &format!("{page}/withdraw"))
        .await
        .page;
    assert!(asked.contains("in one place"));
    let reason = [("reason", "It sends too much")];
    let gone = post(desk, "operator", &format!("{page}/withdraw"), &reason).await;
    assert_eq!(
        gone.location,
        format!("{page}?done=withdrawn"),
        "{}",
        gone.page
    );
    assert!(
        get(desk, "officer", page)
            .await
            .page
            .contains("It sends too much")
    );
    let twice = post(desk, "operator", &format!("{page}/withdraw"), &reason).await;
    assert_eq!(twice.status, 409);
}

async fn the_desk_says_why_no_plugin_runs(house: House) {
    let desk = desk(&house).await;
    let told = "No plugin runs at the moment";
    let up = get(&desk, "operator", "/staff/plugins").await.page;
    assert!(!up.contains(told));
    house.plugins.sandbox.set_up(false);
    let down = get(&desk, "operator", "/staff/plugins").await.page;
    assert!(down.contains(told) && down.contains("The process that runs plugins has ended"));
}

async fn every_flaw_is_on_the_page_and_what_was_typed_stays(house: House) {
    let desk = desk(&house).await;
    let caps = ["effect:token.create", "records:nothing"];
    let fields = ["", "fields = [\"x\"]"];
    let caps = caps.iter().zip(fields);
    let caps = caps.map(|(word, line)| wabe_testkit::capability_with(word, false, line));
    let bad = package(&manifest("greedy", "1.0.0", &caps.collect::<String>()));
    let said = upload(&desk, "operator", "Ticket <7>", &bad).await;
    assert_eq!(said.status, 422);
    for words in [
        "2 flaws",
        "effect:token.create",
        "records:nothing",
        "Ticket &#60;7&#62;",
        "a.wabeplugin",
    ] {
        assert!(said.page.contains(words), "{words}: {}", said.page);
    }
    let none = upload(&desk, "operator", "", b"").await;
    assert_eq!(none.status, 422);
    assert!(none.page.contains("href=\"#package\"") && none.page.contains("href=\"#purpose\""));
    let other = package(&manifest("greedy", "1.0.0", ""));
    assert_eq!(upload(&desk, "operator", "x", &other).await.status, 303);
    let changed = package(&manifest("greedy", "1.0.0", &capability("mail", true)));
    let taken = upload(&desk, "operator", "x", &changed).await;
    assert_eq!(taken.status, 409);
    assert!(
        taken.page.contains("Raise the version number"),
        "{}",
        taken.page
    );
}

async fn whoever_uploaded_reads_why_somebody_else_releases(house: House) {
    let desk = desk(&house).await;
    let page = uploaded(&desk, "both", &listener("watch", "1.0.0")).await;
    let shown = get(&desk, "both", &page).await.page;
    assert!(shown.contains("You uploaded this version yourself") && !shown.contains("/release\""));
    let form = get(&desk, "both", &format!("{page}/release")).await.page;
    assert!(form.contains("You uploaded this version yourself") && !form.contains("name=\"note\""));
    let tried = post(
        &desk,
        "both",
        &format!("{page}/release"),
        &[("note", "fine")],
    )
    .await;
    assert_eq!(tried.status, 409);
    assert_eq!(
        get(&desk, "operator", &format!("{page}/release"))
            .await
            .status,
        403
    );
}

async fn keys_come_and_go(house: House) {
    let desk = desk(&house).await;
    let key = SigningKey::new(house.rng.as_ref()).unwrap();
    let file = key.public().write();
    let fields = [
        ("name", "Ada"),
        ("public_key", file.as_str()),
        ("purpose", "Ticket 7"),
    ];
    let wrong = [
        ("name", "Ada"),
        ("public_key", "no key"),
        ("purpose", "Ticket 7"),
    ];
    assert_eq!(
        post(&desk, "operator", "/staff/keys", &wrong).await.status,
        422
    );
    let added = post(&desk, "operator", "/staff/keys", &fields).await;
    assert_eq!(added.location, "/staff/keys?done=added", "{}", added.page);
    let list = get(&desk, "operator", "/staff/keys").await.page;
    assert!(list.contains(&key.public().id()));
    let (_, rest) = list.split_once("/staff/keys/tky_").unwrap();
    let path = format!("/staff/keys/tky_{}", rest.split('"').next().unwrap());
    assert_eq!(get(&desk, "operator", &path).await.status, 200);
    let gone = post(&desk, "operator", &path, &[("purpose", "It leaked")]).await;
    assert_eq!(gone.location, "/staff/keys?done=removed", "{}", gone.page);
    assert!(
        !get(&desk, "officer", "/staff/keys")
            .await
            .page
            .contains(&key.public().id())
    );
}

async fn a_recording_is_read_only_after_the_look_was_noted(house: House) {
    let desk = desk(&house).await;
    let tenant = house.tenant("Sonne").await;
    let version = house.publish(&listener("watch", "1.0.0")).await;
    house.install(&tenant, "watch", everything()).await;
    house.plugins.sandbox.set(guest(|_order| done(&[])));
    make_database(&house, &tenant.owner, "first").await;
    house.run_plugins().await;
    let run = super::runs(&house, &tenant).await[0].id;
    let (list, file) = (
        format!("/staff/plugins/{version}/recordings"),
        format!("/staff/recordings/{run}"),
    );
    assert!(
        !get(&desk, "officer", &list)
            .await
            .page
            .contains(&run.to_string())
    );
    assert_eq!(get(&desk, "officer", &file).await.status, 404);
    let released = house
        .run_json(&tenant.owner, "run.release", json!({ "id": run }))
        .await;
    released.unwrap();
    assert!(get(&desk, "officer", &list).await.page.contains(&file));
    let read = get(&desk, "officer", &file).await;
    let recording: serde_json::Value = serde_json::from_str(&read.page).unwrap();
    assert_eq!((read.status, &recording["plugin"]), (200, &"watch".into()));
    let mut tx = house.db.store.read().await.unwrap();
    let looks = house
        .streams
        .list_access(&mut tx, tenant.id, &PageRequest::first(10))
        .await;
    tx.rollback().await.unwrap();
    let looks = looks.unwrap().items;
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (looks[0].area.as_str(), looks[0].object_id.as_deref()),
        ("recording.read", Some(run.to_string().as_str()))
    );
}

async fn a_plan_sets_what_runs_may_use(house: House) {
    let desk = desk(&house).await;
    house.tenant("Sonne").await;
    let mut tx = house.db.store.read().await.unwrap();
    let found = plan::find(&mut tx, "Plenty").await.unwrap().unwrap();
    tx.rollback().await.unwrap();
    let path = format!("/staff/plans/{}/runs", found.id);
    assert!(
        get(&desk, "operator", "/staff/plans")
            .await
            .page
            .contains(&path)
    );
    let wrong = [
        ("event.cpu_ms", "lots"),
        ("task.effects", "7"),
        ("purpose", "x"),
    ];
    let said = post(&desk, "operator", &path, &wrong).await;
    assert_eq!(said.status, 422);
    assert!(said.page.contains("value=\"lots\"") && said.page.contains("href=\"#event.cpu_ms\""));
    let wide = [("page.memory_bytes", "9000000000"), ("purpose", "x")];
    let said = post(&desk, "operator", &path, &wide).await;
    assert!(
        said.page.contains("href=\"#page.memory_bytes\""),
        "{}",
        said.page
    );
    let good = [
        ("event.cpu_ms", "500"),
        ("task.effects", ""),
        ("purpose", "x"),
    ];
    let set = post(&desk, "operator", &path, &good).await;
    assert_eq!(set.location, "/staff/plans?done=runs", "{}", set.page);
    assert!(
        get(&desk, "operator", &path)
            .await
            .page
            .contains("value=\"500\"")
    );
    let mut tx = house.db.store.read().await.unwrap();
    let scope = wabe_access::Scope::system(HOUSE);
    let own = of_plan(&mut tx, &scope, found.id).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(own, json!({ "event": { "cpu_ms": 500 } }));
}

async fn who_may_not_does_not(house: House) {
    let desk = desk(&house).await;
    let page = uploaded(&desk, "operator", &listener("watch", "1.0.0")).await;
    for path in [
        "/staff/plugins",
        "/staff/keys",
        &page,
        &format!("{page}/package"),
    ] {
        assert_eq!(get(&desk, "support", path).await.status, 403, "{path}");
    }
    assert!(
        !get(&desk, "support", "/staff")
            .await
            .page
            .contains("/staff/plugins")
    );
    assert_eq!(
        get(&desk, "officer", "/staff/plugins/new").await.status,
        403
    );
    let tried = upload(&desk, "officer", "x", &package(&listener("watch", "1.0.1"))).await;
    assert_eq!(tried.status, 403);
    let tried = post(
        &desk,
        "officer",
        &format!("{page}/withdraw"),
        &[("reason", "x")],
    )
    .await;
    assert_eq!(tried.status, 403);
    assert_eq!(
        get(
            &desk,
            "operator",
            "/staff/plugins/plv_01h455vb4pex5vsknk084sn02q"
        )
        .await
        .status,
        404
    );
}
