//! The customers' pages about plugins, over a sandbox whose guests are closures: what is agreed to,
//! what is drawn and what is sent, and that nothing of a plugin becomes markup.

use crate::browser::csrf_of;
use crate::on_both_engines;
use crate::steps::portal;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wabe_package::Entry;
use wabe_package::entry::Outcome;
use wabe_package::wire::Ending;
use wabe_testkit::{House, capability, done, failed, guest, manifest};

on_both_engines!(
    a_plugin_is_agreed_to_and_shows_what_it_may,
    what_a_plugin_draws_is_text_and_what_is_sent_is_carried_out,
    a_card_comes_by_itself_and_a_failing_one_says_so,
    what_somebody_typed_stays_after_a_refusal,
    a_run_says_what_made_it_and_how_it_ended,
    a_version_that_asks_for_more_waits_for_somebody,
    settings_and_secrets_are_the_plugins_own,
);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) text: String,
}

async fn send(portal: &Router, request: Request<Body>) -> Answer {
    let response = portal.clone().oneshot(request).await.unwrap();
    let location = response.headers().get("location");
    let location = location
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer {
        status,
        location,
        text,
    }
}

pub(crate) async fn get(portal: &Router, path: &str) -> Answer {
    let request = Request::get(path)
        .header("host", "portal.wabe.test")
        .header("cookie", "__Host-wabe=anna");
    send(portal, request.body(Body::empty()).unwrap()).await
}

/// Sends a form from the page at `from`.
pub(crate) async fn post(
    portal: &Router,
    (from, path): (&str, &str),
    fields: &[(&str, &str)],
) -> Answer {
    let token = csrf_of(&get(portal, from).await.text).unwrap();
    let fields = fields.iter().copied().chain([("csrf", token.as_str())]);
    let encode = |text: &str| -> String {
        let byte = |byte: u8| format!("%{byte:02X}");
        text.bytes().map(byte).collect()
    };
    let body: Vec<String> = fields
        .map(|(name, text)| format!("{}={}", encode(name), encode(text)))
        .collect();
    let request = Request::post(path)
        .header("host", "portal.wabe.test")
        .header("cookie", "__Host-wabe=anna")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    send(portal, request.body(Body::from(body.join("&"))).unwrap()).await
}

/// A plugin with a page, a card, and something that it may change; this version asks for `more`.
fn drawn_by(version: &str, more: &str) -> String {
    let rest = [
        more.to_owned(),
        capability("form", false),
        capability("card", true),
        capability("effect:database.create", true),
        "[[trigger]]\nkind = \"form\"\nname = \"main\"\ncard = true\n\
         [trigger.title]\nde = \"Seite\"\nen = \"Page\"\n"
            .to_owned(),
    ];
    manifest("drawing", version, &rest.concat())
}

fn ui(nodes: &Value, effects: &[(&str, &str, &str, &str)]) -> Ending {
    let Ending::Done { outcome } = done(effects) else {
        panic!("not done")
    };
    let page = json!({ "v": 1, "nodes": nodes }).to_string();
    Ending::Done {
        outcome: Outcome {
            ui: Some(page),
            ..outcome
        },
    }
}

async fn installed(house: &House, portal: &Router, rights: &[(&str, &str)]) -> String {
    house.publish(&drawn_by("1.0.0", "")).await;
    let page = "/plugins/catalogue/drawing";
    let fields: Vec<(&str, &str)> = rights
        .iter()
        .copied()
        .chain([("version", "1.0.0")])
        .collect();
    let made = post(portal, (page, page), &fields).await;
    assert_eq!(made.status, 303, "{}", made.text);
    made.location.split('?').next().unwrap().to_owned()
}

async fn a_plugin_is_agreed_to_and_shows_what_it_may(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let empty = get(&portal, "/plugins").await;
    assert!(empty.text.contains("Ihr Hoster prüft jede"));
    let path = installed(
        &house,
        &portal,
        &[("rights", "card\neffect:database.create")],
    )
    .await;
    let shown = get(&portal, &path).await.text;
    assert!(shown.contains("Darf selbst: Datenbanken anlegen"));
    let rights = format!("{path}/rights");
    let taken = post(&portal, (&rights, &rights), &[("rights", "card")]).await;
    assert_eq!(taken.status, 303);
    let shown = get(&portal, &path).await.text;
    assert!(!shown.contains("Darf selbst: Datenbanken anlegen"));
    assert!(shown.contains("Zeigt eine Karte auf Ihrer Übersicht"));
    let paused = post(&portal, (&path, &format!("{path}/pause")), &[]).await;
    assert_eq!(paused.status, 303);
    assert!(
        get(&portal, &path)
            .await
            .text
            .contains("Angehalten von einem Mitbenutzer")
    );
    let delete = format!("{path}/delete");
    let kept = post(&portal, (&delete, &delete), &[("confirm", "x")]).await;
    assert_eq!(kept.status, 422);
    let gone = post(&portal, (&delete, &delete), &[("confirm", "drawing")]).await;
    assert!(
        gone.location.starts_with("/plugins?done="),
        "{}",
        gone.location
    );
    assert_eq!(get(&portal, &path).await.status, 404);
    assert!(
        get(&portal, &format!("{path}/export.json"))
            .await
            .text
            .contains("\"v\":1")
    );
}

async fn what_a_plugin_draws_is_text_and_what_is_sent_is_carried_out(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = installed(&house, &portal, &[("rights", "effect:database.create")]).await;
    house.plugins.sandbox.set(guest(|order| match &order.entry {
        Entry::Render { .. } => ui(
            &json!([
                { "kind": "text", "text": "<script>alert(1)</script>" },
                { "kind": "text-field", "name": "name", "label": "Wie & wo", "value": "\"><b>" },
                { "kind": "button", "text": "Los", "name": "act", "value": "go" },
            ]),
            &[],
        ),
        Entry::Submit { input, .. } => {
            let input: Value = serde_json::from_str(input).unwrap();
            assert_eq!(input, json!({ "name": "drawn", "act": "go" }));
            ui(
                &json!([{ "kind": "text", "text": "angelegt" }]),
                &[("database.create", "", r#"{"name":"drawn"}"#, "once")],
            )
        }
        other => panic!("{other:?}"),
    }));
    let form = format!("{path}/forms/main");
    let drawn = get(&portal, &form).await.text;
    assert!(drawn.contains("&#60;script&#62;alert(1)") && !drawn.contains("<script>alert"));
    assert!(!drawn.contains("\"><b>"));
    let sent = post(
        &portal,
        (&form, &form),
        &[("f.name", "drawn"), ("f.act", "go")],
    )
    .await;
    assert_eq!(sent.status, 200);
    assert!(
        sent.text.contains("Eine Änderung wurde übernommen"),
        "{}",
        sent.text
    );
    let told = get(&portal, "/activity").await.text;
    assert!(
        told.contains("Erweiterung „drawing“, erlaubt von"),
        "{told}"
    );
    assert_eq!(
        get(&portal, &format!("{path}/forms/none")).await.status,
        404
    );
}

async fn a_card_comes_by_itself_and_a_failing_one_says_so(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = installed(&house, &portal, &[("rights", "card")]).await;
    let card = format!("{path}/cards/main");
    let runs = house.plugins.sandbox.orders().len();
    let dashboard = get(&portal, "/").await.text;
    assert!(dashboard.contains(&format!("data-load=\"{card}\"")));
    assert_eq!(
        house.plugins.sandbox.orders().len(),
        runs,
        "the page waited for a plugin"
    );
    house.plugins.sandbox.set(guest(|_order| failed(false)));
    let failing = get(&portal, &card).await;
    assert_eq!(failing.status, 200);
    assert!(
        failing
            .text
            .contains("meldet, dass sie ihre Arbeit nicht tun konnte")
    );
    house.plugins.sandbox.set(guest(|_order| {
        ui(&json!([{ "kind": "text", "text": "sieben" }]), &[])
    }));
    assert!(get(&portal, &card).await.text.contains("sieben"));
}

async fn what_somebody_typed_stays_after_a_refusal(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let files = capability("files:read", false) + &capability("mail", true);
    house.publish(&manifest("reader", "1.0.0", &files)).await;
    let page = "/plugins/catalogue/reader";
    let fields = [("version", "1.0.0"), ("rights", "mail")];
    let refused = post(&portal, (page, page), &fields).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text
            .contains("Bitte wählen Sie mindestens einen Webspace")
    );
    let (_, mail) = refused.text.split_once("value=\"mail\"").unwrap();
    assert!(mail.split('>').next().unwrap().contains("checked"));
}

async fn a_run_says_what_made_it_and_how_it_ended(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = installed(&house, &portal, &[("rights", "card")]).await;
    house.plugins.sandbox.set(guest(|_order| failed(false)));
    get(&portal, &format!("{path}/forms/main")).await;
    let list = get(&portal, "/plugins/runs?state=failed").await.text;
    let (_, rest) = list.split_once("/plugins/runs/run_").unwrap();
    let run = format!("/plugins/runs/run_{}", rest.split('"').next().unwrap());
    let shown = get(&portal, &run).await.text;
    assert!(shown.contains("Formular (main)") && shown.contains("it did not work"));
    assert!(
        get(&portal, "/plugins/runs?state=dead")
            .await
            .text
            .contains("Nichts gefunden")
    );
    let again = post(&portal, (&run, &format!("{run}/retry")), &[]).await;
    assert!(
        again.location.starts_with("/plugins/runs/run_"),
        "{}",
        again.location
    );
    let released = post(&portal, (&run, &format!("{run}/release")), &[]).await;
    assert_eq!(released.status, 303);
    let recording = get(&portal, &format!("{run}/recording.json")).await;
    assert_eq!(recording.status, 200);
    assert!(
        get(&portal, &run)
            .await
            .text
            .contains("darf der Autor sie sehen")
    );
}

async fn a_version_that_asks_for_more_waits_for_somebody(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let path = installed(&house, &portal, &[("rights", "card")]).await;
    house
        .publish(&drawn_by("2.0.0", &capability("mail", true)))
        .await;
    house.run_plugins().await;
    let shown = get(&portal, &path).await.text;
    assert!(
        shown.contains("Version 2.0.0 möchte mehr dürfen"),
        "{shown}"
    );
    let update = format!("{path}/update");
    let asked = get(&portal, &update).await.text;
    assert!(asked.contains("Schickt Ihnen und Ihren Mitbenutzern E-Mails"));
    assert_eq!(asked.matches("is-honey").count(), 1);
    let stale = post(&portal, (&update, &update), &[("version", "1.5.0")]).await;
    assert_eq!(stale.status, 409);
    let agreed = [("version", "2.0.0"), ("rights", "mail")];
    assert_eq!(post(&portal, (&update, &update), &agreed).await.status, 303);
    assert!(get(&portal, &path).await.text.contains("2.0.0"));
    let back = post(&portal, (&path, &format!("{path}/rollback")), &[]).await;
    assert_eq!(back.status, 303);
    let shown = get(&portal, &path).await.text;
    assert!(!shown.contains("Schickt Ihnen und Ihren Mitbenutzern E-Mails"));
}

async fn settings_and_secrets_are_the_plugins_own(house: House) {
    let tenant = house.tenant("Sonne").await;
    let portal = portal(&house, &tenant);
    let rest = [
        capability("secret:token", false),
        "[[secret]]\nname = \"token\"\n[secret.title]\nde = \"Schlüssel\"\nen = \"Key\"\n"
            .to_owned(),
    ];
    house
        .publish(&manifest("keyed", "1.0.0", &rest.concat()))
        .await;
    let page = "/plugins/catalogue/keyed";
    let made = post(&portal, (page, page), &[("version", "1.0.0")]).await;
    let path = made.location.split('?').next().unwrap().to_owned();
    let missing = get(&portal, &path).await.text;
    assert!(missing.contains("Es fehlt noch etwas") && missing.contains("Schlüssel"));
    let secrets = format!("{path}/secrets");
    let wrong = post(
        &portal,
        (&secrets, &secrets),
        &[("secret.token", "qqqq\tb")],
    )
    .await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.text.contains("qqqq"), "a secret came back");
    let set = post(
        &portal,
        (&secrets, &secrets),
        &[("secret.token", "geheim 7")],
    )
    .await;
    assert_eq!(set.status, 303);
    let shown = get(&portal, &secrets).await.text;
    assert!(shown.contains("Leer lassen, um es zu behalten") && !shown.contains("geheim 7"));
    assert!(
        !get(&portal, &path)
            .await
            .text
            .contains("Es fehlt noch etwas")
    );
    let gone = post(&portal, (&secrets, &secrets), &[("remove", "token")]).await;
    assert_eq!(gone.status, 303);
    assert!(
        get(&portal, &path)
            .await
            .text
            .contains("Es fehlt noch etwas")
    );
}
