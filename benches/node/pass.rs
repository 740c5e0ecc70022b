//! A pass of the reconciler over every webspace, with nothing to do.
//!
//! A panel spreads it over an hour. Here it is asked for all at once, as by a start that finds the node's folder
//! emptied, of a panel in this process, so that its time and its share of the processors are its own.

use crate::node::house::House;
use crate::node::seconds;
use crate::report::{Outcome, Row};
use std::path::Path;
use std::time::{Duration, Instant};
use wabe_panel::serve::Running;
use wabe_store::{Statement, Store};

/// What starting does in the background is done by then.
const SETTLED: Duration = Duration::from_secs(5);
/// Between two looks whether it is over.
const LOOK: Duration = Duration::from_millis(20);
/// Of `/proc/self/stat`. Source: proc(5); every Linux counts hundredths there.
const TICKS_A_SECOND: f64 = 100.0;

const FORGET: Statement = Statement {
    name: "bench.forget",
    sql: "UPDATE resource SET checked_at = 0 WHERE kind = 'webspace' AND gone_at IS NULL",
};
const LEFT: Statement = Statement {
    name: "bench.left",
    sql: "SELECT CAST(count(*) AS BIGINT) AS left_over FROM resource \
          WHERE kind = 'webspace' AND checked_at = 0 AND gone_at IS NULL AND desired_revision = applied_revision",
};

/// Has every webspace count as not compared yet; answers how many there are.
async fn forget(store: &Store) -> Outcome<u64> {
    let mut tx = store.write().await?;
    let count = FORGET.query().execute(&mut tx).await?;
    tx.commit().await?;
    Ok(count)
}

async fn is_left(store: &Store) -> Outcome<bool> {
    let mut tx = store.read().await?;
    let left = LEFT.query().one(&mut tx).await?.int("left_over")?;
    tx.rollback().await?;
    Ok(left > 0)
}

/// How long processors worked for this process, in seconds.
fn worked() -> Outcome<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = text.rsplit_once(')').ok_or("a process without a state")?;
    let mut ticks = 0.0;
    for field in fields.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / TICKS_A_SECOND)
}

/// Reads every file in a folder, and in the folders in it down to this depth; answers how many.
fn read_all(folder: &Path, depth: u32) -> Outcome<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_file() {
            drop(std::fs::read(entry.path())?);
            count += 1;
        } else if kind.is_dir() && depth > 0 {
            count += read_all(&entry.path(), depth - 1)?;
        }
    }
    Ok(count)
}

/// No panel runs beside; for a pass that takes longer than `patience` there is no figure.
pub(super) async fn run(house: &House, patience: Duration) -> Outcome<Row> {
    let config = house.config()?;
    let running = Box::pin(Running::start(config, false, (true, false))).await?;
    tokio::time::sleep(SETTLED).await;
    let store = &running.ground.store;
    let count = forget(store).await?;
    let (begun, before) = (Instant::now(), worked()?);
    running.ground.gate.events().wake();
    while is_left(store).await? {
        if begun.elapsed() > patience {
            return Err(format!("the pass is not over after {patience:?}").into());
        }
        tokio::time::sleep(LOOK).await;
    }
    let (taken, worked) = (begun.elapsed(), worked()? - before);
    let node = house.folder.data().join("node");
    let begun = Instant::now();
    let files = read_all(&node.join("nginx/sites"), 0)? + read_all(&node.join("web"), 1)?;
    let read = begun.elapsed();
    Box::pin(running.end()).await;
    let name = format!("a pass over {count} webspaces with nothing to do");
    let cell = format!("{}; processors {worked:.1} s", seconds(taken));
    let baseline = format!("reading their {files} files once: {}", seconds(read));
    Ok(Row::new(name, cell).beside(baseline, taken.as_secs_f64() / read.as_secs_f64()))
}
