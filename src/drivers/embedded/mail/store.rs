//! What the mail side knows and holds open: the folder, the index, the ledgers. All calls block.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cap_std::fs::Dir;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::{DomainId, MailboxId};
use wabe_kernel::rng::random;
use wabe_kernel::{Bytes, Clock, MailAddress, Rng};

use crate::embedded::mail::disk::{BOXES, Disk};
use crate::embedded::mail::index::{Index, Resolved};
use crate::embedded::mail::ledger::Ledger;
use crate::embedded::mail::passwd::writable_path;
use crate::embedded::mail::read::Heads;
use crate::embedded::mail::{aliases, passwd};
use crate::embedded::touched::Touched;

/// The name of the passwd-file in a domain's folder.
pub(super) const PASSWD: &str = "passwd";
/// The name of the alias file in a domain's folder.
pub(super) const ALIASES: &str = "aliases";

/// The state behind [`super::Mailboxes`].
pub(super) struct Store {
    pub(super) disk: Disk,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) heads: Heads,
    pub(super) touched: Touched,
    /// The folder of all mailboxes as the passwd-files name it; absent when its path cannot be written.
    pub(super) boxes_path: Option<String>,
    rng: Arc<dyn Rng>,
    index: RwLock<Index>,
    ledgers: Mutex<HashMap<MailboxId, Arc<Ledger>>>,
    writers: Mutex<HashMap<DomainId, Arc<Mutex<()>>>>,
}

impl Store {
    /// Opens the folder and reads all files.
    pub(super) fn open(
        node_dir: &Path,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, StepFailure> {
        let disk = Disk::open(node_dir).map_err(|error| failed(&error))?;
        let index = load(&disk).map_err(|error| failed(&error))?;
        let full = std::fs::canonicalize(node_dir).map_err(|error| failed(&error))?;
        Ok(Self {
            disk,
            clock,
            heads: Heads::default(),
            touched: Touched::default(),
            boxes_path: writable_path(&full.join("mail").join(BOXES)),
            rng,
            index: RwLock::new(index),
            ledgers: Mutex::default(),
            writers: Mutex::default(),
        })
    }

    /// The index, to look at.
    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index, to change; never held while files are written.
    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock of one domain's files.
    pub(super) fn writer(&self, domain: DomainId) -> Arc<Mutex<()>> {
        Arc::clone(locked(&self.writers).entry(domain).or_default())
    }

    /// The ledger of a mailbox.
    pub(super) fn ledger(&self, mailbox: MailboxId) -> Arc<Ledger> {
        Arc::clone(locked(&self.ledgers).entry(mailbox).or_default())
    }

    /// The most a mailbox may hold; `None` when it may not receive.
    pub(super) fn quota(&self, mailbox: MailboxId) -> Option<Bytes> {
        let index = self.index();
        let record = index.mailbox(mailbox).filter(|record| !record.hidden)?;
        Some(record.mailbox.quota)
    }

    /// Who receives for an address as it came over the wire.
    pub(super) fn resolve(&self, text: &str) -> Resolved {
        match text.parse::<MailAddress>() {
            Ok(address) => self.index().resolve(&address),
            // No hosted address looks like this; what is left to say depends on its domain.
            Err(_) => match text.rsplit_once('@').map(|(_, name)| name.parse()) {
                Some(Ok(name)) => self.index().missing(&name),
                Some(Err(_)) => Resolved::NotHere,
                None => Resolved::Unknown,
            },
        }
    }

    /// A mailbox's Maildir.
    pub(super) fn maildir(&self, mailbox: MailboxId) -> io::Result<Dir> {
        let boxes = self.disk.root().open_dir(BOXES)?;
        boxes.open_dir(mailbox.to_string())?.open_dir("Maildir")
    }

    /// A name that no other message has: time and 64 random bits, letters, digits and dots.
    pub(super) fn unique(&self) -> String {
        let now = self.clock.now().0.max(0);
        let (seconds, micros) = (now.div_euclid(1_000_000), now.rem_euclid(1_000_000));
        let random = u64::from_le_bytes(random(&*self.rng));
        format!("{seconds}.M{micros:06}R{random:016x}.wabe")
    }
}

/// The guard of a mutex; a panic elsewhere leaves plain values that are still right.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A step's failure at the file system.
pub(super) fn failed(error: &io::Error) -> StepFailure {
    StepFailure::new("mail-disk", error)
}

/// Reads the files of all domains.
fn load(disk: &Disk) -> io::Result<Index> {
    let mut index = Index::default();
    for entry in disk.root().entries()? {
        let name = entry?.file_name();
        let Some(domain) = name.to_str().and_then(|name| name.parse::<DomainId>().ok()) else {
            continue;
        };
        if let Err(error) = load_domain(disk, domain, &mut index) {
            tracing::error!(domain.id = %domain, %error, "mail: files of a domain cannot be read");
            index.suspect(domain);
        }
    }
    Ok(index)
}

fn load_domain(disk: &Disk, domain: DomainId, index: &mut Index) -> io::Result<()> {
    let folder = disk.root().open_dir(domain.to_string())?;
    let (mailboxes, broken_mailboxes) = passwd::parse(&content(&folder, PASSWD)?, domain);
    let (aliases, broken_aliases) = aliases::parse(&content(&folder, ALIASES)?, domain);
    for record in mailboxes {
        index.put_mailbox(record);
    }
    for record in aliases {
        index.put_alias(record);
    }
    if !broken_mailboxes.is_empty() || !broken_aliases.is_empty() {
        tracing::error!(
            domain.id = %domain,
            passwd.lines = ?broken_mailboxes,
            aliases.lines = ?broken_aliases,
            "mail: lines of a domain's files cannot be read and are left out"
        );
        index.suspect(domain);
    }
    Ok(())
}

/// A file's bytes; a missing file is an empty one.
fn content(folder: &Dir, name: &str) -> io::Result<Vec<u8>> {
    match folder.read(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}
