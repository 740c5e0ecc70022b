//! News of what changed, inside this process: wakes the reconciler and feeds live pages.

use serde::Serialize;
use tokio::sync::{Notify, broadcast};
use wabe_kernel::id::CustomerId;

/// Something about an object changed: a change was committed, or its state moved on.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Whose.
    #[serde(skip)]
    pub customer: CustomerId,
    /// The customer's change sequence at that time.
    pub seq: i64,
    /// The object's id.
    pub object: String,
    /// The object's state, when it is a resource.
    pub state: Option<&'static str>,
}

/// The in-process broadcast. Lost news costs time, never correctness.
pub struct Events {
    sender: broadcast::Sender<Change>,
    work: Notify,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(1_024),
            work: Notify::new(),
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
        self.work.notify_one();
    }

    /// Waits for the next wake-up.
    pub async fn woken(&self) {
        self.work.notified().await;
    }
}
