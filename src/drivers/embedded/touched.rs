//! Whose content changed since somebody last asked, so that it is measured soon and not by going round
//! all of it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A set of ids that one listener empties. Clones share it.
#[derive(Clone, Default)]
pub struct Touched(Arc<Inner>);

#[derive(Default)]
struct Inner {
    ids: Mutex<BTreeSet<String>>,
    news: Notify,
}

impl Touched {
    /// Says that the content of this thing changed.
    pub fn tell(&self, id: &impl ToString) {
        self.ids().insert(id.to_string());
        self.0.news.notify_one();
    }

    /// Waits for changes; answers the ids, each once. For one listener.
    pub async fn next(&self) -> BTreeSet<String> {
        loop {
            let ids = std::mem::take(&mut *self.ids());
            if !ids.is_empty() {
                return ids;
            }
            self.0.news.notified().await;
        }
    }

    fn ids(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Touched;

    #[tokio::test]
    async fn what_is_told_before_anybody_waits_is_heard_once() {
        let touched = Touched::default();
        touched.tell(&"a");
        touched.tell(&"b");
        touched.tell(&"a");
        assert_eq!(
            touched.next().await.into_iter().collect::<Vec<_>>(),
            ["a", "b"]
        );
        let (heard, ()) = tokio::join!(touched.next(), async { touched.tell(&"c") });
        assert_eq!(heard.len(), 1);
    }
}
