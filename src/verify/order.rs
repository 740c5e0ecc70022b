//! Whether numbers and times of entries run as they must.

use crate::finding::Wrong;
use std::collections::{BTreeMap, BTreeSet};

/// How far the clocks of machines may differ, in microseconds: 5 s.
pub(crate) const SKEW: i64 = 5_000_000;

/// How long before a checkpoint a change may have begun that was committed after it: 60 s.
pub(crate) const LATENESS: i64 = 60_000_000;

/// The numbers of one customer. They may arrive a little out of order, never twice.
#[derive(Default)]
struct Numbers {
    complete: u64,
    ahead: BTreeSet<u64>,
    latest: Option<i64>,
}

impl Numbers {
    fn note(&mut self, seq: u64, at: i64) -> Result<(), Wrong> {
        if seq <= self.complete || !self.ahead.insert(seq) {
            return Err(Wrong::Repeated);
        }
        while self.ahead.remove(&(self.complete + 1)) {
            self.complete += 1;
        }
        if self
            .latest
            .is_some_and(|latest| at.saturating_add(SKEW) < latest)
        {
            return Err(Wrong::Clock);
        }
        self.latest = self.latest.max(Some(at));
        Ok(())
    }
}

/// The numbers of all customers of a log.
#[derive(Default)]
pub(crate) struct Order {
    customers: BTreeMap<String, Numbers>,
}

impl Order {
    /// Notes an entry.
    pub(crate) fn note(&mut self, customer: &str, seq: u64, at: i64) -> Result<(), Wrong> {
        if let Some(numbers) = self.customers.get_mut(customer) {
            return numbers.note(seq, at);
        }
        self.customers
            .entry(customer.to_owned())
            .or_default()
            .note(seq, at)
    }

    /// Whether no number is missing before the last of each customer.
    pub(crate) fn is_complete(&self) -> bool {
        self.customers
            .values()
            .all(|numbers| numbers.ahead.is_empty())
    }
}
