//! What happens by itself, and how often.

use crate::ground::Ground;
use crate::measure;
use crate::node::Node;
use crate::plugins::Plugins;
use crate::told;
use std::sync::Arc;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode};
use wabe_audit::Retention;
use wabe_identity::Profile;
use wabe_identity::access_review::open::OpenAccessReview;
use wabe_jobs::notice;
use wabe_jobs::schedule::{Schedule, Schedules};
use wabe_kernel::Fault;

/// Days that read notices and dead jobs are kept.
const KEPT_DAYS: i64 = 90;

/// For how many days after a domain was proved its customer is looked at: long enough for a panel that
/// was off meanwhile.
const ASKED_DAYS: i64 = 14;

/// The schedules of this installation.
#[must_use]
pub fn schedules(ground: &Arc<Ground>, node: &Arc<Node>, plugins: &Arc<Plugins>) -> Schedules {
    let engine = plugins.engine.clone();
    let all = vec![
        Schedule::new("plugins", 3_600, move || {
            let engine = engine.clone();
            async move { engine.purge().await }
        }),
        every(ground, node, "domain-checks", 60, |ground, _| async move {
            told::domains(&ground.gate).await.map_err(refused)
        }),
        every(ground, node, "site-proxies", 60, |ground, _| async move {
            let done = wabe_hosting::webspace::look_due(&ground.gate).await;
            done.map(|_count| ())
        }),
        every(ground, node, "measure", 3_600, measure::all),
        every(ground, node, "trouble", 60, |ground, _| async move {
            told::trouble(&ground.gate).await
        }),
        every(ground, node, "tickets", 60, |ground, _| async move {
            let done = wabe_support::ticket::lapse_due(&ground.gate).await;
            done.map(|_count| ()).map_err(refused)
        }),
        every(ground, node, "handovers", 600, |ground, _| async move {
            let now = ground.clock.now();
            let done = wabe_support::handover::empty_due(&ground.store, now).await;
            done.map(|_count| ())
        }),
        every(ground, node, "known-problems", 5, |ground, _| async move {
            let done = wabe_support::problem::spread(&ground.gate).await;
            done.map(|_count| ()).map_err(refused)
        }),
        every(ground, node, "erasures", 60, |ground, _| async move {
            let done = crate::erasures::carry_out(&ground.identity, &ground.gate).await;
            done.map(|_steps| ())
        }),
        every(ground, node, "access-digest", 600, |ground, _| async move {
            let done = crate::access_digest::send(&ground.gate, &ground.streams).await;
            done.map(|_count| ()).map_err(refused)
        }),
        every(ground, node, "access-review", 600, access_review),
        every(ground, node, "second-addresses", 60, second_addresses),
        every(ground, node, "cron-jobs", 60, |ground, _| async move {
            let done = wabe_hosting::cron_job::sweep(&ground.gate).await;
            done.map(|_count| ())
        }),
        every(ground, node, "strays", 3_600, crate::strays::look),
        every(ground, node, "trash", 3_600, |_, node| async move {
            node.reconciler.empty_trash().await.map(|_count| ())
        }),
        every(ground, node, "retention", 3_600, |ground, _| async move {
            let now = ground.clock.now();
            let keep = retention(ground.identity.profile());
            ground.streams.forget(&ground.store, now, keep).await?;
            ground.identity.prune().await?;
            let mut tx = ground.store.write().await?;
            wabe_jobs::mail::sweep(&mut tx, now).await?;
            wabe_support::mail::forget(&mut tx, now.plus_days(-1)).await?;
            wabe_hosting::cron_job::forget(&mut tx, now).await?;
            notice::forget(&mut tx, now.plus_days(-KEPT_DAYS)).await?;
            wabe_jobs::queue::forget_dead(&mut tx, now.plus_days(-KEPT_DAYS)).await?;
            tx.commit().await?;
            ground.gate.forget_keys().await.map_err(refused)
        }),
    ];
    Schedules::new(ground.store.clone(), ground.clock.clone(), all)
}

/// How long the streams are kept: what the profile says.
const fn retention(profile: &Profile) -> Retention {
    Retention {
        access_days: profile.access_log_days,
        security_days: profile.security_log_days,
    }
}

fn refused(refusal: wabe_access::Refusal) -> Fault {
    match refusal {
        wabe_access::Refusal::Fault(fault) => fault,
        _ => Fault::new("a schedule was refused"),
    }
}

fn every<F, W>(
    ground: &Arc<Ground>,
    node: &Arc<Node>,
    name: &'static str,
    seconds: i64,
    work: F,
) -> Schedule
where
    F: Fn(Arc<Ground>, Arc<Node>) -> W + Send + Sync + 'static,
    W: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (ground, node) = (ground.clone(), node.clone());
    Schedule::new(name, seconds, move || work(ground.clone(), node.clone()))
}

/// Begins the review of rights when a quarter begins.
async fn access_review(ground: Arc<Ground>, _: Arc<Node>) -> Result<(), Fault> {
    if !ground.identity.review_due().await? {
        return Ok(());
    }
    let actor = Actor::system(HOUSE);
    let done = ground.gate.run(&actor, OpenAccessReview {}, Mode::Commit);
    match Box::pin(done).await {
        // Another one of several panels was faster.
        Ok(_) | Err(wabe_access::Refusal::Conflict(_)) => Ok(()),
        Err(refusal) => Err(refused(refusal)),
    }
}

/// Asks for second addresses where domains were proved lately.
async fn second_addresses(ground: Arc<Ground>, _: Arc<Node>) -> Result<(), Fault> {
    let since = ground.clock.now().plus_days(-ASKED_DAYS);
    let mut tx = ground.store.read().await?;
    let customers = wabe_hosting::domain::proved_since(&mut tx, since).await?;
    tx.rollback().await?;
    ground.identity.ask_second_addresses(&customers).await
}

#[cfg(test)]
mod tests {
    use super::*;

    // Bar 1.4: the strictest profile keeps the security log for a year.
    #[test]
    fn the_profile_says_how_long_the_streams_are_kept() {
        for profile in Profile::ALL {
            let keep = retention(profile);
            let days = if profile.name == "HIGH" { 365 } else { 90 };
            assert_eq!(keep.access_days, 45, "{}", profile.name);
            assert_eq!(keep.security_days, days, "{}", profile.name);
        }
    }
}
