//! What a node is being told right now, for pages that are looked at meanwhile.
//!
//! Held in memory: it lives as long as the work does, and a process that ends takes both with it.
//! Whoever asks has found the object in its customer before.

use crate::events::{Change, Events};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use wabe_kernel::id::CustomerId;

/// The steps towards the latest wish for a thing, and which of them runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The planner's steps in order, by their words: the Fluent messages `step-{word}`.
    pub steps: Vec<&'static str>,
    /// How many of them are through; the next one runs.
    pub done: usize,
}

/// The work on everything that is worked on, by the object's id.
#[derive(Default)]
pub(crate) struct Works(Mutex<BTreeMap<String, Work>>);

/// Work on one thing; nobody sees it any more when this is dropped.
pub struct AtWork<'a> {
    events: &'a Events,
    customer: CustomerId,
    seq: i64,
    object: &'a str,
}

impl Events {
    /// Begins work on a thing of a customer, whose change sequence is `seq`.
    #[must_use]
    pub const fn begin<'a>(
        &'a self,
        customer: CustomerId,
        seq: i64,
        object: &'a str,
    ) -> AtWork<'a> {
        AtWork {
            events: self,
            customer,
            seq,
            object,
        }
    }

    /// The work on a thing; none before it was planned and after it ended.
    #[must_use]
    pub fn work(&self, object: &str) -> Option<Work> {
        let works = self.works.0.lock().unwrap_or_else(PoisonError::into_inner);
        works.get(object).cloned()
    }
}

impl AtWork<'_> {
    /// Shows what is to be done; the first step runs.
    pub fn plan(&self, steps: Vec<&'static str>) {
        self.tell(Work { steps, done: 0 });
    }

    /// Shows that `done` steps are through.
    pub fn reach(&self, done: usize) {
        if let Some(work) = self.events.work(self.object)
            && work.done != done
        {
            self.tell(Work { done, ..work });
        }
    }

    fn tell(&self, work: Work) {
        let step = work.steps.get(work.done).copied();
        let works = &self.events.works.0;
        let mut works = works.lock().unwrap_or_else(PoisonError::into_inner);
        works.insert(self.object.to_owned(), work);
        drop(works);
        // Behind the last step comes the news of where the thing stands.
        if step.is_some() {
            self.events.publish(Change {
                customer: self.customer,
                seq: self.seq,
                object: self.object.to_owned(),
                state: None,
                step,
            });
        }
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        let works = &self.events.works.0;
        let mut works = works.lock().unwrap_or_else(PoisonError::into_inner);
        works.remove(self.object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    fn customer() -> CustomerId {
        CustomerId::from_uuid(Uuid::nil())
    }

    #[test]
    fn every_step_is_seen_and_told_and_nothing_stays() {
        let events = Events::default();
        let mut news = events.subscribe();
        let mut told = || news.try_recv().ok().and_then(|change| change.step);
        {
            let work = events.begin(customer(), 3, "web_1");
            assert_eq!(events.work("web_1"), None);
            work.plan(vec!["make-folder", "probe-site"]);
            assert_eq!(told(), Some("make-folder"));
            work.reach(0);
            assert_eq!(told(), None);
            work.reach(1);
            assert_eq!(told(), Some("probe-site"));
            assert_eq!(events.work("web_1").unwrap().done, 1);
            assert_eq!(events.work("web_2"), None);
            work.reach(2);
            assert_eq!(told(), None);
            assert_eq!(events.work("web_1").unwrap().done, 2);
        }
        assert_eq!(events.work("web_1"), None);
    }

    #[test]
    fn work_without_steps_is_seen_and_not_told() {
        let events = Events::default();
        let mut news = events.subscribe();
        let work = events.begin(customer(), 3, "dom_1");
        work.plan(Vec::new());
        assert!(news.try_recv().is_err());
        assert_eq!(events.work("dom_1").unwrap().steps.len(), 0);
    }
}
