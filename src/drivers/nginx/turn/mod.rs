//! How a change gets to visitors: written, tried as a whole, swapped in, loaded, looked at, and taken back
//! when it does not answer.
//!
//! One turn after the other. The first change begins one at once; what arrives until [`TOGETHER`] after its
//! begin waits for the next one, which takes all of it. Whoever is at fault is taken out, not everybody.

mod aside;
mod begin;
mod late;
mod look;
mod pools;
mod swap;
mod tend;
mod trial;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use wabe_kernel::DomainName;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::{Place, Showing, Visited};
use crate::nginx::include::Include;
use crate::nginx::turn::late::Late;
use crate::nginx::{Nginx, edited, errors};

/// Reloads are this far apart, at least.
const TOGETHER: Duration = Duration::from_millis(200);
/// The code of a change that would write over what somebody wrote by hand.
const BY_HAND: &str = "edited-by-hand";
/// The most changes of one turn.
const MOST: usize = 256;
/// How often somebody looks for instructions that have run out.
const LOOK: Duration = Duration::from_secs(30);

/// How often what PHP kept for too long is removed.
const SWEEP: Duration = Duration::from_hours(1);

/// What is to happen.
pub(super) enum Change {
    /// Show this.
    Show(Box<(Showing, Place)>),
    /// Show nothing.
    Hide,
}

/// Hears how a change ended.
pub(super) type Done = oneshot::Sender<Result<(), StepFailure>>;

/// A change that is asked for.
pub(super) struct Asked {
    pub(super) of: Visited,
    pub(super) change: Change,
    /// Everybody who waits for it.
    pub(super) done: Vec<Done>,
    /// When it has waited for its pool for long enough; it did not wait yet when absent.
    pub(super) until: Option<Instant>,
}

/// Who waits in a turn for what, and until when that may wait for its pool.
type Waiters = BTreeMap<Visited, Waiting>;

#[derive(Default)]
struct Waiting {
    done: Vec<Done>,
    until: Option<Instant>,
}

/// What is shown.
struct Known {
    what: Showing,
    place: Place,
    /// Whether whole addresses are logged.
    full: bool,
}

/// An include on its way.
struct Put {
    known: Known,
    include: Include,
    /// Files that it leads to, each with what is in it.
    keys: Vec<(PathBuf, String)>,
    /// What lay there.
    before: Option<String>,
}

impl Put {
    /// Whether something else lies there.
    fn is_new(&self) -> bool {
        self.before.as_deref() != Some(&*self.include.text)
    }
}

/// The changes of one turn, as far as nothing stands in their way.
#[derive(Default)]
struct Work {
    puts: BTreeMap<Visited, Put>,
    gone: BTreeSet<Visited>,
    failed: BTreeMap<Visited, StepFailure>,
}

impl Work {
    fn fail(&mut self, of: Visited, why: StepFailure) {
        self.puts.remove(&of);
        self.gone.remove(&of);
        self.failed.insert(of, why);
    }

    /// What is to be written, which is everything that does not lie there already.
    fn new_ones(&self) -> BTreeSet<Visited> {
        let new = self.puts.iter().filter(|(_, put)| put.is_new());
        new.map(|(of, _)| *of).collect()
    }

    /// Nothing of it can be.
    fn fail_all(&mut self, why: &StepFailure) {
        let all = std::mem::take(&mut self.puts).into_keys();
        let all: Vec<Visited> = all.chain(std::mem::take(&mut self.gone)).collect();
        self.failed
            .extend(all.into_iter().map(|of| (of, why.clone())));
    }
}

/// Whether a turn makes the pools that its includes lead to.
enum Pooling {
    Bring,
    /// Only what is logged changes, which a pool that cannot be must not hold up.
    Leave,
}

struct Turns {
    nginx: Arc<Nginx>,
    known: HashMap<Visited, Known>,
    late: BTreeMap<Visited, Late>,
    /// What lies there and was tried with the rest, as it was then.
    tried: trial::Tried,
}

/// Shows what stands, then everything that is asked for, until `stop`; ends with nginx and PHP.
pub(super) async fn run(
    nginx: Arc<Nginx>,
    mut waiting: mpsc::UnboundedReceiver<Asked>,
    standing: Vec<(Showing, Place)>,
    stop: CancellationToken,
) {
    let mut turns = Turns {
        nginx: Arc::clone(&nginx),
        known: HashMap::new(),
        late: BTreeMap::new(),
        tried: trial::Tried::new(),
    };
    let errors = tokio::spawn(errors::keep(Arc::clone(&nginx), stop.clone()));
    let php = tokio::spawn(Arc::clone(&nginx.php).run(stop.clone()));
    let apache = tokio::spawn(Arc::clone(&nginx.apache).run(stop.clone()));
    // Whoever is told to end meanwhile ends at once: what is written is whole, and another begin goes on there.
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = turns.begin(standing) => {}
    }
    nginx.begun.send_replace(true);
    // After a stop it returns without having started anything.
    let daemon = tokio::spawn(Arc::clone(&nginx.daemon).keep(stop.clone()));
    let (mut look, mut began) = (tokio::time::interval(LOOK), None::<Instant>);
    let mut sweep = tokio::time::interval(SWEEP);
    let mut again = tokio::time::interval(late::AGAIN);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let first = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            _ = look.tick() => {
                turns.bound_logs().await;
                turns.expire().await;
                continue;
            }
            _ = sweep.tick() => {
                turns.sweep().await;
                continue;
            }
            _ = again.tick(), if !turns.late.is_empty() => {
                if began.is_none_or(|began| began.elapsed() >= TOGETHER) {
                    began = turns.try_late().await.or(began);
                }
                continue;
            }
            asked = waiting.recv() => asked,
        };
        let Some(first) = first else { break };
        let due = began.map_or_else(Instant::now, |began| began + TOGETHER);
        let batch = gathered(first, &mut waiting, due).await;
        began = Some(Instant::now());
        turns.turn(batch, Pooling::Bring).await;
    }
    for ended in [daemon.await, php.await, apache.await, errors.await] {
        if let Err(fault) = ended {
            tracing::error!(%fault, "keeping a daemon broke off");
        }
    }
}

/// `first`, what waits beside it, and what comes until `due`.
async fn gathered(
    first: Asked,
    waiting: &mut mpsc::UnboundedReceiver<Asked>,
    due: Instant,
) -> Vec<Asked> {
    let mut batch = vec![first];
    while batch.len() < MOST {
        tokio::select! {
            biased;
            asked = waiting.recv() => match asked {
                Some(asked) => batch.push(asked),
                None => break,
            },
            () = tokio::time::sleep_until(due) => break,
        }
    }
    batch
}

impl Turns {
    /// A turn of what waited for pools; answers when it began, where there was any.
    async fn try_late(&mut self) -> Option<Instant> {
        let batch = self.waited().await;
        if batch.is_empty() {
            return None;
        }
        let began = Instant::now();
        self.turn(batch, Pooling::Bring).await;
        Some(began)
    }

    /// One turn. Everybody who waits hears how it ended for them; whose pool is late hears in a later one.
    async fn turn(&mut self, batch: Vec<Asked>, pooling: Pooling) {
        let (mut work, mut waiters) = (Work::default(), Waiters::new());
        for asked in batch {
            let of = asked.of;
            let waiting = waiters.entry(of).or_default();
            // Whoever waits for what is late hears of what takes its place.
            if let Some(former) = self.late.remove(&of) {
                waiting.done.extend(former.into_done());
            }
            waiting.done.extend(asked.done);
            waiting.until = asked.until;
            match asked.change {
                Change::Show(what) => {
                    work.gone.remove(&of);
                    self.prepare(&mut work, of, *what);
                }
                Change::Hide => {
                    work.puts.remove(&of);
                    work.failed.remove(&of);
                    work.gone.insert(of);
                }
            }
        }
        if matches!(pooling, Pooling::Bring) {
            self.bring_pools(&mut work).await;
            self.put_off(&mut work, &mut waiters).await;
        }
        match self.make_sound(&mut work).await {
            Ok(()) => {
                self.swap(&mut work).await;
                self.load(&mut work).await;
            }
            Err(why) => work.fail_all(&why),
        }
        self.settle_pools(&work).await;
        self.leave_keys(&work).await;
        for of in &work.gone {
            self.known.remove(of);
            self.nginx.note_refused(*of, None);
        }
        for (of, why) in &work.failed {
            self.nginx.note_refused(*of, Some(why));
        }
        self.tell(waiters, &work.failed);
        for (of, put) in work.puts {
            self.nginx.note_refused(of, None);
            self.known.insert(of, put.known);
        }
    }

    /// Tells everybody who waits. Whoever does not wait any more does not need to hear.
    fn tell(&self, waiters: Waiters, failed: &BTreeMap<Visited, StepFailure>) {
        for (of, waiting) in waiters {
            let outcome = failed.get(&of).cloned().map_or(Ok(()), Err);
            if waiting.done.is_empty() && outcome.is_err() {
                self.nginx.lost.tell(&of);
            }
            for done in waiting.done {
                if done.send(outcome.clone()).is_err() {
                    tracing::debug!(visited.id = %of, "nobody waited for a change");
                }
            }
        }
    }

    /// Makes the include of something that is to be shown.
    fn prepare(&mut self, work: &mut Work, of: Visited, (what, place): (Showing, Place)) {
        work.failed.remove(&of);
        let keys = Nginx::keys(&what, &place);
        match (self.nginx.include(&what, &place), keys) {
            (Ok((include, full)), Ok(keys)) => {
                let before = self.nginx.disk.text(of);
                let stays = |lies: &str| edited::stays(&what, lies, (&include, full));
                if before.as_deref().is_some_and(stays) {
                    let known = Known { what, place, full };
                    return self.go_on_beside(work, (of, known), &include);
                }
                self.look_for_edits(&what, before.as_deref(), &include);
                let known = Known { what, place, full };
                let put = Put {
                    known,
                    include,
                    keys,
                    before,
                };
                work.puts.insert(of, put);
            }
            (Err(why), _) | (_, Err(why)) => work.fail(of, why),
        }
    }

    /// Loads what was swapped in, looks at each, and takes back what does not answer.
    async fn load(&mut self, work: &mut Work) {
        let nginx = Arc::clone(&self.nginx);
        if work.puts.is_empty() && work.gone.is_empty() {
            return;
        }
        let former = look::Former::now(&nginx);
        self.reload();
        let shown = work
            .puts
            .iter()
            .map(|(of, put)| (*of, put.known.what.host(), put.include.mark.as_str()));
        let (silent, ()) = tokio::join!(look::silent(&nginx, shown), former.leave());
        let lingering = look::lingering(&nginx, self.hidden(work)).await;
        if !silent.is_empty() || !lingering.is_empty() {
            // It may have refused the whole, which the next turn tries as one.
            self.tried.clear();
        }
        for (of, why) in lingering {
            work.fail(of, why);
        }
        if silent.is_empty() {
            return;
        }
        for (of, why) in silent {
            // Where somebody else wrote by now, there is nothing of ours to take back.
            let lies = nginx.disk.text(of);
            let ours = |put: &&Put| {
                let lies = lies.as_deref();
                lies.is_none_or(|lies| lies == put.include.text)
            };
            if let Some(put) = work.puts.get(&of).filter(ours)
                && let Err(fault) = nginx.disk.put_back(of, put.before.as_deref())
            {
                tracing::error!(visited.id = %of, %fault, "what was there before is not back");
            }
            work.fail(of, why);
        }
        self.reload();
    }

    fn reload(&self) {
        if !self.nginx.daemon.reload() {
            tracing::warn!("nginx does not run; it reads its configuration when it starts");
        }
    }

    /// What this turn hides: by which name it was asked for, and what it answered with.
    fn hidden(&self, work: &Work) -> Vec<(Visited, DomainName, String)> {
        let gone = work.gone.iter().filter_map(|of| {
            let known = self.known.get(of)?;
            let (include, _) = self.nginx.include(&known.what, &known.place).ok()?;
            Some((*of, known.what.host()?.clone(), include.mark))
        });
        gone.collect()
    }
}

fn failed(fault: std::io::Error) -> StepFailure {
    StepFailure::new("files-failed", fault)
}
