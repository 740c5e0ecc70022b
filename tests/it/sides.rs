//! Where people come out who log in or open the root: staff at their desk, members in the portal, and
//! who is both on the side they are on, with a way over.

use crate::browser::Browser;
use crate::factor;
use crate::process::{Panel, unique};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_root_and_the_login_lead_everybody_home() {
    let panel = Panel::demo();
    for (role, home) in [
        ("owner", "/"),
        ("support", "/staff"),
        ("operator", "/staff"),
    ] {
        let (email, password) = panel.account(role);
        let guest = Browser::guest(&panel);
        let fields = [("email", email.as_str()), ("password", &password)];
        let answer = guest.post("/login", &fields).await;
        let answer = match panel.app(&email) {
            Some(app) => guest.pass(&answer, &app).await,
            None => answer,
        };
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, home),
            "{role}"
        );
        let mut browser = guest.clone();
        browser.take_session(&answer);
        let root = browser.get("/").await;
        let there = if root.status == 200 {
            "/"
        } else {
            root.header("location")
        };
        assert_eq!(there, home, "{role}");
        let again = browser.get("/login").await;
        assert_eq!(
            (again.status, again.header("location")),
            (303, home),
            "{role}"
        );
        // One side only: no way over is shown, and none is there.
        assert!(
            !browser.get(home).await.text().contains("/switch"),
            "{role}"
        );
        assert_eq!(browser.get("/switch").await.status, 404, "{role}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_member_and_staff_changes_sides_in_one_session() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let role = [
        "--role",
        "support",
        "--name",
        "Both Sides",
        "--email",
        &email,
    ];
    panel.cli(&[&["user", "create"][..], &role].concat());
    let guest = Browser::guest(&panel);
    let login = |next| {
        [
            ("email", email.as_str()),
            ("password", &password),
            ("next", next),
        ]
    };
    // Who works here sets up an app first, whichever side they go to.
    let answer = guest.post("/login", &login("/staff/plans")).await;
    let (app, done) = factor::enrol(&guest, &answer, "/staff/plans").await;
    assert!(done.text().contains("href=\"/staff/plans\""));
    let answer = guest.post("/login", &login("/")).await;
    let answer = guest.pass(&answer, &app).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let mut browser = guest.clone();
    browser.take_session(&answer);
    for (home, other) in [("/", "/staff"), ("/staff", "/"), ("/", "/staff")] {
        let page = browser.get(home).await;
        assert_eq!(page.status, 200, "{home}");
        assert!(
            page.text().contains("href=\"/switch\""),
            "{home} shows no way over"
        );
        assert_eq!(
            browser.get("/customers").await.status == 404,
            home == "/staff"
        );
        let token = browser.token("/switch").await;
        let before = browser.clone();
        let answer = browser.post("/switch", &[("csrf", &token)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, other));
        browser.take_session(&answer);
        let strict = answer.headers.get_all("set-cookie").iter();
        let strict = strict.filter_map(|cookie| cookie.to_str().ok());
        let wanted = if other == "/staff" {
            "SameSite=Strict"
        } else {
            "SameSite=Lax"
        };
        assert!(
            strict.into_iter().any(|cookie| cookie.contains(wanted)),
            "{other}"
        );
        // The token from before the change is dead.
        assert!(
            before
                .get(home)
                .await
                .header("location")
                .starts_with("/login")
        );
    }
    let name = format!("/nothing{}", unique());
    assert_eq!(browser.get(&name).await.status, 404);
}
