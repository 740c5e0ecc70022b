//! Putting a received message into mailboxes, all of them or none.
//!
//! Invariant: when [`Store::deliver`] answers well, each copy is synced, has its final name, and the
//! folder that holds the name is synced. Else no copy is visible. Source: bar 3.13 T6, 3.18 T8.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

use cap_std::fs::Dir;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::disk;
use crate::embedded::mail::index::Target;
use crate::embedded::mail::ledger::{NoSpace, Reservation};
use crate::embedded::mail::store::Store;

/// Why a message was not delivered.
#[derive(Debug)]
pub(super) enum NotDelivered {
    /// A mailbox is full.
    OverQuota,
    /// A mailbox was suspended or removed meanwhile.
    Closed,
    /// The disk is full.
    DiskFull,
    /// The machine failed.
    Disk(io::Error),
}

impl From<io::Error> for NotDelivered {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Disk(error),
        }
    }
}

impl From<NoSpace> for NotDelivered {
    fn from(why: NoSpace) -> Self {
        match why {
            NoSpace::OverQuota => Self::OverQuota,
            NoSpace::Closed => Self::Closed,
            NoSpace::Disk(error) => error.into(),
        }
    }
}

/// A message as received: header lines to put before it, and its bytes in a file without a name.
pub(super) struct Received {
    /// `Return-Path`, with its line end.
    pub(super) return_path: String,
    /// `Received` and, where the message has no header, an empty line.
    pub(super) trace: String,
    /// The message.
    pub(super) body: File,
    /// The message's size in bytes.
    pub(super) size: u64,
}

/// One mailbox's copy on its way.
struct Copy {
    maildir: Dir,
    space: Reservation,
    temporary: String,
    name: String,
    named: bool,
}

impl Store {
    /// Delivers one copy to each target.
    pub(super) fn deliver(
        &self,
        targets: &[Target],
        message: &Received,
    ) -> Result<(), NotDelivered> {
        self.disk.usable()?;
        let mut copies = Vec::with_capacity(targets.len());
        // All space first: a full mailbox is noticed before anything is written.
        for target in targets {
            let head = head(target, message);
            let size = message
                .size
                .saturating_add(u64::try_from(head.len()).unwrap_or(u64::MAX));
            let size = Bytes::try_from(size).unwrap_or(Bytes::MAX);
            let temporary = self.unique();
            let copy = Copy {
                maildir: self.maildir(target.mailbox)?,
                space: self.reserve(target.mailbox, size)?,
                name: format!("{temporary},S={size}"),
                temporary,
                named: false,
            };
            copies.push((head, copy));
        }
        let written = self.write_all(&mut copies, message);
        match written {
            Ok(()) => {
                for (_, copy) in &copies {
                    copy.space.keep();
                }
                for target in targets {
                    self.touched.tell(&target.mailbox);
                }
                Ok(())
            }
            Err(error) => {
                for (_, copy) in &copies {
                    copy.take_back();
                }
                Err(error.into())
            }
        }
    }

    fn write_all(&self, copies: &mut [(String, Copy)], message: &Received) -> io::Result<()> {
        for (head, copy) in copies.iter() {
            let folder = copy.maildir.open_dir("tmp")?;
            let mut file = disk::create(&folder, &copy.temporary)?;
            file.write_all(head.as_bytes())?;
            append(&mut file, message)?;
            self.disk.synced(file.sync_all())?;
        }
        for (_, copy) in copies.iter_mut() {
            let temporary = copy.maildir.open_dir("tmp")?;
            let new = copy.maildir.open_dir("new")?;
            temporary.rename(&copy.temporary, &new, &copy.name)?;
            copy.named = true;
            self.disk.sync_dir(&new)?;
        }
        Ok(())
    }
}

impl Copy {
    /// Removes what was written of this copy; what cannot be removed is cleared at the next count.
    fn take_back(&self) {
        let (folder, name) = if self.named {
            ("new", &self.name)
        } else {
            ("tmp", &self.temporary)
        };
        let removed = self
            .maildir
            .open_dir(folder)
            .and_then(|folder| folder.remove_file(name));
        if let Err(error) = removed
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "mail: a copy of a refused message stays behind");
        }
    }
}

fn head(target: &Target, message: &Received) -> String {
    format!(
        "{}Delivered-To: {}\n{}",
        message.return_path, target.address, message.trace
    )
}

fn append(file: &mut cap_std::fs::File, message: &Received) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut at: u64 = 0;
    while at < message.size {
        let count = message.body.read_at(&mut buffer, at)?;
        let piece = buffer.get(..count).unwrap_or_default();
        if piece.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.write_all(piece)?;
        at = at.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }
    Ok(())
}
