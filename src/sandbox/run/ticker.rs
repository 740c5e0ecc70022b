//! The clock of the engine: every millisecond it makes all guests look up.
//!
//! A thread of its own, not a task: guests may keep every worker busy, and must be stopped all the same.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use wasmtime::{Engine, EngineWeak};

const TICK: Duration = Duration::from_millis(1);
/// Ticks without a run before the thread sleeps until it is woken.
const IDLE_TICKS: u32 = 100;

/// Ticks while something runs; ends with its owner.
pub(crate) struct Ticker(Arc<Shared>);

#[derive(Default)]
struct Shared {
    running: AtomicUsize,
    over: AtomicBool,
    asleep: Mutex<bool>,
    wake: Condvar,
}

/// As long as one of these lives, the clock ticks.
pub(crate) struct Ticking(Arc<Shared>);

impl Ticker {
    /// Starts the thread for this engine.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (engine, theirs) = (engine.weak(), Arc::clone(&shared));
        std::thread::Builder::new()
            .name("ticker".to_owned())
            .spawn(move || tick(&engine, &theirs))?;
        Ok(Self(shared))
    }

    /// Keeps the clock ticking.
    pub(crate) fn keep(&self) -> Ticking {
        if self.0.running.fetch_add(1, Ordering::SeqCst) == 0 {
            self.0.wake();
        }
        Ticking(Arc::clone(&self.0))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
        self.0.wake();
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Shared {
    fn wake(&self) {
        // Holding the lock, so that the thread is either before its look or asleep.
        let asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        if *asleep {
            self.wake.notify_all();
        }
    }

    fn is_idle(&self) -> bool {
        self.running.load(Ordering::SeqCst) == 0
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

fn tick(engine: &EngineWeak, shared: &Shared) {
    let mut idle = 0;
    while !shared.is_over() {
        let Some(engine) = engine.upgrade() else {
            return;
        };
        engine.increment_epoch();
        drop(engine);
        idle = if shared.is_idle() { idle + 1 } else { 0 };
        if idle > IDLE_TICKS {
            let mut asleep = shared.asleep.lock().unwrap_or_else(PoisonError::into_inner);
            *asleep = true;
            let nobody = |_: &mut bool| shared.is_idle() && !shared.is_over();
            let woken = shared.wake.wait_while(asleep, nobody);
            *woken.unwrap_or_else(PoisonError::into_inner) = false;
            idle = 0;
        } else {
            std::thread::sleep(TICK);
        }
    }
}
