//! Swapping: what was tried comes into its place, all of a turn at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::Visited;
use crate::nginx::disk::{Disk, Stamp};
use crate::nginx::turn::{Turns, Work, failed};

impl Turns {
    /// Puts what was tried in its place, and takes away what is gone.
    pub(super) async fn swap(&mut self, work: &mut Work) {
        let nginx = Arc::clone(&self.nginx);
        let new = work.puts.iter().filter(|(_, put)| put.is_new());
        let puts: BTreeMap<Visited, Option<String>> =
            new.map(|(of, put)| (*of, put.before.clone())).collect();
        let gone = work.gone.clone();
        let swapped = tokio::task::spawn_blocking(move || swap(&nginx.disk, &puts, &gone));
        match swapped.await {
            Ok((stamps, faults)) => {
                self.tried.retain(|of, _| !work.gone.contains(of));
                self.tried.extend(stamps);
                for (of, why) in faults {
                    self.tried.remove(&of);
                    work.fail(of, why);
                }
            }
            Err(fault) => work.fail_all(&StepFailure::new("files-failed", fault)),
        }
    }
}

/// What lies there now, and for which that failed.
type Swapped = (Vec<(Visited, Stamp)>, Vec<(Visited, StepFailure)>);

/// Puts these in their places, each where still lies what was looked at, and takes those away.
fn swap(
    disk: &Disk,
    puts: &BTreeMap<Visited, Option<String>>,
    gone: &BTreeSet<Visited>,
) -> Swapped {
    let put = puts
        .iter()
        .map(|(of, before)| (*of, put(disk, *of, before.as_deref())));
    let removed = gone
        .iter()
        .map(|of| (*of, disk.remove(*of).map_err(failed)));
    let faults = put.chain(removed);
    let faults = faults.filter_map(|(of, done)| Some((of, done.err()?)));
    let mut faults: Vec<_> = faults.collect();
    // Once for all of them: a crash leaves each as it was or as it is.
    if !puts.is_empty()
        && let Err(fault) = disk.sync()
    {
        let why = failed(fault);
        faults.extend(puts.keys().map(|of| (*of, why.clone())));
    }
    let stamps = puts.keys().filter_map(|of| Some((*of, disk.stamp(*of)?)));
    (stamps.collect(), faults)
}

/// Puts one in its place. A trial takes its time: what somebody wrote there meanwhile is looked at first.
///
/// Errors: `edited-again`, `files-failed`.
fn put(disk: &Disk, of: Visited, before: Option<&str>) -> Result<(), StepFailure> {
    if disk.text(of).as_deref() != before {
        let why = "something else was written meanwhile";
        return Err(StepFailure::new("edited-again", why));
    }
    disk.swap(of).map_err(failed)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn what_was_written_while_a_change_was_tried_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::open(dir.path().join("nginx"), None).unwrap();
        let of = |id| Visited::Site(WebspaceId::from_uuid(Uuid::from_u128(id)));
        for (id, lies) in [(1, "ours"), (2, "by hand")] {
            std::fs::write(disk.include(of(id)), lies).unwrap();
            disk.stage(of(id), "next").unwrap();
        }
        disk.stage(of(3), "next").unwrap();
        let before = |id| (of(id), Some("ours".to_owned()));
        let puts = BTreeMap::from([before(1), before(2), (of(3), None)]);
        let (_, faults) = swap(&disk, &puts, &BTreeSet::new());
        let codes: Vec<_> = faults.iter().map(|(of, why)| (*of, why.code)).collect();
        assert_eq!(codes, [(of(2), "edited-again")]);
        let lies = |id| disk.text(of(id));
        assert_eq!(lies(1).as_deref(), Some("next"));
        assert_eq!(lies(2).as_deref(), Some("by hand"));
        assert_eq!(lies(3).as_deref(), Some("next"));
    }
}
