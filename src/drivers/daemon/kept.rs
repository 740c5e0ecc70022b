//! Keeping a daemon from code that waits for it.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{JoinHandle, Thread};

use crate::daemon::{Daemon, Order};

/// Tells a daemon to end, whenever this is over.
pub(super) struct Ends(pub(super) Arc<Daemon>, pub(super) Thread);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.ending.store(true, Ordering::SeqCst);
        self.1.unpark();
    }
}

/// A daemon that is kept running; dropping it ends it, which takes as long as that may take.
pub struct Kept {
    daemon: Arc<Daemon>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Kept {
    /// Starts a daemon and keeps it running. Blocks for a moment.
    ///
    /// # Errors
    /// When it cannot be started the first time.
    pub fn start(order: Order) -> io::Result<Self> {
        let daemon = Daemon::new(order);
        let (tell, told) = mpsc::channel();
        let thread = daemon.on_a_thread(move |daemon| daemon.stay(Some(tell)))?;
        told.recv().map_err(io::Error::other)??;
        Ok(Self {
            daemon,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// What is kept.
    #[must_use]
    pub fn daemon(&self) -> &Daemon {
        &self.daemon
    }

    /// Ends it in order, and waits until it has ended. Blocks.
    pub fn end(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            drop(Ends(Arc::clone(&self.daemon), thread.thread().clone()));
            if thread.join().is_err() {
                tracing::error!("the keeper of a daemon panicked");
            }
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.end();
    }
}
