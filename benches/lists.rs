//! The list of mailboxes of one customer: a thousand and a million.
//!
//! Both installations run side by side and are asked in turns, so that the machine's moods fall on both.

use crate::installation::{Folder, Running};
use crate::load::{Caller, Times, paced};
use crate::report::{Outcome, Row};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
const RATE: u32 = 50;
const TURNS: u32 = 6;
const IN_A_TURN: u32 = 100;
/// The page behind an address that both customers have, far from the first.
const BEHIND: &str = "box777@k0.test";

/// One installation, and how long its pages took.
struct Side {
    running: Running,
    callers: Vec<Caller>,
    times: [Times; 3],
    _folder: Folder,
}

impl Side {
    async fn with(mailboxes: i64) -> Outcome<Self> {
        let folder = Folder::new().await?;
        folder.fill(1, mailboxes).await?;
        folder.move_owner_to_bulk().await?;
        let running = folder.start("serve").await?;
        let callers = running.visitors(folder.account(0)?, 4).await?;
        let times = [const { Vec::new() }; 3].map(Times::new);
        Ok(Self {
            running,
            callers,
            times,
            _folder: folder,
        })
    }

    async fn turn(&mut self, paths: &[&'static str; 3]) -> Outcome<()> {
        for (path, times) in paths.iter().copied().zip(&mut self.times) {
            let callers = std::mem::take(&mut self.callers);
            let load = paced(callers, path, RATE, IN_A_TURN).await?;
            self.callers = load.callers;
            times.join(load.times);
        }
        Ok(())
    }
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let behind = format!("/mailboxes?after={}", URL_SAFE_NO_PAD.encode(BEHIND));
    let paths = ["/mailboxes", behind.leak(), "/"];
    let (mut few, mut many) = (Side::with(FEW).await?, Side::with(MANY).await?);
    for _ in 0..TURNS {
        few.turn(&paths).await?;
        many.turn(&paths).await?;
    }
    let names = [
        "mailbox list, first page",
        "mailbox list, later page",
        "dashboard",
    ];
    let sides = few.times.iter().zip(&many.times);
    let rows = names.into_iter().zip(sides).map(|(what, (few, many))| {
        let ratio = many.at(50) / few.at(50);
        let name = format!("{what}, 1 000 000 mailboxes of one customer");
        Row::new(name, many.cell(95))
            .beside(format!("1 000 mailboxes: {}", few.cell(95)), ratio)
            .target("within 20 %", ratio <= 1.2)
    });
    let rows = rows.collect();
    few.running.end()?;
    many.running.end()?;
    Ok(rows)
}
