//! How many of the panel's own connections do a customer's bidding at once, so that nobody's console takes the
//! places of all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wabe_kernel::Engine;
use wabe_kernel::id::DatabaseId;

/// At one database.
const OF_DATABASE: usize = 4;
/// On one server.
const OF_SERVER: usize = 24;

/// Everybody who is let in by the console.
#[derive(Default)]
pub(super) struct Crowd(Arc<Mutex<Counts>>);

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
    /// A place at this database; nothing when there is none.
    pub(super) fn enter(&self, id: DatabaseId, engine: Engine) -> Option<Place> {
        let mut counts = lock(&self.0);
        let here = counts.of_database.get(&id).copied().unwrap_or(0);
        let there = counts.of_server.get(&engine).copied().unwrap_or(0);
        if here >= OF_DATABASE || there >= OF_SERVER {
            return None;
        }
        counts.of_database.insert(id, here + 1);
        counts.of_server.insert(engine, there + 1);
        drop(counts);
        let counts = Arc::clone(&self.0);
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
        let crowd = Crowd::default();
        let enter = |number| crowd.enter(id(number), Engine::Postgresql);
        let mut own: Vec<Place> = (0..OF_DATABASE).filter_map(|_| enter(1)).collect();
        assert_eq!(own.len(), OF_DATABASE);
        assert!(enter(1).is_none() && enter(2).is_some());
        own.pop();
        assert!(enter(1).is_some());
        let many: Vec<Place> = (10..50).filter_map(enter).collect();
        assert_eq!(many.len() + own.len(), OF_SERVER);
        assert!(crowd.enter(id(2), Engine::Mariadb).is_some());
        drop((own, many));
        assert!(enter(2).is_some());
    }
}
