//! How many of the panel's own connections do a customer's bidding at once, so that nobody's console takes the
//! places of all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wabe_kernel::Engine;
use wabe_kernel::id::DatabaseId;

/// How many at once: at one database, and on one server.
type Bounds = (usize, usize);
/// For looks and statements, which take seconds.
pub(super) const CONSOLES: Bounds = (4, 24);
/// For dumps, which take minutes.
pub(super) const TRANSFERS: Bounds = (1, 4);

/// Everybody who is let in for one purpose.
pub(super) struct Crowd {
    bounds: Bounds,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    of_database: BTreeMap<DatabaseId, usize>,
    of_server: BTreeMap<Engine, usize>,
}

/// A place, until it is dropped.
pub(super) struct Place {
    counts: Arc<Mutex<Counts>>,
    id: DatabaseId,
    engine: Engine,
}

impl Crowd {
    /// Nobody yet, and never more than these.
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            counts: Arc::default(),
        }
    }

    /// A place at this database; nothing when there is none.
    pub(super) fn enter(&self, id: DatabaseId, engine: Engine) -> Option<Place> {
        let mut counts = lock(&self.counts);
        let here = counts.of_database.get(&id).copied().unwrap_or(0);
        let there = counts.of_server.get(&engine).copied().unwrap_or(0);
        let (of_database, of_server) = self.bounds;
        if here >= of_database || there >= of_server {
            return None;
        }
        counts.of_database.insert(id, here + 1);
        counts.of_server.insert(engine, there + 1);
        drop(counts);
        let counts = Arc::clone(&self.counts);
        Some(Place { counts, id, engine })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        let here = counts.of_database.get(&self.id).copied().unwrap_or(0);
        if here > 1 {
            counts.of_database.insert(self.id, here - 1);
        } else {
            counts.of_database.remove(&self.id);
        }
        let there = counts.of_server.get(&self.engine).copied().unwrap_or(0);
        counts
            .of_server
            .insert(self.engine, there.saturating_sub(1));
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    fn id(number: u128) -> DatabaseId {
        DatabaseId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn one_database_does_not_take_the_places_of_all() {
        let crowd = Crowd::new(CONSOLES);
        let (of_database, of_server) = CONSOLES;
        let enter = |number| crowd.enter(id(number), Engine::Postgresql);
        let mut own: Vec<Place> = (0..of_database).filter_map(|_| enter(1)).collect();
        assert_eq!(own.len(), of_database);
        assert!(enter(1).is_none() && enter(2).is_some());
        own.pop();
        assert!(enter(1).is_some());
        let many: Vec<Place> = (10..50).filter_map(enter).collect();
        assert_eq!(many.len() + own.len(), of_server);
        assert!(crowd.enter(id(2), Engine::Mariadb).is_some());
        drop((own, many));
        assert!(enter(2).is_some());
    }
}
