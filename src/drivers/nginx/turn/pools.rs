//! The pools of PHP, and the Apaches, that come and go with a turn.

use crate::daemon::account::Account;
use crate::embedded::web::{Showing, Visited};
use crate::nginx::turn::{Known, Turns, Work};
use crate::nginx::{behind, pool_of, version_of};
use crate::php::{Left, Pooled};

impl Turns {
    /// Makes the pools that the includes of this turn lead to.
    pub(super) async fn bring_pools(&self, work: &mut Work) {
        let wanted = work.puts.values().filter_map(|put| self.pooled(&put.known));
        let failed = self.nginx.php.bring(wanted.collect()).await;
        for (id, why) in failed {
            work.fail(Visited::Site(id), why);
        }
        let served = |known: &Known| self.nginx.served(&known.what, &known.place);
        let wanted = work.puts.values().filter_map(|put| served(&put.known));
        let failed = self.nginx.apache.bring(wanted.collect()).await;
        for (id, why) in failed {
            work.fail(Visited::Site(id), why);
        }
    }

    /// The pool of this, and who reaches it: nginx, or the Apache behind it.
    pub(super) fn pooled(&self, known: &Known) -> Option<Pooled> {
        let (id, version, values) = pool_of(&known.what)?;
        Some(Pooled {
            id,
            version,
            values,
            place: known.place.clone(),
            reached_by: self.reached_by(&known.what),
        })
    }

    /// Whose members reach the PHP of this, where that is not nginx.
    fn reached_by(&self, what: &Showing) -> Option<u32> {
        let server = self.nginx.apache.account(behind(what)?.id);
        server.ok().map(Account::group)
    }

    /// Takes away the pools that nothing leads to any more.
    pub(super) async fn settle_pools(&self, work: &Work) {
        let touched = work.puts.keys().chain(&work.gone).chain(work.failed.keys());
        let (mut left, mut served) = (Vec::new(), Vec::new());
        for of in touched {
            let Visited::Site(id) = of else { continue };
            let before = self.known.get(of);
            let now = match work.puts.get(of) {
                Some(put) => Some(&put.known),
                None if work.gone.contains(of) => None,
                None => before,
            };
            served.push((*id, now.is_some_and(|known| behind(&known.what).is_some())));
            let version = now.and_then(|known| version_of(&known.what));
            left.push(Left {
                id: *id,
                version: version.map(|(_, version)| version),
                place: now.or(before).map(|known| known.place.clone()),
                reached_by: now.and_then(|known| self.reached_by(&known.what)),
            });
        }
        self.go_back(work).await;
        self.nginx.apache.leave_only(served).await;
        self.nginx.php.leave_only(left).await;
    }

    /// Has the Apache of what is shown on be what it was before a change of it failed.
    async fn go_back(&self, work: &Work) {
        let former = work.failed.keys().filter_map(|of| self.known.get(of));
        let former = former.filter_map(|known| self.nginx.served(&known.what, &known.place));
        for (id, why) in self.nginx.apache.bring(former.collect()).await {
            tracing::error!(webspace.id = %id, code = why.code, detail = why.detail,
                "an Apache is not what it was");
        }
    }
}
