//! A panel with its sandbox: from a committed change to the committed effect, and from an upload to a
//! plugin that can run.

use super::Subject;
use super::catalogue::Packed;
use crate::changes::{Tenant, tenants, through_the_gate};
use crate::load::Times;
use crate::report::{Outcome, Row};
use serde_json::json;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, mpsc};
use wabe_access::{Change, Gate};
use wabe_panel::config::Config;
use wabe_panel::operations::command;
use wabe_panel::serve::Running;

const EVENTS: u32 = 300;
const WARM: u32 = 20;
const UPLOADS: u32 = 8;
/// Between two changes: what the first one set going is done.
const PAUSE: Duration = Duration::from_millis(25);
/// No effect takes longer.
const PATIENCE: Duration = Duration::from_secs(10);
const EFFECT_MILLIS: f64 = 1.0;
/// The domain of the first customer in bulk.
const DOMAIN: &str = "dom_01kaj000000000000000000000";

/// News, each with the time at which it came.
struct News(mpsc::UnboundedReceiver<(Instant, Change)>);

impl News {
    fn of(gate: &Gate) -> Self {
        let mut news = gate.events().subscribe();
        let (sender, receiver) = mpsc::unbounded_channel();
        drop(tokio::spawn(async move {
            loop {
                match news.recv().await {
                    Ok(change) => drop(sender.send((Instant::now(), change))),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                }
            }
        }));
        Self(receiver)
    }

    fn forget(&mut self) {
        while self.0.try_recv().is_ok() {}
    }

    /// When a change behind `seq` was made to this object, and the change's number.
    async fn of_object(&mut self, object: &str, seq: i64) -> Outcome<(Instant, i64)> {
        let found = async {
            while let Some((at, change)) = self.0.recv().await {
                if change.step.is_none() && change.object == object && change.seq > seq {
                    return Some((at, change.seq));
                }
            }
            None
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        let found = found.map_err(|_elapsed| format!("nothing happened to {object}"))?;
        Ok(found.ok_or("the news ended")?)
    }
}

async fn panel(folder: &std::path::Path) -> Outcome<Running> {
    let mut config = Config {
        data: folder.to_path_buf(),
        ..Config::default()
    };
    config.plugins.unsigned = true;
    let running = Running::start(config, true, (true, false)).await?;
    let begun = Instant::now();
    while !running.plugins.engine.is_up() {
        if begun.elapsed() > PATIENCE {
            return Err("the sandbox did not come up".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(running)
}

/// From the change to its effect.
async fn effects(running: &Running, tenant: &Tenant) -> Outcome<Times> {
    let gate = &running.ground.gate;
    let mut news = News::of(gate);
    let (mailbox, mut seq) = (tenant.mailbox.to_string(), 0);
    let mut times = Vec::new();
    for turn in 0..EVENTS + WARM {
        tokio::time::sleep(PAUSE).await;
        news.forget();
        through_the_gate(&running.ground, tenant, turn).await?;
        let (begun, changed) = news.of_object(&mailbox, seq).await?;
        let (ended, applied) = news.of_object(DOMAIN, changed).await?;
        seq = applied;
        if turn >= WARM {
            times.push(ended.saturating_duration_since(begun));
        }
    }
    Ok(Times::new(times))
}

/// The effect's own command, by the customer.
async fn by_hand(running: &Running, tenant: &Tenant) -> Outcome<Times> {
    let mut times = Vec::new();
    for turn in 0..EVENTS {
        tokio::time::sleep(PAUSE).await;
        let target = format!("https://hand-{turn}.example/");
        let input = json!({ "id": DOMAIN, "redirect": target });
        let begun = Instant::now();
        let done = command(&running.ground, &tenant.owner, "domain.set_redirect", input).await;
        times.push(begun.elapsed());
        done.map_err(|refusal| format!("{refusal:?}"))?;
    }
    Ok(Times::new(times))
}

/// What starting the smallest program takes.
fn spawned() -> Outcome<Times> {
    let mut times = Vec::new();
    for _ in 0..EVENTS {
        std::thread::sleep(PAUSE / 5);
        let begun = Instant::now();
        Command::new("/bin/true").status()?;
        times.push(begun.elapsed());
    }
    Ok(Times::new(times))
}

async fn uploads(running: &Running, packed: &Packed) -> Outcome<Times> {
    let mut times = Vec::new();
    for number in 1..=UPLOADS {
        let version = packed.version(number)?;
        let begun = Instant::now();
        drop(version.upload(&running.ground).await?);
        times.push(begun.elapsed());
    }
    Ok(Times::new(times))
}

pub(super) async fn run(subjects: &[Subject; 2], compiled: &[Duration]) -> Outcome<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let running = panel(folder.path()).await?;
    let ground = Arc::clone(&running.ground);
    let owners = tenants(&ground, 1).await?;
    let tenant = owners.first().ok_or("there is no customer")?;
    let hand = by_hand(&running, tenant).await?;
    let subject = &subjects[0];
    subject.packed.publish(&ground).await?;
    let settings = json!({ "domain": DOMAIN });
    subject.packed.install(&ground, tenant, &settings).await?;
    let effect = effects(&running, tenant).await?;
    let bare = tokio::task::spawn_blocking(spawned).await??;
    let what = "from a committed change to its committed effect, Rust";
    let mut rows = vec![
        Row::new(what, effect.cell(99))
            .beside(
                format!("starting /bin/true: {}", bare.cell(99)),
                effect.at(50) / bare.at(50),
            )
            .target("p50 ≤ 1 ms", effect.at(50) <= EFFECT_MILLIS),
        Row::new(what, effect.cell(99)).beside(
            format!("the effect's command alone: {}", hand.cell(99)),
            effect.at(50) / hand.at(50),
        ),
    ];
    for ((subject, alone), millis) in subjects.iter().zip(compiled).zip([1_000.0, 4_000.0]) {
        let times = uploads(&running, &subject.packed).await?;
        let alone = Times::new(vec![*alone]);
        let row = Row::new(
            format!("from upload to runnable, {}", subject.language),
            times.cell(95),
        );
        let row = row.beside(
            format!("the engine's compiling alone: {:.0} ms", alone.at(50)),
            times.at(50) / alone.at(50),
        );
        let target = format!("≤ {} s", millis / 1_000.0);
        rows.push(row.target(&target, times.at(95) <= millis));
    }
    running.end().await;
    Ok(rows)
}
