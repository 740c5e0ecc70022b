//! Staff on a customer's pages: what the tables of the matrix need of it, and who looks.

use crate::browser::Browser;
use crate::client::{Api, text};
use crate::matrix::permitted;
use crate::matrix::route::Expected;
use crate::matrix::world::Side;
use crate::process::Panel;
use serde_json::{Value, json};
use wabe_access::Permission;
use wabe_web::RouteInfo;

/// A consent that was asked for and given in a ticket of its own.
struct Given {
    ticket: String,
    consent: String,
}

async fn given(desk: &Api, side: &Side) -> Given {
    let asked = json!({ "subject": "Look", "body": "Please." });
    let ticket = text(&side.api.made("/tickets", asked).await, "id");
    let wish = json!({ "reason": "To see why." });
    let path = format!("/staff/tickets/{ticket}/consent-requests");
    let asked = desk.json("POST", &path, &wish).await.expect(201);
    let consent = text(&asked, "id");
    let path = format!("/consents/{consent}/give");
    side.api
        .json("POST", &path, &Value::Object(serde_json::Map::new()))
        .await
        .expect(200);
    Given { ticket, consent }
}

/// Begins to look; the session goes on under another token.
async fn begin(browser: &mut Browser, given: &Given) {
    let csrf = browser.token("/staff").await;
    let path = format!("/staff/tickets/{}/access", given.ticket);
    let fields = [("csrf", csrf.as_str()), ("consent", &given.consent)];
    let answer = browser.post(&path, &fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/"),
        "{}",
        answer.text()
    );
    browser.take_session(&answer);
}

/// A consent and a look of each side, for the paths that name one.
pub(super) async fn things<const N: usize>(panel: &Panel, sides: [&mut Side; N]) {
    let (email, password) = panel.account("operator");
    let desk = panel.api(&panel.token(&email, &[]));
    let mut browser = Browser::logged_in(panel, (&email, &password)).await;
    for side in sides {
        let given = given(&desk, side).await;
        begin(&mut browser, &given).await;
        let live = side.api.all("/accesses/live").await;
        side.things.insert("acc", text(&live[0], "id"));
        side.things.insert("cns", given.consent);
    }
}

/// Somebody of support who looks at the pages of this side.
pub(super) async fn looking(panel: &Panel, side: &Side) -> Browser {
    let (email, password) = panel.account("support");
    let desk = panel.api(&panel.token(&email, &[]));
    let given = given(&desk, side).await;
    let mut browser = Browser::logged_in(panel, (&email, &password)).await;
    begin(&mut browser, &given).await;
    browser
}

/// What the policy says about who looks at a customer's pages: they read how things stand.
pub(super) fn expected(info: &RouteInfo) -> Expected {
    let shown: Vec<Permission> = wabe_access::grant::shown().into_iter().collect();
    match (info.method, info.endless, permitted(info.needs, &shown)) {
        ("GET", true, _) => Expected::NotFound,
        ("GET", false, true) => Expected::Allowed,
        _ => Expected::Forbidden,
    }
}
