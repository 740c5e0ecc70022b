//! How fast runs are on this machine: a whole run against the bare engine's instantiation of the same
//! component, in the same process.

use crate::run::{Ended, Guest, Host, Runner, runtime};
use std::io::Write;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wabe_package::bytes::Blob;
use wabe_package::entry::{Context, Entry};
use wabe_package::limits::Limits;
use wabe_package::wire::{Answer, HostCall, Problem, RunOrder};

/// Runs before the measured ones.
const WARM: u32 = 20;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The component
    component: PathBuf,
    /// Runs, one after the other
    #[arg(long, default_value_t = 1_000)]
    runs: u32,
    /// The topic of the event that it handles
    #[arg(long, default_value = "mailbox.create")]
    topic: String,
    /// The event's payload, as JSON
    #[arg(long, default_value = "{}")]
    payload: String,
}

/// Measures, and prints what came of it.
pub(crate) fn main(arguments: &Arguments) -> ExitCode {
    match measure(arguments) {
        Ok(report) => {
            std::io::stdout()
                .write_all(report.as_bytes())
                .unwrap_or_default();
            ExitCode::SUCCESS
        }
        Err(message) => {
            writeln!(std::io::stderr(), "wabe-sandbox: {message}").unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<String, String> {
    let bytes = std::fs::read(&arguments.component).map_err(|error| error.to_string())?;
    let runner = Runner::new(4).map_err(|error| format!("{error:#}"))?;
    let began = Instant::now();
    let guest = runner
        .compile(&bytes)
        .map_err(|unloadable| format!("{unloadable:?}"))?;
    let compiled = began.elapsed();
    let runtime = runtime(1).map_err(|error| error.to_string())?;
    let (runner, guest) = (Arc::new(runner), Arc::new(guest));
    let order = Arc::new(order(arguments));
    // On a worker, as in life.
    let measured = runtime.spawn(rounds(runner, guest, order, arguments.runs));
    let (bare, whole, last) = runtime
        .block_on(measured)
        .map_err(|error| error.to_string())??;
    let per_second = 1_000_000_000 / whole.middle().as_nanos().max(1);
    let ratio = whole.middle().as_nanos() * 10 / bare.middle().as_nanos().max(1);
    Ok(format!(
        "compile                    {compiled:?}\n\
         instantiate, bare engine   p50 {:?}  p99 {:?}\n\
         whole run                  p50 {:?}  p99 {:?}  ({}.{} times the bare engine)\n\
         runs in a row              {per_second} per second\n\
         the last one               {:?} {:?}\n",
        bare.middle(),
        bare.late(),
        whole.middle(),
        whole.late(),
        ratio / 10,
        ratio % 10,
        last.ending,
        last.usage,
    ))
}

async fn rounds(
    runner: Arc<Runner>,
    guest: Arc<Guest>,
    order: Arc<RunOrder>,
    runs: u32,
) -> Result<(Times, Times, Ended), String> {
    let host: Arc<dyn Host> = Arc::new(Nobody);
    let mut bare = Times::default();
    for round in 0..runs.saturating_add(WARM) {
        let began = Instant::now();
        let instance = runner.instantiate(&guest, &order, &host).await;
        instance.map_err(|error| format!("{error:#}"))?;
        bare.add(round, began.elapsed());
    }
    let mut whole = Times::default();
    let mut last = None;
    for round in 0..runs.saturating_add(WARM) {
        let began = Instant::now();
        let never = std::future::pending();
        let ended = runner.run(&guest, &order, Arc::clone(&host), never).await;
        whole.add(round, began.elapsed());
        last = Some(ended);
    }
    let last = last.ok_or("no run was asked for")?;
    Ok((bare, whole, last))
}

/// A host that knows nothing.
struct Nobody;

impl Host for Nobody {
    fn call(
        &self,
        _number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>> {
        let answer = match request {
            HostCall::KvGet { .. } => Ok(Answer::Versioned { found: None }),
            HostCall::KvSet { .. } => Ok(Answer::Version { version: 1 }),
            _ => Err(Problem::new("denied", "nothing is granted here", "")),
        };
        Box::pin(std::future::ready(answer))
    }
}

#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    fn add(&mut self, round: u32, time: Duration) {
        if round >= WARM {
            self.0.push(time);
        }
    }

    fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = sorted.len() * percent / 100;
        sorted.get(place).copied().unwrap_or_default()
    }

    fn middle(&self) -> Duration {
        self.at(50)
    }

    fn late(&self) -> Duration {
        self.at(99)
    }
}

fn order(arguments: &Arguments) -> RunOrder {
    RunOrder {
        run: 1,
        artifact: String::new(),
        context: Context {
            run_id: "run_bench".to_owned(),
            installation: "ins_bench".to_owned(),
            customer: "K10000".to_owned(),
            locale: "en".to_owned(),
            api: "1.0.0".to_owned(),
            attempt: 1,
            idempotency_key: "bench".to_owned(),
            deadline_ms: Limits::EVENT.wall_ms,
            dry_run: false,
            now_ms: 1_800_000_000_000,
            settings: "{}".to_owned(),
        },
        entry: Entry::Event {
            id: "evt_bench".to_owned(),
            topic: arguments.topic.clone(),
            schema_version: 1,
            occurred_at_ms: 1_800_000_000_000,
            payload: arguments.payload.clone(),
        },
        limits: Limits::EVENT,
        seed: Blob(vec![0; 32]),
    }
}
