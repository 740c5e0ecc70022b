//! Runs guests: for the panel, and in the very same code for authors on their own machines.
//!
//! ```text
//! let runner = Runner::new(places)?;                         // engine with a pool, and its ticker
//! let guest: Guest = runner.compile(&component_bytes)?;      // authors; the panel's come by `Artifacts`
//! let ended: Ended = runner.run(&guest, &order, host, std::future::pending()).await;
//!
//! trait Host: Send + Sync + 'static {                        // host: Arc<dyn Host>
//!     fn call(&self, number: u32, request: HostCall)
//!         -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>>;
//! }
//! struct Ended { ending: Ending, usage: Usage, log: Vec<LogLine> }
//! ```
//!
//! The future may be polled on any tokio runtime with time; [`runtime`] makes one that suits.
//!
//! Invariants: every run has a fresh store and instance, dropped with it; every limit is in force
//! before any code of the guest runs, its start functions included; a guest gives way every
//! millisecond; whatever a guest does ends with an [`Ending`], never with the process. Start reading at
//! [`Runner::run`], then [`cell`] (the limits), [`capability`] (the host's side) and [`panel`].

mod artifacts;
mod bindings;
mod capability;
mod cell;
mod ending;
mod exceeded;
mod frame;
mod guest;
mod invoke;
mod lane;
mod limiter;
mod log;
mod panel;
mod serve;
mod tally;
#[cfg(test)]
pub(crate) mod tests;
mod ticker;
mod turns;
mod wasi;

pub(crate) use artifacts::{Artifacts, Unloadable};
pub(crate) use guest::Guest;
pub(crate) use serve::main;

use crate::engine;
use crate::run::lane::Lane;
use crate::run::tally::{Counted, Tally};
use crate::run::ticker::Ticker;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wabe_package::entry::{Failure, Outcome};
use wabe_package::limits::LimitName;
use wabe_package::wire::{Answer, Ending, HostCall, LogLine, Problem, RunOrder, Usage};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Who answers a guest's calls: the panel, or an author's stubs.
pub(crate) trait Host: Send + Sync + 'static {
    /// Answers one call; numbers count from 1 within a run, and the log is not among them.
    fn call(
        &self,
        number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>>;
}

/// How a run ended, what it used, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    /// How.
    pub(crate) ending: Ending,
    /// What it used.
    pub(crate) usage: Usage,
    /// Its log.
    pub(crate) log: Vec<LogLine>,
}

impl Ended {
    /// Of a run that never began.
    pub(crate) fn early(ending: Ending) -> Self {
        Self {
            ending,
            usage: Usage::default(),
            log: Vec::new(),
        }
    }
}

/// An engine, ready to run guests.
pub(crate) struct Runner {
    engine: Engine,
    ticker: Ticker,
    lane: Lane,
}

impl Runner {
    /// With places for so many runs at once; more than that must not be started.
    pub(crate) fn new(places: u32) -> wasmtime::Result<Self> {
        Self::of(engine::pooled(places)?)
    }

    /// With an engine that was made before.
    pub(crate) fn of(engine: Engine) -> wasmtime::Result<Self> {
        let ticker = Ticker::start(&engine)?;
        let lane = Lane::of_machine();
        Ok(Self {
            engine,
            ticker,
            lane,
        })
    }

    /// Compiles a component and links it; for an author's own, in the author's own process.
    pub(crate) fn compile(&self, component: &[u8]) -> Result<Guest, Unloadable> {
        guest::is_component(component).map_err(Unloadable::Unfit)?;
        let component = Component::from_binary(&self.engine, component);
        let component = component.map_err(|error| match artifacts::refused(&error) {
            Unloadable::Artifact(_) => Unloadable::Unfit(format!("{error:#}")),
            other => other,
        })?;
        Guest::link(&component).map_err(Unloadable::Unfit)
    }

    /// Runs an order to its end, or until `stop` is ready.
    pub(crate) async fn run(
        &self,
        guest: &Guest,
        order: &RunOrder,
        host: Arc<dyn Host>,
        stop: impl Future<Output = ()>,
    ) -> Ended {
        let tally = Arc::new(Tally::new(&order.limits));
        let began = Instant::now();
        let wall = Duration::from_millis(u64::from(order.limits.wall_ms));
        let ticking = self.ticker.keep();
        let work = self.work(guest, order, host, Arc::clone(&tally));
        let work = Counted::new(work, Arc::clone(&tally));
        let work = self.lane.lead(work, Arc::clone(&tally));
        let ending = tokio::select! {
            biased;
            () = stop => Ending::Cancelled,
            ended = tokio::time::timeout(wall, work) => ended.unwrap_or_else(|_| Ending::Limit {
                limit: LimitName::Wall,
                message: format!("the run took longer than {} ms", order.limits.wall_ms),
            }),
        };
        drop(ticking);
        let (log, lines) = tally.log(log::Log::close);
        let mut usage = tally.with(|usage| usage.clone());
        usage.wall_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        usage.cpu_us = tally.cpu_us();
        usage.log_lines = lines;
        Ended { ending, usage, log }
    }

    /// Makes an instance and drops it: what the engine alone takes of a run.
    pub(crate) async fn instantiate(
        &self,
        guest: &Guest,
        order: &RunOrder,
        host: &Arc<dyn Host>,
    ) -> wasmtime::Result<()> {
        let ticking = self.ticker.keep();
        let tally = Arc::new(Tally::new(&order.limits));
        let mut store = cell::store(&self.engine, order, Arc::clone(host), &tally)?;
        let made = async { guest.pre.instantiate_async(&mut store).await.map(drop) };
        let made = Counted::new(made, tally).await;
        drop(ticking);
        made
    }

    /// Makes one instance and calls it so many times; answers what the engine alone took of each call.
    pub(crate) async fn calls(
        &self,
        guest: &Guest,
        order: &RunOrder,
        host: &Arc<dyn Host>,
        rounds: u32,
    ) -> wasmtime::Result<Vec<Duration>> {
        let ticking = self.ticker.keep();
        let tally = Arc::new(Tally::new(&order.limits));
        let mut store = cell::store(&self.engine, order, Arc::clone(host), &tally)?;
        let calling = async {
            let instance = guest.pre.instantiate_async(&mut store).await?;
            let mut times = Vec::new();
            for _ in 0..rounds {
                let began = Instant::now();
                let store = (&mut store, instance);
                drop(invoke::call(guest, store, &order.context, &order.entry).await?);
                times.push(began.elapsed());
            }
            wasmtime::Result::Ok(times)
        };
        let called = Counted::new(calling, tally).await;
        drop(ticking);
        called
    }

    async fn work(
        &self,
        guest: &Guest,
        order: &RunOrder,
        host: Arc<dyn Host>,
        tally: Arc<Tally>,
    ) -> Ending {
        let limits = &order.limits;
        let store = cell::store(&self.engine, order, host, &tally);
        let mut store = match store {
            Ok(store) => store,
            Err(error) => return ending::of(&error, limits, &tally),
        };
        let returned = invoke::invoke(guest, &mut store, &order.context, &order.entry).await;
        if let Ok(left) = store.get_fuel() {
            let used = cell::fuel(limits).saturating_sub(left);
            tally.with(|usage| usage.fuel = Some(used));
        }
        match returned {
            Ok(Some(returned)) => judge(returned, order),
            Ok(None) => Ending::Unfit {
                message: guest.misses(&order.entry),
            },
            Err(error) => ending::of(&error, limits, &tally),
        }
    }
}

fn judge(returned: Result<Outcome, Failure>, order: &RunOrder) -> Ending {
    if let Err(exceeded) = invoke::measure(&returned, &order.limits) {
        return Ending::Limit {
            limit: exceeded.limit,
            message: exceeded.message,
        };
    }
    match returned {
        Ok(outcome) => Ending::Done { outcome },
        Err(failure) => Ending::Failed { failure },
    }
}

/// A runtime for guests: its workers poll them and nothing else, and look at timers and sockets often,
/// because guests that never wait would keep them from it.
pub(crate) fn runtime(workers: usize) -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers.max(1))
        .thread_name("guests")
        .event_interval(1)
        .global_queue_interval(1)
        .enable_all()
        .build()
}
