//! Staff on a customer's pages: what the tables of the matrix need of it, who looks, and who reads content.

use crate::browser::Browser;
use crate::client::{Api, text};
use crate::content::agree;
use crate::matrix::beside::Beside;
use crate::matrix::permitted;
use crate::matrix::route::Expected;
use crate::matrix::world::{Actor, Side, Who};
use crate::process::Panel;
use serde_json::{Value, json};
use wabe_access::{Content, Permission, StaffRole};
use wabe_web::RouteInfo;

/// A consent that was asked for and given in a ticket of its own.
struct Given {
    ticket: String,
    consent: String,
}

/// The fields with which all content is asked for, and given.
fn content() -> Value {
    json!({ "reads_mail": true, "reads_files": true, "reads_rows": true })
}

async fn given(desk: &Api, side: &Side, reach: Value) -> Given {
    let asked = json!({ "subject": "Look", "body": "Please." });
    let ticket = text(&side.api.made("/tickets", asked).await, "id");
    let mut wish = reach.clone();
    wish["reason"] = json!("To see why.");
    let path = format!("/staff/tickets/{ticket}/consent-requests");
    let asked = desk.json("POST", &path, &wish).await.expect(201);
    let consent = text(&asked, "id");
    agree(&side.owner, (&ticket, &consent), &reach).await;
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
        let given = given(&desk, side, json!({})).await;
        begin(&mut browser, &given).await;
        let live = side.api.all("/accesses/live").await;
        side.things.insert("acc", text(&live[0], "id"));
        side.things.insert("cns", given.consent);
    }
}

/// Somebody of support who looks at the pages of this side.
pub(super) async fn looking(panel: &Panel, side: &Side) -> Browser {
    looking_as(panel, side, ("support", json!({}))).await
}

/// An operator who looks at the pages of this side and reads what lies in its things, and what they may.
pub(super) async fn reading(panel: &Panel, side: &Side) -> (Browser, Vec<Permission>) {
    let browser = looking_as(panel, side, ("operator", content())).await;
    let mut may = StaffRole::Operator.permissions();
    may.extend(Content::ALL.iter().map(|content| content.permission()));
    (browser, may.into_iter().collect())
}

async fn looking_as(panel: &Panel, side: &Side, (role, reach): (&str, Value)) -> Browser {
    let (email, password) = panel.account(role);
    let desk = panel.api(&panel.token(&email, &[]));
    let given = given(&desk, side, reach).await;
    let mut browser = Browser::logged_in(panel, (&email, &password)).await;
    begin(&mut browser, &given).await;
    browser
}

/// Staff whose looks end somewhere: one at customer B, where all content may be read, and one at A that
/// reaches files and nothing else.
pub(super) async fn bounded(panel: &Panel, (a, b): (&Side, &Side)) -> Vec<Actor> {
    let there = looking_as(panel, b, ("support", content())).await;
    let everything = may(StaffRole::Support, Content::ALL);
    let name = "support reading content of B";
    let mut there = Actor::new(name, Who::Looking(there), everything);
    there.elsewhere = true;
    let files = json!({ "reads_files": true });
    let files = looking_as(panel, a, ("operator", files)).await;
    let some = may(StaffRole::Operator, &[Content::Files]);
    let name = "operator reading files of A";
    vec![there, Actor::new(name, Who::Looking(files), some)]
}

/// Somebody whose looks at A are all over.
pub(super) async fn ended(panel: &Panel, a: &Side) -> Vec<Actor> {
    let over = over(panel, a).await;
    let nothing = may(StaffRole::Operator, &[]);
    let name = "operator whose looks at A are over";
    vec![Actor::new(name, Who::Staff(over), nothing)]
}

fn may(role: StaffRole, contents: &[Content]) -> Vec<Permission> {
    let mut may = role.permissions();
    may.extend(contents.iter().map(|content| content.permission()));
    may.into_iter().collect()
}

/// An operator who looked three times: the consent was taken back, the hour went by, the ticket was solved.
async fn over(panel: &Panel, side: &Side) -> Browser {
    let (email, password) = panel.account("operator");
    let desk = panel.api(&panel.token(&email, &[]));
    let mut browser = Browser::logged_in(panel, (&email, &password)).await;
    for ending in ["withdraw", "hour", "solve"] {
        let given = given(&desk, side, content()).await;
        begin(&mut browser, &given).await;
        let path = match ending {
            "withdraw" => format!("/consents/{}/withdraw", given.consent),
            "solve" => format!("/tickets/{}/solve", given.ticket),
            _ => {
                let database = Beside::of(panel).await;
                database.put(HOURS_AGO, &[&given.consent]).await;
                database.close().await;
                continue;
            }
        };
        let ended = side.api.bare("POST", &path).await;
        assert!(ended.status < 300, "{}", ended.text());
    }
    browser
}

/// Moves the look of a consent two hours back.
const HOURS_AGO: &str = "UPDATE access_grant SET started_at = started_at - 7200000000, \
                         until = until - 7200000000 WHERE consent_id = $1";

/// Forms of whoever may change content: they are not there for who only reads it.
const FORMS: [&str; 3] = [
    "/databases/{id}/import",
    "/databases/{id}/sql",
    "/mailboxes/{id}/messages/{key}/delete",
];

/// What the policy says about who looks at a customer's pages: they read how things stand, and of what is in
/// them what their consent reaches.
pub(super) fn expected(info: &RouteInfo, may: &[Permission]) -> Expected {
    let mut shown: Vec<Permission> = wabe_access::grant::shown().into_iter().collect();
    let content = |one: &&Permission| Content::of(**one).is_some();
    shown.extend(may.iter().filter(content));
    match (info.method, info.endless, permitted(info.needs, &shown)) {
        ("GET", true, _) => Expected::NotFound,
        ("GET", false, true) if FORMS.contains(&info.path) => Expected::NotFound,
        ("GET", false, true) => Expected::Allowed,
        _ => Expected::Forbidden,
    }
}

/// The same of who looks at another customer's pages: what a path names is not there.
pub(super) fn elsewhere(info: &RouteInfo, may: &[Permission]) -> Expected {
    match expected(info, may) {
        Expected::Allowed if info.path.contains("{id}") => Expected::NotFound,
        expected => expected,
    }
}
