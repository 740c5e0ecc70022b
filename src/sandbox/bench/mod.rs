//! How fast runs are on this machine: a whole run against what the bare engine takes of it, in the same
//! process; and what plugins cost that are only there.

mod idle;
mod report;

use crate::bench::idle::Copies;
use crate::bench::report::{Report, Spread};
use crate::engine;
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

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The component
    component: PathBuf,
    /// Runs, one after the other
    #[arg(long, default_value_t = 1_000)]
    runs: u32,
    /// Runs before the measured ones
    #[arg(long, default_value_t = 20)]
    warm: u32,
    /// The topic of the event that it handles
    #[arg(long, default_value = "mailbox.create")]
    topic: String,
    /// The event's payload, as JSON
    #[arg(long, default_value = "{}")]
    payload: String,
    /// The installation's settings, as JSON
    #[arg(long, default_value = "{}")]
    settings: String,
    /// Load so many copies of it, each a file of its own, and measure the memory that they hold
    #[arg(long, requires = "folder")]
    copies: Option<u32>,
    /// An empty folder for the copies
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Measure nothing but whole runs, for those that come to no end
    #[arg(long)]
    whole: bool,
    /// Say it as JSON
    #[arg(long)]
    json: bool,
}

/// Measures, and prints what came of it.
pub(crate) fn main(arguments: &Arguments) -> ExitCode {
    let said = measure(arguments).map(|report| report.shown(arguments.json));
    let (mut stream, text, code): (Box<dyn Write>, _, _) = match said {
        Ok(text) => (Box::new(std::io::stdout()), text, ExitCode::SUCCESS),
        Err(message) => {
            let text = format!("wabe-sandbox: {message}");
            (Box::new(std::io::stderr()), text, ExitCode::FAILURE)
        }
    };
    writeln!(stream, "{text}").unwrap_or_default();
    code
}

fn measure(arguments: &Arguments) -> Result<Report, String> {
    let bytes = std::fs::read(&arguments.component).map_err(|error| error.to_string())?;
    let engine = engine::pooled(4).map_err(|error| format!("{error:#}"))?;
    let runner = Runner::of(engine.clone()).map_err(|error| format!("{error:#}"))?;
    let began = Instant::now();
    let guest = runner
        .compile(&bytes)
        .map_err(|unloadable| format!("{unloadable:?}"))?;
    let compiled = began.elapsed();
    let runtime = runtime(1).map_err(|error| error.to_string())?;
    let (runner, guest) = (Arc::new(runner), Arc::new(guest));
    let order = Arc::new(order(arguments));
    // On a worker, as in life.
    let rounds = Rounds {
        runner: Arc::clone(&runner),
        guest,
        order: Arc::clone(&order),
        runs: arguments.runs,
        warm: arguments.warm,
    };
    let measured = runtime.spawn(rounds.measure(arguments.whole));
    let mut report = runtime
        .block_on(measured)
        .map_err(|error| error.to_string())??;
    report.compiled_ns = nanos(compiled);
    if let (Some(copies), Some(folder)) = (arguments.copies, &arguments.folder) {
        let artifact = engine.precompile_component(&bytes);
        let artifact = artifact.map_err(|error| format!("{error:#}"))?;
        let copies = Copies::lay_out(folder, copies, &artifact, &engine)?;
        let loaded = runtime.spawn(copies.load(runner, order));
        let idle = runtime.block_on(loaded);
        report.idle = Some(idle.map_err(|error| error.to_string())??);
    }
    Ok(report)
}

/// What is measured again and again.
struct Rounds {
    runner: Arc<Runner>,
    guest: Arc<Guest>,
    order: Arc<RunOrder>,
    runs: u32,
    warm: u32,
}

impl Rounds {
    async fn measure(self, whole: bool) -> Result<Report, String> {
        let (instantiate, call) = if whole {
            (Spread::default(), Spread::default())
        } else {
            self.bare().await.map_err(|error| format!("{error:#}"))?
        };
        let host: Arc<dyn Host> = Arc::new(Nobody);
        let (mut wall, mut cpu) = (self.times(), self.times());
        let mut last: Option<Ended> = None;
        let mut row = Instant::now();
        for round in 0..self.runs.saturating_add(self.warm) {
            if round == self.warm {
                row = Instant::now();
            }
            let began = Instant::now();
            let never = std::future::pending();
            let run = self
                .runner
                .run(&self.guest, &self.order, Arc::clone(&host), never);
            let ended = run.await;
            wall.add(round, began.elapsed());
            cpu.add(round, Duration::from_micros(ended.usage.cpu_us));
            last = Some(ended);
        }
        let per_run = row.elapsed().as_nanos() / u128::from(self.runs.max(1));
        let last = last.ok_or("no run was asked for")?;
        Ok(Report {
            compiled_ns: 0,
            instantiate,
            call,
            whole: wall.spread(),
            cpu: cpu.spread(),
            per_second: u64::try_from(1_000_000_000 / per_run.max(1)).unwrap_or(0),
            ending: format!("{:?}", last.ending),
            usage: format!("{:?}", last.usage),
            idle: None,
        })
    }

    /// What the engine alone takes: an instance, and a call of one.
    async fn bare(&self) -> wasmtime::Result<(Spread, Spread)> {
        let host: Arc<dyn Host> = Arc::new(Nobody);
        let rounds = self.runs.saturating_add(self.warm);
        let mut made = self.times();
        for round in 0..rounds {
            let began = Instant::now();
            self.runner
                .instantiate(&self.guest, &self.order, &host)
                .await?;
            made.add(round, began.elapsed());
        }
        // All of them are one run to the engine.
        let mut order = RunOrder::clone(&self.order);
        order.limits.calls = u32::MAX;
        order.limits.kv_calls = u32::MAX;
        order.limits.calls_bytes = u64::MAX;
        order.limits.cpu_ms = u32::MAX;
        let mut called = self.times();
        let times = self
            .runner
            .calls(&self.guest, &order, &host, rounds)
            .await?;
        for (round, time) in (0..rounds).zip(times) {
            called.add(round, time);
        }
        Ok((made.spread(), called.spread()))
    }

    const fn times(&self) -> Times {
        Times {
            warm: self.warm,
            times: Vec::new(),
        }
    }
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

struct Times {
    warm: u32,
    times: Vec<Duration>,
}

impl Times {
    fn add(&mut self, round: u32, time: Duration) {
        if round >= self.warm {
            self.times.push(time);
        }
    }

    fn spread(mut self) -> Spread {
        self.times.sort_unstable();
        let at = |percent: usize| {
            let place = self.times.len() * percent / 100;
            nanos(self.times.get(place).copied().unwrap_or_default())
        };
        Spread {
            p50_ns: at(50),
            p99_ns: at(99),
        }
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
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
            settings: arguments.settings.clone(),
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
