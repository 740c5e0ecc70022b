//! Who may run a child now: a few overall, fewer per database, and only so many may wait.
//!
//! Transfers (dumps) take minutes, so they never take all places, and one database has one at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::DatabaseId;

/// Children at once: overall, and those that run a dump.
const CHILDREN: usize = 4;
const TRANSFERS: usize = 2;
/// Requests that run or wait.
const REQUESTS: usize = 20;
/// The same for one database.
const CHILDREN_OF_ONE: usize = 2;
const TRANSFERS_OF_ONE: usize = 1;
const REQUESTS_OF_ONE: usize = 6;
/// How long to wait for a place.
const WAIT: Duration = Duration::from_secs(10);

/// How long a child keeps its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Seconds.
    Light,
    /// Minutes.
    Transfer,
}

/// Places of one kind: for children, for those of them that run a dump, and for all that asked.
#[derive(Debug)]
struct Places {
    children: Arc<Semaphore>,
    transfers: Arc<Semaphore>,
    requests: Arc<Semaphore>,
}

impl Places {
    fn new(children: usize, transfers: usize, requests: usize) -> Self {
        Self {
            children: Arc::new(Semaphore::new(children)),
            transfers: Arc::new(Semaphore::new(transfers)),
            requests: Arc::new(Semaphore::new(requests)),
        }
    }
}

/// One database's places, and the turn of its steps.
#[derive(Debug)]
pub(super) struct Desk {
    places: Places,
    /// Held by the step that is being carried out.
    pub(super) turn: tokio::sync::Mutex<()>,
    gone: CancellationToken,
}

impl Desk {
    fn new() -> Self {
        Self {
            places: Places::new(CHILDREN_OF_ONE, TRANSFERS_OF_ONE, REQUESTS_OF_ONE),
            turn: tokio::sync::Mutex::new(()),
            gone: CancellationToken::new(),
        }
    }
}

/// The places of all databases.
#[derive(Debug)]
pub(super) struct Queue {
    places: Places,
    desks: Mutex<HashMap<DatabaseId, Arc<Desk>>>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            places: Places::new(CHILDREN, TRANSFERS, REQUESTS),
            desks: Mutex::default(),
        }
    }
}

/// The right to run one child, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    /// Set when the database is removed and the child has to end.
    pub(super) gone: CancellationToken,
    _permits: Vec<OwnedSemaphorePermit>,
}

impl Queue {
    /// Waits for a place; refused with `busy` when too many wait already, or for too long.
    pub(super) async fn enter(
        &self,
        id: DatabaseId,
        weight: Weight,
    ) -> Result<Place, ContentError> {
        let desk = self.desk(id);
        let mut permits = Vec::new();
        for requests in [&desk.places.requests, &self.places.requests] {
            let ticket = Arc::clone(requests).try_acquire_owned().ok();
            permits.push(ticket.ok_or(ContentError::Refused("busy"))?);
        }
        let waiting = async {
            // The order is always the same, so nobody waits in a circle.
            for places in [&desk.places, &self.places] {
                if weight == Weight::Transfer {
                    permits.push(Arc::clone(&places.transfers).acquire_owned().await?);
                }
                permits.push(Arc::clone(&places.children).acquire_owned().await?);
            }
            Ok::<_, tokio::sync::AcquireError>(())
        };
        match tokio::time::timeout(WAIT, waiting).await {
            Ok(Ok(())) => Ok(Place {
                gone: desk.gone.clone(),
                _permits: permits,
            }),
            // Closed: the database was removed meanwhile.
            Ok(Err(_)) => Err(ContentError::NotFound),
            Err(_) => Err(ContentError::Refused("busy")),
        }
    }

    /// Ends all children of a database that is being removed, and waits until they have ended.
    pub(super) async fn clear(&self, id: DatabaseId) {
        let desk = self.desk(id);
        desk.gone.cancel();
        let all = u32::try_from(CHILDREN_OF_ONE).unwrap_or(u32::MAX);
        // Closed already: somebody else has seen to it.
        drop(desk.places.children.acquire_many(all).await);
        desk.places.children.close();
        self.desks().remove(&id);
    }

    /// The desk of one database.
    pub(super) fn desk(&self, id: DatabaseId) -> Arc<Desk> {
        Arc::clone(
            self.desks()
                .entry(id)
                .or_insert_with(|| Arc::new(Desk::new())),
        )
    }

    fn desks(&self) -> MutexGuard<'_, HashMap<DatabaseId, Arc<Desk>>> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
