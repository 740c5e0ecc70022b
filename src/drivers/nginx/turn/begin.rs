//! How a node begins: from what stands, and what a former life left.

use std::collections::BTreeMap;
use wabe_kernel::Aside;

use crate::embedded::web::{Place, Showing, Visited};
use crate::nginx::edited;
use crate::nginx::turn::{BY_HAND, Known, Turns, Work};
use crate::php::Left;

impl Turns {
    /// Brings the folder to what stands, before nginx runs: a file that was changed by somebody else is
    /// what it should be again, one of something that is gone is taken away.
    pub(super) async fn begin(&mut self, standing: Vec<(Showing, Place)>) {
        let placed = |(what, place): (Showing, Place)| Some((what.of()?, (what, place)));
        let standing: BTreeMap<_, _> = standing.into_iter().filter_map(placed).collect();
        let mut work = Work::default();
        for (of, (what, place)) in &standing {
            self.prepare(&mut work, *of, (what.clone(), place.clone()));
        }
        self.hold_edited(&mut work, &standing).await;
        let there = self.nginx.disk.all().unwrap_or_default();
        let stale = there.into_iter().filter(|of| !standing.contains_key(of));
        work.gone = stale.filter(|of| !self.set_aside(*of)).collect();
        self.bring_pools(&mut work).await;
        self.await_briefly(&work).await;
        let unwritten = self.write_head().err();
        match (unwritten, self.make_sound(&mut work).await) {
            (None, Ok(())) => self.swap(&mut work).await,
            (Some(why), _) | (None, Err(why)) => work.fail_all(&why),
        }
        for (of, why) in &work.failed {
            tracing::error!(visited.id = %of, code = why.code, detail = why.detail,
                "what stood cannot be shown");
            self.nginx.note_refused(*of, Some(why));
            self.nginx.lost.tell(of);
            if let Some((what, place)) = standing.get(of) {
                self.know_former(*of, (what.clone(), place.clone()));
            }
        }
        let strays = self.nginx.php.all().into_iter();
        let strays = strays.filter(|id| !standing.contains_key(&Visited::Site(*id)));
        let stray = |id| Left {
            id,
            version: None,
            place: None,
            reached_by: None,
        };
        self.nginx.php.leave_only(strays.map(stray).collect()).await;
        let strays = self.nginx.apache.all().into_iter();
        let strays = strays.filter(|id| !standing.contains_key(&Visited::Site(*id)));
        let strays = strays.map(|id| (id, false)).collect();
        self.nginx.apache.leave_only(strays).await;
        self.settle_pools(&work).await;
        self.leave_keys(&work).await;
        for (of, put) in work.puts {
            self.known.insert(of, put.known);
        }
    }

    /// Takes away what somebody wrote by hand for something that does not stand, and keeps it: its document may be
    /// damaged, and be there again. Whatever is removed takes it along.
    fn set_aside(&self, of: Visited) -> bool {
        let lies = self.nginx.disk.text(of);
        let Some(lies) = lies.filter(|lies| !edited::was_written(lies)) else {
            return false;
        };
        let why = matches!(of, Visited::Site(_)).then_some(Aside::Hidden);
        self.note_edited((of, why), (&lies, ""));
        let taken = self.nginx.disk.take_away(of);
        taken.is_ok()
    }

    /// Leaves what somebody wrote by hand as it lies there, with the pools that what stands needs.
    async fn hold_edited(
        &mut self,
        work: &mut Work,
        standing: &BTreeMap<Visited, (Showing, Place)>,
    ) {
        let failed = work.failed.extract_if(.., |_, why| why.code == BY_HAND);
        let held: Vec<Visited> = failed.map(|(of, _)| of).collect();
        for of in &held {
            let Some((what, place)) = standing.get(of) else {
                continue;
            };
            tracing::warn!(visited.id = %of, "an include was edited by hand and stays so");
            self.know_former(*of, (what.clone(), place.clone()));
            // Whoever looks at the node sees it at once.
            self.nginx.lost.tell(of);
        }
        self.hold_up(&held).await;
    }

    /// Has what stands behind these run: their pools of PHP, and their Apaches.
    async fn hold_up(&self, held: &[Visited]) {
        let known = || held.iter().filter_map(|of| self.known.get(of));
        let pools = known().filter_map(|known| self.pooled(known)).collect();
        let served = known().filter_map(|known| self.nginx.served(&known.what, &known.place));
        let served = served.collect();
        let mut failed = self.nginx.php.bring(pools).await;
        failed.extend(self.nginx.apache.bring(served).await);
        for (id, why) in failed {
            tracing::error!(webspace.id = %id, code = why.code, detail = why.detail,
                "what stands has nothing behind it");
        }
    }

    /// Knows what stands although it cannot be shown as it should: what a former life wrote is shown on.
    fn know_former(&mut self, of: Visited, (what, place): (Showing, Place)) {
        let lies = self.nginx.disk.text(of).unwrap_or_default();
        let full = edited::logs_whole(&lies);
        self.known.insert(of, Known { what, place, full });
    }
}
