//! What schedules promise.

use crate::bench::Bench;
use crate::schedule::{Outcome, Schedule, Schedules, list};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wabe_kernel::Fault;

fn counting(runs: &Arc<AtomicUsize>) -> Schedule {
    let runs = Arc::clone(runs);
    Schedule::new("test.count", 3_600, move || {
        runs.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    })
}

fn schedules(bench: &Bench, schedules: Vec<Schedule>) -> Schedules {
    Schedules::new(
        bench.store.clone(),
        Arc::clone(&bench.clock) as _,
        schedules,
    )
}

#[tokio::test]
async fn a_schedule_runs_once_per_interval_across_restarts() {
    let bench = Bench::new().await;
    let runs = Arc::new(AtomicUsize::new(0));
    assert_eq!(
        schedules(&bench, vec![counting(&runs)])
            .run_due()
            .await
            .unwrap(),
        1
    );
    bench.clock.advance(3_599);
    assert_eq!(
        schedules(&bench, vec![counting(&runs)])
            .run_due()
            .await
            .unwrap(),
        0
    );
    bench.clock.advance(1);
    assert_eq!(
        schedules(&bench, vec![counting(&runs)])
            .run_due()
            .await
            .unwrap(),
        1
    );
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_runs_a_schedule() {
    let bench = Bench::new().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let one = schedules(&bench, vec![counting(&runs)]);
    let two = schedules(&bench, vec![counting(&runs)]);
    let (first, second) = tokio::join!(one.run_due(), two.run_due());
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn outcomes_are_visible_and_a_failure_stops_nothing_else() {
    let bench = Bench::new().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let failing = Schedule::new("test.fail", 60, || async { Err(Fault::new("test")) });
    let crashing = Schedule::new("test.crash", 60, || async {
        tokio::task::yield_now().await;
        panic!("a schedule that panics")
    });
    let all = schedules(&bench, vec![failing, crashing, counting(&runs)]);
    assert_eq!(all.run_due().await.unwrap(), 3);
    let mut tx = bench.write().await;
    let seen = list(&mut tx).await.unwrap();
    let outcomes: Vec<(&str, Outcome)> = seen
        .iter()
        .map(|seen| (seen.name.as_str(), seen.last_outcome))
        .collect();
    let expected = [
        ("test.count", Outcome::Done),
        ("test.crash", Outcome::Failed),
        ("test.fail", Outcome::Failed),
    ];
    assert_eq!(outcomes, expected);
    assert!(seen.iter().all(|seen| seen.last_finished_at.is_some()));
}

/// Bar 3.18 T5.
#[tokio::test]
async fn a_clock_that_jumps_back_does_not_silence_a_schedule() {
    let bench = Bench::new().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let all = schedules(&bench, vec![counting(&runs)]);
    all.run_due().await.unwrap();
    bench.clock.advance(-365 * 86_400);
    assert_eq!(all.run_due().await.unwrap(), 1);
}
