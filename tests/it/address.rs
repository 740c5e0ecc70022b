//! Another address to log in with, as a person changes it: over the portal's forms, without a script,
//! and the letters that the panel writes. Bar 3.4 T1, T4.

use crate::browser::{Browser, csrf_of};
use crate::client::{Answer, until};
use crate::process::{Panel, unique};
use serde_json::json;
use std::fs;

const PAGE: &str = "/account/email";
const CHOSEN: &str = "quite another sentence 42";

/// The secret at the end of the link below `noun` in a letter to `address`.
pub(crate) async fn link(panel: &Panel, address: &str, noun: &str) -> String {
    let (to, noun) = (format!("To: {address}"), format!("/{noun}/"));
    let outbox = panel.data.join("outbox");
    let look = || async {
        for entry in fs::read_dir(&outbox).into_iter().flatten().flatten() {
            let letter = fs::read_to_string(entry.path()).unwrap_or_default();
            let letter = letter.replace("=\r\n", "").replace("=3D", "=");
            let named = format!("<{address}>");
            if !letter.contains(&to) && !letter.contains(&named) {
                continue;
            }
            if let Some((_, rest)) = letter.split_once(&noun) {
                let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                return Some(rest.chars().take_while(plain).collect());
            }
        }
        None
    };
    until(&format!("the letter to {address}"), look).await
}

/// Somebody with their browser.
struct Person {
    browser: Browser,
    csrf: String,
}

impl Person {
    async fn logged_in(panel: &Panel, account: (&str, &str)) -> Self {
        let browser = Browser::logged_in(panel, account).await;
        let csrf = browser.token(PAGE).await;
        Self { browser, csrf }
    }

    async fn send(&self, fields: &[(&str, &str)]) -> Answer {
        let csrf = [("csrf", self.csrf.as_str())];
        self.browser.post(PAGE, &[fields, &csrf].concat()).await
    }
}

/// Whether somebody can log in.
async fn enters(panel: &Panel, email: &str, password: &str) -> bool {
    let fields = [("email", email), ("password", password)];
    let answer = Browser::guest(panel).post("/login", &fields).await;
    answer.status == 303
}

/// Follows a link: looks at its page, which changes nothing, and presses the button.
async fn follow(panel: &Panel, noun: &str, token: &str) -> Answer {
    let guest = Browser::guest(panel);
    for _ in 0..2 {
        let shown = guest.get(&format!("/{noun}/{token}")).await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert!(shown.header("referrer-policy") == "no-referrer");
    }
    guest.post(&format!("/{noun}"), &[("token", token)]).await
}

#[tokio::test]
async fn an_address_is_changed_over_forms_and_taken_back_over_the_old_one() {
    let panel = Panel::demo();
    let (old, password) = panel.account("owner");
    let new = format!("moved{}@people.example", unique());
    let person = Person::logged_in(&panel, (&old, &password)).await;
    let wrong = person
        .send(&[("email", "moved.people.example"), ("second_email", "x@y")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("value=\"moved.people.example\""),
        "what was typed is kept"
    );
    assert!(wrong.text().contains("value=\"x@y\""));
    let asked = person.send(&[("email", &new), ("second_email", "")]).await;
    assert_eq!(
        (asked.status, asked.header("location")),
        (303, "/account/email?done=asked")
    );
    let shown = person.browser.get(PAGE).await.text();
    assert!(
        shown.contains(&format!("<li>{new}</li>")),
        "it says what waits"
    );
    let confirming = link(&panel, &new, "email/confirm").await;
    assert!(enters(&panel, &old, &password).await);
    let done = follow(&panel, "email/confirm", &confirming).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, "/email/confirmed")
    );
    assert_eq!(person.browser.get("/email/confirmed").await.status, 200);
    let again = Browser::guest(&panel)
        .get(&format!("/email/confirm/{confirming}"))
        .await;
    assert_eq!(again.status, 404, "a link works once");
    assert!(!enters(&panel, &old, &password).await && enters(&panel, &new, &password).await);

    let back = link(&panel, &old, "email/undo").await;
    let undone = follow(&panel, "email/undo", &back).await;
    assert_eq!(undone.status, 303, "{}", undone.text());
    let way = undone.header("location").to_owned();
    assert!(way.starts_with("/reset/"), "{way}");
    assert_eq!(
        person.browser.get(PAGE).await.status,
        303,
        "the session is over"
    );
    assert!(!enters(&panel, &old, &password).await && !enters(&panel, &new, &password).await);
    assert_eq!(Browser::guest(&panel).get(&way).await.status, 200);
    let token = way.rsplit('/').next().unwrap();
    let fields = [("token", token), ("new_password", CHOSEN)];
    let set = Browser::guest(&panel)
        .post("/reset/password", &fields)
        .await;
    assert_eq!(
        (set.status, set.header("location")),
        (303, "/login?done=password")
    );
    assert!(enters(&panel, &old, CHOSEN).await);
}

/// A page without what differs each time: the address asked for, the forms' token, the number of the
/// request, clocks.
fn plain(page: &Answer, address: &str) -> String {
    let mut text = page.text().replace(address, "*");
    if let Some(token) = csrf_of(&text) {
        text = text.replace(&token, "*");
    }
    for id in page.header("x-request-id").split(' ') {
        text = text.replace(id, "*");
    }
    let (chars, mut shown): (Vec<char>, String) = (text.chars().collect(), String::new());
    let is_clock = |at: usize| {
        let five = chars.get(at..at + 5).unwrap_or_default();
        five.iter().enumerate().all(|(at, c)| match at {
            2 => *c == ':',
            _ => c.is_ascii_digit(),
        }) && !five.is_empty()
    };
    let mut at = 0;
    while let Some(next) = chars.get(at) {
        let clock = is_clock(at);
        shown.push(if clock { '*' } else { *next });
        at += if clock { 5 } else { 1 };
    }
    shown
}

// 3.3 T1: whether an address is somebody else's shows in no answer.
#[tokio::test]
async fn an_address_of_somebody_else_is_answered_like_a_free_one() {
    let panel = Panel::demo();
    let (own, password) = panel.account("owner");
    let (taken, _) = panel.account("support");
    let person = Person::logged_in(&panel, (&own, &password)).await;
    let mut seen = Vec::new();
    for address in [taken.as_str(), "free@people.example"] {
        let answer = person
            .send(&[("email", address), ("second_email", "")])
            .await;
        let page = person.browser.get(PAGE).await;
        let place = answer.header("location").to_owned();
        seen.push((answer.status, place, plain(&page, address)));
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].2.contains("<li>*</li>"));
}

// The same over REST, where a token also brings its owner's password.
#[tokio::test]
async fn over_rest_an_address_needs_the_owners_password_and_is_answered_alike() {
    let panel = Panel::demo();
    let (own, password) = panel.account("owner");
    let (taken, _) = panel.account("support");
    let api = panel.api(&panel.token(&own, &[]));
    for (body, code) in [
        (json!({ "email": taken }), "required"),
        (
            json!({ "email": taken, "password": "wrong" }),
            "password-wrong",
        ),
    ] {
        let refused = api.json("POST", "/user/set_email", &body).await.expect(422);
        assert_eq!(refused["errors"][0]["code"], code);
    }
    let mut answers = Vec::new();
    for address in [taken.as_str(), "free@people.example"] {
        let body = json!({ "email": address, "password": password });
        let mut shown = api.json("POST", "/user/set_email", &body).await.expect(200);
        assert_eq!(shown["email"], address);
        assert!(shown["confirm_until"].is_string(), "{shown}");
        shown["email"] = json!("*");
        shown["confirm_until"] = json!("*");
        answers.push(shown);
    }
    assert_eq!(answers[0], answers[1]);
}

// A mailbox that lies here cannot be the only way to somebody who does not get in.
#[tokio::test]
async fn a_login_on_a_domain_of_ours_has_a_second_address_that_gets_the_letters_too() {
    let panel = Panel::demo();
    let (own, password) = panel.account("owner");
    let api = panel.api(&panel.token(&own, &[]));
    let domain = format!("mine{}.test", unique());
    api.live("/domains", json!({ "name": domain })).await;
    let (here, elsewhere) = (
        format!("me@{domain}"),
        format!("second{}@people.example", unique()),
    );
    let person = Person::logged_in(&panel, (&own, &password)).await;
    for second in ["", &format!("you@{domain}")] {
        let refused = person
            .send(&[("email", &here), ("second_email", second)])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("id=\"second_email-h\""), "{second}");
        assert!(refused.text().contains(&format!("value=\"{here}\"")));
    }
    let both = [("email", here.as_str()), ("second_email", &elsewhere)];
    assert_eq!(person.send(&both).await.status, 303);
    for (address, next) in [
        (&elsewhere, "/email/confirmed?open=1"),
        (&here, "/email/confirmed"),
    ] {
        let token = link(&panel, address, "email/confirm").await;
        let done = follow(&panel, "email/confirm", &token).await;
        assert_eq!(done.header("location"), next);
    }
    assert!(enters(&panel, &here, &password).await);
    let asked = Browser::guest(&panel)
        .post("/reset", &[("email", &here)])
        .await;
    assert_eq!(asked.status, 200);
    let [first, second] = [
        link(&panel, &here, "reset").await,
        link(&panel, &elsewhere, "reset").await,
    ];
    assert_eq!(first, second, "one link in two letters");
}

/// What the pages say while a second address is lacking.
const LACKING: &str = "liegt bei uns, eine zweite fehlt";

#[tokio::test]
async fn an_address_on_a_domain_that_is_proved_later_asks_for_a_second_one() {
    let panel = Panel::demo();
    let (old, password) = panel.account("owner");
    let name = format!("later{}.test", unique());
    let new = format!("info@{name}");
    let person = Person::logged_in(&panel, (&old, &password)).await;
    person.send(&[("email", &new), ("second_email", "")]).await;
    let confirming = link(&panel, &new, "email/confirm").await;
    follow(&panel, "email/confirm", &confirming).await;
    assert!(enters(&panel, &new, &password).await);
    let says = async |path: &str| {
        let shown = person.browser.get(path).await;
        assert_eq!(shown.status, 200, "{path}");
        shown.text().contains(LACKING)
    };
    assert!(
        !says("/").await && !says("/account").await,
        "kept elsewhere"
    );
    let api = panel.api(&panel.token(&new, &[]));
    let made = api.made("/domains", json!({ "name": name })).await;
    assert_eq!(
        made["verified"], true,
        "nothing waits for an address: {made}"
    );
    assert!(says("/").await && says("/account").await);
    let second = format!("me{}@elsewhere.example", unique());
    person
        .send(&[("email", &new), ("second_email", &second)])
        .await;
    assert!(says("/").await, "not before it was confirmed");
    let confirming = link(&panel, &second, "email/confirm").await;
    follow(&panel, "email/confirm", &confirming).await;
    assert!(!says("/").await && !says("/account").await);
}
