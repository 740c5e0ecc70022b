//! Files held open: read piece by piece, changed in place.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use wabe_kernel::content::{ByteSource, ContentError};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, RelPath, Timestamp};

use crate::embedded::files::beneath::{Found, disk, handle};
use crate::embedded::files::space::{Change, Claim};
use crate::embedded::files::{WebFiles, blocking};

/// Bytes of one piece of a download.
pub(super) const PIECE: usize = 256 * 1_024;

/// Where in a file bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// From this byte on; a gap before it is filled with zeros and counts.
    At(u64),
    /// After what is there.
    End,
}

impl Place {
    /// Errors: `OverQuota` for offsets that no quota reaches.
    pub(super) fn offset(self, size: Bytes, quota: Bytes) -> Result<u64, ContentError> {
        match self {
            Self::At(at) => Ok(at),
            Self::End => u64::try_from(size).map_err(|_negative| ContentError::OverQuota { quota }),
        }
    }
}

/// The byte after the last of `length` bytes at `at`; errors as [`Place::offset`].
pub(super) fn end(at: u64, length: usize, quota: Bytes) -> Result<Bytes, ContentError> {
    i64::try_from(length)
        .ok()
        .zip(i64::try_from(at).ok())
        .and_then(|(length, at)| at.checked_add(length))
        .ok_or(ContentError::OverQuota { quota })
}

/// A visible file held open.
#[derive(Clone)]
pub struct OpenFile {
    files: WebFiles,
    web: WebspaceId,
    file: Arc<File>,
}

impl WebFiles {
    /// Opens a file; with `writable` it is changed in place, visibly.
    ///
    /// # Errors
    /// `NotFound`, `WrongKind` for a folder, `NotPlain` for links, special files and files with
    /// several names, `Refused("suspended")` with `writable`.
    pub async fn open(
        &self,
        web: WebspaceId,
        path: &RelPath,
        writable: bool,
    ) -> Result<OpenFile, ContentError> {
        if writable {
            self.node.writable(web)?;
        }
        let at = path.clone();
        let file = self
            .reading(web, move |root| root.file(&at, writable))
            .await?;
        Ok(OpenFile {
            files: self.clone(),
            web,
            file: Arc::new(file),
        })
    }
}

impl OpenFile {
    /// Size in bytes, and when it was last written.
    pub async fn about(&self) -> Result<(Bytes, Timestamp), ContentError> {
        let file = Arc::clone(&self.file);
        let found = blocking(move || handle(&*file)).await?;
        Ok((found.size, found.modified_at))
    }

    /// Up to `length` bytes from `at`; fewer at the end, none after it.
    pub async fn read(&self, at: u64, length: usize) -> Result<Vec<u8>, ContentError> {
        let file = Arc::clone(&self.file);
        blocking(move || read_up_to(&file, at, length)).await
    }

    /// Writes in place.
    ///
    /// # Errors
    /// `OverQuota`, `Refused("suspended")`, `NotFound` when the file was deleted meanwhile.
    pub async fn write(&self, place: Place, data: Vec<u8>) -> Result<(), ContentError> {
        self.change(move |file, found, quota| {
            let at = place.offset(found.size, quota)?;
            let size = found.size.max(end(at, data.len(), quota)?);
            Ok((size, move || file.write_all_at(&data, at).map_err(disk)))
        })
        .await
    }

    /// Cuts or extends it to `size` bytes; errors as [`Self::write`].
    pub async fn set_len(&self, size: Bytes) -> Result<(), ContentError> {
        let length = u64::try_from(size).map_err(|_negative| ContentError::Refused("bad-size"))?;
        self.change(move |file, _, _| Ok((size, move || file.set_len(length).map_err(disk))))
            .await
    }

    /// Sets when it was last written.
    pub async fn set_modified(&self, at: Timestamp) -> Result<(), ContentError> {
        let file = Arc::clone(&self.file);
        self.files
            .changing(self.web, move |ground| ground.root.set_modified(&*file, at))
            .await
    }

    /// Makes what was written survive a crash.
    pub async fn sync(&self) -> Result<(), ContentError> {
        let file = Arc::clone(&self.file);
        blocking(move || file.sync_all().map_err(disk)).await
    }

    /// Takes room for the size that `plan` answers, then acts.
    async fn change<P, A>(&self, plan: P) -> Result<(), ContentError>
    where
        P: FnOnce(Arc<File>, Found, Bytes) -> Result<(Bytes, A), ContentError> + Send + 'static,
        A: FnOnce() -> Result<(), ContentError>,
    {
        let file = Arc::clone(&self.file);
        self.files
            .changing(self.web, move |ground| {
                let found = handle(&*file)?.plain_file()?;
                let (size, act) = plan(file, found, ground.quota)?;
                let by = Change {
                    bytes: size.saturating_sub(found.size),
                    entries: 0,
                };
                ground
                    .space
                    .change(&mut Claim::default(), by, ground.quota)?;
                let done = act();
                if done.is_err() {
                    ground.space.doubt();
                }
                done
            })
            .await
    }
}

/// A file as a stream, as long as it was when it was opened.
pub(super) struct Download {
    file: Arc<File>,
    at: u64,
    left: u64,
}

impl Download {
    pub(super) fn of(file: File, size: Bytes) -> Self {
        Self {
            file: Arc::new(file),
            at: 0,
            left: u64::try_from(size).unwrap_or(0),
        }
    }

    async fn piece(&mut self) -> Option<Result<Vec<u8>, ContentError>> {
        let length = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        if length == 0 {
            return None;
        }
        let (file, at) = (Arc::clone(&self.file), self.at);
        let read = blocking(move || read_up_to(&file, at, length)).await;
        Some(match read {
            Ok(piece) if piece.len() == length => {
                let advance = u64::try_from(length).unwrap_or(u64::MAX);
                self.at = self.at.saturating_add(advance);
                self.left = self.left.saturating_sub(advance);
                Ok(piece)
            }
            Ok(_) => {
                self.left = 0;
                Err(ContentError::Fault(
                    "the file shrank while it was read".to_owned(),
                ))
            }
            Err(failed) => {
                self.left = 0;
                Err(failed)
            }
        })
    }
}

impl ByteSource for Download {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(self.piece())
    }
}

/// Reads until `length` bytes or the end.
pub(super) fn read_up_to(file: &File, at: u64, length: usize) -> Result<Vec<u8>, ContentError> {
    let mut bytes = vec![0; length];
    let mut done = 0_usize;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        let from = u64::try_from(done)
            .ok()
            .and_then(|done| at.checked_add(done));
        let Some(from) = from.filter(|from| i64::try_from(*from).is_ok()) else {
            break;
        };
        match file.read_at(rest, from) {
            Ok(0) => break,
            Ok(read) => done = done.saturating_add(read),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(disk(error)),
        }
    }
    bytes.truncate(done);
    Ok(bytes)
}
