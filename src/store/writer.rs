//! SQLite's one writer, and how transactions share a write to the disk.
//!
//! A transaction is a savepoint in the group that is open. Whoever commits while others wait leaves the
//! group open to them and is acknowledged at its end; whoever commits alone ends it at once. The end of a
//! group queues behind those who wait already, so it comes after them and before everybody later.
//! Invariants: nobody is acknowledged before the group is on the disk; a group ends as a whole, well or
//! badly; what is given up takes nothing of the others with it; writers come in order of arrival.

use crate::sqlite::Session;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use wabe_kernel::Fault;

/// How long a writer queues before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Transactions in a group at most; whoever completes it ends it.
const MOST: usize = 64;
/// How long a transaction that nobody waits for stays in an open group.
const LINGER: Duration = Duration::from_millis(2);

/// Why a group did not reach the disk.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
struct Lost(Arc<str>);

type Acknowledgement = oneshot::Sender<Result<(), Lost>>;

/// What whoever holds the lock works with.
struct Slot {
    session: Option<Session>,
    /// Kept transactions that wait for the disk.
    group: Vec<Acknowledgement>,
    /// Whether somebody who will end the group is in the queue.
    ending: bool,
}

/// The way to the one writer.
#[derive(Clone)]
pub(crate) struct Writer {
    slot: Arc<Mutex<Slot>>,
    waiting: Arc<AtomicUsize>,
}

/// Counts somebody as waiting for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Writer {
    pub(crate) fn open(path: &Path) -> Result<Self, Fault> {
        let slot = Slot {
            session: Some(Session::open(path, false)?),
            group: Vec::new(),
            ending: false,
        };
        Ok(Self {
            slot: Arc::new(Mutex::new(slot)),
            waiting: Arc::default(),
        })
    }

    /// Queues, and begins.
    pub(crate) async fn begin(&self) -> Result<Writing, Fault> {
        let beginning = |error| Fault::because("begin", error);
        let counted = Waiting::new(&self.waiting);
        let slot = tokio::time::timeout(PATIENCE, self.slot.clone().lock_owned()).await;
        drop(counted);
        let mut slot = slot.map_err(|late| Fault::because("begin", late))?;
        slot.notice_loss();
        let open = !slot.group.is_empty();
        let session = slot.session()?;
        if !open {
            // What could not be rolled back before must not keep everybody out.
            if session.in_transaction() {
                session.say("ROLLBACK").map_err(beginning)?;
            }
            session.say("BEGIN IMMEDIATE").map_err(beginning)?;
        }
        // From here on dropping gives up, whatever happens next.
        let mut writing = Writing {
            slot: Some(slot),
            waiting: self.waiting.clone(),
        };
        writing
            .session()?
            .say("SAVEPOINT change")
            .map_err(beginning)?;
        Ok(writing)
    }

    /// Ends the group and closes the connection.
    pub(crate) async fn close(&self) {
        let mut slot = self.slot.lock().await;
        slot.end();
        slot.session = None;
    }
}

impl Slot {
    fn session(&mut self) -> Result<&mut Session, Fault> {
        self.session
            .as_mut()
            .ok_or(Fault::new("the database is closed"))
    }

    /// Tells the group when SQLite gave its transaction up by itself, as it does when a disk is full.
    fn notice_loss(&mut self) {
        let open = self.session.as_mut().is_some_and(Session::in_transaction);
        if !open && !self.group.is_empty() {
            self.tell(&Err(Lost("the transaction was rolled back".into())));
        }
    }

    /// Writes the group to the disk, and tells everybody in it.
    fn end(&mut self) {
        self.notice_loss();
        if self.group.is_empty() {
            return;
        }
        let Ok(session) = self.session() else { return };
        let ended = session.say("COMMIT").map_err(|error| {
            let _gone_already = session.say("ROLLBACK");
            Lost(error.to_string().into())
        });
        self.tell(&ended);
    }

    fn tell(&mut self, ended: &Result<(), Lost>) {
        for waiting in self.group.drain(..) {
            // Who went away does not want to know.
            let _gone = waiting.send(ended.clone());
        }
    }

    /// Takes back what was done since the savepoint; the kept transactions of the group stay.
    fn give_up(&mut self) -> rusqlite::Result<()> {
        let Some(session) = self.session.as_mut() else {
            return Ok(());
        };
        let mut gone = Ok(());
        if session.in_transaction() {
            gone = session
                .say("ROLLBACK TO change")
                .and_then(|()| session.say("RELEASE change"));
            if (gone.is_err() || self.group.is_empty()) && session.in_transaction() {
                gone = session.say("ROLLBACK");
            }
        }
        self.notice_loss();
        gone
    }
}

/// Waits for its turn behind everybody who waits now, and ends the group.
async fn end_later(slot: Arc<Mutex<Slot>>) {
    let mut slot = slot.lock_owned().await;
    slot.ending = false;
    if !slot.group.is_empty() {
        end_now(slot);
    }
}

/// Ends the group when nobody did meanwhile.
async fn linger(slot: Arc<Mutex<Slot>>) {
    tokio::time::sleep(LINGER).await;
    let slot = slot.lock_owned().await;
    if !slot.group.is_empty() {
        end_now(slot);
    }
}

/// The disk may take its time: not on a thread that others need.
fn end_now(mut slot: OwnedMutexGuard<Slot>) {
    tokio::task::spawn_blocking(move || slot.end());
}

/// A transaction in the open group.
pub(crate) struct Kept(oneshot::Receiver<Result<(), Lost>>);

impl Kept {
    /// Comes back when it is on the disk.
    pub(crate) async fn on_disk(self) -> Result<(), Fault> {
        match self.0.await {
            Ok(ended) => ended.map_err(|lost| Fault::because("commit", lost)),
            Err(gone) => Err(Fault::because("commit", gone)),
        }
    }
}

/// A writing transaction; dropped, it never happened.
pub(crate) struct Writing {
    slot: Option<OwnedMutexGuard<Slot>>,
    waiting: Arc<AtomicUsize>,
}

impl Writing {
    pub(crate) fn session(&mut self) -> Result<&mut Session, Fault> {
        self.slot
            .as_mut()
            .ok_or(Fault::new("the transaction is over"))?
            .session()
    }

    /// Leaves it in the group, and the savepoint is free for the next.
    fn keep(&mut self) -> Result<(OwnedMutexGuard<Slot>, Kept), Fault> {
        let kept = self.session()?.say("RELEASE change");
        kept.map_err(|error| Fault::because("commit", error))?;
        let Some(mut slot) = self.slot.take() else {
            return Err(Fault::new("the transaction is over"));
        };
        let (tell, told) = oneshot::channel();
        slot.group.push(tell);
        Ok((slot, Kept(told)))
    }

    /// Keeps it for whoever writes next: it reaches the disk with them, or by itself a moment later.
    pub(crate) fn commit_with_next(mut self) -> Result<Kept, Fault> {
        let (slot, kept) = self.keep()?;
        if slot.group.len() >= MOST {
            end_now(slot);
        } else {
            tokio::spawn(linger(OwnedMutexGuard::mutex(&slot).clone()));
        }
        Ok(kept)
    }

    /// Keeps it; comes back when it is on the disk.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        let (mut slot, kept) = self.keep()?;
        if self.waiting.load(Ordering::Acquire) == 0 || slot.group.len() >= MOST {
            end_now(slot);
        } else {
            if !slot.ending {
                slot.ending = true;
                tokio::spawn(end_later(OwnedMutexGuard::mutex(&slot).clone()));
            }
            drop(slot);
        }
        kept.on_disk().await
    }

    /// Gives it up.
    pub(crate) fn rollback(mut self) -> Result<(), Fault> {
        let gone = self.slot.take().map_or(Ok(()), |mut slot| slot.give_up());
        gone.map_err(|error| Fault::because("roll back", error))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(mut slot) = self.slot.take() {
            // The next writer meets whatever is wrong, and says so.
            let _gone = slot.give_up();
        }
    }
}
