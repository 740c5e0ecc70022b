//! A node of real services: nginx with PHP, MariaDB, PostgreSQL and an authority that signs certificates. What a
//! click takes with no webspaces and with thousands, what an emptied node takes, and a pass with nothing to do.

mod authority;
mod by_hand;
mod clicks;
mod house;
mod pass;
mod rebuild;
mod servers;
mod signed;
mod stock;
mod within;

pub(crate) use within::{WITHIN, become_panel};

use crate::report::{Outcome, Row};
use house::{House, Shown};
use std::time::Duration;
use stock::Stock;

/// How much there is; the environment may say otherwise, to try it with less.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// Webspaces that are there before a click.
    sites: usize,
    /// Clicks of each kind.
    clicks: usize,
    /// Webspaces of a node that is emptied, and as many databases.
    emptied: usize,
    /// How long is waited for them.
    patience: Duration,
}

fn number(variable: &str, usual: usize) -> Outcome<usize> {
    let Some(text) = std::env::var_os(variable) else {
        return Ok(usual);
    };
    let wrong = |error: std::num::ParseIntError| format!("{variable}: {error}");
    Ok(text.to_string_lossy().parse().map_err(wrong)?)
}

impl Sizes {
    fn read() -> Outcome<Self> {
        let seconds = number("BENCH_NODE_PATIENCE", 300)?;
        Ok(Self {
            sites: number("BENCH_NODE_SITES", 2_000)?,
            clicks: number("BENCH_NODE_CLICKS", 20)?,
            emptied: number("BENCH_NODE_EMPTIED", 500)?,
            patience: Duration::from_secs(u64::try_from(seconds)?),
        })
    }
}

/// A port of this machine that nobody listens at.
fn free_port() -> Outcome<u16> {
    Ok(wabe_drivers::private::free_port()?)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Clicks before and after there are many webspaces, and the pass over all of them.
async fn many(sizes: Sizes) -> Outcome<Vec<Row>> {
    // A name server at port 53, and a view of the machine that asks it, are root's alone.
    let certificates = rustix::process::geteuid().is_root();
    if !certificates {
        eprintln!("node: certificates are left out, which take root");
    }
    let house = House::new(certificates).await?;
    let running = house.start(Shown::Nginx).await?;
    house.settled(sizes.patience).await?;
    house.prove(&running).await?;
    let few = clicks::measure((&house, &running), (0, 0), sizes.clicks).await?;
    running.end()?;
    let mut rows = clicks::rows(&few, 0);
    let stock = Stock {
        sites: sizes.sites,
        databases: 0,
    };
    rows.push(stock::made(&house, stock, sizes.patience).await?.row);
    let running = house.start(Shown::Nginx).await?;
    let start = Row::new(
        format!(
            "start to first page, nginx shows {} webspaces anew",
            sizes.sites
        ),
        seconds(running.first_page),
    );
    rows.push(start);
    house.settled(sizes.patience).await?;
    let clicking = clicks::measure((&house, &running), (1, sizes.sites), sizes.clicks);
    let many = clicking.await?;
    running.end()?;
    rows.extend(clicks::rows(&many, sizes.sites));
    rows.extend(clicks::growth((&few, &many), sizes.sites));
    let again = house.start(Shown::Nginx).await?;
    let start = Row::new(
        format!(
            "start to first page, nginx shows {} webspaces again",
            sizes.sites
        ),
        seconds(again.first_page),
    );
    rows.push(start);
    again.end()?;
    rows.push(Box::pin(pass::run(&house, sizes.patience)).await?);
    Ok(rows)
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let sizes = Sizes::read()?;
    let mut rows = Box::pin(many(sizes)).await?;
    rows.push(Box::pin(rebuild::run(sizes)).await?);
    Ok(rows)
}
