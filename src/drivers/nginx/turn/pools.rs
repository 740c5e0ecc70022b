//! The pools of PHP that come and go with a turn.

use crate::embedded::web::Visited;
use crate::nginx::turn::{Known, Turns, Work};
use crate::nginx::{pool_of, version_of};
use crate::php::{Left, Pooled};

impl Turns {
    /// Makes the pools that the includes of this turn lead to.
    pub(super) async fn bring_pools(&self, work: &mut Work) {
        let wanted = work.puts.values().filter_map(|put| pooled(&put.known));
        let failed = self.nginx.php.bring(wanted.collect()).await;
        for (id, why) in failed {
            work.fail(Visited::Site(id), why);
        }
    }

    /// Takes away the pools that nothing leads to any more.
    pub(super) async fn settle_pools(&self, work: &Work) {
        let touched = work.puts.keys().chain(&work.gone).chain(work.failed.keys());
        let mut left = Vec::new();
        for of in touched {
            let Visited::Site(id) = of else { continue };
            let before = self.known.get(of);
            let now = match work.puts.get(of) {
                Some(put) => Some(&put.known),
                None if work.gone.contains(of) => None,
                None => before,
            };
            let version = now.and_then(|known| version_of(&known.what));
            left.push(Left {
                id: *id,
                version: version.map(|(_, version)| version),
                place: now.or(before).map(|known| known.place.clone()),
            });
        }
        self.nginx.php.leave_only(left).await;
    }
}

/// The pool that this needs.
pub(super) fn pooled(known: &Known) -> Option<Pooled> {
    let (id, version, values) = pool_of(&known.what)?;
    Some(Pooled {
        id,
        version,
        values,
        place: known.place.clone(),
    })
}
