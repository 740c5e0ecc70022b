//! Logins with a second factor, as browsers see them. Bar 3.6.

use crate::browser::{Browser, HALF, cookie_of, fresh};
use crate::process::Panel;
use reqwest::header::COOKIE;
use wabe_identity::factor::code::TotpSecret;
use wabe_testkit::Authenticator;

/// The secret that a page shows for an app.
fn shown(page: &str) -> TotpSecret {
    let (_, groups) = page.split_once("id=\"totp-secret\">").unwrap();
    let (groups, _) = groups.split_once("</p>").unwrap();
    let text = groups.replace("<span>", "").replace("</span>", "");
    let text: String = text.split_whitespace().collect();
    TotpSecret::from_text(&text).unwrap()
}

/// Sets an app up in a login that leads to it; answers the app and what the last page was.
pub(crate) async fn enrol(
    guest: &Browser,
    answer: &crate::client::Answer,
    next: &str,
) -> (TotpSecret, crate::client::Answer) {
    let location = answer.header("location");
    assert!(location.starts_with("/login/enrol"), "{location}");
    let half = cookie_of(answer, HALF).unwrap();
    let cookie = format!("{HALF}={half}");
    let page = guest.request("GET", location).header(COOKIE, &cookie);
    let app = shown(&guest.send(page).await.text());
    let (_, code) = fresh(&app).await;
    let fields = [("code", code.expose()), ("next", next)];
    let request = guest
        .request("POST", "/login/enrol")
        .header(COOKIE, &cookie);
    let done = guest.send(request.form(&fields)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    (app, done)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_login_opens_nothing_but_its_next_step() {
    let panel = Panel::demo();
    let (email, password) = panel.account("operator");
    let guest = Browser::guest(&panel);
    let fields = [("email", email.as_str()), ("password", &password)];
    let answer = guest.post("/login", &fields).await;
    assert_eq!(answer.header("location"), "/login/factor?next=%2F");
    assert!(
        cookie_of(&answer, "__Host-wabe").is_none(),
        "a session before the factor"
    );
    let half = cookie_of(&answer, HALF).unwrap();
    for path in [
        "/staff",
        "/staff/people",
        "/staff/account",
        "/account/factors",
        "/password",
        "/prove",
    ] {
        for name in [HALF, "__Host-wabe"] {
            let request = guest
                .request("GET", path)
                .header(COOKIE, format!("{name}={half}"));
            let answer = guest.send(request).await;
            assert!(
                answer.header("location").starts_with("/login?"),
                "{path}: {}",
                answer.status
            );
        }
    }
    // Nothing can be set up instead, and no answer but the code leads on.
    for (path, field) in [
        ("/login/enrol", "code"),
        ("/login/later", "code"),
        ("/login/factor", "code"),
        ("/login/recovery", "recovery"),
    ] {
        let request = guest
            .request("POST", path)
            .header(COOKIE, format!("{HALF}={half}"));
        let answer = guest.send(request.form(&[(field, "000000")])).await;
        assert!(cookie_of(&answer, "__Host-wabe").is_none(), "{path}");
        assert!(
            matches!(answer.status, 200 | 422),
            "{path}: {}",
            answer.status
        );
    }
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    assert_eq!(browser.get("/staff").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_employee_sets_up_an_app_and_then_changes_the_first_password() {
    let panel = Panel::demo();
    let made = panel.cli(&[
        "user",
        "create",
        "--email",
        "new@hoster.example",
        "--name",
        "Nora Neu",
        "--role",
        "support",
    ]);
    let password = made.rsplit(' ').next().unwrap();
    let mut guest = Browser::guest(&panel);
    let fields = [("email", "new@hoster.example"), ("password", password)];
    let answer = guest.post("/login", &fields).await;
    let (_, done) = enrol(&guest, &answer, "/staff").await;
    let text = done.text();
    assert_eq!(text.matches("<li>").count(), 10, "{text}");
    assert!(text.contains("href=\"/staff\""), "{text}");
    guest.take_session(&done);
    assert_eq!(guest.get("/staff").await.header("location"), "/password");
    assert_eq!(guest.get("/password").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_sets_up_an_app_and_is_asked_for_it_before_confidential_steps() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let browser = Browser::logged_in(&panel, (&email, &password)).await;
    let token = browser.token("/account/factors").await;
    let begun = browser
        .post("/account/factors/totp/begin", &[("csrf", &token)])
        .await;
    assert_eq!(begun.header("location"), "/account/factors/totp");
    let app = shown(&browser.get("/account/factors/totp").await.text());
    let (_, code) = fresh(&app).await;
    let fields = [("csrf", token.as_str()), ("code", code.expose())];
    let done = browser.post("/account/factors/totp", &fields).await;
    assert_eq!(
        (done.status, done.text().matches("<li>").count()),
        (200, 10)
    );
    // The password of a minute ago is not enough any more.
    let token = browser.token("/account/factors").await;
    let asked = browser
        .post("/account/factors/codes", &[("csrf", &token)])
        .await;
    assert_eq!(asked.header("location"), "/prove?next=%2Faccount%2Ffactors");
    let wrong = [("csrf", token.as_str()), ("proof", password.as_str())];
    assert_eq!(browser.post("/prove", &wrong).await.status, 422);
    let (_, code) = fresh(&app).await;
    let right = [
        ("csrf", token.as_str()),
        ("proof", code.expose()),
        ("next", "/account/factors"),
    ];
    let mut browser = browser;
    let proved = browser.post("/prove", &right).await;
    assert_eq!(
        (proved.status, proved.header("location")),
        (303, "/account/factors")
    );
    browser.take_session(&proved);
    let token = browser.token("/members").await;
    let wanted = [("csrf", token.as_str()), ("factor_required", "true")];
    let required = browser.post("/members/factor", &wanted).await;
    assert_eq!(required.status, 303, "{}", required.text());
    let members = browser.get("/members").await.text();
    assert!(members.contains("value=\"false\""), "{members}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_stands_where_a_code_would_and_proves_confidential_steps() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let mut browser = Browser::logged_in(&panel, (&email, &password)).await;
    assert!(browser.get("/prove/passkey").await.json().is_null());
    let mut key = Authenticator::new(panel.told("portal"), 7);
    let options = browser.get("/account/factors/passkey/options").await.json();
    let made = key.create("Phone", options["challenge"].as_str().unwrap());
    let token = browser.token("/account/factors/passkey").await;
    let mut fields = vec![("csrf", token.as_str())];
    for name in ["label", "client_data", "attestation"] {
        fields.push((name, made[name].as_str().unwrap()));
    }
    let added = browser.post("/account/factors/passkeys", &fields).await;
    assert_eq!(added.text().matches("<li>").count(), 10, "{}", added.text());
    // The password of a minute ago proves nothing any more.
    let asked = browser
        .post("/account/factors/codes", &[("csrf", &token)])
        .await;
    assert_eq!(asked.header("location"), "/prove?next=%2Faccount%2Ffactors");
    let options = browser.get("/prove/passkey").await.json();
    assert_eq!(options["verification"], "preferred");
    let proof = key.sign(options["challenge"].as_str().unwrap()).to_string();
    let fields = [("csrf", token.as_str()), ("proof", &proof)];
    let proved = browser.post("/prove", &fields).await;
    assert_eq!(proved.status, 303, "{}", proved.text());
    browser.take_session(&proved);
    let token = browser.token("/account/factors").await;
    let renewed = browser
        .post("/account/factors/codes", &[("csrf", &token)])
        .await;
    assert_eq!(renewed.status, 200);

    let (guest, mut inside) = (Browser::guest(&panel), Browser::guest(&panel));
    assert!(guest.get("/login/factor/passkey").await.json().is_null());
    let fields = [("email", email.as_str()), ("password", &password)];
    let answer = guest.post("/login", &fields).await;
    let half = format!("{HALF}={}", cookie_of(&answer, HALF).unwrap());
    let page = guest.request("GET", "/login/factor").header(COOKIE, &half);
    let page = guest.send(page).await.text();
    assert!(!page.contains("one-time-code"), "{page}");
    let options = guest.request("GET", "/login/factor/passkey");
    let options = guest.send(options.header(COOKIE, &half)).await.json();
    let code = key.sign(options["challenge"].as_str().unwrap()).to_string();
    for (code, status) in [(proof, 422), (code.clone(), 303), (code, 200)] {
        let request = guest.request("POST", "/login/factor");
        let request = request.header(COOKIE, &half).form(&[("code", &code)]);
        let answer = guest.send(request).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == 303 {
            inside.take_session(&answer);
        }
    }
    assert_eq!(inside.get("/account").await.status, 200);
}
