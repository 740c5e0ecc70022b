//! The list of mailboxes of one customer: a thousand and a million.

use crate::installation::Folder;
use crate::load::{Times, flat_out, paced};
use crate::report::{Outcome, Row};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
const RATE: u32 = 50;
const COUNT: u32 = 500;
/// The page behind an address that both customers have, far from the first.
const BEHIND: &str = "box777@k0.test";

struct Lists {
    first: Times,
    later: Times,
    dashboard: Times,
}

async fn lists(mailboxes: i64) -> Outcome<Lists> {
    let folder = Folder::new().await?;
    folder.fill(1, mailboxes).await?;
    folder.move_owner_to_bulk().await?;
    let running = folder.start("serve").await?;
    let callers = running.visitors(folder.account(0)?, 4).await?;
    let behind = format!("/mailboxes?after={}", URL_SAFE_NO_PAD.encode(BEHIND));
    let behind: &'static str = behind.leak();
    let warm = flat_out(callers, "/mailboxes", 5).await?;
    let first = paced(warm.callers, "/mailboxes", RATE, COUNT).await?;
    let later = paced(first.callers, behind, RATE, COUNT).await?;
    let dashboard = flat_out(later.callers, "/", 25).await?;
    running.end()?;
    Ok(Lists {
        first: first.times,
        later: later.times,
        dashboard: dashboard.times,
    })
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let (few, many) = (lists(FEW).await?, lists(MANY).await?);
    let row = |what: &str, few: &Times, many: &Times| {
        let ratio = many.at(50) / few.at(50);
        let baseline = format!("1 000 mailboxes: {}", few.cell(95));
        let name = format!("{what}, 1 000 000 mailboxes of one customer");
        (Row::new(name, many.cell(95)).beside(baseline, ratio), ratio)
    };
    let within = |(row, ratio): (Row, f64)| row.target("within 20 %", ratio <= 1.2);
    Ok(vec![
        within(row("mailbox list, first page", &few.first, &many.first)),
        within(row("mailbox list, later page", &few.later, &many.later)),
        row("dashboard", &few.dashboard, &many.dashboard).0,
    ])
}
