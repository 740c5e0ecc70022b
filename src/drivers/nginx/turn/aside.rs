//! What is kept aside: includes that somebody edited, and files of keys that nothing leads to any more.

use std::path::PathBuf;
use wabe_kernel::Aside;
use wabe_kernel::desired::{StepFailure, Webspace, Wish};

use crate::embedded::web::{Showing, Visited};
use crate::nginx::difference::between;
use crate::nginx::disk::Disk;
use crate::nginx::edited;
use crate::nginx::include::Include;
use crate::nginx::turn::{BY_HAND, Known, Turns, Work};

/// What is shown, as if whole addresses were logged for as long as there.
fn logged_like(shown: &Showing, there: &Showing) -> Showing {
    match (shown, there) {
        (Showing::Site(Wish::Present(shown)), Showing::Site(Wish::Present(there))) => {
            let full_addresses_until = there.full_addresses_until;
            Showing::Site(Wish::Present(Webspace {
                full_addresses_until,
                ..shown.clone()
            }))
        }
        _ => shown.clone(),
    }
}

impl Turns {
    /// Notes what somebody else wrote where an include of ours lies, before that is written over.
    pub(super) fn look_for_edits(&self, what: &Showing, lies: Option<&str>, next: &Include) {
        let (Some(of), Some(lies)) = (what.of(), lies) else {
            return;
        };
        let should = self.should(of);
        let should = should.as_ref().unwrap_or(next);
        if edited::is_edit(lies, should) && edited::is_edit(lies, next) {
            self.note_edited((of, edited::why_aside(what)), (lies, &should.text));
        }
    }

    /// Goes on with what is not in an include that somebody edited by hand; what would have to be written into it is
    /// not done.
    pub(super) fn go_on_beside(
        &mut self,
        work: &mut Work,
        (of, next): (Visited, Known),
        include: &Include,
    ) {
        let same = |known: &Known| {
            let shown = logged_like(&known.what, &next.what);
            let made = self.nginx.include(&shown, &next.place);
            made.is_ok_and(|(made, _)| made.tree == include.tree)
        };
        if self.known.get(&of).is_some_and(same) {
            self.nginx.note_refused(of, None);
            self.known.insert(of, next);
        } else {
            let why = "somebody edited the include by hand";
            work.fail(of, StepFailure::new(BY_HAND, why));
        }
    }

    /// The include of what is shown.
    pub(super) fn should(&self, of: Visited) -> Option<Include> {
        let known = self.known.get(&of)?;
        let made = self.nginx.include(&known.what, &known.place);
        made.ok().map(|(include, _)| include)
    }

    /// Keeps an edited include beside, and says so; with a reason, whoever looks at the node hears of it.
    pub(super) fn note_edited(
        &self,
        about: (Visited, Option<Aside>),
        (lies, should): (&str, &str),
    ) {
        let difference = between(should, lies);
        tracing::warn!(visited.id = %about.0, difference, "an include was edited by hand and is put aside");
        if let Err(fault) = edited::keep(self.nginx.disk.folder(), about, (lies, should)) {
            tracing::error!(visited.id = %about.0, %fault, "an edited include is not kept");
        }
    }

    /// Removes files of names and passwords that no include leads to any more.
    pub(super) async fn leave_keys(&self, work: &Work) {
        let kept = work.puts.values();
        let kept = kept.map(|put| (put.known.place.folder.clone(), put.keys.clone()));
        let gone = work.gone.iter().filter_map(|of| self.known.get(of));
        let gone = gone.map(|known| (known.place.folder.clone(), Vec::new()));
        let all: Vec<(PathBuf, Vec<(PathBuf, String)>)> = kept.chain(gone).collect();
        let swept = tokio::task::spawn_blocking(move || {
            for (folder, keys) in all {
                if let Err(fault) = Disk::leave_keys(&folder, &keys) {
                    tracing::warn!(%fault, "old keys to folders stay");
                }
            }
        });
        if let Err(fault) = swept.await {
            tracing::error!(%fault, "removing old keys to folders broke off");
        }
    }
}
