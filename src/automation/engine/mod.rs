//! The engine: turns what happens into runs, runs them, and applies what they ask for.
//!
//! Invariants: a plugin changes nothing by itself: its effects pass the gate as commands, under the
//! rights of its grant and of whoever granted them at that moment, in one transaction with everything
//! else that the run leaves behind; what it asks for during the run is decided here, call by call,
//! and not at all once its generation is over; a run is in one process's hands at a time, and comes
//! back when that process dies. One customer's runs never hold up another's: customers take turns.
//!
//! Start reading at [`Engine::run`] (the loop), `execute` (one try) and `settle` (what follows).

mod begin;
mod cards;
mod claim;
mod dry_run;
mod effects;
mod events;
mod execute;
mod form;
mod host;
mod judge;
mod keep_house;
mod latest;
mod manifests;
mod recorder;
mod scrub;
mod settle;
mod shares;
mod ticket;
mod timetable;
mod verdict;
mod webhook;
mod worlds;

pub use dry_run::Trial;
pub use events::quota_reached;
pub use form::{FormAsk, Shown};
pub use ticket::{Found, Stand, TicketAsk, WritesDown};
pub use worlds::{
    Answers, Down, Ended, Fetch, Order, Outgoing, QuotaReached, RecordPage, RecordQuery,
    RecordType, Records, Sandbox, WebhookReply, WebhookRequest,
};

use crate::engine::cards::Cards;
use crate::engine::claim::Claimed;
use crate::engine::manifests::Versions;
use crate::engine::shares::Shares;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinSet;
use wabe_access::{Change, Gate};
use wabe_audit::Streams;
use wabe_kernel::content::Files;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often schedules are looked at, at most, in microseconds.
const LOOK_MICROS: i64 = 500_000;
/// How long a run belongs to its process, in seconds: longer than any run may take.
pub(crate) const LEASE_SECONDS: i64 = 120;
/// How often what nobody woke the engine for is looked for, in seconds.
const SWEEP_SECONDS: i64 = 15;

/// What an engine is made of.
#[derive(Clone)]
pub struct Parts {
    /// Commands, the record, the news. Its tools hold this room's [`crate::Desk`].
    pub gate: Arc<Gate>,
    /// Where accesses to files are noted.
    pub streams: Arc<Streams>,
    /// Runs guests.
    pub sandbox: Arc<dyn Sandbox>,
    /// Asks other hosts.
    pub fetch: Arc<dyn Fetch>,
    /// Reads and writes files of webspaces.
    pub files: Arc<dyn Files>,
    /// The most runs at once.
    pub slots: usize,
}

/// The engine of one process; several processes may share a database.
pub struct Engine {
    pub(crate) parts: Parts,
    pub(crate) versions: Versions,
    pub(crate) shares: Arc<Shares>,
    /// The customers in which something listens to events, and up to which change they heard.
    listeners: Mutex<BTreeMap<CustomerId, i64>>,
    /// Runs that were claimed with their own birth, and wait for nothing but to be carried out.
    born: Mutex<VecDeque<Claimed>>,
    woken: Notify,
    /// What cards showed last.
    pub(crate) cards: Cards,
}

impl Engine {
    /// An engine over these parts; nothing runs yet.
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        let shares = Arc::new(Shares::new(parts.slots));
        Arc::new(Self {
            parts,
            versions: Versions::default(),
            shares,
            listeners: Mutex::default(),
            born: Mutex::default(),
            woken: Notify::new(),
            cards: Cards::default(),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.gate.tools().clock.now()
    }

    /// Whether plugins can run now; while they cannot, what is due waits.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.parts.sandbox.is_up()
    }

    /// Why no plugin runs now, a stable word: the Fluent message is `sandbox-{word}`. None while they do.
    #[must_use]
    pub fn trouble(&self) -> Option<&'static str> {
        self.parts.sandbox.trouble()
    }

    /// Says that there may be something to run.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Runs what is to run until `shutdown` is over; what runs then is finished first.
    pub async fn run(self: Arc<Self>, shutdown: impl Future<Output = ()> + Send) {
        let mut news = self.parts.gate.events().subscribe();
        let mut running = JoinSet::new();
        let (mut swept, mut looked): (Option<Timestamp>, Option<Timestamp>) = (None, None);
        tokio::pin!(shutdown);
        loop {
            let now = self.now();
            if swept.is_none_or(|at| now.seconds_since(at) >= SWEEP_SECONDS) {
                swept = Some(now);
                log(self.sweep(now).await, "plugins could not be looked after");
            }
            // Schedules count in minutes: not at every piece of news.
            if looked.is_none_or(|at| (now.0 - at.0).abs() >= LOOK_MICROS) {
                looked = Some(now);
                log(self.timetable(now).await, "the plugins' clock stands still");
            }
            log(self.fill(&mut running).await, "no plugin could be started");
            tokio::select! {
                () = &mut shutdown => break,
                change = news.recv() => self.heed(change).await,
                () = self.woken.notified() => {}
                Some(_ended) = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
        while running.join_next().await.is_some() {}
        // What was claimed and not begun is taken up again when its lease is over.
        while self.next_born().is_some() {}
        // Somebody asked for these, and may have gone away meanwhile.
        self.shares.all_free().await;
    }

    /// Keeps a run that was claimed with its own birth until it is carried out.
    pub(crate) fn bear(&self, claimed: Claimed) {
        let born = self.born.lock();
        born.unwrap_or_else(PoisonError::into_inner)
            .push_back(claimed);
    }

    /// The next run that was claimed with its own birth.
    pub(crate) fn next_born(&self) -> Option<Claimed> {
        let born = self.born.lock();
        born.unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Takes turns until no slot is free or nothing is due.
    async fn fill(self: &Arc<Self>, running: &mut JoinSet<()>) -> Result<(), Fault> {
        if !self.parts.sandbox.is_up() {
            return Ok(());
        }
        while let Some(claimed) = self.claim().await? {
            let engine = Arc::clone(self);
            running.spawn(async move { engine.carry_out(claimed).await });
            // Looking for the next one asks the database where it stands; what was found begins before.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Runs everything that is due now, one after the other, with everything that follows from it at
    /// once; answers how many tries that took.
    ///
    /// # Errors
    /// A fault of the database; leases run out by themselves.
    pub async fn run_due(self: &Arc<Self>) -> Result<usize, Fault> {
        let mut tries = 0;
        loop {
            let now = self.now();
            self.sweep(now).await?;
            self.timetable(now).await?;
            let mut some = false;
            while self.parts.sandbox.is_up() {
                let Some(claimed) = self.claim().await? else {
                    break;
                };
                self.carry_out(claimed).await;
                tries += 1;
                some = true;
            }
            if !some {
                return Ok(tries);
            }
        }
    }

    /// What a change means for those who listen.
    async fn heed(&self, news: Result<Change, broadcast::error::RecvError>) {
        let heard = match news {
            Ok(change) if change.step.is_some() => return,
            Ok(change) => {
                if change.object.starts_with("ins_") || change.object.starts_with("plv_") {
                    log(self.learn_listeners().await, "listeners could not be found");
                }
                // Nobody listens, or this was heard: states and runs move on without new changes.
                if self
                    .listening(change.customer)
                    .is_none_or(|heard| change.seq <= heard)
                {
                    return;
                }
                self.hear(change.customer).await
            }
            // Too much at once: look everywhere.
            Err(broadcast::error::RecvError::Lagged(_)) => self.hear_all().await,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        log(heard, "an event could not be told");
    }

    /// Up to which change a customer's listeners heard; none without listeners.
    fn listening(&self, customer: CustomerId) -> Option<i64> {
        let listeners = self.listeners.lock();
        let listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        listeners.get(&customer).copied()
    }

    /// Up to which change a customer was looked at; 0 when nobody looked.
    pub(crate) fn heard(&self, customer: CustomerId) -> i64 {
        self.listening(customer).unwrap_or(0)
    }

    /// Remembers up to which change a customer's listeners heard.
    pub(crate) fn set_heard(&self, customer: CustomerId, seq: i64) {
        let listeners = self.listeners.lock();
        let mut listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = listeners.get_mut(&customer) {
            *heard = seq.max(*heard);
        }
    }

    async fn learn_listeners(&self) -> Result<(), Fault> {
        let mut tx = self.parts.gate.store().read().await?;
        let found = crate::installation::store::listeners(&mut tx, false).await?;
        tx.rollback().await?;
        let listeners = self.listeners.lock();
        let mut listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *listeners);
        let known = |customer: CustomerId| before.get(&customer).copied().unwrap_or(0);
        *listeners = found
            .into_iter()
            .map(|customer| (customer, known(customer)))
            .collect();
        Ok(())
    }
}

/// The engine goes on whatever fails; what it could not do is done at the next turn.
fn log<T>(outcome: Result<T, Fault>, what: &'static str) {
    if let Err(fault) = outcome {
        tracing::error!(fault = %fault.chain(), "{what}");
    }
}
