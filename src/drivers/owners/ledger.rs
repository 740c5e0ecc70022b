//! Which customer is which user of this node, kept so that a crash leaves either the old or the new.
//!
//! A number is given once. Whoever leaves is struck off, and the number is nobody's from then on: a file that
//! was overlooked, or that comes back with a backup, never becomes a stranger's.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wabe_kernel::id::{CustomerId, WebspaceId};

use crate::apache::ADDRESSES;
use crate::embedded::web::durable;
use crate::owners::range::Range;

/// Why a webspace gets no user.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// Every number of the range was given.
    #[error("no user is left between {} and {}: widen the range", .0.first, .0.last)]
    Full(Range),
    /// It would change hands with all files in it.
    #[error("the webspace is another customer's on this node")]
    Anothers,
    /// Nobody said whose it is.
    #[error("nobody said whose the webspace is")]
    Nobodys,
    /// The file could not be written.
    #[error("the list of users: {0}")]
    Disk(#[from] io::Error),
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    /// The first number that was never given.
    next: u32,
    /// The user of each customer; the group has the same number.
    users: BTreeMap<CustomerId, u32>,
    /// Whose each webspace is.
    webspaces: BTreeMap<WebspaceId, CustomerId>,
    /// The group of each webspace's own server, which nothing else is in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    servers: BTreeMap<WebspaceId, u32>,
}

impl Book {
    /// Whether it is one that could have been written.
    fn is_sound(&self) -> bool {
        let given = self.users.values().chain(self.servers.values());
        let given: BTreeSet<u32> = given.copied().collect();
        let known = |customer: &CustomerId| self.users.contains_key(customer);
        let mut served = self.servers.keys();
        given.len() == self.users.len().saturating_add(self.servers.len())
            && served.all(|webspace| self.webspaces.contains_key(webspace))
            && given.last().is_none_or(|last| *last < self.next)
            && self.webspaces.values().all(known)
    }
}

/// The customers of a node, as its users.
pub(super) struct Ledger {
    file: PathBuf,
    range: Range,
    book: Mutex<Book>,
}

impl Ledger {
    /// What is written down in this file. Where there is none yet, numbers begin above `used`, the highest
    /// that has files on this node.
    ///
    /// Errors: what the system says; `InvalidData` for a file that nobody could have written, because
    /// to begin anew would give numbers twice.
    pub(super) fn open(file: PathBuf, range: Range, used: Option<u32>) -> io::Result<Self> {
        let mut book = match std::fs::read(&file) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Book {
                next: used.map_or(0, |used| used.saturating_add(1)),
                users: BTreeMap::new(),
                webspaces: BTreeMap::new(),
                servers: BTreeMap::new(),
            },
            text => serde_json::from_slice(&text?)?,
        };
        if !book.is_sound() {
            let why = "the list of users contradicts itself";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        book.next = book.next.max(range.first);
        Ok(Self {
            file,
            range,
            book: Mutex::new(book),
        })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose a webspace is, and as which user; nothing while it has none.
    pub(super) fn of(&self, webspace: WebspaceId) -> Option<(CustomerId, u32)> {
        let book = self.book();
        let customer = *book.webspaces.get(&webspace)?;
        Some((customer, *book.users.get(&customer)?))
    }

    /// Whether the next customer is the first of a new number: then the range is looked at again.
    pub(super) fn knows(&self, customer: CustomerId) -> bool {
        self.book().users.contains_key(&customer)
    }

    /// The user of this customer, who has this webspace from now on. Blocks on file work.
    pub(super) fn assign(
        &self,
        customer: CustomerId,
        webspace: WebspaceId,
    ) -> Result<u32, Refused> {
        let mut book = self.book();
        let known = book.webspaces.get(&webspace);
        if known.is_some_and(|known| *known != customer) {
            return Err(Refused::Anothers);
        }
        let mut new = book.clone();
        let user = match new.users.get(&customer) {
            Some(user) => *user,
            None if new.next > self.range.last => return Err(Refused::Full(self.range)),
            None => {
                let user = new.next;
                new.next = user.saturating_add(1);
                new.users.insert(customer, user);
                user
            }
        };
        new.webspaces.insert(webspace, customer);
        self.keep(&mut book, new)?;
        Ok(user)
    }

    /// The group of this webspace's own server, where it has one.
    pub(super) fn server_of(&self, webspace: WebspaceId) -> Option<u32> {
        self.book().servers.get(&webspace).copied()
    }

    /// Gives the server of this webspace, which has a user, a group of its own. Blocks on file work.
    pub(super) fn serve(&self, webspace: WebspaceId) -> Result<u32, Refused> {
        let mut book = self.book();
        if let Some(group) = book.servers.get(&webspace) {
            return Ok(*group);
        }
        if !book.webspaces.contains_key(&webspace) {
            return Err(Refused::Nobodys);
        }
        let mut new = book.clone();
        // Each number stands for an address, of which there are so many: a range that was moved comes to them again.
        let address = |group: &u32| group % ADDRESSES;
        let taken: BTreeSet<u32> = new.servers.values().map(address).collect();
        let within = |group: &u32| group.saturating_sub(self.range.first) < ADDRESSES;
        let mut left = (new.next..=self.range.last).take_while(within);
        let group = left.find(|group| !taken.contains(&address(group)));
        let group = group.ok_or(Refused::Full(self.range))?;
        new.next = group.saturating_add(1);
        new.servers.insert(webspace, group);
        self.keep(&mut book, new)?;
        Ok(group)
    }

    /// Whether this is the only webspace that its customer has here.
    pub(super) fn is_last(&self, webspace: WebspaceId) -> bool {
        let book = self.book();
        let Some(customer) = book.webspaces.get(&webspace) else {
            return false;
        };
        let mut all = book.webspaces.iter();
        all.all(|(id, of)| *id == webspace || of != customer)
    }

    /// Strikes a webspace off, and its customer with the last one. Blocks on file work.
    pub(super) fn strike(&self, webspace: WebspaceId) -> io::Result<()> {
        let mut book = self.book();
        let mut new = book.clone();
        let Some(customer) = new.webspaces.remove(&webspace) else {
            return Ok(());
        };
        new.servers.remove(&webspace);
        if !new.webspaces.values().any(|of| *of == customer) {
            new.users.remove(&customer);
        }
        self.keep(&mut book, new)
    }

    /// Nothing is known that is not on disk.
    fn keep(&self, book: &mut Book, new: Book) -> io::Result<()> {
        if *book == new {
            return Ok(());
        }
        let mut text = serde_json::to_vec_pretty(&new)?;
        text.push(b'\n');
        durable::replace(&self.file, &text, 0o600)?;
        *book = new;
        Ok(())
    }
}

/// The highest number of the range that owns the files of a webspace beneath this folder.
pub(super) fn used(web: &Path, range: Range) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let entries = std::fs::read_dir(web).into_iter().flatten().flatten();
    let owners = entries.filter_map(|entry| {
        let about = std::fs::symlink_metadata(entry.path().join("files")).ok()?;
        Some(about.uid())
    });
    owners
        .filter(|uid| (range.first..=range.last).contains(uid))
        .max()
}

/// The highest number of the range that is the group of a server's folder beneath this one.
pub(super) fn served(own: &Path, range: Range) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let entries = std::fs::read_dir(own).into_iter().flatten().flatten();
    let groups = entries.filter_map(|entry| {
        let about = std::fs::symlink_metadata(entry.path()).ok()?;
        Some(about.gid())
    });
    groups
        .filter(|gid| (range.first..=range.last).contains(gid))
        .max()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    fn customer(number: u128) -> CustomerId {
        CustomerId::from_uuid(Uuid::from_u128(number))
    }

    fn webspace(number: u128) -> WebspaceId {
        WebspaceId::from_uuid(Uuid::from_u128(number))
    }

    fn ledger(dir: &Path) -> Ledger {
        Ledger::open(dir.join("owners.json"), Range::default(), None).unwrap()
    }

    #[test]
    fn a_customer_is_one_user_whatever_they_have_and_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let first = ledger(dir.path());
        assert_eq!(first.assign(customer(1), webspace(1)).unwrap(), 200_000);
        assert_eq!(first.assign(customer(2), webspace(2)).unwrap(), 200_001);
        assert_eq!(first.assign(customer(1), webspace(3)).unwrap(), 200_000);
        drop(first);
        let again = ledger(dir.path());
        assert_eq!(again.of(webspace(3)), Some((customer(1), 200_000)));
        assert_eq!(again.of(webspace(4)), None);
        assert!(again.knows(customer(2)) && !again.knows(customer(3)));
    }

    #[test]
    fn a_server_has_a_group_that_is_no_users_and_goes_with_its_webspace() {
        let dir = tempfile::tempdir().unwrap();
        let first = ledger(dir.path());
        assert!(matches!(first.serve(webspace(1)), Err(Refused::Nobodys)));
        first.assign(customer(1), webspace(1)).unwrap();
        first.assign(customer(1), webspace(2)).unwrap();
        assert_eq!(first.server_of(webspace(1)), None);
        assert_eq!(first.serve(webspace(1)).unwrap(), 200_001);
        assert_eq!(first.serve(webspace(1)).unwrap(), 200_001);
        assert_eq!(first.serve(webspace(2)).unwrap(), 200_002);
        assert_eq!(first.assign(customer(2), webspace(3)).unwrap(), 200_003);
        drop(first);
        let again = ledger(dir.path());
        assert_eq!(again.server_of(webspace(1)), Some(200_001));
        again.strike(webspace(1)).unwrap();
        assert_eq!(again.server_of(webspace(1)), None);
        assert_eq!(again.assign(customer(1), webspace(4)).unwrap(), 200_000);
        assert_eq!(again.serve(webspace(4)).unwrap(), 200_004);
    }

    #[test]
    fn a_range_that_was_moved_gives_no_server_the_address_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let first = ledger(dir.path());
        first.assign(customer(1), webspace(1)).unwrap();
        let group = first.serve(webspace(1)).unwrap();
        drop(first);
        let moved = Range {
            first: 200_000 + ADDRESSES,
            last: 200_009 + ADDRESSES,
        };
        let again = Ledger::open(dir.path().join("owners.json"), moved, None).unwrap();
        let user = again.assign(customer(2), webspace(2)).unwrap();
        assert_eq!(user, moved.first);
        assert_eq!(again.serve(webspace(2)).unwrap(), group + 1 + ADDRESSES);
    }

    #[test]
    fn a_number_is_never_given_twice() {
        let dir = tempfile::tempdir().unwrap();
        let first = ledger(dir.path());
        first.assign(customer(1), webspace(1)).unwrap();
        first.assign(customer(1), webspace(2)).unwrap();
        assert!(!first.is_last(webspace(1)));
        first.strike(webspace(1)).unwrap();
        assert!(first.is_last(webspace(2)) && first.knows(customer(1)));
        first.strike(webspace(2)).unwrap();
        first.strike(webspace(2)).unwrap();
        assert!(!first.knows(customer(1)) && !first.is_last(webspace(2)));
        drop(first);
        let text = std::fs::read_to_string(dir.path().join("owners.json")).unwrap();
        assert!(!text.contains("cus_"), "{text}");
        let again = ledger(dir.path());
        assert_eq!(again.assign(customer(1), webspace(3)).unwrap(), 200_001);
    }

    #[test]
    fn a_webspace_does_not_change_hands_and_a_full_range_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let narrow = Range {
            first: 200_000,
            last: 200_000,
        };
        let ledger = Ledger::open(dir.path().join("owners.json"), narrow, None).unwrap();
        ledger.assign(customer(1), webspace(1)).unwrap();
        let taken = ledger.assign(customer(2), webspace(1));
        assert!(matches!(taken, Err(Refused::Anothers)));
        let full = ledger.assign(customer(2), webspace(2));
        assert!(matches!(full, Err(Refused::Full(_))));
        assert_eq!(ledger.of(webspace(2)), None);
    }

    #[test]
    fn a_damaged_list_is_not_begun_anew() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("owners.json");
        let twice = format!(
            r#"{{"next": 200002, "users": {{"{}": 200000, "{}": 200000}}, "webspaces": {{}}}}"#,
            customer(1),
            customer(2)
        );
        let ahead = format!(
            r#"{{"next": 200000, "users": {{"{}": 200000}}, "webspaces": {{}}}}"#,
            customer(1)
        );
        for text in ["", "{}", &twice, &ahead] {
            std::fs::write(&file, text).unwrap();
            assert!(
                Ledger::open(file.clone(), Range::default(), None).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_list_that_was_lost_begins_above_what_has_files() {
        let dir = tempfile::tempdir().unwrap();
        let files = dir.path().join("web/web_1/files");
        std::fs::create_dir_all(&files).unwrap();
        assert_eq!(used(&dir.path().join("web"), Range::default()), None);
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(&files, Some(200_007), None).unwrap();
            assert_eq!(
                used(&dir.path().join("web"), Range::default()),
                Some(200_007)
            );
        }
        let file = dir.path().join("owners.json");
        let ledger = Ledger::open(file, Range::default(), Some(200_007)).unwrap();
        assert_eq!(ledger.assign(customer(1), webspace(1)).unwrap(), 200_008);
    }
}
