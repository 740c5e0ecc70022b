//! Logs of sites and redirects: one line per request, and one for what could not be done, in memory for a
//! second at most, then on disk.
//!
//! Addresses are shortened before a line is made (bar 3.16 T1), or after seven days where somebody ordered
//! whole ones. Memory per site and bytes per site on disk are bounded; a site without a folder has no log. Days
//! older than 14 are deleted, for quiet sites too.

pub(crate) mod line;
mod store;

use std::collections::HashMap;
use std::fmt::Display;
use std::io;
use std::mem::take;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use wabe_kernel::content::ContentError;
use wabe_kernel::{Clock, SiteLog, Timestamp};

use crate::embedded::web::layout::{Layout, Visited};

pub(super) use line::Visit;

/// Lines wait in memory no longer than this.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Logs of another server are looked at this often.
const TEND_EVERY: Duration = Duration::from_mins(5);
/// A buffer of this many bytes is written at once.
const FLUSH_BYTES: usize = 256 * 1024;
/// Lines beyond this many bytes of one site are counted, not kept.
const BUFFER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The lines of one site that are not on disk yet.
pub(super) struct Pending {
    of: Visited,
    lines: Mutex<Vec<u8>>,
    errors: Mutex<Vec<u8>>,
    lost: AtomicU64,
}

impl Pending {
    const fn of_log(&self, log: SiteLog) -> &Mutex<Vec<u8>> {
        match log {
            SiteLog::Access => &self.lines,
            SiteLog::Error | SiteLog::Php | SiteLog::Slow => &self.errors,
        }
    }
}

/// All access logs of the node.
pub(super) struct AccessLog {
    layout: Layout,
    clock: Arc<dyn Clock>,
    shared: Arc<Shared>,
    pending: Mutex<HashMap<Visited, Arc<Pending>>>,
    /// Held while lines go to disk, so that they stay in order.
    writing: Mutex<()>,
}

/// What a line needs to get on its way.
#[derive(Default)]
struct Shared {
    dirty: Mutex<Vec<Arc<Pending>>>,
    full: Notify,
}

/// A request that is being answered; its line is made when it is over.
pub(super) struct Note {
    shared: Arc<Shared>,
    pending: Arc<Pending>,
    visit: Visit,
    bytes: u64,
}

impl Note {
    /// Counts bytes of the answer's body.
    pub(super) fn count(&mut self, bytes: usize) {
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let line = self.visit.line(self.bytes);
        self.shared.add((&self.pending, SiteLog::Access), &line);
    }
}

impl Shared {
    fn add(&self, (pending, log): (&Arc<Pending>, SiteLog), line: &str) {
        let mut lines = lock(pending.of_log(log));
        if lines.len().saturating_add(line.len()) > BUFFER_BYTES_MAX {
            pending.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if lines.is_empty() {
            lock(&self.dirty).push(Arc::clone(pending));
        }
        lines.extend_from_slice(line.as_bytes());
        if lines.len() >= FLUSH_BYTES {
            self.full.notify_one();
        }
    }
}

impl AccessLog {
    pub(super) fn new(layout: Layout, clock: Arc<dyn Clock>) -> Self {
        Self {
            layout,
            clock,
            shared: Arc::default(),
            pending: Mutex::default(),
            writing: Mutex::default(),
        }
    }

    /// Where the lines of visits there wait.
    pub(super) fn pending_of(&self, of: impl Into<Visited>) -> Arc<Pending> {
        let (of, mut all) = (of.into(), lock(&self.pending));
        let pending = all.entry(of).or_insert_with(|| {
            Arc::new(Pending {
                of,
                lines: Mutex::default(),
                errors: Mutex::default(),
                lost: AtomicU64::new(0),
            })
        });
        Arc::clone(pending)
    }

    /// Forgets what waits for something that is gone.
    pub(super) fn forget(&self, of: impl Into<Visited>) {
        if let Some(pending) = lock(&self.pending).remove(&of.into()) {
            take(&mut *lock(&pending.lines));
            take(&mut *lock(&pending.errors));
        }
    }

    /// Notes what could not be done: where, and why.
    pub(super) fn complain(&self, pending: &Arc<Pending>, path: &str, why: &dyn Display) {
        let mut line = format!("{} [error] \"", self.clock.now());
        line::push_escaped(&mut line, path);
        line.push_str("\": ");
        line::push_escaped(&mut line, &why.to_string());
        line.push('\n');
        self.shared.add((pending, SiteLog::Error), &line);
    }

    /// Begins to note a visit.
    pub(super) fn note(&self, pending: &Arc<Pending>, visit: Visit) -> Note {
        Note {
            shared: Arc::clone(&self.shared),
            pending: Arc::clone(pending),
            visit,
            bytes: 0,
        }
    }

    /// Writes all waiting lines. Blocks on file work.
    pub(super) fn flush(&self) {
        let _order = lock(&self.writing);
        let day = store::day_of(self.clock.now());
        for pending in take(&mut *lock(&self.shared.dirty)) {
            let lines = take(&mut *lock(&pending.lines));
            let errors = take(&mut *lock(&pending.errors));
            let lost = pending.lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                tracing::warn!(visited.id = %pending.of, lost, "access log lines were dropped");
            }
            let logs = self.layout.logs(pending.of);
            let kept = store::append(&logs, (SiteLog::Access, &day), &lines)
                .and_then(|()| store::append(&logs, (SiteLog::Error, &day), &errors));
            if let Err(fault) = kept {
                tracing::warn!(visited.id = %pending.of, %fault, "a log is not writable");
            }
        }
    }

    /// Deletes days that are too old, and shortens addresses that were whole for long enough, of everything.
    /// Blocks on file work.
    pub(super) fn sweep(&self) {
        let now = self.clock.now();
        let (oldest, whole) = (store::oldest_kept(now), store::oldest_whole(now));
        for of in self.all() {
            let logs = self.layout.logs(of);
            let swept = store::prune(&logs, &oldest).and_then(|()| store::shorten(&logs, &whole));
            if let Err(fault) = swept {
                tracing::warn!(visited.id = %of, %fault, "old logs stay");
            }
        }
    }

    /// Holds what other servers write within its bounds, of everything. Blocks on file work.
    fn tend(&self) {
        let day = self.today();
        for of in self.all() {
            let logs = self.layout.logs(of);
            let kept = store::turn_over(&logs, (SiteLog::Php, &day))
                .and_then(|()| store::turn_over(&logs, (SiteLog::Slow, &day)))
                .and_then(|()| store::put_aside(&logs, &day));
            if let Err(fault) = kept {
                tracing::warn!(visited.id = %of, %fault, "old logs stay");
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = Visited> {
        let sites = self.layout.webspaces().unwrap_or_default();
        let redirects = self.layout.domains().unwrap_or_default();
        let sites = sites.into_iter().map(Visited::from);
        sites.chain(redirects.into_iter().map(Visited::from))
    }

    /// The last `lines` lines of visits there, newest last. Blocks on file work.
    ///
    /// Errors: `NotFound` without a folder for it; `Fault` when a log is unreadable.
    pub(super) fn tail(
        &self,
        of: impl Into<Visited>,
        lines: usize,
    ) -> Result<Vec<String>, ContentError> {
        let logs = self.layout.logs(of);
        if !logs.parent().is_some_and(Path::is_dir) {
            return Err(ContentError::NotFound);
        }
        self.flush();
        store::tail(&logs, lines.min(store::TAIL_LINES_MAX))
            .map_err(|fault| ContentError::Fault(fault.to_string()))
    }

    /// Resolves when it is time to flush: after a second, or when a buffer has grown.
    pub(super) async fn due(&self) {
        // Either way ends in a flush; which of the two it was does not matter.
        tokio::select! {
            () = tokio::time::sleep(FLUSH_EVERY) => {}
            () = self.shared.full.notified() => {}
        }
    }

    /// The present day, as files are named after it.
    pub(super) fn today(&self) -> String {
        store::day_of(self.clock.now())
    }

    /// The injected present.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Flushes `log` about each second and sweeps it each day, until `stop`; then flushes once more.
pub(super) async fn keep<T: AsRef<AccessLog> + Send + Sync + 'static>(
    holder: Arc<T>,
    stop: CancellationToken,
) {
    let mut swept = String::new();
    loop {
        let stopping = tokio::select! {
            () = (*holder).as_ref().due() => false,
            () = stop.cancelled() => true,
        };
        let today = (*holder).as_ref().today();
        let sweep = today != swept;
        let log = Arc::clone(&holder);
        let work = tokio::task::spawn_blocking(move || {
            (*log).as_ref().flush();
            if sweep {
                (*log).as_ref().sweep();
            }
        });
        if let Err(fault) = work.await {
            tracing::error!(%fault, "writing access logs broke off");
        }
        swept = today;
        if stopping {
            return;
        }
    }
}

/// Holds logs that another server writes to the same rules, until `stop`.
pub(super) async fn tend<T: AsRef<AccessLog> + Send + Sync + 'static>(
    holder: Arc<T>,
    stop: CancellationToken,
) {
    let mut swept = String::new();
    loop {
        let today = (*holder).as_ref().today();
        let sweep = today != swept;
        let log = Arc::clone(&holder);
        let work = tokio::task::spawn_blocking(move || {
            if sweep {
                (*log).as_ref().sweep();
            }
            (*log).as_ref().tend();
        });
        if let Err(fault) = work.await {
            tracing::error!(%fault, "keeping access logs broke off");
        }
        swept = today;
        tokio::select! {
            () = tokio::time::sleep(TEND_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Adds to what a server could not do for a site whose folder of logs this is. Blocks on file work.
///
/// # Errors
/// What the system says.
pub(crate) fn append_errors(logs: &Path, at: Timestamp, lines: &[u8]) -> io::Result<()> {
    store::append(logs, (SiteLog::Error, &store::day_of(at)), lines)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
