//! How full each mailbox is: counted once from the files, then kept in memory.
//!
//! Invariant: what is held plus what is reserved never passes the quota at the moment of reserving;
//! a reservation that is not kept gives its bytes back. Two deliveries at once cannot both take the
//! last bytes.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use cap_std::fs::Dir;
use wabe_kernel::content::{ContentError, MailboxUse};
use wabe_kernel::id::MailboxId;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::maildir;
use crate::embedded::mail::store::{Store, locked};

/// The books of one mailbox. Their lock also orders the renames and removals in its Maildir.
#[derive(Default)]
pub(super) struct Ledger {
    books: Mutex<Books>,
}

/// What a mailbox holds.
#[derive(Default)]
pub(super) struct Books {
    held: Option<MailboxUse>,
    reserved: Bytes,
}

impl Ledger {
    /// The books, for as long as the guard lives.
    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        locked(&self.books)
    }
}

impl Books {
    /// What is held, counted on the first call. Clears what a crash left behind in `tmp`.
    pub(super) fn held(&mut self, maildir: &Dir) -> io::Result<MailboxUse> {
        if let Some(held) = self.held {
            return Ok(held);
        }
        let temporary = maildir.open_dir("tmp")?;
        for entry in temporary.entries()? {
            temporary.remove_file(entry?.file_name())?;
        }
        let mut held = MailboxUse::default();
        for message in maildir::messages(maildir)? {
            held.messages = held.messages.saturating_add(1);
            held.bytes = held.bytes.saturating_add(message.size);
        }
        self.held = Some(held);
        Ok(held)
    }

    /// Notes that a message of this size went.
    pub(super) fn gone(&mut self, size: Bytes) {
        if let Some(held) = &mut self.held {
            held.messages = held.messages.saturating_sub(1);
            held.bytes = held.bytes.saturating_sub(size);
        }
    }

    /// Notes that the Maildir went; the next look counts anew.
    pub(super) fn forget(&mut self) {
        self.held = None;
    }
}

/// Why no space was reserved.
#[derive(Debug)]
pub(super) enum NoSpace {
    /// The quota would be passed.
    OverQuota,
    /// The mailbox may not receive any more.
    Closed,
    /// Its Maildir could not be counted.
    Disk(io::Error),
}

/// Space for one message; given back on drop.
pub(super) struct Reservation {
    ledger: Arc<Ledger>,
    size: Bytes,
}

impl Reservation {
    /// Turns the reserved space into space that is held.
    pub(super) fn keep(&self) {
        if let Some(held) = &mut self.ledger.books().held {
            held.messages = held.messages.saturating_add(1);
            held.bytes = held.bytes.saturating_add(self.size);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut books = self.ledger.books();
        books.reserved = books.reserved.saturating_sub(self.size);
    }
}

impl Store {
    /// Reserves space for a message of `size` bytes.
    pub(super) fn reserve(&self, mailbox: MailboxId, size: Bytes) -> Result<Reservation, NoSpace> {
        let quota = self.quota(mailbox).ok_or(NoSpace::Closed)?;
        let maildir = self.maildir(mailbox).map_err(NoSpace::Disk)?;
        let ledger = self.ledger(mailbox);
        let mut books = ledger.books();
        let held = books.held(&maildir).map_err(NoSpace::Disk)?.bytes;
        let taken = held.saturating_add(books.reserved).saturating_add(size);
        if taken > quota {
            return Err(NoSpace::OverQuota);
        }
        books.reserved = books.reserved.saturating_add(size);
        drop(books);
        Ok(Reservation { ledger, size })
    }

    /// How much a mailbox holds.
    pub(super) fn usage(&self, mailbox: MailboxId) -> Result<MailboxUse, ContentError> {
        let maildir = self.maildir(mailbox).map_err(content_error)?;
        let ledger = self.ledger(mailbox);
        let mut books = ledger.books();
        books.held(&maildir).map_err(content_error)
    }
}

/// What a file system's failure is to the reader of a mailbox.
#[expect(clippy::needless_pass_by_value, reason = "its place is map_err")]
pub(super) fn content_error(error: io::Error) -> ContentError {
    if error.kind() == io::ErrorKind::NotFound {
        ContentError::NotFound
    } else {
        ContentError::Fault(error.to_string())
    }
}
