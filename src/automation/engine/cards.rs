//! What cards showed last: looks at the dashboard are no runs of their own while nothing changed.
//!
//! Invariants: a card is kept for one installation, form and language, never longer than
//! [`KEPT_SECONDS`], and not beyond a change of the customer or a run of the installation in this
//! process; who may not see the card is refused before anybody looks here.

use crate::engine::form::Shown;
use crate::installation::Installation;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use wabe_kernel::id::InstallationId;
use wabe_kernel::{Language, Timestamp};

/// How long a card is good, in seconds: what it asks other hosts for is not newer than that.
const KEPT_SECONDS: i64 = 60;
/// Cards that are kept at once.
const CARDS_MAX: usize = 2_000;

/// Which card.
pub(crate) type Key = (InstallationId, String, Language);

/// When a card was drawn, as far as that decides whether it is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The number of the customer's last change.
    pub(crate) seq: i64,
    /// The generation of the installation's rights.
    pub(crate) generation: i64,
    /// The time.
    pub(crate) at: Timestamp,
}

impl Moment {
    pub(crate) fn new(seq: i64, installation: &Installation, at: Timestamp) -> Self {
        Self {
            seq,
            generation: installation.generation,
            at,
        }
    }

    /// Whether what was drawn now is good at another time.
    fn holds(self, later: Self) -> bool {
        let age = later.at.seconds_since(self.at);
        (self.seq, self.generation) == (later.seq, later.generation)
            && (0..KEPT_SECONDS).contains(&age)
    }
}

/// The cards that were drawn lately.
#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<BTreeMap<Key, (Moment, Shown)>>);

impl Cards {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<Key, (Moment, Shown)>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the card showed, while that is good.
    pub(crate) fn get(&self, key: &Key, now: Moment) -> Option<Shown> {
        self.with(|cards| {
            let (drawn, shown) = cards.get(key)?;
            drawn.holds(now).then(|| shown.clone())
        })
    }

    /// Keeps what a card shows; `began` is the moment before it was drawn.
    pub(crate) fn put(&self, key: Key, began: Moment, shown: Shown) {
        self.with(|cards| {
            if cards.len() >= CARDS_MAX {
                let age = |drawn: &Moment| began.at.seconds_since(drawn.at);
                cards.retain(|_, (drawn, _)| age(drawn) < KEPT_SECONDS);
            }
            if cards.len() < CARDS_MAX || cards.contains_key(&key) {
                cards.insert(key, (began, shown));
            }
        });
    }

    /// Forgets the cards of an installation: something of it ran, and its store may be another.
    pub(crate) fn forget(&self, installation: InstallationId) {
        self.with(|cards| cards.retain(|(known, _, _), _| *known != installation));
    }
}
