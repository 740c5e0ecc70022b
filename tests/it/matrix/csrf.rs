//! Requests that another site makes somebody's browser send are refused on every route that changes
//! something, and change nothing. Bar 3.5 T6.

use crate::browser::Browser;
use crate::matrix::look;
use crate::matrix::route::{Kind, routes};
use crate::matrix::world::Side;
use crate::process::Panel;
use wabe_web::{Area, Needs};

/// Where a forged request says that it comes from, and whether it carries the token.
type Forgery = (&'static str, &'static [(&'static str, &'static str)], bool);

const FORGED: [Forgery; 11] = [
    ("another site", &[("sec-fetch-site", "cross-site")], true),
    ("a sibling site", &[("sec-fetch-site", "same-site")], true),
    ("no page", &[("sec-fetch-site", "none")], true),
    (
        "two places",
        &[("sec-fetch-site", "same-origin, cross-site")],
        true,
    ),
    (
        "a foreign origin",
        &[("origin", "https://evil.example")],
        true,
    ),
    ("a null origin", &[("origin", "null")], true),
    (
        "a page that says nothing but its address",
        &[("referer", "https://evil.example/")],
        true,
    ),
    (
        "a browser that does not say",
        &[("sec-fetch-mode", "navigate")],
        true,
    ),
    ("nowhere", &[], true),
    ("nowhere, without the token", &[], false),
    (
        "a page of ours, without the token",
        &[("sec-fetch-site", "same-origin")],
        false,
    ),
];

/// Each forgery with each kind of body that can carry what it carries.
fn forgeries() -> impl Iterator<Item = (Forgery, Kind)> {
    FORGED.into_iter().flat_map(|forgery| {
        let kinds = Kind::ALL.into_iter();
        let kinds = kinds.filter(move |kind| kind.carries() || !forgery.2);
        kinds.map(move |kind| (forgery, kind))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_requests_are_refused_on_every_route_and_change_nothing() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let mut side = Side::new(&panel, (&email, &password)).await;
    look::things(&panel, [&mut side]).await;
    let (email, password) = panel.account("operator");
    let operator = Browser::logged_in(&panel, (&email, &password)).await;
    let tokens = [side.owner.token("/").await, operator.token("/staff").await];
    let before = side.seen().await;
    let (mut cells, mut faults) = (0, Vec::new());
    for route in routes(&side).await {
        let info = &route.info;
        if info.method == "GET" || matches!(info.needs, Needs::Token(_)) {
            continue;
        }
        let (browser, token) = match info.area {
            Area::Staff => (&operator, &tokens[1]),
            _ => (&side.owner, &tokens[0]),
        };
        for ((from, headers, with_token), kind) in forgeries() {
            // Programs, which say nothing, get in and out with the token: ADR 0006.
            if info.programs && with_token && headers.is_empty() {
                continue;
            }
            let token = with_token.then_some(token.as_str());
            let mut request = route.own(&side).forged(browser, token, kind);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = browser.send(request).await;
            cells += 1;
            if answer.status != 403 {
                let (method, path, status) = (info.method, info.path, answer.status);
                faults.push(format!("{method} {path}, {kind:?} from {from}: {status}"));
            }
        }
    }
    println!("{cells} forged requests");
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(cells > 1_500, "{cells} forged requests");
    assert_eq!(side.seen().await, before, "something changed");
    assert_eq!(
        side.owner.get("/").await.status,
        200,
        "the session must still be there"
    );
}

// ADR 0006
#[test]
fn only_the_ways_in_and_out_are_for_programs() {
    let tables = [
        wabe_portal::routes().table(),
        wabe_staff::routes().table(),
        wabe_api::routes(&wabe_panel::commands::commands()).table(),
    ];
    let programs = tables.iter().flatten().filter(|info| info.programs);
    let programs: Vec<_> = programs.map(|info| (info.method, info.path)).collect();
    assert_eq!(programs, [("POST", "/login"), ("POST", "/logout")]);
}

// ADR 0006
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_says_nothing_gets_in_and_out_and_no_further() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let mut program = Browser::guest(&panel);
    let login = [("email", email.as_str()), ("password", &password)];
    let answer = program
        .send(program.bare("POST", "/login").form(&login))
        .await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    program.take_session(&answer);
    let token = program.token("/").await;
    let ask =
        |path: &str, fields: &[(&str, &str)]| program.send(program.bare("POST", path).form(fields));
    let with_token = [("csrf", token.as_str()), ("name", "forged")];
    assert_eq!(ask("/webspaces", &with_token).await.status, 403);
    assert_eq!(ask("/logout", &[]).await.status, 403);
    assert_eq!(program.get("/").await.status, 200);
    assert_eq!(ask("/logout", &with_token).await.status, 303);
    assert_eq!(program.get("/").await.status, 303);
}
