//! What the node has of a database, and the steps that change it.
//!
//! Steps of one database run one after the other. The entry is the last word: it is written before
//! data is removed, and data is made before it is written.

use wabe_kernel::Engine;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::{Act, Database, Observed, Revision, Step, StepFailure, Subject, Wish};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;

use crate::embedded::database::entry::Entry;
use crate::embedded::database::queue::Weight;
use crate::embedded::database::{Databases, blocking};

/// Enough for the first page; the entry, which comes after, brings the real quota.
const EMPTY_BYTES: Bytes = 1 << 20;

impl Databases {
    /// What this node has of database `id`.
    ///
    /// Errors: `files-failed`.
    pub async fn observe(&self, id: DatabaseId) -> Result<Observed, StepFailure> {
        let folder = self.folder(id);
        let (file, entry) = blocking(move || Ok((folder.data().is_file(), folder.read_entry()?)))
            .await
            .map_err(files_failed)?;
        let entry = entry
            .map(|entry| entry.wish)
            .filter(|wish| *wish != Wish::Gone);
        // The program refuses what would be too much, so a file is never fuller than it may be.
        Ok(Observed::Database {
            file,
            entry,
            full: false,
        })
    }

    /// Carries out one step of a database; doing it twice changes nothing more.
    ///
    /// Errors: `older-revision`; `files-failed`; `database-failed` when the program could not make
    /// the database; `database-busy` when it found no place in time; `wrong-subject` for a step that
    /// is not about a database or names two of them.
    pub async fn apply(&self, step: &Step) -> Result<(), StepFailure> {
        let id = subject_of(step)?;
        let desk = self.queue.desk(id);
        let _turn = desk.turn.lock().await;
        let known = self.refuse_older(id, step.revision).await?;
        match &step.act {
            Act::MakeDatabase(_) => self.make(id, known.as_ref()).await,
            Act::ConfigureDatabase(wish @ (Wish::Present(_) | Wish::Hidden(_))) => {
                self.write(id, step.revision, wish.clone()).await
            }
            Act::ConfigureDatabase(Wish::Gone) | Act::RemoveDatabase(_) => {
                self.remove(id, step.revision).await
            }
            other => Err(StepFailure::new("wrong-subject", other.word())),
        }
    }

    async fn refuse_older(
        &self,
        id: DatabaseId,
        revision: Revision,
    ) -> Result<Option<Entry>, StepFailure> {
        let folder = self.folder(id);
        let entry = blocking(move || folder.read_entry())
            .await
            .map_err(files_failed)?;
        match entry {
            Some(entry) if entry.revision > revision => {
                let detail = format!("{revision} after {}", entry.revision);
                Err(StepFailure::new("older-revision", detail))
            }
            entry => Ok(entry),
        }
    }

    async fn make(&self, id: DatabaseId, known: Option<&Entry>) -> Result<(), StepFailure> {
        let folder = self.folder(id);
        let made = folder.clone();
        blocking(move || made.make()).await.map_err(files_failed)?;
        let quota = match known.map(|entry| &entry.wish) {
            Some(Wish::Present(database) | Wish::Hidden(database)) => database.quota,
            Some(Wish::Gone) | None => EMPTY_BYTES,
        };
        let database = Database {
            id,
            engine: Engine::Sqlite,
            quota,
            login: None,
        };
        let place = self
            .queue
            .enter(id, Weight::Light)
            .await
            .map_err(not_made)?;
        let running = self.start("create", (place, &database), self.deadlines.query);
        let mut running = running.map_err(not_made)?;
        drop(running.stdin.take());
        running.answer().await.map_err(not_made)?;
        blocking(move || folder.sync()).await.map_err(files_failed)
    }

    async fn write(
        &self,
        id: DatabaseId,
        revision: Revision,
        wish: Wish<Database>,
    ) -> Result<(), StepFailure> {
        let folder = self.folder(id);
        let entry = Entry { revision, wish };
        blocking(move || folder.write_entry(&entry))
            .await
            .map_err(files_failed)
    }

    async fn remove(&self, id: DatabaseId, revision: Revision) -> Result<(), StepFailure> {
        self.write(id, revision, Wish::Gone).await?;
        self.queue.clear(id).await;
        let folder = self.folder(id);
        blocking(move || folder.remove_data())
            .await
            .map_err(files_failed)
    }
}

/// The one database that the step is about.
fn subject_of(step: &Step) -> Result<DatabaseId, StepFailure> {
    let wrong = || StepFailure::new("wrong-subject", step.act.word());
    let Subject::Database(id) = step.subject else {
        return Err(wrong());
    };
    let named = match &step.act {
        Act::RemoveDatabase(id) => *id,
        Act::MakeDatabase(database)
        | Act::ConfigureDatabase(Wish::Present(database) | Wish::Hidden(database)) => database.id,
        Act::ConfigureDatabase(Wish::Gone) => id,
        _ => return Err(wrong()),
    };
    if named == id { Ok(id) } else { Err(wrong()) }
}

fn files_failed(fault: std::io::Error) -> StepFailure {
    StepFailure::new("files-failed", fault)
}

fn not_made(error: ContentError) -> StepFailure {
    match error {
        ContentError::Refused("busy") => StepFailure::new("database-busy", "no place in time"),
        other => StepFailure::new("database-failed", format!("{other:?}")),
    }
}
