//! Every route × everybody who may ask × own, foreign and missing ids, from the tables that route the
//! requests: nobody reaches another customer, and a foreign thing is as if it did not exist.
//! Bar 3.5 T6, 3.7 T2, T3, T5.
//!
//! That foreign and missing are the same answer says something only where a request comes as far as the
//! id. So whoever may change a thing is never answered here that fields do not fit: an operation of the
//! API is sent its own example, which parses, and answers 404 and nothing else; a form is sent every
//! field that a form of ours has, and answers 404, or leads to a proof first. That somebody who may gets
//! through to their own is shown by the preview of every command of the API, which changes nothing; the
//! forms run the same commands, and journeys of browsers go through them.

mod bad_form;
mod beside;
mod csrf;
mod form;
mod look;
mod route;
mod shown;
mod world;
mod xss;

use crate::client::Answer;
use crate::matrix::route::{Expected, Request, Route, expected, like, refused_example, routes};
use crate::matrix::world::{Actor, Side, Who, Whom, actors};
use crate::process::Panel;
use std::sync::Arc;
use tokio::task::JoinSet;
use wabe_access::Permission;
use wabe_testkit::Engine;
use wabe_web::{Area, Needs};

/// Both customers, and the routes.
struct Matrix {
    a: Side,
    b: Side,
    routes: Vec<Route>,
}

/// What became of an actor's cells.
#[derive(Default)]
struct Tally {
    cells: u32,
    faults: Vec<String>,
}

impl Tally {
    fn check(&mut self, right: bool, what: impl FnOnce() -> String) {
        self.cells += 1;
        if !right {
            self.faults.push(what());
        }
    }
}

impl Matrix {
    /// Sends one request as this actor.
    async fn ask(&self, actor: &Actor, request: &Request<'_>) -> Answer {
        match &actor.who {
            Who::Token(api) | Who::Void(api) => {
                let answer = api.send(request.by_token(api)).await;
                assert!(answer.status != 0);
                answer
            }
            Who::Guest(browser) | Who::Ended(browser) => {
                browser.send(request.by_browser(browser, None)).await
            }
            Who::Member(browser) | Who::Staff(browser) | Who::Looking(browser) => {
                browser
                    .send(request.by_browser(browser, Some(&actor.csrf())))
                    .await
            }
        }
    }

    /// All cells of one actor.
    async fn walk(&self, actor: &Actor) -> Tally {
        let mut tally = Tally::default();
        for route in &self.routes {
            self.cells_of(actor, route, &mut tally).await;
        }
        tally
    }

    async fn cells_of(&self, actor: &Actor, route: &Route, tally: &mut Tally) {
        let wanted = expected(actor, &route.info);
        let about = |id: &str| {
            format!(
                "{} {} as {} ({id})",
                route.info.method, route.info.path, actor.name
            )
        };
        let changes = route.info.method != "GET";
        if !(changes && wanted == Expected::Allowed) {
            let answer = self.ask(actor, &route.own(&self.a)).await;
            let fits = wanted.fits(&answer, route);
            tally.check(fits, || {
                format!("{}: {} is not {wanted:?}", about("own"), answer.status)
            });
            self.no_leak(actor, &answer, &about("own"), tally);
        }
        let at_desk = route.info.path.starts_with("/staff");
        if !route.names_something() || at_desk || actor.elsewhere {
            return;
        }
        if changes && wanted == Expected::Allowed {
            self.gets_through(actor, route, tally).await;
        }
        let (mut foreign, mut missing) = self.pair(actor, route).await;
        if !self.alike(route, &foreign, &missing) {
            // Error pages show the minute: the two may lie on both sides of it, once.
            (foreign, missing) = self.pair(actor, route).await;
        }
        self.no_leak(actor, &foreign, &about("foreign"), tally);
        let fits = match wanted {
            Expected::Allowed if route.info.area == Area::Api => foreign.status == 404,
            Expected::Allowed => matches!(foreign.status, 303 | 403 | 404),
            other => other.fits(&foreign, route),
        };
        tally.check(fits, || {
            let said = foreign.text();
            format!("{}: {} {said}", about("foreign"), foreign.status)
        });
        let same = self.alike(route, &foreign, &missing);
        tally.check(same, || {
            let (one, other) = (
                format!("{:?}\n{}", foreign.headers, foreign.text()),
                format!("{:?}\n{}", missing.headers, missing.text()),
            );
            format!(
                "{}: differs from missing: {} {one}\n{} {other}",
                about("foreign"),
                foreign.status,
                missing.status
            )
        });
        let reads = !changes && wanted == Expected::Allowed;
        tally.check(!reads || foreign.status == 404, || {
            format!("{}: {}", about("foreign"), foreign.status)
        });
    }

    /// The owner's token is shown what a change of an own thing would do: it passes all that could
    /// refuse it, but for the state of the thing.
    async fn gets_through(&self, actor: &Actor, route: &Route, tally: &mut Tally) {
        let Who::Token(api) = &actor.who else {
            return;
        };
        if !actor.is_owner || !route.previews {
            return;
        }
        let (method, path) = (route.info.method, route.info.path);
        let answer = api.send(route.own(&self.a).previewed(api)).await;
        let passes = matches!(answer.status, 200 | 409);
        let excused = refused_example(method, path);
        tally.check(passes != excused, || {
            let (status, text) = (answer.status, answer.text());
            format!(
                "{method} {path} as {}, previewed: {status} {text}",
                actor.name
            )
        });
    }

    /// The answers to the other customer's id and to one that nobody has.
    async fn pair(&self, actor: &Actor, route: &Route) -> (Answer, Answer) {
        let foreign = self.ask(actor, &route.foreign(&self.b)).await;
        let missing = self.ask(actor, &route.missing(&self.a)).await;
        (foreign, missing)
    }

    fn alike(&self, route: &Route, foreign: &Answer, missing: &Answer) -> bool {
        like(foreign, &route.foreign(&self.b)) == like(missing, &route.missing(&self.a))
    }

    /// Nothing that is only the other customer's may be in an answer.
    fn no_leak(&self, actor: &Actor, answer: &Answer, about: &str, tally: &mut Tally) {
        let mut hidden: Vec<&String> = self.b.secrets.iter().collect();
        match actor.who {
            Who::Member(_) | Who::Token(_) => {}
            // Staff know customers and their contact, not what they keep.
            Who::Staff(_) | Who::Looking(_) => hidden.truncate(1),
            Who::Guest(_) | Who::Ended(_) | Who::Void(_) => hidden.extend(&self.a.secrets),
        }
        if actor.elsewhere {
            hidden = vec![&self.a.canary];
        }
        let shown = format!("{:?}{}", answer.headers, answer.text());
        let staff =
            matches!(actor.who, Who::Staff(_) | Who::Looking(_)) && about.contains("/staff");
        let leaks = !staff && hidden.iter().any(|secret| shown.contains(secret.as_str()));
        tally.check(!leaks, || format!("{about}: shows {hidden:?}"));
    }
}

/// Both customers as they are, every route walked by these actors, and both as they were.
async fn walk(panel: &Panel, whom: Whom) -> Tally {
    let accounts = panel.ready["accounts"].as_array().unwrap();
    let owner = |at: usize| {
        let text = |name: &str| accounts[at][name].as_str().unwrap();
        (text("email"), text("password"))
    };
    let mut a = Side::new(panel, owner(0)).await;
    let mut b = Side::new(panel, owner(1)).await;
    look::things(panel, [&mut a, &mut b]).await;
    let mut everybody = match whom {
        Whom::Looks => look::bounded(panel, (&a, &b)).await,
        Whom::Ended => look::ended(panel, &a).await,
        _ => actors(panel, (&a, owner(0).0), whom).await,
    };
    for actor in &mut everybody {
        actor.learn_token().await;
    }
    let matrix = Arc::new(Matrix {
        routes: routes(&a).await,
        a,
        b,
    });
    let (before_a, before_b) = (matrix.a.seen().await, matrix.b.seen().await);
    let mut walks = JoinSet::new();
    for actor in everybody {
        let matrix = matrix.clone();
        walks.spawn(async move { matrix.walk(&actor).await });
    }
    let mut total = Tally::default();
    while let Some(tally) = walks.join_next().await {
        let tally = tally.unwrap();
        total.cells += tally.cells;
        total.faults.extend(tally.faults);
    }
    let faults = &total.faults;
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults[..faults.len().min(60)].join("\n")
    );
    assert_eq!(
        matrix.b.seen().await,
        before_b,
        "the other customer changed"
    );
    assert_eq!(
        matrix.a.seen().await,
        before_a,
        "something changed without permission, or by GET"
    );
    total
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reaches_another_customer_by_any_route() {
    let total = Box::pin(walk(&Panel::demo(), Whom::All)).await;
    println!("{} cells", total.cells);
    assert!(total.cells > 5_000, "{} cells", total.cells);
}

// Bar 3.7 T2: staff with another customer's ticket, and with grants that are narrower, over, or taken back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_look_reaches_further_than_its_consent_by_any_route() {
    let total = Box::pin(walk(&Panel::demo(), Whom::Looks)).await;
    assert!(total.cells > 600, "{} cells", total.cells);
}

// The same person's looks are one: whose are over walks a panel of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_that_is_over_opens_nothing_by_any_route() {
    let total = Box::pin(walk(&Panel::demo(), Whom::Ended)).await;
    assert!(total.cells > 300, "{} cells", total.cells);
}

// What an actor may at all is decided before the store is asked, and walked for everybody above. What
// PostgreSQL adds is the wall in the store, which every way in stands before: so there one of each walks,
// over all routes and all ids.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reaches_another_customer_by_any_route_on_postgresql() {
    let panel = Panel::on(Engine::Postgres, "demo").await;
    let total = Box::pin(walk(&panel, Whom::Ways)).await;
    println!("{} cells", total.cells);
    assert!(total.cells > 3_000, "{} cells", total.cells);
}

/// What a person may do by a route's need alone.
fn permitted(needs: Needs, may: &[Permission]) -> bool {
    match needs {
        Needs::Permission(needed) | Needs::Staff(needed) | Needs::Token(Some(needed)) => {
            may.contains(&needed)
        }
        _ => true,
    }
}
