//! Who a private service runs as.

use std::ffi::OsString;
use std::io;
use std::os::unix::fs::chown;
use std::path::Path;

/// Changes who a program runs as, and what becomes of it when its parent dies; takes its own place then.
pub(crate) const SETPRIV: &str = "/usr/bin/setpriv";

/// A user of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The user and the group of these numbers, whether they have names or not.
    #[must_use]
    pub const fn new(uid: u32, gid: u32) -> Self {
        Self { uid, gid }
    }

    /// The user of this name, when this process is root and has to become somebody; whoever is not root runs
    /// services as themselves.
    ///
    /// # Errors
    /// `NotFound` when there is no such user, or what reading the list of users says.
    pub fn of(name: &str) -> io::Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = std::fs::read_to_string("/etc/passwd")?;
        let found = users.lines().find_map(|line| Self::read(line, name));
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("no user {name}"));
        found.map(Some).ok_or_else(missing)
    }

    fn read(line: &str, name: &str) -> Option<Self> {
        let mut parts = line.split(':');
        if parts.next() != Some(name) {
            return None;
        }
        let mut numbers = parts.skip(1).map(|part| part.parse().ok());
        Some(Self {
            uid: numbers.next()??,
            gid: numbers.next()??,
        })
    }

    /// Their number.
    #[must_use]
    pub const fn user(self) -> u32 {
        self.uid
    }

    /// The number of their group.
    #[must_use]
    pub const fn group(self) -> u32 {
        self.gid
    }

    /// Makes a file or a folder theirs.
    ///
    /// # Errors
    /// What the system says.
    pub fn own(self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }

    /// The arguments of `setpriv` that make a program theirs.
    pub(crate) fn arguments(self) -> [OsString; 3] {
        [
            format!("--reuid={}", self.uid).into(),
            format!("--regid={}", self.gid).into(),
            "--clear-groups".into(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Account;

    #[test]
    fn a_user_is_found_by_the_whole_name_and_has_both_numbers() {
        let account = |line| Account::read(line, "mysql");
        let found = account("mysql:x:101:102:MySQL Server,,,:/nonexistent:/bin/false");
        assert_eq!(found, Some(Account { uid: 101, gid: 102 }));
        assert_eq!(account("mysqld:x:101:102::/:/bin/sh"), None);
        assert_eq!(account("mysql:x:101"), None);
        assert_eq!(account("mysql:x:101:many:::"), None);
    }
}
