//! Memory of `wabe serve`, and the time from its start to its first page.

use crate::bare::Bare;
use crate::installation::{Folder, resident};
use crate::load::{Times, flat_out, paced};
use crate::pages::{CALLERS, bare_callers, filled};
use crate::report::{Outcome, Row};
use std::time::Duration;

const STARTS: usize = 9;
const IDLE_MIB: f64 = 60.0;
const LOADED_MIB: f64 = 120.0;
const FIRST_PAGE_MILLIS: f64 = 500.0;
/// What starting does in the background is done by then.
const SETTLED: Duration = Duration::from_secs(5);

async fn starts(folder: &Folder) -> Outcome<Times> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let running = folder.start("serve").await?;
        times.push(running.first_page);
        running.end()?;
    }
    Ok(Times::new(times))
}

async fn idle(folder: &Folder) -> Outcome<f64> {
    let running = folder.start("serve").await?;
    tokio::time::sleep(SETTLED).await;
    let held = running.resident()?;
    running.end()?;
    Ok(held)
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = filled().await?;
    let before = idle(&folder).await?;
    let first_pages = starts(&folder).await?;
    let running = folder.start("serve").await?;
    let bare = Bare::start(&folder)?;
    let callers = running.visitors(folder.account(0)?, CALLERS).await?;
    let warm = paced(callers, "/", 50, 250).await?;
    let warm = flat_out(warm.callers, "/", 300).await?;
    drop(flat_out(warm.callers, "/mailboxes", 300).await?);
    let beside = flat_out(bare_callers(&bare).await?, "/", 600).await?;
    let (after, least) = (running.resident()?, resident(bare.process())?);
    drop(beside);
    running.end()?;
    let mib = |held: f64| format!("{held:.0} MiB");
    let baseline = format!("bare handler under load: {}", mib(least));
    Ok(vec![
        Row::new("memory before the first login", mib(before))
            .beside(baseline.clone(), before / least)
            .target("≤ 60 MB", before * 1.048_576 <= IDLE_MIB),
        Row::new("memory after load, 10 000 customers", mib(after))
            .beside(baseline, after / least)
            .target("≤ 120 MB", after * 1.048_576 <= LOADED_MIB),
        Row::new(
            "start to first page, 10 000 customers",
            first_pages.cell(95),
        )
        .target("≤ 0.5 s", first_pages.at(95) <= FIRST_PAGE_MILLIS),
    ])
}
