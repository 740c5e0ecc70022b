//! A node whose folder and whose database servers were emptied while the panel was down: from its start until
//! everything answers again.

use crate::client::Place;
use crate::node::house::{House, Shown, visited};
use crate::node::servers::Login;
use crate::node::stock::{self, Stock};
use crate::node::{Sizes, seconds};
use crate::report::{Outcome, Row};
use std::time::{Duration, Instant};

/// Between two looks at what does not answer yet; each costs some of what the node could do meanwhile.
const LOOK: Duration = Duration::from_secs(1);

/// Everything that does not answer yet.
struct Silent<'a> {
    sites: &'a Place,
    hosts: Vec<String>,
    logins: Vec<Login>,
}

impl Silent<'_> {
    /// Looks at each once more.
    async fn look(&mut self) {
        let mut hosts = Vec::new();
        for host in std::mem::take(&mut self.hosts) {
            let answer = visited(&self.sites.named(&host), "/").await;
            if !answer.is_ok_and(|answer| answer.status.as_u16() < 500) {
                hosts.push(host);
            }
        }
        self.hosts = hosts;
        let mut logins = Vec::new();
        for login in std::mem::take(&mut self.logins) {
            if !login.answers().await {
                logins.push(login);
            }
        }
        self.logins = logins;
    }

    fn count(&self) -> usize {
        self.hosts.len() + self.logins.len()
    }

    /// Waits until all of it answers; answers how much does not.
    async fn wait(mut self, patience: Duration) -> usize {
        let begun = Instant::now();
        loop {
            self.look().await;
            if self.count() == 0 || begun.elapsed() > patience {
                return self.count();
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

pub(super) async fn run(sizes: Sizes) -> Outcome<Row> {
    let mut house = House::new(false).await?;
    // Which servers there are is written down with a start.
    house.start(Shown::Nginx).await?.end()?;
    let stock = Stock {
        sites: sizes.emptied,
        databases: sizes.emptied / 2,
    };
    let made = stock::made(&house, stock, sizes.patience).await?;
    let shown = house.sites()?;
    let all = || Silent {
        sites: &shown,
        hosts: made.hosts.clone(),
        logins: made.logins.clone(),
    };
    let running = house.start(Shown::Nginx).await?;
    let silent = all().wait(sizes.patience).await;
    running.end()?;
    if silent > 0 {
        return Err(format!("{silent} do not answer before anything is emptied").into());
    }
    std::fs::remove_dir_all(house.folder.data().join("node"))?;
    house.servers.begin_anew().await?;
    let count = all().count();
    let begun = Instant::now();
    let running = house.start(Shown::Nginx).await?;
    let silent = all().wait(sizes.patience).await;
    let taken = begun.elapsed();
    running.end()?;
    let name = format!(
        "an emptied node answers again, {} webspaces and {} databases",
        made.hosts.len(),
        made.logins.len()
    );
    let cell = match silent {
        0 => seconds(taken),
        silent => format!("{} of {count} after {}", count - silent, seconds(taken)),
    };
    let baseline = format!("made the first time: {}", seconds(made.taken));
    let ratio = taken.as_secs_f64() / made.taken.as_secs_f64();
    Ok(Row::new(name, cell)
        .beside(baseline, ratio)
        .target("all of it", silent == 0))
}
