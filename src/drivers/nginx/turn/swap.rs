//! Swapping: what was tried comes into its place, all of a turn at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::Visited;
use crate::nginx::disk::{Disk, Stamp};
use crate::nginx::turn::{Turns, Work, failed};

impl Turns {
    /// Puts what was tried in its place, and takes away what is gone.
    pub(super) async fn swap(&mut self, work: &mut Work) {
        let nginx = Arc::clone(&self.nginx);
        let (puts, gone) = (work.new_ones(), work.gone.clone());
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

/// Puts these in their places and takes those away.
fn swap(disk: &Disk, puts: &BTreeSet<Visited>, gone: &BTreeSet<Visited>) -> Swapped {
    let put = puts.iter().map(|of| (*of, disk.swap(*of)));
    let removed = gone.iter().map(|of| (*of, disk.remove(*of)));
    let faults = put.chain(removed);
    let faults = faults.filter_map(|(of, done)| Some((of, failed(done.err()?))));
    let mut faults: Vec<_> = faults.collect();
    // Once for all of them: a crash leaves each as it was or as it is.
    if !puts.is_empty()
        && let Err(fault) = disk.sync()
    {
        let why = failed(fault);
        faults.extend(puts.iter().map(|of| (*of, why.clone())));
    }
    let stamps = puts.iter().filter_map(|of| Some((*of, disk.stamp(*of)?)));
    (stamps.collect(), faults)
}
