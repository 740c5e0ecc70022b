//! Portal pages at 10 000 customers, beside a bare handler.

use crate::bare::Bare;
use crate::client::Visit;
use crate::installation::{Folder, Running};
use crate::load::{Caller, Load, flat_out, paced};
use crate::report::{Outcome, Row};

/// Visitors at a time.
pub(crate) const CALLERS: usize = 8;
const RATE: u32 = 50;
const TURNS: u32 = 5;
/// Requests in a turn; page and baseline take turns.
const PACED: u32 = 200;
const FLAT_OUT_EACH: u32 = 500;
const CUSTOMERS: i64 = 10_000;
const MAILBOXES_EACH: i64 = 10;
const P99_MILLIS: f64 = 15.0;

/// A filled installation.
pub(crate) async fn filled() -> Outcome<Folder> {
    let folder = Folder::new().await?;
    folder.fill(CUSTOMERS, MAILBOXES_EACH).await?;
    Ok(folder)
}

/// Connections to the baseline.
pub(crate) async fn bare_callers(bare: &Bare) -> Outcome<Vec<Caller>> {
    let mut callers = Vec::new();
    for number in 1..=CALLERS {
        let visit = Visit::from(number)?.packed()?;
        callers.push(Caller::new(&bare.place, visit).await?);
    }
    Ok(callers)
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = filled().await?;
    let running = folder.start("serve").await?;
    let bare = Bare::start(&folder)?;
    let mut callers = running.visitors(folder.account(0)?, CALLERS).await?;
    let mut beside = bare_callers(&bare).await?;
    let mut rows = Vec::new();
    for (what, path) in [("dashboard", "/"), ("mailbox list", "/mailboxes")] {
        // A first look fills caches, as any visitor before would have.
        callers = flat_out(callers, path, 10).await?.callers;
        beside = flat_out(beside, path, 10).await?.callers;
        let mut slow = paced(callers, path, RATE, PACED).await?;
        let mut other = paced(beside, path, RATE, PACED).await?;
        for _ in 1..TURNS {
            let times = slow.times;
            slow = paced(slow.callers, path, RATE, PACED).await?;
            slow.times.join(times);
            let times = other.times;
            other = paced(other.callers, path, RATE, PACED).await?;
            other.times.join(times);
        }
        rows.push(at_pace(what, &slow, &other));
        let fast = flat_out(slow.callers, path, FLAT_OUT_EACH).await?;
        let other = flat_out(other.callers, path, FLAT_OUT_EACH).await?;
        rows.push(at_full_speed(what, &fast, &other));
        (callers, beside) = (fast.callers, other.callers);
    }
    end(running)?;
    Ok(rows)
}

fn end(running: Running) -> Outcome<()> {
    running.end()
}

fn at_pace(what: &str, page: &Load, bare: &Load) -> Row {
    let name = format!("{what}, {RATE} requests/s, 10 000 customers");
    Row::new(name, page.times.cell(99))
        .beside(
            format!("bare handler: {}", bare.times.cell(99)),
            page.times.at(50) / bare.times.at(50),
        )
        .target("p99 ≤ 15 ms", page.times.at(99) <= P99_MILLIS)
}

fn at_full_speed(what: &str, page: &Load, bare: &Load) -> Row {
    let cell = |load: &Load| format!("{:.0}/s, {}", load.per_second, load.times.cell(99));
    Row::new(
        format!("{what}, {CALLERS} visitors unthrottled"),
        cell(page),
    )
    .beside(
        format!("bare handler: {}", cell(bare)),
        page.per_second / bare.per_second,
    )
}
