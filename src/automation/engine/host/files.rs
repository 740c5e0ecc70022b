//! `files.read`, `files.write`, `files.list` and `files.delete`: the webspaces of the grant alone,
//! through the layer that uploads use.

use crate::engine::host::{Host, denial};
use crate::installation::rights::is_own;
use crate::run::Mode;
use wabe_access::Permission;
use wabe_audit::{Access, AccessBy};
use wabe_kernel::content::{ByteSource, ContentError, EntryKind};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, RelPath};
use wabe_package::wire::{Answer, FileEntry, Problem};
use wabe_package::{Blob, Capability};

/// The largest file that is read or written, in bytes: it has to fit into one call.
const FILE_BYTES_MAX: usize = 1 << 20;
/// The most names of one folder.
const NAMES_MAX: usize = 1_000;

/// Bytes that are there already.
struct Whole(Option<Vec<u8>>);

impl ByteSource for Whole {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = self.0.take().map(Ok);
        Box::pin(async move { piece })
    }
}

fn problem(error: ContentError) -> Problem {
    match error {
        ContentError::NotFound => denial::not_found("there is nothing of this name"),
        ContentError::Exists => denial::conflict("something of this name is there already"),
        ContentError::NotPlain => denial::invalid("the way leads over a link"),
        ContentError::WrongKind => {
            denial::invalid("a file where a folder is needed, or the other way round")
        }
        ContentError::NotEmpty => denial::conflict("the folder is not empty"),
        ContentError::OverQuota { quota } => {
            denial::limit(format!("the webspace may hold {quota} bytes"))
        }
        ContentError::TooLarge { max } => denial::limit(format!("the file may have {max} bytes")),
        ContentError::Refused(code) => denial::invalid(code),
        ContentError::Rejected(_) | ContentError::TimedOut | ContentError::Halted { .. } => {
            denial::fault(&Fault::new("reach a file"))
        }
        ContentError::Fault(text) => {
            tracing::warn!(text, "a plugin's file met a fault");
            denial::fault(&Fault::new("reach a file"))
        }
    }
}

impl Host<'_> {
    /// The webspace and the path, when one of the rights names that webspace; the access is noted.
    async fn place(
        &self,
        webspace: &str,
        path: &str,
        (rights, area): (&[Capability], &'static str),
    ) -> Result<(WebspaceId, RelPath), Problem> {
        let id: Result<WebspaceId, _> = webspace.parse();
        let id = id.map_err(|_form| denial::invalid("a webspace is named by its id"))?;
        // Whoever granted it may have lost it since.
        let scope = self.scope().await?;
        let may = |right: &&Capability| {
            let needed = match right {
                Capability::FilesWrite => Permission::FileWrite,
                _ => Permission::FileRead,
            };
            scope.has(needed)
        };
        let mut granted = rights
            .iter()
            .filter(may)
            .filter_map(|right| self.ready.rights.find(right));
        if !granted.any(|grant| grant.webspaces.contains(&id)) {
            for right in rights {
                self.needs(right)?;
            }
            return Err(denial::other_webspace());
        }
        let path: Result<RelPath, _> = path.trim_matches('/').parse();
        let path = path.map_err(|_form| denial::invalid("a path is relative and has no dots"))?;
        self.note_access(id, area).await?;
        Ok((id, path))
    }

    /// The webspace is still the customer's, and somebody may look up that it was touched: once for each run,
    /// webspace and way, because a run may ask five hundred times.
    async fn note_access(&self, id: WebspaceId, area: &'static str) -> Result<(), Problem> {
        let (customer, parts) = (self.ready.run.customer, &self.engine.parts);
        let store = parts.gate.store();
        let noted = self.state().noted.contains(&(id, area));
        let opened = if noted {
            store.read_for(customer).await
        } else {
            store.write_for(customer).await
        };
        let mut tx = opened.map_err(|fault| denial::fault(&fault))?;
        if !is_own(&mut tx, customer, id)
            .await
            .map_err(denial::refused)?
        {
            return Err(denial::other_webspace());
        }
        if noted {
            return tx.rollback().await.map_err(|fault| denial::fault(&fault));
        }
        let object = id.to_string();
        let access = Access {
            customer,
            user: None,
            by: AccessBy::Plugin,
            area,
            object_id: Some(&object),
            address: None,
        };
        let noted = parts.streams.note_access(&mut tx, &access).await;
        noted.map_err(|fault| denial::fault(&fault))?;
        tx.commit().await.map_err(|fault| denial::fault(&fault))?;
        self.state().noted.insert((id, area));
        Ok(())
    }

    pub(super) async fn file_read(&self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let right = (&[Capability::FilesRead][..], "plugin.file.read");
        let (id, path) = self.place(webspace, path, right).await?;
        let opened = self.engine.parts.files.read(id, &path).await;
        let (size, mut source) = opened.map_err(problem)?;
        let too_large =
            || denial::limit(format!("a file of at most {FILE_BYTES_MAX} bytes is read"));
        if usize::try_from(size).map_or(true, |size| size > FILE_BYTES_MAX) {
            return Err(too_large());
        }
        let mut content = Vec::new();
        while let Some(piece) = source.next().await {
            content.extend_from_slice(&piece.map_err(problem)?);
            if content.len() > FILE_BYTES_MAX {
                return Err(too_large());
            }
        }
        let content = Blob(content);
        Ok(Answer::Content { content })
    }

    pub(super) async fn file_list(&self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let rights = [Capability::FilesRead, Capability::FilesWrite];
        let right = (&rights[..], "plugin.file.list");
        let (id, path) = self.place(webspace, path, right).await?;
        let listed = self.engine.parts.files.list(id, &path).await;
        let mut files: Vec<FileEntry> = listed
            .map_err(problem)?
            .into_iter()
            .filter(|entry| entry.kind != EntryKind::Link)
            .take(NAMES_MAX)
            .map(|entry| FileEntry {
                name: entry.name,
                directory: entry.kind == EntryKind::Folder,
                size: u64::try_from(entry.size).unwrap_or(0),
                modified_ms: u64::try_from(entry.modified_at.0 / 1_000).unwrap_or(0),
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Answer::Files { files })
    }

    pub(super) async fn file_write(
        &self,
        webspace: &str,
        path: &str,
        content: Vec<u8>,
    ) -> Result<Answer, Problem> {
        let right = (&[Capability::FilesWrite][..], "plugin.file.write");
        let (id, path) = self.place(webspace, path, right).await?;
        if self.ready.run.mode == Mode::Dry {
            return Err(denial::dry());
        }
        let mut whole = Whole(Some(content));
        let written = self.engine.parts.files.write(id, &path, &mut whole).await;
        written.map(|_size| Answer::Nothing).map_err(problem)
    }

    pub(super) async fn file_delete(&self, webspace: &str, path: &str) -> Result<Answer, Problem> {
        let right = (&[Capability::FilesWrite][..], "plugin.file.delete");
        let (id, path) = self.place(webspace, path, right).await?;
        if self.ready.run.mode == Mode::Dry {
            return Err(denial::dry());
        }
        let files = &self.engine.parts.files;
        let found = files.stat(id, &path).await.map_err(problem)?;
        // A folder goes only when nothing is in it: one call deletes one thing.
        if found.kind == EntryKind::Folder {
            let inside = files.list(id, &path).await.map_err(problem)?;
            if !inside.is_empty() {
                return Err(problem(ContentError::NotEmpty));
            }
        }
        let deleted = files.delete(id, &path).await;
        deleted.map(|()| Answer::Nothing).map_err(problem)
    }
}
