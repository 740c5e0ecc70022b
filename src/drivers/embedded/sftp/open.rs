//! Handles: files read, written in place or uploaded, folders listed.
//!
//! A file that is new or truncated on opening is an upload: invisible until it is closed, gone when
//! the session ends before. Everything else is changed in place.

use russh_sftp::protocol::{
    Data, File, FileAttributes, Handle, Name, Open, OpenFlags, Packet, Read, StatusCode, Write,
};
use wabe_kernel::content::{ContentError, Entry, Files};
use wabe_kernel::{RelPath, Timestamp};

use crate::embedded::files::{OpenFile, Place, Upload};
use crate::embedded::sftp::reply::{self, Refusal};
use crate::embedded::sftp::session::{HANDLES_MAX, Session, path};

/// Bytes of one answer to a read; what OpenSSH's server answers at most.
pub(super) const READ_MAX: u32 = 255 * 1_024;
/// Names of one answer to a listing.
const NAMES_AT_ONCE: usize = 128;

/// What a handle stands for.
pub(super) enum Held {
    File { file: OpenFile, mode: Mode },
    Upload { upload: Box<Upload>, append: bool },
    Folder(std::vec::IntoIter<Entry>),
}

/// What an open file may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write { append: bool },
}

impl Session {
    pub(super) async fn open(&mut self, open: Open) -> Result<Packet, Refusal> {
        let at = path(&open.filename)?;
        let flags = open.pflags;
        let append = flags.contains(OpenFlags::APPEND);
        let (web, files) = (self.entrance.web, self.shared.files.clone());
        let held = if flags.intersects(OpenFlags::WRITE | OpenFlags::APPEND) {
            match self.destination(&at, flags).await? {
                Destination::InPlace => Held::File {
                    file: files.open(web, &at, true).await?,
                    mode: Mode::Write { append },
                },
                Destination::Upload { fresh } => Held::Upload {
                    upload: Box::new(files.upload(web, &at, fresh).await?),
                    append,
                },
            }
        } else {
            Held::File {
                file: files.open(web, &at, false).await?,
                mode: Mode::Read,
            }
        };
        self.hold(open.id, held)
    }

    /// Where writing goes.
    async fn destination(&self, at: &RelPath, flags: OpenFlags) -> Result<Destination, Refusal> {
        let there = match self.shared.files.stat(self.entrance.web, at).await {
            Ok(_) => true,
            Err(ContentError::NotFound) => false,
            Err(refused) => return Err(refused.into()),
        };
        let create = flags.contains(OpenFlags::CREATE);
        let fresh = create && flags.contains(OpenFlags::EXCLUDE);
        match (there, create) {
            (true, _) if fresh => Err(ContentError::Exists.into()),
            (true, _) if !flags.contains(OpenFlags::TRUNCATE) => Ok(Destination::InPlace),
            (false, false) => Err(ContentError::NotFound.into()),
            _ => Ok(Destination::Upload { fresh }),
        }
    }

    pub(super) async fn open_folder(&mut self, id: u32, at: &str) -> Result<Packet, Refusal> {
        let at = path(at)?;
        let entries = self.shared.files.list(self.entrance.web, &at).await?;
        self.hold(id, Held::Folder(entries.into_iter()))
    }

    fn hold(&mut self, id: u32, held: Held) -> Result<Packet, Refusal> {
        if self.held.len() >= HANDLES_MAX {
            return Err(Refusal::new(StatusCode::Failure, "Too many open files"));
        }
        self.opened = self.opened.saturating_add(1);
        let handle = self.opened.to_string();
        self.held.insert(handle.clone(), held);
        Ok(Packet::Handle(Handle { id, handle }))
    }

    fn held(&mut self, handle: &str) -> Result<&mut Held, Refusal> {
        self.held.get_mut(handle).ok_or(Refusal::HANDLE)
    }

    /// Publishes an upload.
    pub(super) async fn close(&mut self, id: u32, handle: &str) -> Result<Packet, Refusal> {
        match self.held.remove(handle).ok_or(Refusal::HANDLE)? {
            Held::Upload { upload, .. } => {
                upload.publish().await?;
            }
            Held::File { .. } | Held::Folder(_) => {}
        }
        Ok(reply::done(id))
    }

    pub(super) async fn read(&mut self, read: Read) -> Result<Packet, Refusal> {
        let length = usize::try_from(read.len.min(READ_MAX)).unwrap_or(0);
        let data = match self.held(&read.handle)? {
            Held::File { file, .. } => file.read(read.offset, length).await?,
            Held::Upload { upload, .. } => upload.read(read.offset, length).await?,
            Held::Folder(_) => return Err(Refusal::HANDLE),
        };
        if data.is_empty() && length > 0 {
            return Err(Refusal::EOF);
        }
        Ok(Packet::Data(Data { id: read.id, data }))
    }

    pub(super) async fn write(&mut self, write: Write) -> Result<Packet, Refusal> {
        let place = |append: bool| {
            if append {
                Place::End
            } else {
                Place::At(write.offset)
            }
        };
        match self.held(&write.handle)? {
            Held::File {
                file,
                mode: Mode::Write { append },
            } => file.write(place(*append), write.data).await?,
            Held::Upload { upload, append } => upload.write(place(*append), write.data).await?,
            Held::File { .. } | Held::Folder(_) => return Err(Refusal::HANDLE),
        }
        Ok(reply::done(write.id))
    }

    pub(super) fn read_folder(&mut self, id: u32, handle: &str) -> Result<Packet, Refusal> {
        let Held::Folder(entries) = self.held(handle)? else {
            return Err(Refusal::HANDLE);
        };
        let files: Vec<File> = entries
            .take(NAMES_AT_ONCE)
            .map(|entry| {
                let attrs = reply::of_entry(&entry);
                File::new(entry.name, attrs)
            })
            .collect();
        if files.is_empty() {
            return Err(Refusal::EOF);
        }
        Ok(Packet::Name(Name { id, files }))
    }

    pub(super) async fn stat_handle(&mut self, id: u32, handle: &str) -> Result<Packet, Refusal> {
        let attrs = match self.held(handle)? {
            Held::File { file, .. } => {
                let (size, modified_at) = file.about().await?;
                reply::of_file(size, Some(modified_at))
            }
            Held::Upload { upload, .. } => reply::of_file(upload.size(), None),
            Held::Folder(_) => return Err(Refusal::HANDLE),
        };
        Ok(reply::attributes(id, attrs))
    }

    /// Size and time; the mode is the server's to choose.
    pub(super) async fn set_handle(
        &mut self,
        id: u32,
        handle: &str,
        wanted: &FileAttributes,
    ) -> Result<Packet, Refusal> {
        let wanted = Wanted::of(wanted)?;
        match self.held(handle)? {
            Held::File { file, mode } => {
                if let Some(size) = wanted.size {
                    if *mode == Mode::Read {
                        return Err(Refusal::HANDLE);
                    }
                    file.set_len(size).await?;
                }
                if let Some(at) = wanted.modified_at {
                    file.set_modified(at).await?;
                }
            }
            Held::Upload { upload, .. } => {
                if let Some(size) = wanted.size {
                    upload.set_len(size).await?;
                }
                if let Some(at) = wanted.modified_at {
                    upload.set_modified(at);
                }
            }
            Held::Folder(_) => return Err(Refusal::HANDLE),
        }
        Ok(reply::done(id))
    }

    /// Makes what was written survive a crash; an upload is made so when it is closed.
    pub(super) async fn sync(&mut self, id: u32, handle: &str) -> Result<Packet, Refusal> {
        match self.held(handle)? {
            Held::File { file, .. } => file.sync().await?,
            Held::Upload { .. } => {}
            Held::Folder(_) => return Err(Refusal::HANDLE),
        }
        Ok(reply::done(id))
    }

    /// The size of an upload of this session that is not visible yet.
    pub(super) fn under_way(&self, at: &RelPath) -> Option<FileAttributes> {
        self.held.values().find_map(|held| match held {
            Held::Upload { upload, .. } if upload.path() == at => {
                Some(reply::of_file(upload.size(), None))
            }
            _ => None,
        })
    }
}

enum Destination {
    InPlace,
    Upload { fresh: bool },
}

/// What of a client's attributes is done.
pub(super) struct Wanted {
    pub(super) size: Option<i64>,
    pub(super) modified_at: Option<Timestamp>,
}

impl Wanted {
    /// Errors: when only a new owner is wanted, so that `chown` does not seem to have worked.
    pub(super) fn of(attrs: &FileAttributes) -> Result<Self, Refusal> {
        let other = attrs.size.is_some() || attrs.permissions.is_some() || attrs.mtime.is_some();
        if attrs.uid.is_some() && !other {
            return Err(Refusal::UNSUPPORTED);
        }
        let size = attrs.size.map(i64::try_from).transpose();
        Ok(Self {
            size: size.map_err(|_large| Refusal::new(StatusCode::Failure, "Quota exceeded"))?,
            modified_at: attrs
                .mtime
                .map(|at| Timestamp(0).plus_seconds(i64::from(at))),
        })
    }
}
