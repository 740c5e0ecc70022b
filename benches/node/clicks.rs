//! From a click until the real service answers for it, beside the same work done by hand.

use crate::client::Place;
use crate::installation::Running;
use crate::load::Times;
use crate::node::by_hand::{self, Orders, Site};
use crate::node::house::{Caller, DOMAIN, House, php_version, text, visited};
use crate::node::servers::{Engine, Login};
use crate::report::{Outcome, Row};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Between two looks whether it answers already.
const LOOK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_mins(1);
const P95_MILLIS: f64 = 2_000.0;
/// Costs that are the same with more webspaces grow by no more than this.
const GROWTH: f64 = 1.2;

const SITE: &str = "a webspace";
const PHP: &str = "PHP switched on";
const BOTH: &str = "a webspace with PHP, both clicks";
const CERTIFICATE: &str = "a certificate";
const NGINX: &str = "nginx alone, written by hand, without PHP";

/// One kind of click: how long it took, and what stands beside it.
pub(super) struct Kind {
    name: String,
    taken: Vec<Duration>,
    baseline: String,
    beside: Vec<Duration>,
}

impl Kind {
    fn new(name: impl Into<String>, baseline: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            taken: Vec::new(),
            baseline: baseline.into(),
            beside: Vec::new(),
        }
    }
}

/// Waits until something answers; who does not answer yet does so with an error.
async fn until(what: &str, mut look: impl AsyncFnMut() -> Outcome<bool>) -> Outcome<()> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if look().await.unwrap_or(false) {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(format!("{what} does not answer").into())
}

/// Somebody who clicks.
struct Clicker<'a> {
    caller: Caller<'a>,
    sites: Place,
    php: String,
}

impl Clicker<'_> {
    /// A new webspace that a visitor comes to, and how long that took.
    async fn site(&self, name: &str) -> Outcome<(Value, Duration)> {
        let body = json!({ "name": name, "quota_bytes": 10_000_000 });
        let begun = Instant::now();
        let made = self.caller.post("/webspaces", &body, 201).await?;
        let place = self.sites.named(&text(&made, "preview_host"));
        until(name, async || {
            Ok(visited(&place, "/").await?.status.as_u16() < 500)
        })
        .await?;
        Ok((made, begun.elapsed()))
    }

    /// Switches PHP on; over when a visitor gets what a program said.
    async fn php(&self, site: &Value) -> Outcome<Duration> {
        let path = format!("/webspaces/{}", text(site, "id"));
        let file = format!("{path}/files/hello.php");
        self.caller
            .upload(&file, "<?php echo 'served ', 6 * 7;")
            .await?;
        let place = self.sites.named(&text(site, "preview_host"));
        let begun = Instant::now();
        self.caller
            .patch(&path, &json!({ "php": self.php }))
            .await?;
        until("PHP", async || {
            Ok(visited(&place, "/hello.php").await?.body == "served 42")
        })
        .await?;
        Ok(begun.elapsed())
    }

    /// A new database that a program logs in to.
    async fn database(&self, engine: Engine, name: &str) -> Outcome<Duration> {
        let body = json!({ "name": name, "engine": engine.word(), "quota_bytes": 10_000_000 });
        let begun = Instant::now();
        let made = self.caller.post("/databases", &body, 201).await?;
        let login = login(engine, &made)?;
        until(name, async || Ok(login.answers().await)).await?;
        Ok(begun.elapsed())
    }

    /// Another name for a webspace; over when the authority's certificate is shown under it.
    async fn certificate(&self, (public, host): (&Place, &str), id: &str) -> Outcome<Duration> {
        let path = format!("/webspaces/{id}/add_host");
        let place = public.named(host);
        let begun = Instant::now();
        self.caller
            .post(&path, &json!({ "host": host }), 200)
            .await?;
        until(host, async || {
            Ok(visited(&place, "/").await?.status.as_u16() < 500)
        })
        .await?;
        Ok(begun.elapsed())
    }
}

/// What a program needs of what the API answered.
pub(super) fn login(engine: Engine, made: &Value) -> Outcome<Login> {
    let port = made.get("port").and_then(Value::as_u64);
    Ok(Login {
        engine,
        port: u16::try_from(port.ok_or("the database has no server")?)?,
        user: text(made, "user"),
        password: text(made, "password"),
        database: text(made, "database"),
    })
}

/// Webspaces, with PHP switched on afterwards; answers their ids, too.
async fn sites(
    clicker: &Clicker<'_>,
    (tag, others): (usize, usize),
    count: usize,
) -> Outcome<(Vec<Kind>, Vec<String>)> {
    let mut kinds = Vec::from([SITE, PHP, BOTH].map(|name| Kind::new(name, NGINX)));
    let by_hand = Site::serve(others).await?;
    let mut ids = Vec::new();
    for number in 0..count {
        let (made, first) = clicker.site(&format!("click-{tag}-{number}")).await?;
        let second = clicker.php(&made).await?;
        let beside = by_hand.add(number).await?;
        for (kind, taken) in kinds.iter_mut().zip([first, second, first + second]) {
            kind.taken.push(taken);
            kind.beside.push(beside);
        }
        ids.push(text(&made, "id"));
    }
    Ok((kinds, ids))
}

async fn databases(
    clicker: &Clicker<'_>,
    house: &House,
    (tag, engine): (usize, Engine),
    count: usize,
) -> Outcome<Kind> {
    let name = format!("a database on {}", engine.name());
    let mut kind = Kind::new(name, "database, user and grant by a bare client");
    let admin = house.servers.admin(engine)?;
    for number in 0..count {
        let name = format!("click_{tag}_{number}");
        kind.taken.push(
            clicker
                .database(engine, &format!("{name}_{}", engine.word()))
                .await?,
        );
        kind.beside.push(by_hand::database(&admin).await?);
    }
    Ok(kind)
}

/// So many clicks of each kind while there are `others` webspaces; `tag` keeps names apart.
pub(super) async fn measure(
    (house, running): (&House, &Running),
    (tag, others): (usize, usize),
    count: usize,
) -> Outcome<Vec<Kind>> {
    let clicker = Clicker {
        caller: Caller::new(house, running, tag + 2)?,
        sites: house.sites()?,
        php: php_version()?,
    };
    let (mut kinds, ids) = sites(&clicker, (tag, others), count).await?;
    for engine in Engine::ALL {
        kinds.push(databases(&clicker, house, (tag, engine), count).await?);
    }
    if let (Some(public), Some(orders)) = (house.public()?, Orders::of(house)?) {
        let mut kind = Kind::new(CERTIFICATE, "the order alone");
        for (number, id) in ids.iter().enumerate() {
            let host = format!("c{number}-{tag}.{DOMAIN}");
            let taken = clicker.certificate((&public, &host), id).await?;
            kind.taken.push(taken);
            kind.beside.push(orders.place(&host).await?);
        }
        kinds.push(kind);
    }
    Ok(kinds)
}

/// The rows of one measurement, beside what was done by hand.
pub(super) fn rows(all: &[Kind], others: usize) -> Vec<Row> {
    let row = |kind: &Kind| {
        let (taken, beside) = (
            Times::new(kind.taken.clone()),
            Times::new(kind.beside.clone()),
        );
        let name = format!("click to live, {}, {others} webspaces", kind.name);
        Row::new(name, taken.cell(95))
            .beside(
                format!("{}: {}", kind.baseline, beside.cell(95)),
                taken.at(50) / beside.at(50),
            )
            .target("p95 ≤ 2 s", taken.at(95) <= P95_MILLIS)
    };
    all.iter().map(row).collect()
}

/// How much each kind of click grows with the number of webspaces.
pub(super) fn growth((few, many): (&[Kind], &[Kind]), others: usize) -> Vec<Row> {
    let row = |(few, many): (&Kind, &Kind)| {
        let (before, after) = (
            Times::new(few.taken.clone()),
            Times::new(many.taken.clone()),
        );
        let ratio = after.at(50) / before.at(50);
        let name = format!("growth of {} with {others} webspaces", many.name);
        Row::new(name, after.cell(95))
            .beside(format!("none: {}", before.cell(95)), ratio)
            .target("within 20 %", ratio <= GROWTH)
    };
    few.iter().zip(many).map(row).collect()
}
