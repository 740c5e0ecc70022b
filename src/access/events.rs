//! News of what changed, inside this process: wakes the reconciler and feeds live pages.

use crate::work::Works;
use serde::Serialize;
use tokio::sync::{Notify, broadcast};
use wabe_kernel::State;
use wabe_kernel::id::CustomerId;

/// Something about an object changed: a change was committed, its state moved on, or the work on it.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Whose.
    #[serde(skip)]
    pub customer: CustomerId,
    /// The customer's change sequence at that time.
    pub seq: i64,
    /// The object's id.
    pub object: String,
    /// The object's state, when it is a resource and that moved.
    pub state: Option<&'static str>,
    /// The step towards its wish that begins now, when that is the news; nothing was committed then.
    #[serde(skip)]
    pub step: Option<&'static str>,
}

impl Change {
    /// What happened to an object, and its state when it has one.
    #[must_use]
    pub fn of(customer: CustomerId, seq: i64, object: String, state: Option<State>) -> Self {
        Self {
            customer,
            seq,
            object,
            state: state.map(State::word),
            step: None,
        }
    }
}

/// The in-process broadcast. Lost news costs time, never correctness.
pub struct Events {
    sender: broadcast::Sender<Change>,
    woken: Notify,
    pub(crate) works: Works,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(1_024),
            woken: Notify::new(),
            works: Works::default(),
        }
    }
}

impl Events {
    /// Tells everybody who listens.
    pub fn publish(&self, change: Change) {
        // Nobody listening is fine: pages are complete without news.
        drop(self.sender.send(change));
    }

    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.sender.subscribe()
    }

    /// Wakes the reconciler; remembers one call while it works.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Waits for the next wake-up.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }
}
