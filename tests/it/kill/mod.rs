//! A panel that is killed again and again while clients change things: nothing it acknowledged is
//! lost, and everything converges. Bar 3.18 T1.

mod model;
mod worker;

use crate::client::{Answer, page, text, until, visitor};
use crate::kill::model::{Fate, Noun, Thing};
use crate::kill::worker::Worker;
use crate::process::{Panel, unique};
use crate::tools::{deliver, letter, sqlite};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// How often it is killed.
const KILLS: u64 = 200;
/// Clients at the same time.
const WORKERS: u64 = 3;
/// How long a round waits for its changes.
const PATIENCE: Duration = Duration::from_secs(2);
/// The customer's domain.
const DOMAIN: &str = "kill.test";

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// The seed of this run: `WABE_KILL_SEED`, or the time.
fn seed() -> u64 {
    let given = std::env::var("WABE_KILL_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .subsec_nanos()
            .into()
    };
    given.unwrap_or_else(now)
}

/// A data folder with a customer, and clients that have not begun.
async fn prepare(
    data: &Path,
    seed: u64,
    acknowledged: &watch::Sender<u64>,
) -> (String, Vec<Worker>) {
    let panel = Panel::start("demo", data);
    let customer = panel.customer();
    customer
        .api
        .live("/domains", json!({ "name": DOMAIN }))
        .await;
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        let dice = Dice(seed.wrapping_add(number));
        workers.push(Worker::new(number, dice, acknowledged.clone(), &customer.api).await);
    }
    let token = panel.token(&customer.owner, &[]);
    panel.kill();
    (token, workers)
}

/// Starts the panel, lets the clients work, and kills it in the middle of that.
///
/// The moment is counted in acknowledged changes and not in time alone, so that a slow machine tries
/// as much as a fast one.
async fn round(
    (data, token): (&Path, &str),
    workers: &mut [Worker],
    acknowledged: &mut watch::Receiver<u64>,
    dice: &mut Dice,
) {
    if dice.below(8) == 0 {
        // In the middle of its start.
        let patience = Duration::from_millis(dice.below(80));
        Panel::killed_while_starting(data, patience);
    }
    let panel = Panel::start("demo", data);
    let api = panel.api(token);
    let work = async {
        let [one, two, three] = workers else {
            panic!("there are three")
        };
        tokio::join!(one.work(&api), two.work(&api), three.work(&api));
    };
    let target = *acknowledged.borrow() + dice.below(12);
    let moment = Duration::from_millis(dice.below(40));
    let end = async {
        drop(tokio::time::timeout(PATIENCE, acknowledged.wait_for(|count| *count >= target)).await);
        tokio::time::sleep(moment).await;
        panel.kill();
    };
    tokio::join!(work, end);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panel_killed_200_times_loses_nothing_it_acknowledged() {
    let seed = seed();
    println!("WABE_KILL_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (counter, mut acknowledged) = watch::channel(0);
    let (token, mut workers) = prepare(&data, seed, &counter).await;
    let mut dice = Dice(seed ^ u64::MAX);
    for _ in 0..KILLS {
        round((&data, &token), &mut workers, &mut acknowledged, &mut dice).await;
    }
    let acknowledged = *acknowledged.borrow();
    println!("{acknowledged} changes were acknowledged");
    assert!(
        acknowledged > KILLS,
        "only {acknowledged} changes: too little was tried"
    );

    let mut panel = Panel::start("demo", &data);
    let api = panel.api(&token);
    let mut things = Vec::new();
    for worker in &mut workers {
        worker.settle_everything(&api).await;
        worker.rows_are_all_there(&api).await;
        things.extend(worker.things.iter());
    }
    for noun in [Noun::Webspace, Noun::Mailbox, Noun::Database] {
        lists_agree(&api, noun, &things).await;
    }
    what_runs_agrees(&panel, &workers).await;
    panel.cli(&["audit", "verify"]);
    panel.end();
    nothing_is_orphaned(&data).await;
}

/// Everything the API lists is live and as acknowledged, nothing is missing, nothing is there twice.
async fn lists_agree(api: &crate::client::Api, noun: Noun, things: &[&Thing]) {
    let all_live = || async {
        let items = api.all(noun.path()).await;
        items
            .iter()
            .all(|item| item["state"] == "live")
            .then_some(items)
    };
    let items = until(&format!("all {} to be live", noun.path()), all_live).await;
    let found = items
        .iter()
        .map(|item| (text(item, noun.name()), item["quota_bytes"].as_i64()));
    let mut found: Vec<_> = found.collect();
    let expected = things.iter().filter(|thing| thing.noun == noun);
    let mut expected: Vec<_> = expected
        .filter_map(|thing| match thing.fate() {
            Fate::Gone => None,
            Fate::Is(value) => Some((thing.name.clone(), Some(value))),
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{}", noun.path());
}

/// The servers do what the API says: files are served, mail is taken or refused.
async fn what_runs_agrees(panel: &Panel, workers: &[Worker]) {
    for worker in workers {
        let client = visitor(panel, &[&worker.host]);
        for file in worker
            .things
            .iter()
            .filter(|thing| thing.noun == Noun::File)
        {
            let url = page(panel, &worker.host, &format!("/{}", file.name));
            let answer = Answer::of(client.get(url).send().await.unwrap())
                .await
                .unwrap();
            match file.fate() {
                Fate::Gone => assert_eq!(answer.status, 404, "{}", file.name),
                Fate::Is(value) => assert_eq!(answer.body, model::content(value), "{}", file.name),
            }
        }
        let boxes = worker
            .things
            .iter()
            .filter(|thing| thing.noun == Noun::Mailbox);
        let (there, gone): (Vec<_>, Vec<_>) = boxes.partition(|thing| thing.fate() != Fate::Gone);
        for (mailboxes, expected) in [(there, 250), (gone, 550)] {
            for mailbox in mailboxes.into_iter().take(2) {
                let message = letter(&mailbox.name, &format!("after{}", unique()), "still there");
                let (code, words) = deliver(panel, &mailbox.name, &message).await;
                assert_eq!(code, expected, "{}: {words}", mailbox.name);
            }
        }
    }
}

/// Every file beneath `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.clone());
        if path.is_dir() {
            found.extend(files(&path));
        }
    }
    found
}

/// What lies on the node belongs to a resource, and nothing unfinished lies there.
async fn nothing_is_orphaned(data: &Path) {
    let known = "SELECT id FROM resource WHERE gone_at IS NULL";
    let known = sqlite(&data.join("wabe.db"), known).await;
    assert!(known.worked, "{}", known.err);
    let known: BTreeSet<&str> = known.out.lines().collect();
    let node = data.join("node");
    for path in files(&node) {
        let shown = path.strip_prefix(&node).unwrap().display().to_string();
        for part in shown.split(['/', '.']) {
            let is_id = ["web_", "dom_", "mbx_", "dbs_"]
                .iter()
                .any(|kind| part.starts_with(kind));
            assert!(!is_id || known.contains(part), "{shown} belongs to nothing");
        }
        let unfinished = shown.contains("/staging/") || shown.contains("/tmp/");
        assert!(!unfinished, "{shown} was never finished");
    }
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).into_owned();
        assert!(
            !command.contains(node.to_str().unwrap()),
            "{command} outlived its panel"
        );
    }
}
