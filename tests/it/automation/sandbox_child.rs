//! The driver with the real child: runs and their calls, ends of every kind, and what is left after
//! them.

use crate::probe::guests;
use crate::process::unique;
use rustix::process::{Pid, Signal, kill_process};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wabe_drivers::sandbox::{
    Artifacts, Down, Ended, Health, NotCompiled, Order, Patience, SandboxDriver, SandboxParts,
    SealKey, Workshop, WorkshopParts,
};
use wabe_kernel::desired::Working;
use wabe_package::compiled::Tier;
use wabe_package::entry::{Context, Entry};
use wabe_package::limits::LimitName;
use wabe_package::wire::{Answer, Ending, HostCall, Problem};
use wabe_package::{Blob, Limits};
use wabe_panel::sibling::beside;
use wabe_testkit::TestClock;

/// Room for everything; no test waits for one of these limits.
const ROOMY: Limits = Limits {
    wall_ms: 600_000,
    cpu_ms: 600_000,
    ..Limits::EVENT
};
/// Quick to start again, and never in doubt about a child that is only slow.
const PATIENCE: Patience = Patience {
    greeting: Duration::from_mins(10),
    margin: Duration::from_mins(10),
    first: Duration::from_millis(1),
    most: Duration::from_millis(1),
    healthy: Duration::from_mins(10),
};

/// A guest that asks the store once.
const ASKING: &str = r#"(import "wabe:plugin/kv@1.0.0" "get" (func $get (param i32 i32 i32)))"#;
const ASK: &str = "(call $get (i32.const 0) (i32.const 3) (i32.const 128))";
const LOOP: &str = "(loop $on (br $on))";

type Answered = Result<Answer, Problem>;

/// A sandbox at work.
struct Bench {
    artifacts: Arc<Artifacts>,
    workshop: Workshop,
    driver: Arc<SandboxDriver>,
    stop: CancellationToken,
    _folder: TempDir,
}

impl Bench {
    async fn new(slots: u32, patience: Patience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = beside("wabe-sandbox").unwrap();
        let clock = Arc::new(TestClock::default());
        let key = SealKey::from_bytes([7; 32]);
        let artifacts = Artifacts::open(folder.path(), key, clock.clone()).unwrap();
        let workshop = Workshop::new(WorkshopParts {
            program: program.clone(),
            artifacts: artifacts.clone(),
            tier: Tier::Small,
            at_once: 2,
            deadline: Duration::from_mins(10),
        });
        let driver = SandboxDriver::new(SandboxParts {
            program,
            artifacts: artifacts.clone(),
            slots,
            patience,
            clock,
        });
        let stop = CancellationToken::new();
        tokio::spawn(driver.clone().serve(stop.clone()));
        let bench = Self {
            artifacts,
            workshop,
            driver,
            stop,
            _folder: folder,
        };
        bench.up(0).await;
        bench
    }

    /// The health of the child that was started again so often, once it is up.
    async fn up(&self, restarts: u64) -> Health {
        let mut watch = self.driver.watch();
        let there = watch.wait_for(|health| health.up && health.restarts == restarts);
        there.await.unwrap().clone()
    }

    /// A plugin whose event handler is this code, compiled; an order for it.
    async fn order(&self, around: &str, code: &str) -> Order {
        let component = guests::handler(around, code);
        let compiled = self.workshop.compile(&component).await.unwrap();
        order(&compiled.component, ROOMY)
    }

    async fn run(&self, order: Order) -> Result<Ended, Down> {
        self.driver.run(order, nothing_there).await
    }

    /// A run of a guest that has nothing to do.
    async fn is_healthy(&self) {
        let order = self.order("", "").await;
        let ended = self.run(order).await.unwrap();
        assert!(matches!(ended.ending, Ending::Done { .. }), "{ended:?}");
    }

    fn file(&self, component: &str, ending: &str) -> PathBuf {
        let engine = self.artifacts.engine().unwrap();
        let name = format!("{component}-{engine}.{ending}");
        self.artifacts.folder().join(name)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn nothing_there(_call: HostCall) -> Working<'static, Answered> {
    Box::pin(async { Ok(Answer::Versioned { found: None }) })
}

fn order(component: &str, limits: Limits) -> Order {
    let number = unique();
    Order {
        component: component.to_owned(),
        context: Context {
            run_id: format!("run_{number}"),
            installation: format!("ins_{number}"),
            customer: "K10234".to_owned(),
            locale: "de".to_owned(),
            api: "1.0.0".to_owned(),
            attempt: 1,
            idempotency_key: "key".to_owned(),
            deadline_ms: limits.wall_ms,
            dry_run: false,
            now_ms: 1_800_000_000_000,
            settings: "{}".to_owned(),
        },
        entry: Entry::Event {
            id: "evt_1".to_owned(),
            topic: "mailbox.create".to_owned(),
            schema_version: 1,
            occurred_at_ms: 1_800_000_000_000,
            payload: "{}".to_owned(),
        },
        limits,
        seed: Blob(vec![7; 32]),
    }
}

fn signal(process: Option<u32>, signal: Signal) {
    let process = i32::try_from(process.unwrap()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

#[tokio::test]
async fn a_run_is_answered_and_completes() {
    let bench = Bench::new(4, PATIENCE).await;
    let order = bench.order(ASKING, &format!("{ASK} {ASK}")).await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let ended = bench.driver.run(order, move |call| {
        tell.send(call).unwrap();
        nothing_there(HostCall::KvDelete { key: String::new() })
    });
    let ended = ended.await.unwrap();
    assert!(matches!(ended.ending, Ending::Done { .. }), "{ended:?}");
    assert_eq!((ended.usage.calls, ended.usage.kv_calls), (2, 2));
    for _ in 0..2 {
        assert!(matches!(told.recv().await, Some(HostCall::KvGet { .. })));
    }
    assert!(told.recv().await.is_none());
}

#[tokio::test]
async fn many_runs_at_once_are_not_mixed_up() {
    let bench = Arc::new(Bench::new(4, PATIENCE).await);
    let order = bench.order(ASKING, ASK).await;
    let mut runs = JoinSet::new();
    for number in 0..40 {
        let (bench, mut order) = (bench.clone(), order.clone());
        order.context.installation = format!("ins_{}", number % 10);
        runs.spawn(async move { bench.run(order).await.unwrap() });
    }
    for ended in runs.join_all().await {
        assert!(matches!(ended.ending, Ending::Done { .. }), "{ended:?}");
        assert_eq!(ended.usage.calls, 1);
    }
}

#[tokio::test]
async fn a_child_that_is_killed_takes_its_runs_with_it_and_is_replaced() {
    let bench = Bench::new(4, PATIENCE).await;
    let order = bench.order(ASKING, ASK).await;
    let process = bench.up(0).await.process;
    let down = bench.driver.run(order.clone(), move |_call| {
        signal(process, Signal::KILL);
        Box::pin(std::future::pending())
    });
    assert_eq!(down.await.unwrap_err(), Down);
    let health = bench.up(1).await;
    let reason = health.reason.unwrap();
    assert_eq!(reason.code(), "died");
    assert!(reason.to_string().contains("signal: 9"), "{reason}");
    assert_ne!(health.process, process);
    let ended = bench.run(order).await.unwrap();
    assert!(matches!(ended.ending, Ending::Done { .. }), "{ended:?}");
}

#[tokio::test]
async fn a_child_that_hangs_is_killed_and_replaced() {
    let patience = Patience {
        margin: Duration::from_secs(2),
        ..PATIENCE
    };
    let bench = Bench::new(4, patience).await;
    let mut order = bench.order(ASKING, ASK).await;
    order.limits.wall_ms = 1;
    signal(bench.up(0).await.process, Signal::STOP);
    assert_eq!(bench.run(order).await.unwrap_err(), Down);
    let health = bench.up(1).await;
    assert_eq!(health.reason.unwrap().code(), "hung");
    bench.is_healthy().await;
}

#[tokio::test]
async fn a_run_that_is_dropped_gives_its_place_to_the_next() {
    let bench = Bench::new(1, PATIENCE).await;
    let looping = bench.order(ASKING, &format!("{ASK} {LOOP}")).await;
    let (tell, mut told) = mpsc::unbounded_channel();
    {
        let mut running = Box::pin(bench.driver.run(looping, move |call| {
            tell.send(()).unwrap();
            nothing_there(call)
        }));
        tokio::select! {
            ended = &mut running => panic!("{ended:?}"),
            _ = told.recv() => {}
        }
        // Answered, it loops.
        let now = tokio::time::timeout(Duration::ZERO, &mut running);
        assert!(now.await.is_err());
    }
    bench.is_healthy().await;
    assert_eq!(bench.up(0).await.restarts, 0);
}

#[tokio::test]
async fn what_was_tampered_with_does_not_run_until_it_is_compiled_again() {
    let bench = Bench::new(4, PATIENCE).await;
    let component = guests::handler("", "(drop (i32.const 5))");
    let compiled = bench.workshop.compile(&component).await.unwrap();
    let path = bench.file(&compiled.component, "cwasm");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let order = order(&compiled.component, ROOMY);
    let ended = bench.run(order.clone()).await.unwrap();
    assert!(matches!(ended.ending, Ending::Artifact { .. }), "{ended:?}");
    assert_eq!(bench.workshop.compile(&component).await.unwrap(), compiled);
    let ended = bench.run(order).await.unwrap();
    assert!(matches!(ended.ending, Ending::Done { .. }), "{ended:?}");
    // What nobody compiled is not there at all.
    let none = self::order(&"0".repeat(64), ROOMY);
    let ended = bench.run(none).await.unwrap();
    assert!(matches!(ended.ending, Ending::Artifact { .. }), "{ended:?}");
}

#[tokio::test]
async fn what_is_no_component_has_flaws_with_names() {
    let bench = Bench::new(1, PATIENCE).await;
    let large = vec![b' '; Tier::Small.bytes_max() + 10];
    for (bytes, code) in [
        (&b"garbage"[..], "not-wasm"),
        (b"(component)", "text-format"),
        (b"\0asm\x01\0\0\0", "core-module"),
        (&large, "part-too-large"),
    ] {
        match bench.workshop.compile(bytes).await {
            Err(NotCompiled::Unfit(flaws)) => assert_eq!(flaws[0].defect.code(), code),
            other => panic!("{code}: {other:?}"),
        }
    }
    assert_eq!(
        std::fs::read_dir(bench.artifacts.folder()).unwrap().count(),
        0
    );
}

#[tokio::test]
async fn a_loop_ends_at_its_limit_and_its_neighbour_completes() {
    let bench = Bench::new(2, PATIENCE).await;
    let mut looping = bench.order("", LOOP).await;
    looping.limits.cpu_ms = 300;
    let asking = bench.order(ASKING, ASK).await;
    let (looped, asked) = tokio::join!(bench.run(looping), bench.run(asking));
    let ending = looped.unwrap().ending;
    assert!(
        matches!(
            ending,
            Ending::Limit {
                limit: LimitName::Cpu,
                ..
            }
        ),
        "{ending:?}"
    );
    assert!(matches!(asked.unwrap().ending, Ending::Done { .. }));
    assert_eq!(bench.up(0).await.restarts, 0);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_keeps_no_run_alive() {
    let bench = Bench::new(1, PATIENCE).await;
    let mut order = bench.order(ASKING, ASK).await;
    order.limits.wall_ms = 100;
    let never = |_call| -> Working<'static, Answered> { Box::pin(std::future::pending()) };
    let ended = bench.driver.run(order, never).await.unwrap();
    let limit = matches!(
        ended.ending,
        Ending::Limit {
            limit: LimitName::Wall,
            ..
        }
    );
    assert!(limit, "{ended:?}");
    bench.is_healthy().await;
}
