//! Requests that another site makes somebody's browser send are refused on every route that changes
//! something, and change nothing. Bar 3.5 T6.

use crate::browser::Browser;
use crate::matrix::route::routes;
use crate::matrix::world::Side;
use crate::process::Panel;
use wabe_web::{Area, Needs};

/// Where a forged request says that it comes from, and whether it carries the token.
type Forgery = (&'static str, &'static [(&'static str, &'static str)], bool);

const FORGED: [Forgery; 8] = [
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
    ("nowhere, without the token", &[], false),
    (
        "a page of ours, without the token",
        &[("sec-fetch-site", "same-origin")],
        false,
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_requests_are_refused_on_every_route_and_change_nothing() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let side = Side::new(&panel, (&email, &password)).await;
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
        for (from, headers, with_token) in FORGED {
            let mut request = route
                .own(&side)
                .forged(browser, with_token.then_some(token));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = browser.send(request).await;
            cells += 1;
            // A body of the wrong kind may be refused before its token is looked at.
            if !matches!(answer.status, 403 | 415) {
                faults.push(format!(
                    "{} {} from {from}: {}",
                    info.method, info.path, answer.status
                ));
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
    assert!(cells > 300, "{cells} forged requests");
    assert_eq!(side.seen().await, before, "something changed");
    assert_eq!(
        side.owner.get("/").await.status,
        200,
        "the session must still be there"
    );
}
