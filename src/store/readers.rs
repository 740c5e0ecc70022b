//! SQLite's readers: a few connections that cannot write, each seeing the state when it began.

use crate::sqlite::Session;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wabe_kernel::Fault;

/// Readers at the same time.
const SEATS: usize = 4;
/// How long a reader queues before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The readers' connections.
#[derive(Clone)]
pub(crate) struct Readers {
    path: Arc<PathBuf>,
    seats: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Session>>>,
}

impl Readers {
    pub(crate) fn open(path: &Path) -> Result<Self, Fault> {
        let first = Session::open(path, true)?;
        Ok(Self {
            path: Arc::new(path.to_path_buf()),
            seats: Arc::new(Semaphore::new(SEATS)),
            free: Arc::new(Mutex::new(vec![first])),
        })
    }

    /// Queues, and begins.
    pub(crate) async fn begin(&self) -> Result<Reading, Fault> {
        let seat = tokio::time::timeout(PATIENCE, self.seats.clone().acquire_owned()).await;
        let seat = seat.map_err(|late| Fault::because("begin", late))?;
        let seat = seat.map_err(|closed| Fault::because("begin", closed))?;
        let free = lock(&self.free).pop();
        let mut session = match free {
            Some(session) => session,
            None => Session::open(&self.path, true)?,
        };
        session
            .say("BEGIN")
            .map_err(|error| Fault::because("begin", error))?;
        Ok(Reading {
            session: Some(session),
            free: self.free.clone(),
            _seat: seat,
        })
    }

    /// Closes what is not in use; nobody begins any more.
    pub(crate) fn close(&self) {
        self.seats.close();
        lock(&self.free).clear();
    }
}

fn lock(free: &Mutex<Vec<Session>>) -> std::sync::MutexGuard<'_, Vec<Session>> {
    free.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reading transaction.
pub(crate) struct Reading {
    session: Option<Session>,
    free: Arc<Mutex<Vec<Session>>>,
    _seat: OwnedSemaphorePermit,
}

impl Reading {
    pub(crate) fn session(&mut self) -> Result<&mut Session, Fault> {
        self.session
            .as_mut()
            .ok_or(Fault::new("the transaction is over"))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // A connection that does not come out of its transaction is not handed on.
        if let Some(mut session) = self.session.take()
            && session.say("ROLLBACK").is_ok()
        {
            lock(&self.free).push(session);
        }
    }
}
