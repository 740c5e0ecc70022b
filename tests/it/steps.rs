//! The step that a change is at, from the node to the page: on a page that is asked for, and in the
//! news for one that is open. The portal runs in this process, over a node that waits when told to.

use crate::on_both_engines;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::json;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt as _;
use wabe_access::{Change, Role};
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::embedded::files::WebFiles;
use wabe_drivers::embedded::mail::Mailboxes;
use wabe_drivers::embedded::web::Sites;
use wabe_kernel::desired::Working;
use wabe_kernel::id::SessionId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Fault, Language, Secret};
use wabe_portal::Portal;
use wabe_testkit::{House, ISSUER, PASSWORD, Tenant};
use wabe_web::{Bearer, CustomerBrief, ProvedBy, Sessions, Settings, Theme, Visitor, Web};

on_both_engines!(
    the_step_that_runs_is_on_the_page_and_so_is_every_other,
    a_failed_change_is_seen_being_tried_again,
    an_open_page_hears_of_every_step,
    what_is_switched_off_says_so_step_by_step,
);

/// One person, whatever cookie comes.
struct Anna(Visitor);

impl Sessions for Anna {
    fn find<'a>(&'a self, _: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>> {
        Box::pin(async { Ok(Some(self.0.clone())) })
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
        _permission: wabe_access::Permission,
    ) -> Working<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }

    fn bearer<'a>(&'a self, _: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>> {
        Box::pin(async { Ok(None) })
    }
}

fn owner(tenant: &Tenant) -> Visitor {
    let actor = tenant.owner.clone();
    Visitor {
        session: SessionId::from_uuid(Uuid::from_u128(7)),
        user: actor.user.unwrap(),
        name: "Anna Sonne".to_owned(),
        initials: "AS".to_owned(),
        email: "anna@wabe.test".to_owned(),
        language: Language::De,
        theme: Theme::Auto,
        staff: false,
        permissions: Role::Owner.permissions(),
        customer: Some(CustomerBrief {
            id: tenant.id,
            number: tenant.number.to_string(),
            name: "Sonne".to_owned(),
            plan: "Plenty".to_owned(),
            suspended: None,
            erased_at: None,
        }),
        customers: 1,
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

/// The portal over this house, as its owner sees it.
pub(crate) fn portal(house: &House, tenant: &Tenant) -> Router {
    let (clock, rng) = (house.clock.clone(), house.rng.clone());
    let (node, ca) = (house.db.folder().join("node"), house.db.folder().join("ca"));
    let suffixes = ["sites.localhost".parse().unwrap()];
    let ca = LocalCa::open_or_create(&ca, &suffixes, clock.clone(), rng.clone()).unwrap();
    let sites = Sites::open(&node, Arc::new(ca), clock.clone(), rng.clone()).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-sql");
    let portal = Portal {
        gate: house.gate.clone(),
        identity: house.identity.clone(),
        streams: house.streams.clone(),
        mail: Mailboxes::open(&node, clock.clone(), rng.clone()).unwrap(),
        sql: Databases::open(&node, &program, Deadlines::default(), clock.clone()).unwrap(),
        files: Arc::new(WebFiles::new(node, sites, clock.clone())),
        automation: house.plugins.engine.clone(),
    };
    let settings = Settings::at(&house.facts.portal_url);
    let web = Web::new(settings, Arc::new(Anna(owner(tenant))), clock, rng);
    wabe_portal::routes().into_router(web, portal)
}

async fn ask(portal: &Router, path: &str) -> axum::response::Response {
    let request = Request::get(path)
        .header("host", "portal.wabe.test")
        .header("cookie", "__Host-wabe=anna");
    let request = request.body(Body::empty()).unwrap();
    let response = portal.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response
}

async fn page(portal: &Router, path: &str) -> String {
    let body = ask(portal, path).await.into_body();
    let bytes = body.collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The steps on a page: `done`, `now` or `next`, and the words.
fn strip(page: &str) -> Vec<(String, String)> {
    let Some((_, list)) = page.split_once("<ol class=\"wb-steps\">") else {
        return Vec::new();
    };
    let list = list.split("</ol>").next().unwrap();
    let item = |item: &str| {
        let (class, rest) = item.split_once('"').unwrap();
        let words = rest.split("</svg>").nth(1).unwrap();
        let words = words.split('<').next().unwrap().trim();
        (class.to_owned(), words.to_owned())
    };
    list.split("<li class=\"is-").skip(1).map(item).collect()
}

fn steps(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(class, words): &(&str, &str)| ((*class).to_owned(), (*words).to_owned());
    all.iter().map(owned).collect()
}

async fn made(house: &House, tenant: &Tenant, command: &str, input: serde_json::Value) -> String {
    let made = house.run_json(&tenant.owner, command, input).await;
    made.unwrap().object
}

/// Reconciles until the step with this word waits, and back when it may go on.
async fn at_step<T>(house: &House, word: &'static str, look: impl Future<Output = T>) -> T {
    let mut news = house.events.subscribe();
    house.node.hold_at(word);
    let reconciling = tokio::spawn({
        let reconciler = house.reconciler.clone();
        async move { reconciler.drain().await.unwrap() }
    });
    while news.recv().await.unwrap().step != Some(word) {}
    let found = look.await;
    house.node.release();
    reconciling.await.unwrap();
    found
}

const SAVED: (&str, &str) = ("done", "Gespeichert und protokolliert");
const COMING: (&str, &str) = ("next", "Aktiv");

async fn the_step_that_runs_is_on_the_page_and_so_is_every_other(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    made(
        &house,
        &tenant,
        "domain.create",
        json!({ "name": "sonne.test" }),
    )
    .await;
    house.settle().await;
    let web = made(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    let web = format!("/webspaces/{web}");
    let waiting = ("now", "Der Server übernimmt die Änderung");
    assert_eq!(
        strip(&page(&portal, &web).await),
        steps(&[SAVED, waiting, COMING])
    );
    let seen = at_step(&house, "issue-certificate", page(&portal, &web)).await;
    let expected = [
        ("done", "Ordner anlegen"),
        ("now", "SSL-Zertifikat ausstellen"),
        ("next", "Website einrichten"),
        ("next", "Antwort der Website prüfen"),
        COMING,
    ];
    assert_eq!(strip(&seen), steps(&expected));
    assert!(seen.contains("aria-current=\"step\""));
    let live = page(&portal, &web).await;
    assert!(strip(&live).is_empty());
    assert!(
        live.contains(&format!("ausgestellt von {ISSUER}")),
        "no issuer"
    );
    the_steps_of_the_others_are_too(&house, &tenant, &portal).await;
}

async fn the_steps_of_the_others_are_too(house: &House, tenant: &Tenant, portal: &Router) {
    let address = json!({ "address": "info@sonne.test", "password": PASSWORD });
    let targets = json!({ "address": "all@sonne.test", "targets": ["info@sonne.test"] });
    let database = json!({ "name": "shop", "engine": "sqlite" });
    for (noun, folder, input, first, second) in [
        (
            "mailbox",
            "mailboxes",
            address,
            Some("Ablage für das Postfach anlegen"),
            ("configure-mailbox", "E-Mail-Postfach einrichten"),
        ),
        (
            "alias",
            "aliases",
            targets,
            None,
            ("configure-alias", "Alias-Adresse einrichten"),
        ),
        (
            "database",
            "databases",
            database,
            Some("Datenbank anlegen"),
            ("configure-database", "Datenbank einrichten"),
        ),
    ] {
        let id = made(house, tenant, &format!("{noun}.create"), input).await;
        let path = format!("/{folder}/{id}");
        let seen = at_step(house, second.0, page(portal, &path)).await;
        let mut expected = vec![SAVED];
        expected.extend(first.map(|words| ("done", words)));
        expected.extend([("now", second.1), COMING]);
        assert_eq!(strip(&seen), steps(&expected), "{noun}");
        assert!(strip(&page(portal, &path).await).is_empty(), "{noun}");
    }
}

async fn a_failed_change_is_seen_being_tried_again(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    house.node.fail("probe-site", "probe-failed");
    let web = made(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    let path = format!("/webspaces/{web}");
    house.settle().await;
    assert!(strip(&page(&portal, &path).await).is_empty());
    assert_eq!(house.events.work(&web), None);
    house.clock.advance(10);
    house.node.lose(wabe_kernel::desired::Subject::Webspace(
        web.parse().unwrap(),
    ));
    let seen = at_step(&house, "make-folder", page(&portal, &path)).await;
    assert_eq!(
        strip(&seen)[0],
        ("now".to_owned(), "Ordner anlegen".to_owned())
    );
    assert!(seen.contains("Ein neuer Versuch läuft"));
}

async fn an_open_page_hears_of_every_step(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let mut stream = ask(&portal, "/live").await.into_body();
    let mut news = house.events.subscribe();
    made(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    house.settle().await;
    let mut told = Vec::new();
    while let Ok(Change { step, state, .. }) = news.try_recv() {
        // The change itself is news too, before any step of it.
        told.extend(step.or(state));
        let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(String::from_utf8_lossy(&frame).contains("event: change"));
    }
    let expected = [
        "pending",
        "make-folder",
        "issue-certificate",
        "configure-site",
        "probe-site",
        "live",
    ];
    assert_eq!(told, expected);
}

async fn what_is_switched_off_says_so_step_by_step(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let web = made(
        &house,
        &tenant,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    house.settle().await;
    let off = json!({ "id": web, "reason": "Winterpause" });
    made(&house, &tenant, "webspace.suspend", off).await;
    let path = format!("/webspaces/{web}");
    let seen = at_step(&house, "hide-site", page(&portal, &path)).await;
    let hiding = ("now", "Website vom Netz nehmen");
    assert_eq!(
        strip(&seen),
        steps(&[SAVED, hiding, ("next", "Abgeschaltet")])
    );
    assert!(strip(&page(&portal, &path).await).is_empty());
}
