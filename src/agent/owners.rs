//! Which user owns the files of which webspace, where nothing else says so: each webspace has a number of its own.
//!
//! A number is given once: the file that says whose it is stays when the webspace goes, so that what was overlooked
//! never becomes somebody else's.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use wabe_drivers::php::{Owner, Owners};
use wabe_kernel::id::WebspaceId;

/// The numbers, each a file that holds the id of a webspace.
pub(crate) struct Numbers {
    folder: PathBuf,
    last: u32,
    given: Mutex<Given>,
}

struct Given {
    next: u32,
    of: BTreeMap<WebspaceId, u32>,
}

impl Numbers {
    /// Those of `first` to `last`, as they were given out so far.
    pub(crate) fn open(folder: &Path, (first, last): (u32, u32)) -> io::Result<Self> {
        let folder = folder.join("users");
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&folder)?;
        let mut given = Given {
            next: first,
            of: BTreeMap::new(),
        };
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(number) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            given.next = given.next.max(number.saturating_add(1));
            // One that was never finished is nobody's, and stays so.
            if let Ok(id) = std::fs::read_to_string(entry.path())?.parse() {
                given.of.insert(id, number);
            }
        }
        Ok(Self {
            folder,
            last,
            given: Mutex::new(given),
        })
    }

    fn give(&self, webspace: WebspaceId) -> io::Result<u32> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = given.of.get(&webspace) {
            return Ok(*number);
        }
        let number = given.next;
        if number > self.last {
            return Err(io::Error::other("no user is left: widen --users"));
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.folder.join(number.to_string()))?;
        given.next = number.saturating_add(1);
        file.write_all(webspace.to_string().as_bytes())?;
        file.sync_all()?;
        std::fs::File::open(&self.folder)?.sync_all()?;
        given.of.insert(webspace, number);
        Ok(number)
    }
}

impl Owners for Numbers {
    fn of(&self, webspace: WebspaceId) -> Option<Owner> {
        match self.give(webspace) {
            Ok(number) => Some(Owner {
                user: number.to_string(),
                group: number.to_string(),
            }),
            Err(error) => {
                tracing::error!(%error, webspace.id = %webspace, "a webspace gets no user");
                None
            }
        }
    }
}

/// The numbers of an owner's user and group; nothing for root, who owns no customer's files.
pub(crate) fn numbers(owner: &Owner) -> Option<(u32, u32)> {
    let number = |name: &str, of_group: bool| -> Option<u32> {
        if let Ok(number) = name.parse() {
            return Some(number);
        }
        let account = wabe_drivers::daemon::account::Account::of(name).ok()??;
        Some(if of_group {
            account.group()
        } else {
            account.user()
        })
    };
    let found = (number(&owner.user, false)?, number(&owner.group, true)?);
    (found.0 != 0 && found.1 != 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::{Numbers, numbers};
    use crate::system::{SystemClock, SystemRng};
    use wabe_drivers::php::{Owner, Owners as _};
    use wabe_kernel::Clock as _;
    use wabe_kernel::id::WebspaceId;

    fn id() -> WebspaceId {
        WebspaceId::new(SystemClock::default().now(), &SystemRng)
    }

    #[test]
    fn a_number_is_given_once_and_kept_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Numbers::open(folder.path(), (70_000, 70_001)).unwrap();
        let (one, two) = (id(), id());
        let first = open();
        let given = first.of(one).unwrap();
        assert_eq!(given.user, "70000");
        assert_eq!(first.of(one), Some(given.clone()));
        let again = open();
        assert_eq!(again.of(one), Some(given));
        assert_eq!(again.of(two).unwrap().user, "70001");
        assert_eq!(again.of(id()), None, "the range has ended");
    }

    #[test]
    fn root_owns_no_files() {
        let owner = |user: &str, group: &str| Owner {
            user: user.to_owned(),
            group: group.to_owned(),
        };
        assert_eq!(numbers(&owner("70000", "70000")), Some((70_000, 70_000)));
        assert_eq!(numbers(&owner("0", "70000")), None);
        assert_eq!(numbers(&owner("root", "root")), None);
        assert_eq!(numbers(&owner("no such user", "0")), None);
    }
}
