//! Cron jobs, wired: whose time has come is in the database, and the node runs it.

use crate::ground::Ground;
use crate::told;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wabe_access::Change;
use wabe_hosting::cron_job::{self, Due};
use wabe_kernel::Fault;
use wabe_kernel::cron::{CronEnded, CronRunner};
use wabe_kernel::id::CronJobId;

/// The longest sleep between two looks at what is due.
const EVERY: Duration = Duration::from_secs(5);
/// Runs side by side.
const AT_ONCE: usize = 8;

/// Waits for news of a cron job; what was missed is news, too.
async fn of_a_cron_job(news: &mut Receiver<Change>) {
    loop {
        match news.recv().await {
            Ok(change) if change.object.starts_with(CronJobId::PREFIX) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Runs what is due, until `stop`; then ends what runs and writes down that it did.
pub async fn follow(ground: Arc<Ground>, runner: Arc<dyn CronRunner>, stop: CancellationToken) {
    let mut news = ground.gate.events().subscribe();
    let mut running = JoinSet::new();
    let mut ours: Vec<Arc<Due>> = Vec::new();
    loop {
        // Whoever carries one out lets go of it at its end.
        ours.retain(|due| Arc::strong_count(due) > 1);
        let free = AT_ONCE.saturating_sub(ours.len());
        match Box::pin(cron_job::begin_due(&ground.gate, free, &ours)).await {
            Ok(begun) => {
                for due in begun.into_iter().map(Arc::new) {
                    ours.push(due.clone());
                    let (ground, runner) = (ground.clone(), runner.clone());
                    running.spawn(carry_out(ground, runner, due, stop.clone()));
                }
            }
            Err(fault) => {
                tracing::error!(cause = %fault.chain(), "cron jobs could not be looked at");
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = of_a_cron_job(&mut news) => {}
            Some(_ended) = running.join_next() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

async fn carry_out(
    ground: Arc<Ground>,
    runner: Arc<dyn CronRunner>,
    due: Arc<Due>,
    stop: CancellationToken,
) {
    let ended = tokio::select! {
        ended = runner.run(due.order.clone()) => ended,
        () = stop.cancelled() => CronEnded::lost(),
    };
    if let Err(fault) = Box::pin(note(&ground, &due, &ended)).await {
        tracing::error!(run.id = %due.order.run, cause = %fault.chain(),
            "how a cron job ended could not be noted");
    }
}

async fn note(ground: &Ground, due: &Due, ended: &CronEnded) -> Result<(), Fault> {
    let noted = cron_job::end(&ground.gate, due, ended).await?;
    told::cron_job(&ground.gate, due, (noted, ended.outcome)).await
}
