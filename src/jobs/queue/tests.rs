//! What the queue promises. Bar 3.18 T1, T4, T6.

use crate::bench::Bench;
use crate::queue::{Handler, JobFailure, NewJob, Worker, dead, enqueue, revive, store, waiting};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// Counts its runs and answers what it was told to.
struct Counting {
    runs: Arc<AtomicUsize>,
    answer: Result<(), JobFailure>,
}

impl Handler for Counting {
    const KIND: &'static str = "test.count";
    const ATTEMPTS_MAX: i64 = 3;

    async fn run(&self, _payload: Value) -> Result<(), JobFailure> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        self.answer
    }
}

fn job(bench: &Bench) -> NewJob {
    NewJob {
        kind: Counting::KIND,
        payload: json!({}),
        run_at: bench.now(),
        dedupe_key: None,
    }
}

async fn add(bench: &Bench, job: NewJob) -> bool {
    let mut tx = bench.write().await;
    let added = enqueue(&mut tx, bench.now(), bench.rng.as_ref(), job).await;
    tx.commit().await.unwrap();
    added.unwrap().is_some()
}

fn worker(bench: &Bench, answer: Result<(), JobFailure>) -> (Worker, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let (clock, rng) = (Arc::clone(&bench.clock), Arc::clone(&bench.rng));
    let handler = Counting {
        runs: Arc::clone(&runs),
        answer,
    };
    let worker = Worker::new(bench.store.clone(), clock, rng).with(handler);
    (worker, runs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_carry_out_each_job_once() {
    let bench = Bench::new().await;
    for _ in 0..20 {
        assert!(add(&bench, job(&bench)).await);
    }
    let (one, ones) = worker(&bench, Ok(()));
    let (two, twos) = worker(&bench, Ok(()));
    let (first, second) = tokio::join!(one.run_due(), two.run_due());
    assert_eq!(first.unwrap() + second.unwrap(), 20);
    assert_eq!(
        ones.load(Ordering::SeqCst) + twos.load(Ordering::SeqCst),
        20
    );
    assert_eq!(bench.count("SELECT count(*) AS n FROM job").await, 0);
}

#[tokio::test]
async fn a_job_whose_worker_died_is_claimed_again_when_its_lease_is_over() {
    let bench = Bench::new().await;
    add(&bench, job(&bench)).await;
    let mut tx = bench.write().await;
    let until = bench.now().plus_seconds(120);
    let claimed = store::claim(&mut tx, Counting::KIND, bench.now(), until).await;
    let claimed = claimed.unwrap().unwrap();
    tx.commit().await.unwrap();
    let (worker, runs) = worker(&bench, Ok(()));
    bench.clock.advance(119);
    assert_eq!(worker.run_due().await.unwrap(), 0);
    bench.clock.advance(2);
    assert_eq!(worker.run_due().await.unwrap(), 1);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    // The dead worker's lease proves nothing any more.
    let mut tx = bench.write().await;
    assert!(!store::done(&mut tx, &claimed).await.unwrap());
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_new_job_waiting_and_runs_none_twice() {
    let bench = Bench::new().await;
    let (worker, runs) = worker(&bench, Ok(()));
    add(&bench, job(&bench)).await;
    bench.clock.advance(-3_600);
    add(&bench, job(&bench)).await;
    assert_eq!(worker.run_due().await.unwrap(), 1, "what came after it");
    bench.clock.advance(3_600);
    assert_eq!(worker.run_due().await.unwrap(), 1, "what came before it");
    bench.clock.advance(-3_600);
    assert_eq!(worker.run_due().await.unwrap(), 0);
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_failing_job_is_tried_later_and_kept_when_it_failed_too_often() {
    let bench = Bench::new().await;
    add(&bench, job(&bench)).await;
    let (worker, runs) = worker(&bench, Err(JobFailure::later("out-of-order")));
    assert_eq!(worker.run_due().await.unwrap(), 1);
    assert_eq!(
        worker.run_due().await.unwrap(),
        0,
        "not before the pause is over"
    );
    for _ in 0..10 {
        bench.clock.advance(200);
        worker.run_due().await.unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    let mut tx = bench.write().await;
    let buried = dead(&mut tx, 10).await.unwrap();
    assert_eq!(buried.len(), 1);
    assert_eq!(buried[0].last_error.as_deref(), Some("out-of-order"));
    assert!(revive(&mut tx, buried[0].id, bench.now()).await.unwrap());
    tx.commit().await.unwrap();
    worker.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_job_that_can_never_work_dies_at_once() {
    let bench = Bench::new().await;
    add(&bench, job(&bench)).await;
    let (worker, runs) = worker(&bench, Err(JobFailure::never("nonsense")));
    worker.run_due().await.unwrap();
    bench.clock.advance(100_000);
    worker.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_key_keeps_a_second_job_away_until_the_first_begins() {
    let bench = Bench::new().await;
    let keyed = || NewJob {
        dedupe_key: Some("recheck".to_owned()),
        ..job(&bench)
    };
    assert!(add(&bench, keyed()).await);
    assert!(!add(&bench, keyed()).await);
    let (worker, runs) = worker(&bench, Err(JobFailure::later("busy")));
    worker.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    assert!(add(&bench, keyed()).await, "the first has begun");
}

#[tokio::test]
async fn a_rolled_back_transaction_leaves_no_job() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let added = enqueue(&mut tx, bench.now(), bench.rng.as_ref(), job(&bench)).await;
    assert!(added.unwrap().is_some());
    tx.rollback().await.unwrap();
    let mut tx = bench.write().await;
    assert_eq!(waiting(&mut tx).await.unwrap(), 0);
}

/// Panics.
struct Crashing;

impl Handler for Crashing {
    const KIND: &'static str = "test.crash";

    async fn run(&self, _payload: Value) -> Result<(), JobFailure> {
        tokio::task::yield_now().await;
        panic!("a handler that panics");
    }
}

/// Hangs until its test lets it go.
struct Hanging(Arc<Semaphore>);

impl Handler for Hanging {
    const KIND: &'static str = "test.hang";

    async fn run(&self, _payload: Value) -> Result<(), JobFailure> {
        self.0.acquire().await.unwrap().forget();
        Ok(())
    }
}

/// Lets the hanging one go: proof that it did not have to wait for it.
struct Freeing(Arc<Semaphore>, Arc<Mutex<u32>>);

impl Handler for Freeing {
    const KIND: &'static str = "test.free";

    async fn run(&self, _payload: Value) -> Result<(), JobFailure> {
        *self.1.lock().unwrap() += 1;
        self.0.add_permits(1);
        Ok(())
    }
}

#[tokio::test]
async fn a_kind_that_hangs_or_panics_does_not_stop_the_others() {
    let bench = Bench::new().await;
    for kind in [Hanging::KIND, Crashing::KIND, Freeing::KIND] {
        add(
            &bench,
            NewJob {
                kind,
                ..job(&bench)
            },
        )
        .await;
    }
    let (gate, freed) = (Arc::new(Semaphore::new(0)), Arc::new(Mutex::new(0)));
    let (clock, rng) = (Arc::clone(&bench.clock), Arc::clone(&bench.rng));
    let worker = Worker::new(bench.store.clone(), clock, rng)
        .with(Hanging(Arc::clone(&gate)))
        .with(Crashing)
        .with(Freeing(gate, Arc::clone(&freed)));
    assert_eq!(worker.run_due().await.unwrap(), 3);
    assert_eq!(*freed.lock().unwrap(), 1);
    assert_eq!(
        bench
            .count("SELECT count(*) AS n FROM job WHERE last_error = 'crashed'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_running_worker_is_woken_and_ends_when_told() {
    let bench = Bench::new().await;
    let gate = Arc::new(Semaphore::new(0));
    let (clock, rng) = (Arc::clone(&bench.clock), Arc::clone(&bench.rng));
    let freeing = Freeing(Arc::clone(&gate), Arc::default());
    let worker = Worker::new(bench.store.clone(), clock, rng).with(freeing);
    add(
        &bench,
        NewJob {
            kind: Freeing::KIND,
            ..job(&bench)
        },
    )
    .await;
    worker.wake();
    worker
        .run(async move {
            gate.acquire().await.unwrap().forget();
        })
        .await;
    assert_eq!(bench.count("SELECT count(*) AS n FROM job").await, 0);
}

#[test]
fn the_claim_of_postgresql_is_the_portable_one_with_a_row_lock() {
    let squeezed = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let postgres = squeezed(store::postgres::CLAIM.sql);
    assert!(
        crate::postgres_statements()
            .iter()
            .any(|s| s.name == "jobs.queue.claim_postgres")
    );
    assert_eq!(
        postgres.replace(" FOR UPDATE SKIP LOCKED", ""),
        squeezed(store::CLAIM.sql)
    );
}

#[tokio::test]
async fn every_portable_statement_can_be_prepared() {
    let bench = Bench::new().await;
    let mut tx = bench.write().await;
    let statements = crate::statements();
    let mut names: Vec<&str> = statements.iter().map(|statement| statement.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), statements.len(), "names are unique");
    for statement in statements {
        let mut query = statement.query();
        for place in 1..=10 {
            if statement.sql.contains(&format!("${place}")) {
                query = query.bind(None::<String>);
            }
        }
        // Constraints and LIMIT may refuse a NULL; what matters is that it is understood.
        if let Err(fault) = query.all(&mut tx).await {
            let chain = fault.chain();
            let refused = chain.contains("NOT NULL") || chain.contains("datatype mismatch");
            assert!(refused, "{}: {chain}", statement.name);
        }
    }
}
