//! Guests of every kind of ill will, each against the limit that must end it, and always with a healthy
//! neighbour beside it in the same engine.

mod capabilities;
pub(crate) mod guests;
mod hostile;
mod inputs;
mod logs;
mod machine;
mod turns;

use crate::run::tests::guests::handler;
use crate::run::{Ended, Guest, Host, Runner, runtime};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use wabe_package::bytes::Blob;
use wabe_package::entry::{Context, Entry, Outcome};
use wabe_package::limits::{LimitName, Limits};
use wabe_package::wire::{Answer, Ending, HostCall, Problem, RunOrder};

/// One engine for all tests, as in life.
static RUNNER: LazyLock<Runner> = LazyLock::new(|| Runner::new(64).unwrap());

/// Room for everything but what a test is about; nothing is decided by time unless it says so.
const ROOMY: Limits = Limits {
    wall_ms: 600_000,
    cpu_ms: 300_000,
    ..Limits::EVENT
};

/// A host that keeps what it was asked, and always answers the same.
struct Stub {
    asked: Mutex<Vec<HostCall>>,
    answer: Result<Answer, Problem>,
}

impl Stub {
    fn new(answer: Result<Answer, Problem>) -> Arc<Self> {
        Arc::new(Self {
            asked: Mutex::default(),
            answer,
        })
    }

    /// Without any grant.
    fn denying() -> Arc<Self> {
        Self::new(Err(Problem::new("denied", "not granted", "ask for it")))
    }

    fn asked(&self) -> Vec<HostCall> {
        self.asked.lock().unwrap().clone()
    }
}

impl Host for Stub {
    fn call(
        &self,
        _number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>> {
        self.asked.lock().unwrap().push(request);
        Box::pin(std::future::ready(self.answer.clone()))
    }
}

/// A host that never answers.
struct Silent;

impl Host for Silent {
    fn call(
        &self,
        _number: u32,
        _request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

fn order(limits: Limits) -> RunOrder {
    RunOrder {
        run: 1,
        artifact: String::new(),
        context: Context {
            run_id: "run_1".to_owned(),
            installation: "ins_1".to_owned(),
            customer: "K10234".to_owned(),
            locale: "de".to_owned(),
            api: "1.0.0".to_owned(),
            attempt: 1,
            idempotency_key: "key".to_owned(),
            deadline_ms: 10_000,
            dry_run: false,
            now_ms: 1_800_000_000_123,
            settings: "{}".to_owned(),
        },
        entry: Entry::Event {
            id: "evt_1".to_owned(),
            topic: "mailbox.create".to_owned(),
            schema_version: 1,
            occurred_at_ms: 1_800_000_000_000,
            payload: r#"{"change":"create"}"#.to_owned(),
        },
        limits,
        seed: Blob(vec![7; 32]),
    }
}

fn compiled(component: &[u8]) -> Guest {
    RUNNER.compile(component).unwrap()
}

/// Runs a guest to its end, on one worker that it shares with a healthy neighbour, which must finish.
fn run(guest: Guest, order: RunOrder, host: Arc<dyn Host>) -> Ended {
    static HEALTHY: LazyLock<Arc<Guest>> = LazyLock::new(|| Arc::new(compiled(&handler("", ""))));
    let guests = runtime(1).unwrap();
    let hostile = guests.spawn(async move {
        RUNNER
            .run(&guest, &order, host, std::future::pending())
            .await
    });
    let neighbour = guests.spawn(async {
        let order = self::order(ROOMY);
        let never = std::future::pending();
        RUNNER.run(&HEALTHY, &order, Stub::denying(), never).await
    });
    guests.block_on(async {
        let outcome = Outcome::default();
        assert_eq!(neighbour.await.unwrap().ending, Ending::Done { outcome });
        hostile.await.unwrap()
    })
}

/// Runs an event handler of this code within these limits.
fn handle(around: &str, code: &str, limits: Limits) -> Ended {
    run(
        compiled(&handler(around, code)),
        order(limits),
        Stub::denying(),
    )
}

/// The limit that ended it.
#[track_caller]
fn limit(ended: &Ended) -> LimitName {
    match &ended.ending {
        Ending::Limit { limit, message } => {
            assert!(!message.is_empty());
            *limit
        }
        other => panic!("not by a limit: {other:?}"),
    }
}

#[track_caller]
fn trap(ended: &Ended) -> &str {
    match &ended.ending {
        Ending::Trap { message } => message,
        other => panic!("no trap: {other:?}"),
    }
}

#[track_caller]
fn done(ended: &Ended) -> &Outcome {
    match &ended.ending {
        Ending::Done { outcome } => outcome,
        other => panic!("not done: {other:?}"),
    }
}
