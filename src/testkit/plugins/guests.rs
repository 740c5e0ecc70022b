//! Guests that are closures.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wabe_automation::engine::{Answers, Down, Ended, Order, Sandbox};
use wabe_kernel::desired::Working;
use wabe_package::entry::{Effect, Failure, Outcome};
use wabe_package::wire::{Ending, Usage};

/// What a guest does: it gets its order and a host to ask, and comes to an end.
pub type Guest = Arc<dyn for<'a> Fn(Order, &'a dyn Answers) -> Working<'a, Ending> + Send + Sync>;

/// A guest that asks nothing.
pub fn guest(does: impl Fn(&Order) -> Ending + Send + Sync + 'static) -> Guest {
    Arc::new(move |order, _host| {
        let ending = does(&order);
        Box::pin(async move { ending })
    })
}

/// An outcome with these effects: kind, target, arguments as JSON, key.
#[must_use]
pub fn outcome(effects: &[(&str, &str, &str, &str)]) -> Outcome {
    let effect = |(kind, target, args, key): &(&str, &str, &str, &str)| Effect {
        kind: (*kind).to_owned(),
        target: (*target).to_owned(),
        args: (*args).to_owned(),
        key: (*key).to_owned(),
    };
    Outcome {
        effects: effects.iter().map(effect).collect(),
        ..Outcome::default()
    }
}

/// The end of a guest that did its work.
#[must_use]
pub fn done(effects: &[(&str, &str, &str, &str)]) -> Ending {
    Ending::Done {
        outcome: outcome(effects),
    }
}

/// The end of a guest that did not.
#[must_use]
pub fn failed(retryable: bool) -> Ending {
    Ending::Failed {
        failure: Failure {
            code: "test".to_owned(),
            message: "it did not work".to_owned(),
            retryable,
            retry_after_ms: None,
            detail: None,
        },
    }
}

/// A sandbox whose guest is a closure; it is there until it is said to be down.
pub struct FakeSandbox {
    guest: Mutex<Guest>,
    orders: Mutex<Vec<Order>>,
    down: AtomicBool,
    dies: AtomicBool,
}

impl Default for FakeSandbox {
    fn default() -> Self {
        Self {
            guest: Mutex::new(guest(|_order| done(&[]))),
            orders: Mutex::default(),
            down: AtomicBool::new(false),
            dies: AtomicBool::new(false),
        }
    }
}

impl FakeSandbox {
    /// What every guest does from now on.
    pub fn set(&self, guest: Guest) {
        *self.guest.lock().unwrap_or_else(PoisonError::into_inner) = guest;
    }

    /// Whether it is there.
    pub fn set_up(&self, up: bool) {
        self.down.store(!up, Ordering::SeqCst);
    }

    /// Whether it goes away during every run.
    pub fn set_dying(&self, dies: bool) {
        self.dies.store(dies, Ordering::SeqCst);
    }

    /// Every order so far, in the order in which they came.
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.clone()
    }
}

impl Sandbox for FakeSandbox {
    fn is_up(&self) -> bool {
        !self.down.load(Ordering::SeqCst)
    }

    fn trouble(&self) -> Option<&'static str> {
        (!self.is_up()).then_some("died")
    }

    fn run<'a>(
        &'a self,
        order: Order,
        answers: &'a dyn Answers,
    ) -> Working<'a, Result<Ended, Down>> {
        Box::pin(async move {
            let guest = {
                let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
                orders.push(order.clone());
                Arc::clone(&self.guest.lock().unwrap_or_else(PoisonError::into_inner))
            };
            let ending = guest(order, answers).await;
            if self.dies.load(Ordering::SeqCst) {
                return Err(Down);
            }
            let usage = Usage {
                wall_us: 1_500,
                cpu_us: 1_000,
                memory_bytes: 1 << 20,
                ..Usage::default()
            };
            Ok(Ended {
                ending,
                usage,
                log: Vec::new(),
            })
        })
    }
}
