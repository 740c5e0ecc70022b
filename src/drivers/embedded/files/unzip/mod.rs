//! Unpacking a ZIP archive into the folder that holds it.
//!
//! The directory of the archive is read and judged as a whole before the first file is written (see
//! `directory`); what the entries really hold is counted while it is unpacked, because a directory
//! can lie. Archives within the archive stay packed. Each file appears whole or not at all; files
//! that appeared before an error stay.

mod directory;
mod inflate;
mod oem;

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wabe_kernel::content::ContentError;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, RelPath};

use crate::embedded::files::beneath::{Root, fault, handle};
use crate::embedded::files::place::Staged;
use crate::embedded::files::space::Space;
use crate::embedded::files::unzip::directory::Item;
use crate::embedded::files::{Ground, WebFiles, blocking};

/// Files that are made durable together: syncing each of 100 000 would take minutes.
const BATCH_FILES: usize = 256;
const BATCH_BYTES: u64 = 64 * 1_024 * 1_024;

/// Set when nobody waits for the answer any more.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl WebFiles {
    /// Answers how many files it wrote.
    ///
    /// Errors: `Refused` with `bad-archive`, `archive-too-many` (100 000 entries),
    /// `archive-ratio` (100 times its own size), `archive-path` (names that lead out or cannot
    /// be), `archive-link`, `archive-encrypted`, `archive-method`, `archive-too-large` (an entry
    /// of 4 GiB or more); `OverQuota`.
    pub(super) async fn unpack(
        &self,
        web: WebspaceId,
        archive: &RelPath,
    ) -> Result<u64, ContentError> {
        let into = archive.parent().ok_or(ContentError::WrongKind)?;
        self.node.writable(web)?;
        let slot = Arc::clone(&self.node.unzips)
            .acquire_owned()
            .await
            .map_err(|closed| ContentError::Fault(closed.to_string()))?;
        // Counted before the room is judged.
        self.fill(web).await?;
        let stop = Stop::default();
        let mut work = Work {
            files: self.clone(),
            web,
            into,
            space: self.node.space(web)?.0,
            stop: Arc::clone(&stop.0),
            batch: Vec::new(),
            batch_bytes: 0,
            written: 0,
        };
        let archive = archive.clone();
        let answer = blocking(move || {
            let _slot = slot;
            work.run(&archive)
        })
        .await;
        drop(stop);
        answer
    }
}

struct Work {
    files: WebFiles,
    web: WebspaceId,
    into: RelPath,
    space: Arc<Space>,
    stop: Arc<AtomicBool>,
    batch: Vec<(Staged, RelPath, Bytes)>,
    batch_bytes: u64,
    written: u64,
}

impl Work {
    fn run(&mut self, archive: &RelPath) -> Result<u64, ContentError> {
        let root = self.space.open()?;
        let file = root.file(archive, false)?;
        let length = u64::try_from(handle(&file)?.size).unwrap_or(0);
        let items = directory::read(&file, length)?;
        let (_, quota) = self.files.node.writable(self.web)?;
        let total: u64 = items.iter().map(|item| item.size).sum();
        if i64::try_from(total).map_or(true, |total| total > self.space.free(quota)) {
            return Err(ContentError::OverQuota { quota });
        }
        for item in &items {
            if self.stop.load(Ordering::Relaxed) {
                return Err(ContentError::TimedOut);
            }
            self.unpack(&root, &file, item)?;
            if self.batch.len() >= BATCH_FILES || self.batch_bytes >= BATCH_BYTES {
                self.place(&root)?;
            }
        }
        self.place(&root)?;
        Ok(self.written)
    }

    /// Writes one entry into the staging folder; makes folders at once.
    fn unpack(&mut self, root: &Root, archive: &File, item: &Item) -> Result<(), ContentError> {
        let path = self
            .into
            .join_all(&item.path)
            .map_err(|_too_long| ContentError::Refused("archive-path"))?;
        if item.folder {
            return self.with_ground(|ground| ground.ensure_folder(&path));
        }
        let (_, quota) = self.files.node.writable(self.web)?;
        let name = self.files.node.staging_name();
        let (mut staged, mut file) = Staged::make(&self.space, root, name, 0)?;
        let stop = Arc::clone(&self.stop);
        let size = inflate::copy(archive, item, &mut file, |size| {
            if stop.load(Ordering::Relaxed) {
                return Err(ContentError::TimedOut);
            }
            staged.grow(size, quota)
        })?;
        self.batch.push((staged, path, size));
        self.batch_bytes = self.batch_bytes.saturating_add(item.size);
        Ok(())
    }

    /// Makes what is staged durable, then visible.
    fn place(&mut self, root: &Root) -> Result<(), ContentError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let staging = root.staging()?;
        rustix::fs::syncfs(&staging).map_err(fault)?;
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        let mut placed = 0_u64;
        let all = self.with_ground(|ground| {
            for (staged, path, size) in batch {
                drop(ground.place(staged, &path, size, false)?);
                placed = placed.saturating_add(1);
            }
            Ok(())
        });
        self.written = self.written.saturating_add(placed);
        all?;
        rustix::fs::syncfs(&staging).map_err(fault)
    }

    fn with_ground<T>(
        &self,
        work: impl FnOnce(&Ground) -> Result<T, ContentError>,
    ) -> Result<T, ContentError> {
        let _turn = self.space.blocking_turn();
        let (space, quota) = self.files.node.writable(self.web)?;
        work(&Ground::enter(space, quota, self.files.node.clock.now())?)
    }
}
