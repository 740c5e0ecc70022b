//! Mail of the embedded default: mailboxes on disk, an SMTP intake on loopback, and reading.
//!
//! Under the node's folder lie `mail/<domain id>/passwd` (a Dovecot passwd-file),
//! `mail/<domain id>/aliases` and `mail/box/<mailbox id>/Maildir/`. Invariants: names on disk are ids,
//! never addresses; a file is written whole, read back, compared and then renamed into place; what
//! the intake acknowledged is on disk, synced; a step older than what was applied is refused. There
//! is no relaying: nothing here opens a connection to anywhere.
//!
//! Start reading at [`Mailboxes`]; the steps are in `steps`, the intake in [`smtp`].

mod aliases;
mod disk;
mod index;
mod intake;
mod ledger;
mod maildir;
mod passwd;
mod read;
pub mod smtp;
mod steps;
mod store;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;
use wabe_kernel::content::{Attachment, ContentError, Mail, MailboxUse, Message, MessageHead};
use wabe_kernel::desired::{Driver, Observed, Step, StepFailure, Subject, Working};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Clock, Rng};

pub use self::read::open_letter;
use self::store::Store;
use crate::embedded::touched::Touched;

/// How many messages are taken apart at the same time; each may need a few times its size.
const READERS: usize = 2;

/// The mailboxes and aliases of this node: carries out their steps, receives, and reads.
pub struct Mailboxes {
    store: Arc<Store>,
    readers: Arc<Semaphore>,
}

impl Mailboxes {
    /// Opens the mail beneath `node_dir`, making the folders where missing, and loads all entries.
    ///
    /// A line that cannot be read is logged by domain and left out; other lines and domains load.
    /// Until the process restarts, unknown recipients of that domain are put off, not refused.
    ///
    /// # Errors
    /// `mail-disk` when the folders cannot be made or read.
    pub fn open(
        node_dir: &Path,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Arc<Self>, StepFailure> {
        let store = Store::open(node_dir, clock, rng)?;
        Ok(Arc::new(Self {
            store: Arc::new(store),
            readers: Arc::new(Semaphore::new(READERS)),
        }))
    }

    /// Mailboxes whose content changed.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.store.touched.clone()
    }

    /// Runs file work where it may block.
    async fn work<T, F>(&self, job: F) -> Result<T, ContentError>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, ContentError> + Send + 'static,
    {
        let store = Arc::clone(&self.store);
        match tokio::task::spawn_blocking(move || job(&store)).await {
            Ok(result) => result,
            Err(stopped) => Err(ContentError::Fault(stopped.to_string())),
        }
    }

    /// As [`Self::work`], for jobs that hold a whole message: only a few at a time.
    async fn heavy<T, F>(&self, job: F) -> Result<T, ContentError>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, ContentError> + Send + 'static,
    {
        let permit = Arc::clone(&self.readers).acquire_owned().await;
        let permit = permit.map_err(|closed| ContentError::Fault(closed.to_string()))?;
        // The permit goes into the job: a caller that goes away does not free the memory.
        self.work(move |store| {
            let result = job(store);
            drop(permit);
            result
        })
        .await
    }
}

impl Driver for Mailboxes {
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>> {
        let store = Arc::clone(&self.store);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || store.observe(subject))
                .await
                .unwrap_or_else(|stopped| Err(StepFailure::new("mail-disk", stopped)))
        })
    }

    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>> {
        let store = Arc::clone(&self.store);
        let step = step.clone();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || store.apply(&step))
                .await
                .unwrap_or_else(|stopped| Err(StepFailure::new("mail-disk", stopped)))
        })
    }
}

impl Mail for Mailboxes {
    fn usage(&self, mailbox: MailboxId) -> Working<'_, Result<MailboxUse, ContentError>> {
        Box::pin(self.work(move |store| store.usage(mailbox)))
    }

    fn list(
        &self,
        mailbox: MailboxId,
        skip: usize,
        limit: usize,
    ) -> Working<'_, Result<Vec<MessageHead>, ContentError>> {
        Box::pin(self.work(move |store| store.list(mailbox, skip, limit)))
    }

    fn read<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<Message, ContentError>> {
        let key = key.to_owned();
        Box::pin(self.heavy(move |store| store.read(mailbox, &key, true)))
    }

    fn peek<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<Message, ContentError>> {
        let key = key.to_owned();
        Box::pin(self.heavy(move |store| store.read(mailbox, &key, false)))
    }

    fn attachment<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
        index: usize,
    ) -> Working<'a, Result<(Attachment, Vec<u8>), ContentError>> {
        let key = key.to_owned();
        Box::pin(self.heavy(move |store| store.attachment(mailbox, &key, index)))
    }

    fn delete<'a>(
        &'a self,
        mailbox: MailboxId,
        key: &'a str,
    ) -> Working<'a, Result<(), ContentError>> {
        let key = key.to_owned();
        Box::pin(self.work(move |store| store.delete(mailbox, &key)))
    }
}
