//! How often and how much at once a customer's plugins may ask other hosts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Clock, Timestamp};
use wabe_package::wire::Problem;

use crate::fetch::caps::Caps;
use crate::fetch::saying;

/// Customers whose allowance is remembered before the idle ones are forgotten.
const REMEMBERED: usize = 1_024;

/// Everybody's allowances.
pub(super) struct Allowances {
    caps: Caps,
    clock: Arc<dyn Clock>,
    everybody: Arc<Semaphore>,
    accounts: Mutex<HashMap<CustomerId, Account>>,
}

/// One customer's.
struct Account {
    /// When all requests so far are paid for; each takes [`Caps::every`].
    paid_until: Timestamp,
    at_once: Arc<Semaphore>,
    /// Those that run or wait.
    there: Arc<Semaphore>,
}

/// The right to send one request now, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    _permits: [OwnedSemaphorePermit; 3],
}

impl Allowances {
    pub(super) fn new(caps: Caps, clock: Arc<dyn Clock>) -> Self {
        Self {
            everybody: Arc::new(Semaphore::new(caps.at_once_all)),
            accounts: Mutex::default(),
            caps,
            clock,
        }
    }

    /// Takes one request of the allowance, and waits for a place.
    pub(super) async fn enter(&self, customer: CustomerId) -> Result<Place, Problem> {
        let (there, at_once) = self.pay(customer)?;
        let there = there.try_acquire_owned();
        let there = there.map_err(|_full| saying::too_many())?;
        // Never closed.
        let full = |_closed| saying::too_many();
        let own = at_once.acquire_owned().await.map_err(full)?;
        let everybody = Arc::clone(&self.everybody).acquire_owned().await;
        Ok(Place {
            _permits: [there, own, everybody.map_err(full)?],
        })
    }

    fn pay(&self, customer: CustomerId) -> Result<(Arc<Semaphore>, Arc<Semaphore>), Problem> {
        let now = self.clock.now();
        let every = i64::try_from(self.caps.every.as_micros()).unwrap_or(i64::MAX);
        let credit = every.saturating_mul(i64::from(self.caps.burst));
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= REMEMBERED && !accounts.contains_key(&customer) {
            accounts.retain(|_, account| account.is_in_use(now));
        }
        let account = accounts
            .entry(customer)
            .or_insert_with(|| Account::new(&self.caps));
        let paid_until = account.paid_until.max(now).0.saturating_add(every);
        let beyond = paid_until.saturating_sub(now.0).saturating_sub(credit);
        if beyond > 0 {
            let seconds = beyond.saturating_add(999_999) / 1_000_000;
            return Err(saying::too_often(seconds));
        }
        account.paid_until = Timestamp(paid_until);
        let both = (Arc::clone(&account.there), Arc::clone(&account.at_once));
        Ok(both)
    }
}

impl Account {
    fn new(caps: &Caps) -> Self {
        Self {
            paid_until: Timestamp(0),
            at_once: Arc::new(Semaphore::new(caps.at_once)),
            there: Arc::new(Semaphore::new(caps.at_once.saturating_add(caps.waiting))),
        }
    }

    /// Whether forgetting it would give anything away.
    fn is_in_use(&self, now: Timestamp) -> bool {
        self.paid_until > now || Arc::strong_count(&self.there) > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::web::tests::SeededRng;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    struct HandClock(AtomicI64);

    impl Clock for HandClock {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::SeqCst))
        }
    }

    struct Bench {
        clock: Arc<HandClock>,
        allowances: Allowances,
        customers: [CustomerId; 2],
    }

    fn bench(caps: Caps) -> Bench {
        let clock = Arc::new(HandClock(AtomicI64::new(1_000_000_000)));
        let rng = SeededRng::new();
        let customer = |_| CustomerId::new(clock.now(), &*rng);
        Bench {
            customers: [0, 1].map(customer),
            allowances: Allowances::new(caps, clock.clone()),
            clock,
        }
    }

    #[tokio::test]
    async fn an_allowance_is_used_up_and_comes_back() {
        let caps = Caps {
            burst: 3,
            every: Duration::from_secs(2),
            ..Caps::default()
        };
        let Bench {
            clock,
            allowances,
            customers: [one, other],
        } = bench(caps);
        for _ in 0..3 {
            allowances.enter(one).await.unwrap();
        }
        let refused = allowances.enter(one).await.unwrap_err();
        assert_eq!(refused.code, "limit");
        assert!(refused.how.contains("in 2 s"), "{}", refused.how);
        allowances.enter(other).await.unwrap();
        clock.0.fetch_add(2_000_000, Ordering::SeqCst);
        allowances.enter(one).await.unwrap();
        assert!(allowances.enter(one).await.is_err());
        clock.0.fetch_add(60_000_000, Ordering::SeqCst);
        for _ in 0..3 {
            allowances.enter(one).await.unwrap();
        }
        assert!(allowances.enter(one).await.is_err());
    }

    #[tokio::test]
    async fn requests_of_one_customer_wait_for_each_other_alone() {
        let caps = Caps {
            at_once: 2,
            waiting: 1,
            ..Caps::default()
        };
        let bench = bench(caps);
        let [one, other] = bench.customers;
        let enter = |customer| Box::pin(bench.allowances.enter(customer));
        let held = [enter(one).await.unwrap(), enter(one).await.unwrap()];
        let mut waits = enter(one);
        assert!(futures_util::poll!(&mut waits).is_pending());
        assert_eq!(enter(one).await.unwrap_err().code, "limit");
        enter(other).await.unwrap();
        drop(held);
        waits.await.unwrap();
    }

    #[tokio::test]
    async fn idle_customers_are_forgotten() {
        let bench = bench(Caps::default());
        let rng = SeededRng::new();
        for _ in 0..REMEMBERED * 2 {
            let customer = CustomerId::new(bench.clock.now(), &*rng);
            bench.allowances.enter(customer).await.unwrap();
            bench.clock.0.fetch_add(1_000_000, Ordering::SeqCst);
        }
        let accounts = bench.allowances.accounts.lock().unwrap();
        assert!(accounts.len() <= REMEMBERED, "{}", accounts.len());
    }
}
