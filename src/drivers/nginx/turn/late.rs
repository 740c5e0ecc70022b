//! Changes that wait for a pool of PHP: they hold up nobody but themselves.

use futures_util::future::join_all;
use std::time::Duration;
use tokio::time::Instant;
use wabe_kernel::PhpVersion;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::{Place, Showing, Visited};
use crate::nginx::turn::{Asked, Change, Done, Turns, Waiters, Work};
use crate::nginx::{behind, version_of};

/// How long a pool may take until it takes requests.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long a begin waits for pools, so that the first visitors find them.
const BRIEF: Duration = Duration::from_secs(2);
/// How often it is looked whether a pool takes requests by now.
pub(super) const AGAIN: Duration = Duration::from_millis(25);

/// What has to answer before a change is shown.
struct Waits {
    pool: Option<(WebspaceId, PhpVersion)>,
    apache: Option<WebspaceId>,
}

impl Waits {
    fn of(what: &Showing) -> Self {
        Self {
            pool: version_of(what),
            apache: behind(what).map(|webspace| webspace.id),
        }
    }
}

/// A change whose pool takes no requests yet.
pub(super) struct Late {
    what: Box<(Showing, Place)>,
    /// Who waits for it; nobody for what stood already, and is shown.
    done: Vec<Done>,
    until: Instant,
}

impl Late {
    /// Who waits for it.
    pub(super) fn into_done(self) -> Vec<Done> {
        self.done
    }
}

impl Turns {
    /// Takes out of a turn what has to wait for its pool. What waited long enough has failed.
    pub(super) async fn put_off(&mut self, work: &mut Work, waiters: &mut Waiters) {
        let now = Instant::now();
        for of in self.silent(work).await {
            let until = waiters.get(&of).and_then(|waiting| waiting.until);
            let until = until.unwrap_or(now + PATIENCE);
            if until <= now {
                let put = work.puts.get(&of);
                let is_behind = put.is_some_and(|put| behind(&put.known.what).is_some());
                let (code, why) = if is_behind {
                    ("apache-failed", "Apache or its PHP takes no requests")
                } else {
                    ("php-failed", "the pool takes no requests")
                };
                work.fail(of, StepFailure::new(code, why));
            } else if let Some(put) = work.puts.remove(&of) {
                let waiting = waiters.remove(&of).unwrap_or_default();
                let late = Late {
                    what: Box::new((put.known.what, put.known.place)),
                    done: waiting.done,
                    until,
                };
                self.late.insert(of, late);
            }
        }
    }

    /// Waits for the pools of what stands, but not for long; what is silent then is looked at later.
    pub(super) async fn await_briefly(&mut self, work: &Work) {
        let end = Instant::now() + BRIEF;
        let mut silent = self.silent(work).await;
        while !silent.is_empty() && Instant::now() < end {
            tokio::time::sleep(AGAIN).await;
            silent = self.silent(work).await;
        }
        let until = Instant::now() + PATIENCE;
        for of in silent {
            let Some(put) = work.puts.get(&of) else {
                continue;
            };
            let late = Late {
                what: Box::new((put.known.what.clone(), put.known.place.clone())),
                done: Vec::new(),
                until,
            };
            self.late.insert(of, late);
        }
    }

    /// What need not wait any more: its pool takes requests, or had its time.
    pub(super) async fn waited(&mut self) -> Vec<Asked> {
        let pools = self.late.iter();
        let pools = pools.map(|(of, late)| (*of, Waits::of(&late.what.0)));
        let looked = self.looked_at(pools.collect()).await;
        let now = Instant::now();
        let mut due = Vec::new();
        for (of, answers) in looked {
            let is_over = answers || self.late.get(&of).is_some_and(|late| late.until <= now);
            if !is_over {
                continue;
            }
            let Some(Late { what, done, until }) = self.late.remove(&of) else {
                continue;
            };
            // What stood is shown already.
            if answers && done.is_empty() {
                continue;
            }
            due.push(Asked {
                of,
                change: Change::Show(what),
                done,
                until: Some(until),
            });
        }
        due
    }

    /// What of this leads to a pool that takes no requests.
    async fn silent(&self, work: &Work) -> Vec<Visited> {
        let pools = work.puts.iter();
        let pools = pools.map(|(of, put)| (*of, Waits::of(&put.known.what)));
        let looked = self.looked_at(pools.collect()).await.into_iter();
        looked
            .filter_map(|(of, answers)| (!answers).then_some(of))
            .collect()
    }

    /// Whether each of these pools takes requests now; where there is none to wait for, it does.
    async fn looked_at(&self, pools: Vec<(Visited, Waits)>) -> Vec<(Visited, bool)> {
        let (php, apache) = (&self.nginx.php, &self.nginx.apache);
        let looks = pools.into_iter().map(|(of, waits)| async move {
            let php = match waits.pool {
                Some((id, version)) => php.answers(id, version).await,
                None => true,
            };
            let apache = match waits.apache {
                Some(id) => apache.answers(id).await,
                None => true,
            };
            (of, php && apache)
        });
        join_all(looks).await
    }
}
