//! Writing a file that becomes visible when it is complete.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use wabe_kernel::content::{ContentError, Mark};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, RelPath, Timestamp};

use crate::embedded::files::beneath::disk;
use crate::embedded::files::handle::{PIECE, Place, end, read_up_to};
use crate::embedded::files::place::Staged;
use crate::embedded::files::{Ground, WebFiles, blocking};

/// A file on its way. Dropped without [`publish`](Self::publish) it leaves nothing.
pub struct Upload {
    files: WebFiles,
    web: WebspaceId,
    path: RelPath,
    fresh: bool,
    /// What must still be there when it is published.
    over: Option<Mark>,
    file: Arc<File>,
    staged: Staged,
    size: Bytes,
    modified_at: Option<Timestamp>,
    /// A write failed or was broken off, so the content is not what was sent.
    broken: bool,
}

impl WebFiles {
    /// Begins a file at `path`, replacing what is there when it is published; with `fresh`, never.
    ///
    /// # Errors
    /// `Exists` with `fresh`, `WrongKind` for a folder, `NotPlain` for a link or a way over one,
    /// `Refused("suspended")`.
    pub async fn upload(
        &self,
        web: WebspaceId,
        path: &RelPath,
        fresh: bool,
    ) -> Result<Upload, ContentError> {
        let to = path.clone();
        let name = self.node.staging_name();
        let (staged, file) = self
            .changing(web, move |ground| {
                let credit = ground.target(&to, fresh)?.credit();
                Staged::make(&ground.space, &ground.root, name, credit)
            })
            .await?;
        Ok(Upload {
            files: self.clone(),
            web,
            path: path.clone(),
            fresh,
            over: None,
            file: Arc::new(file),
            staged,
            size: 0,
            modified_at: None,
            broken: false,
        })
    }
}

impl Upload {
    /// Where it will be.
    #[must_use]
    pub fn path(&self) -> &RelPath {
        &self.path
    }

    /// Bytes so far.
    #[must_use]
    pub fn size(&self) -> Bytes {
        self.size
    }

    /// Writes `data`; after an error the upload can only be dropped.
    ///
    /// # Errors
    /// `OverQuota`, `Refused("suspended")`, `Refused("upload-broken")` after an earlier error.
    pub async fn write(&mut self, place: Place, data: Vec<u8>) -> Result<(), ContentError> {
        self.whole()?;
        self.broken = true;
        let (_, quota) = self.files.node.writable(self.web)?;
        let at = place.offset(self.size, quota)?;
        let last = end(at, data.len(), quota)?;
        let size = self.size.max(last);
        self.staged.grow(size, quota)?;
        self.size = size;
        let file = Arc::clone(&self.file);
        blocking(move || file.write_all_at(&data, at).map_err(disk)).await?;
        self.broken = false;
        Ok(())
    }

    /// Cuts or extends it to `size` bytes; errors as [`Self::write`].
    pub async fn set_len(&mut self, size: Bytes) -> Result<(), ContentError> {
        self.whole()?;
        self.broken = true;
        let (_, quota) = self.files.node.writable(self.web)?;
        self.staged.grow(size.max(self.size), quota)?;
        let length = u64::try_from(size).map_err(|_negative| ContentError::Refused("bad-size"))?;
        let file = Arc::clone(&self.file);
        blocking(move || file.set_len(length).map_err(disk)).await?;
        self.staged.grow(size, quota)?;
        self.size = size;
        self.broken = false;
        Ok(())
    }

    /// Up to `length` bytes from `at`; fewer at the end, none after it.
    pub async fn read(&self, at: u64, length: usize) -> Result<Vec<u8>, ContentError> {
        let file = Arc::clone(&self.file);
        blocking(move || read_up_to(&file, at, length)).await
    }

    /// Sets when it was last written, as of its publication.
    pub fn set_modified(&mut self, at: Timestamp) {
        self.modified_at = Some(at);
    }

    /// Has it published only while the visible file holds this.
    pub const fn only_over(&mut self, seen: Option<Mark>) {
        self.over = seen;
    }

    /// Makes it visible; answers its size.
    ///
    /// # Errors
    /// As for [`WebFiles::upload`] and [`Self::write`], and those of [`replace`](wabe_kernel::content::Files::replace) after
    /// [`Self::only_over`]; nothing is visible then.
    pub async fn publish(self) -> Result<Bytes, ContentError> {
        self.whole()?;
        let Self {
            files,
            web,
            path,
            fresh,
            over,
            file,
            staged,
            size,
            modified_at,
            ..
        } = self;
        // Before the turn is taken: this is the slow part.
        if let Some(at) = modified_at {
            let file = Arc::clone(&file);
            let set = move |ground: &Ground| ground.root.set_modified(&*file, at);
            files.changing(web, set).await?;
        }
        blocking(move || file.sync_all().map_err(disk)).await?;
        // The turn keeps every other writer out but those that hold the file open.
        let place = move |ground: &Ground| {
            if let Some(seen) = over {
                still_holds(&ground.root.file(&path, false)?, seen)?;
            }
            ground.place(staged, &path, size, fresh)?.sync()
        };
        files.changing(web, place).await?;
        Ok(size)
    }

    fn whole(&self) -> Result<(), ContentError> {
        if self.broken {
            return Err(ContentError::Refused("upload-broken"));
        }
        Ok(())
    }
}

/// Whether a file holds what was seen.
fn still_holds(file: &File, seen: Mark) -> Result<(), ContentError> {
    let (mut hash, mut at) = (Sha256::new(), 0);
    loop {
        let piece = read_up_to(file, at, PIECE)?;
        if piece.is_empty() {
            break;
        }
        hash.update(&piece);
        at = at.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }
    if <[u8; 32]>::from(hash.finalize()) == seen.0 {
        Ok(())
    } else {
        Err(ContentError::Refused("changed-meanwhile"))
    }
}
