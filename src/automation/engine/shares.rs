//! Fair shares: how much runs at once, for whom, and whose turn is next.

use crate::run::TriggerKind;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use wabe_kernel::id::{CustomerId, InstallationId};

/// Runs of one installation at once.
const PER_INSTALLATION: usize = 4;
/// The share of all slots that one customer may take, as a divisor; one slot at least.
const PER_CUSTOMER: usize = 2;
/// The share of all slots that is kept for runs that somebody waits for, as a divisor: what several
/// customers do in the background never keeps a page or a call from everybody.
const KEPT_FREE: usize = 4;

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    /// Those that nobody waits for.
    background: usize,
    customers: BTreeMap<CustomerId, usize>,
    installations: BTreeMap<InstallationId, usize>,
    events: BTreeMap<InstallationId, usize>,
    /// Whose turn it was last.
    turn: String,
}

/// What is taken of the slots of this process.
#[derive(Debug)]
pub(crate) struct Shares {
    slots: usize,
    taken: Mutex<Taken>,
    freed: Notify,
}

/// Somebody's slot; free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    shares: Arc<Shares>,
    customer: CustomerId,
    installation: InstallationId,
    event: bool,
    background: bool,
}

/// Whether nobody waits for runs of this kind.
const fn is_background(trigger: TriggerKind) -> bool {
    matches!(trigger, TriggerKind::Event | TriggerKind::Schedule)
}

impl Shares {
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            slots: slots.max(1),
            taken: Mutex::default(),
            freed: Notify::new(),
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Taken) -> T) -> T {
        look(&mut self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether anything at all that waits for its turn could begin.
    pub(crate) fn has_room(&self) -> bool {
        self.with(|taken| self.is_free(taken, true))
    }

    /// Whether a slot is free for whoever comes.
    fn is_free(&self, taken: &Taken, background: bool) -> bool {
        let most = self.slots - self.slots / KEPT_FREE;
        taken.all < self.slots && !(background && taken.background >= most)
    }

    /// Whether anything of this customer could begin.
    pub(crate) fn has_room_for(&self, customer: CustomerId) -> bool {
        self.with(|taken| {
            let own = taken.customers.get(&customer).copied().unwrap_or(0);
            self.is_free(taken, true) && own < self.most()
        })
    }

    /// The most slots of one customer.
    fn most(&self) -> usize {
        (self.slots / PER_CUSTOMER).max(1)
    }

    /// Waits until nothing runs.
    pub(crate) async fn all_free(&self) {
        while self.with(|taken| taken.all > 0) {
            self.freed.notified().await;
        }
    }

    /// Whose turn it was last; the empty text at first.
    pub(crate) fn turn(&self) -> String {
        self.with(|taken| taken.turn.clone())
    }

    /// Remembers whose turn it was.
    pub(crate) fn took_turn(&self, customer: &str) {
        self.with(|taken| customer.clone_into(&mut taken.turn));
    }

    /// A slot for a run, unless its installation, its customer or the process has too many. Events of
    /// an installation take turns, so that they are heard in order.
    pub(crate) fn take(
        self: &Arc<Self>,
        customer: CustomerId,
        installation: InstallationId,
        trigger: TriggerKind,
    ) -> Option<Slot> {
        let event = trigger == TriggerKind::Event;
        let background = is_background(trigger);
        let most = self.most();
        self.with(|taken| {
            let of = |map: &BTreeMap<InstallationId, usize>| {
                map.get(&installation).copied().unwrap_or(0)
            };
            let customers = taken.customers.get(&customer).copied().unwrap_or(0);
            let free = self.is_free(taken, background)
                && customers < most
                && of(&taken.installations) < PER_INSTALLATION
                && !(event && of(&taken.events) > 0);
            if !free {
                return None;
            }
            taken.all += 1;
            taken.background += usize::from(background);
            *taken.customers.entry(customer).or_default() += 1;
            *taken.installations.entry(installation).or_default() += 1;
            if event {
                *taken.events.entry(installation).or_default() += 1;
            }
            Some(Slot {
                shares: Arc::clone(self),
                customer,
                installation,
                event,
                background,
            })
        })
    }
}

fn less<K: Ord>(map: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = map.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            map.remove(key);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.shares.with(|taken| {
            taken.all = taken.all.saturating_sub(1);
            let background = usize::from(self.background);
            taken.background = taken.background.saturating_sub(background);
            less(&mut taken.customers, &self.customer);
            less(&mut taken.installations, &self.installation);
            if self.event {
                less(&mut taken.events, &self.installation);
            }
        });
        self.shares.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::Shares;
    use crate::run::TriggerKind;
    use std::sync::Arc;
    use wabe_kernel::Timestamp;
    use wabe_kernel::id::{CustomerId, InstallationId};

    struct Dice(std::sync::atomic::AtomicU8);

    impl wabe_kernel::Rng for Dice {
        fn fill(&self, bytes: &mut [u8]) {
            let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            bytes.fill(next);
        }
    }

    #[test]
    fn nobody_takes_all_and_events_take_turns() {
        let dice = Dice(std::sync::atomic::AtomicU8::new(1));
        let customer = || CustomerId::new(Timestamp(0), &dice);
        let installation = || InstallationId::new(Timestamp(0), &dice);
        let shares = Arc::new(Shares::new(12));
        let (mine, one, other) = (customer(), installation(), installation());
        let event = shares.take(mine, one, TriggerKind::Event).unwrap();
        assert!(shares.take(mine, one, TriggerKind::Event).is_none());
        let forms: Vec<_> = (0..3)
            .map(|_| shares.take(mine, one, TriggerKind::Form).unwrap())
            .collect();
        assert!(shares.take(mine, one, TriggerKind::Form).is_none());
        let two: Vec<_> = (0..2)
            .map(|_| shares.take(mine, other, TriggerKind::Form).unwrap())
            .collect();
        // Half of all is the most for one customer; the others have the rest.
        assert!(
            shares
                .take(mine, installation(), TriggerKind::Form)
                .is_none()
        );
        assert!(
            shares
                .take(customer(), installation(), TriggerKind::Event)
                .is_some()
        );
        drop(event);
        assert!(shares.take(mine, one, TriggerKind::Event).is_some());
        drop((forms, two));
        assert!(shares.has_room());
    }

    #[test]
    fn a_quarter_is_kept_for_those_who_wait() {
        let dice = Dice(std::sync::atomic::AtomicU8::new(1));
        let shares = Arc::new(Shares::new(8));
        let take = |trigger| {
            let customer = CustomerId::new(Timestamp(0), &dice);
            shares.take(customer, InstallationId::new(Timestamp(0), &dice), trigger)
        };
        let mut behind: Vec<_> = (0..6)
            .map(|_| take(TriggerKind::Schedule).unwrap())
            .collect();
        assert!(!shares.has_room());
        assert!(take(TriggerKind::Event).is_none());
        let ahead = [TriggerKind::Form, TriggerKind::Webhook].map(|kind| take(kind).unwrap());
        assert!(take(TriggerKind::Card).is_none());
        drop(behind.pop());
        assert!(take(TriggerKind::Event).is_some());
        drop(ahead);
        assert!(shares.has_room());
        // Where there is but one, it is for all.
        let single = Arc::new(Shares::new(1));
        assert!(single.has_room());
    }
}
