//! The folder of an instance: the head, an include for each site and redirect, and where new ones are tried.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::embedded::web::{Visited, durable};
use crate::nginx::include::rules::keys_in;
use crate::nginx::{edited, head};

/// Larger files are not ours.
const BYTES_MAX: u64 = 1 << 20;

/// Stands for a file as it is: whoever writes into it or puts another in its place changes this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    file: u64,
    bytes: u64,
    changed: (i64, i64),
}

/// Every path is made from a typed id, never from text of a user.
pub(super) struct Disk {
    folder: PathBuf,
    /// The group that reads files of names and passwords, where anybody else does.
    readers: Option<u32>,
}

impl Disk {
    /// Makes what is missing; what was being tried in a former life is gone.
    #[expect(
        clippy::disallowed_methods,
        reason = "the instance's own folder, where changes are tried"
    )]
    pub(super) fn open(folder: PathBuf, readers: Option<u32>) -> io::Result<Self> {
        let disk = Self { folder, readers };
        if disk.staging().try_exists()? {
            std::fs::remove_dir_all(disk.staging())?;
        }
        for name in ["sites", "staging", "pages", "logs", "run", "tmp"] {
            std::fs::create_dir_all(disk.folder.join(name))?;
        }
        // An editor may leave an include open to all, and it holds the word by which Apache knows nginx.
        for folder in [disk.sites(), disk.staging()] {
            std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        }
        for (name, text) in head::PAGES {
            let path = disk.pages().join(name.trim_start_matches('/'));
            durable::keep(&path, text.as_bytes(), 0o644)?;
        }
        Ok(disk)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The configuration that runs.
    pub(super) fn head(&self) -> PathBuf {
        self.folder.join("nginx.conf")
    }

    /// The configuration that is tried.
    pub(super) fn trial(&self) -> PathBuf {
        self.staging().join("nginx.conf")
    }

    pub(super) fn pages(&self) -> PathBuf {
        self.folder.join("pages")
    }

    pub(super) fn group(&self) -> PathBuf {
        group_in(&self.folder)
    }

    pub(super) fn errors(&self) -> PathBuf {
        self.folder.join("logs/error.log")
    }

    /// Where nginx tells what it cannot do for a site.
    pub(super) fn socket(&self) -> PathBuf {
        self.folder.join("run/errors.sock")
    }

    pub(super) fn sites(&self) -> PathBuf {
        self.folder.join("sites")
    }

    pub(super) fn staging(&self) -> PathBuf {
        self.folder.join("staging")
    }

    /// Where the include of this lies.
    pub(super) fn include(&self, of: Visited) -> PathBuf {
        self.sites().join(format!("{of}.conf"))
    }

    /// Where it lies while it is tried.
    pub(super) fn staged(&self, of: Visited) -> PathBuf {
        self.staging().join(format!("{of}.conf"))
    }

    /// The include of this as it lies there; nothing when there is none, or none of ours.
    pub(super) fn text(&self, of: Visited) -> Option<String> {
        let path = self.include(of);
        if std::fs::metadata(&path).ok()?.len() > BYTES_MAX {
            return None;
        }
        Some(match String::from_utf8(std::fs::read(&path).ok()?) {
            Ok(text) => text,
            // An umlaut of Latin-1 in a remark loses nobody the rest: each byte is a letter.
            Err(other) => other.into_bytes().into_iter().map(char::from).collect(),
        })
    }

    /// The include of this as it lies there, or what somebody made it a link to; nothing when there is none.
    pub(super) fn stamp(&self, of: Visited) -> Option<Stamp> {
        let about = std::fs::metadata(self.include(of)).ok()?;
        Some(Stamp {
            file: about.ino(),
            bytes: about.len(),
            changed: (about.ctime(), about.ctime_nsec()),
        })
    }

    /// Everything that has an include.
    pub(super) fn all(&self) -> io::Result<BTreeSet<Visited>> {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(self.sites())? {
            let name = entry?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(".conf"));
            found.extend(stem.and_then(visited));
        }
        Ok(found)
    }

    /// Writes an include where it is tried.
    pub(super) fn stage(&self, of: Visited, text: &str) -> io::Result<()> {
        durable::replace(&self.staged(of), text.as_bytes(), 0o600)
    }

    /// Writes files of names and passwords, each under a name that says what is in it.
    pub(super) fn write_keys(&self, keys: &[(PathBuf, String)]) -> io::Result<()> {
        for (path, text) in keys {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            durable::replace_secret(path, text.as_bytes(), self.readers)?;
        }
        Ok(())
    }

    /// Whether exactly these lie where they should.
    pub(super) fn has_keys(keys: &[(PathBuf, String)]) -> bool {
        let lies = |(path, text): &(PathBuf, String)| {
            std::fs::read_to_string(path).is_ok_and(|lying| lying == *text)
        };
        keys.iter().all(lies)
    }

    /// Removes whatever else lies among the files of names and passwords of a site.
    pub(super) fn leave_keys(site: &Path, keys: &[(PathBuf, String)]) -> io::Result<()> {
        let entries = match std::fs::read_dir(keys_in(site)) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            if !keys.iter().any(|(kept, _)| *kept == path) {
                durable::remove(&path)?;
            }
        }
        Ok(())
    }

    /// Puts what was tried in its place; [`Self::sync`] makes that survive a crash.
    #[expect(
        clippy::disallowed_methods,
        reason = "a driver's own files, named by a typed id"
    )]
    pub(super) fn swap(&self, of: Visited) -> io::Result<()> {
        std::fs::rename(self.staged(of), self.include(of))
    }

    /// Makes the names of all includes survive a crash.
    pub(super) fn sync(&self) -> io::Result<()> {
        std::fs::File::open(self.sites())?.sync_all()
    }

    /// Puts back what was there before.
    pub(super) fn put_back(&self, of: Visited, before: Option<&str>) -> io::Result<()> {
        match before {
            Some(text) => durable::replace(&self.include(of), text.as_bytes(), 0o600),
            None => self.take_away(of),
        }
    }

    /// Takes an include away; what somebody wrote into it stays kept.
    pub(super) fn take_away(&self, of: Visited) -> io::Result<()> {
        durable::remove(&self.staged(of))?;
        durable::remove(&self.include(of))
    }

    /// Takes an include away for good, with what was kept of it.
    pub(super) fn remove(&self, of: Visited) -> io::Result<()> {
        self.take_away(of)?;
        edited::forget(&self.folder, of)
    }
}

/// Where an instance in this folder writes down its process group.
pub(super) fn group_in(folder: &Path) -> PathBuf {
    folder.join("run/group")
}

/// What an id stands for.
pub(super) fn visited(id: &str) -> Option<Visited> {
    let site = id.parse().ok().map(Visited::Site);
    site.or_else(|| id.parse().ok().map(Visited::Redirect))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;

    fn empty() -> (tempfile::TempDir, Disk, Visited) {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::open(dir.path().join("nginx"), None).unwrap();
        let of = Visited::Site(WebspaceId::from_uuid(Uuid::from_u128(1)));
        (dir, disk, of)
    }

    #[test]
    fn nobody_else_reads_an_include_whatever_its_mode() {
        let (_dir, disk, _) = empty();
        for folder in [disk.sites(), disk.staging()] {
            let mode = std::fs::metadata(folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
    }

    #[test]
    fn what_is_no_utf8_is_read_all_the_same() {
        let (_dir, disk, of) = empty();
        std::fs::write(disk.include(of), b"# f\xfcr Ole\n").unwrap();
        assert_eq!(disk.text(of).as_deref(), Some("# für Ole\n"));
    }

    #[test]
    fn what_a_link_leads_to_stands_for_the_include() {
        let (dir, disk, of) = empty();
        let elsewhere = dir.path().join("elsewhere");
        std::fs::write(&elsewhere, "one").unwrap();
        symlink(&elsewhere, disk.include(of)).unwrap();
        let before = disk.stamp(of).unwrap();
        std::fs::write(&elsewhere, "another").unwrap();
        assert_ne!(disk.stamp(of).unwrap(), before);
    }

    #[test]
    fn what_is_taken_away_leaves_what_was_kept_and_what_is_removed_does_not() {
        let (_dir, disk, of) = empty();
        edited::keep(disk.folder(), (of, None), ("mine", "ours")).unwrap();
        std::fs::write(disk.include(of), "ours").unwrap();
        disk.take_away(of).unwrap();
        assert_eq!(disk.text(of), None);
        let kept = || std::fs::read_dir(disk.folder().join("edited")).unwrap();
        assert_eq!(kept().count(), 2);
        disk.remove(of).unwrap();
        assert_eq!(kept().count(), 0);
    }
}
