//! An authority that answers what a test put there, and remembers what it was asked.

use crate::certificates::made;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wabe_drivers::certificate::Certificates;
use wabe_kernel::certificate::{
    Authority, CertificateText, Checked, Inspector as _, KeyText, OrderFailure, OrderTrouble,
    RenewalWindow,
};
use wabe_kernel::desired::Working;
use wabe_kernel::{Clock as _, DomainName, Field as _};
use wabe_testkit::TestClock;

/// What was asked of it, and what it will say.
#[derive(Default)]
pub(super) struct Said {
    pub(super) orders: Vec<Vec<String>>,
    pub(super) failures: VecDeque<OrderTrouble>,
    pub(super) window: Option<RenewalWindow>,
}

/// Issues for 90 days, unless told otherwise.
pub(super) struct FakeAuthority {
    clock: Arc<TestClock>,
    said: Mutex<Said>,
}

impl FakeAuthority {
    pub(super) fn new(clock: &Arc<TestClock>) -> Self {
        Self {
            clock: clock.clone(),
            said: Mutex::default(),
        }
    }

    pub(super) fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often something was ordered.
    pub(super) fn count(&self) -> usize {
        self.said().orders.len()
    }

    fn issue(&self, names: &[DomainName]) -> Result<Checked, OrderFailure> {
        let mut said = self.said();
        let asked: Vec<String> = names.iter().map(ToString::to_string).collect();
        said.orders.push(asked.clone());
        if let Some(trouble) = said.failures.pop_front() {
            return Err(OrderFailure::new(trouble, "a test wanted it so").about(&names[0]));
        }
        drop(said);
        let now = self.clock.now();
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let made = made(&asked, (now.plus_seconds(-1), now.plus_days(90)));
        let chain = CertificateText::from_text(&made.leaf).unwrap();
        let key = KeyText::from_text(&made.key).unwrap();
        Ok(Certificates::default().inspect(&chain, &key, now).unwrap())
    }
}

impl Authority for FakeAuthority {
    fn identities(&self) -> Working<'_, Result<Vec<String>, OrderFailure>> {
        Box::pin(async { Ok(vec!["ca.example".to_owned()]) })
    }

    fn order<'a>(
        &'a self,
        names: &'a [DomainName],
        _replaces: Option<&'a str>,
    ) -> Working<'a, Result<Checked, OrderFailure>> {
        Box::pin(async move { self.issue(names) })
    }

    fn renewal<'a>(&'a self, _chain: &'a str) -> Working<'a, Option<RenewalWindow>> {
        Box::pin(async { self.said().window })
    }
}
