//! Customers' SQLite databases, one folder each, reached only through the program `wabe-sql`.
//!
//! `node/db/<dbs id>/` holds `data.sqlite` and `entry.json`: the wish that was applied last, with its
//! revision. The entry decides what may be asked; a removed database leaves its entry behind, so that
//! a late step cannot bring it back.
//!
//! Invariants: this process never opens a customer's database. Each request is a child with a cleared
//! environment and arguments made of typed values (3.14 T2), killed at a hard deadline; few run at
//! once, few wait, the rest is refused at once (3.15 T5). No dump is ever whole in memory. Start
//! reading at [`content`] (what the faces ask), [`child`] (how it runs), `steps` (what the
//! reconciler does).

mod child;
mod content;
mod dump;
mod entry;
mod queue;
mod steps;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use wabe_kernel::Clock;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::{Database, StepFailure, Wish};
use wabe_kernel::id::DatabaseId;

use crate::embedded::database::entry::Folder;
use crate::embedded::database::queue::{Place, Queue};
use crate::embedded::touched::Touched;

/// When a child is killed, counted from its start.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// Statements, lists and small steps.
    pub query: Duration,
    /// Running a dump.
    pub import: Duration,
    /// Writing a dump, at the pace of whoever reads it.
    pub export: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            query: Duration::from_secs(10),
            import: Duration::from_mins(2),
            export: Duration::from_mins(10),
        }
    }
}

/// The databases of this node.
pub struct Databases {
    root: PathBuf,
    program: PathBuf,
    deadlines: Deadlines,
    clock: Arc<dyn Clock>,
    queue: Queue,
    touched: Touched,
}

impl Databases {
    /// Opens the databases beneath `node_dir`, which is made where missing; `wabe_sql` is the program
    /// of that name.
    ///
    /// Errors: `files-failed` when the folder cannot be made, `program-missing` without the program.
    pub fn open(
        node_dir: &Path,
        wabe_sql: &Path,
        deadlines: Deadlines,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, StepFailure> {
        let root = node_dir.join("db");
        entry::make_folder(&root).map_err(|fault| StepFailure::new("files-failed", fault))?;
        // The program follows no link on the way to a database.
        let root = root
            .canonicalize()
            .map_err(|fault| StepFailure::new("files-failed", fault))?;
        let program = wabe_sql
            .canonicalize()
            .map_err(|fault| StepFailure::new("program-missing", fault))?;
        Ok(Arc::new(Self {
            root,
            program,
            deadlines,
            clock,
            queue: Queue::default(),
            touched: Touched::default(),
        }))
    }

    /// Databases that statements were run in.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.touched.clone()
    }

    fn folder(&self, id: DatabaseId) -> Folder {
        Folder::new(&self.root, id)
    }

    /// The database as configured, shown or hidden, when its file is there.
    async fn find(&self, id: DatabaseId) -> Result<Wish<Database>, ContentError> {
        let folder = self.folder(id);
        let found = blocking(move || {
            let entry = folder.read_entry()?;
            Ok(entry.filter(|_| folder.data().is_file()))
        });
        let found: std::io::Result<_> = found.await;
        match found.map_err(|fault| ContentError::Fault(fault.to_string()))? {
            Some(entry) if entry.wish != Wish::Gone => Ok(entry.wish),
            _ => Err(ContentError::NotFound),
        }
    }

    /// A place for one child at the database; hidden databases only `even_hidden`.
    async fn admit(
        &self,
        id: DatabaseId,
        weight: queue::Weight,
        even_hidden: bool,
    ) -> Result<(Place, Database), ContentError> {
        // Looked up before, so that no unknown id takes room, and after, because it may have waited.
        self.find(id).await?;
        let place = self.queue.enter(id, weight).await?;
        match self.find(id).await? {
            Wish::Present(database) => Ok((place, database)),
            Wish::Hidden(database) if even_hidden => Ok((place, database)),
            Wish::Hidden(_) => Err(ContentError::Refused("suspended")),
            Wish::Gone => Err(ContentError::NotFound),
        }
    }
}

/// Does file work off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)?
}
