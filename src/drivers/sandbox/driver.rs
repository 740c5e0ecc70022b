//! Runs guests in the child, as long as there is one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use wabe_kernel::Clock;
use wabe_kernel::desired::Working;
use wabe_package::entry::{Context, Entry};
use wabe_package::wire::{Answer, Ending, HostCall, LogLine, Problem, Usage};
use wabe_package::{Blob, Limits};

use crate::sandbox::artifacts::Artifacts;
use crate::sandbox::health::{Health, Patience, Reason};
use crate::sandbox::life::{Heard, Life};

/// One run.
#[derive(Debug, Clone)]
pub struct Order {
    /// The SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// What the guest learns about itself.
    pub context: Context,
    /// What is called.
    pub entry: Entry,
    /// What it may use.
    pub limits: Limits,
    /// Of randomness.
    pub seed: Blob,
}

/// A run that came to its end.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How.
    pub ending: Ending,
    /// What it used.
    pub usage: Usage,
    /// Its log.
    pub log: Vec<LogLine>,
}

/// The child is not there, or went away during the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Down;

/// What the driver is made of.
pub struct SandboxParts {
    /// The program `wabe-sandbox`.
    pub program: PathBuf,
    /// What can be run.
    pub artifacts: Arc<Artifacts>,
    /// Runs at once, at most; more wait in the child.
    pub slots: u32,
    /// How long to wait for what.
    pub patience: Patience,
    /// Time, for [`Health::since`].
    pub clock: Arc<dyn Clock>,
}

/// The sandbox; [`SandboxDriver::serve`] keeps its child alive.
pub struct SandboxDriver {
    pub(super) parts: SandboxParts,
    pub(super) health: watch::Sender<Health>,
    life: Mutex<Option<Arc<Life>>>,
}

impl SandboxDriver {
    /// A sandbox that is down until it is served.
    #[must_use]
    pub fn new(parts: SandboxParts) -> Arc<Self> {
        let health = Health {
            up: false,
            reason: Some(Reason::NotStarted),
            restarts: 0,
            engine: None,
            process: None,
            since: parts.clock.now(),
            retry_in: None,
        };
        Arc::new(Self {
            parts,
            health: watch::Sender::new(health),
            life: Mutex::default(),
        })
    }

    /// Whether runs can begin.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.life().is_some_and(|life| !life.is_over())
    }

    /// Its health, and every change of it.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Runs an order to its end; `answer` answers what the guest asks for, one call at a time. An answer
    /// that is not there when the run ends is dropped. Dropping the future cancels the run.
    ///
    /// # Errors
    /// [`Down`] when there is no child, or it goes away.
    pub async fn run<'a, F>(&self, order: Order, answer: F) -> Result<Ended, Down>
    where
        F: Fn(HostCall) -> Working<'a, Result<Answer, Problem>> + Send + Sync,
    {
        let life = self.life().ok_or(Down)?;
        let mut running = life.order(order).await?;
        loop {
            let (call, request) = match running.hear().await? {
                Heard::Ended(ended) => return Ok(*ended),
                Heard::Call { call, request } => (call, request),
            };
            let answered = tokio::select! {
                biased;
                heard = running.hear() => match heard? {
                    Heard::Ended(ended) => return Ok(*ended),
                    // The life lets no second call through.
                    Heard::Call { .. } => return Err(Down),
                },
                answered = answer(request) => answered,
            };
            running.answer(call, answered).await?;
        }
    }

    fn life(&self) -> Option<Arc<Life>> {
        self.slot(|slot| slot.clone())
    }

    pub(super) fn set_life(&self, life: Option<Arc<Life>>) {
        self.slot(|slot| *slot = life);
    }

    fn slot<T>(&self, act: impl FnOnce(&mut Option<Arc<Life>>) -> T) -> T {
        act(&mut self.life.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
