//! A database of one's own, on either engine.

use crate::postgres::{Lent, Postgres};
use std::fs;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use wabe_store::{Location, Store};

static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A SQLite file, copied from a migrated one.
    Sqlite,
    /// A database of the process's own PostgreSQL, copied from a migrated one.
    Postgres,
}

/// A migrated, empty database.
pub struct TestStore {
    /// The store, opened.
    pub store: Store,
    /// Where it lies.
    pub location: Location,
    folder: TempDir,
    /// Gone with this, as the folder is.
    _lent: Option<Lent>,
}

impl TestStore {
    /// A new one on this engine.
    pub async fn on(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (location, lent) = match engine {
            Engine::Sqlite => {
                let path = folder.path().join("wabe.db");
                fs::write(&path, TEMPLATE.get_or_init(template).await)
                    .expect("the template can be copied");
                (Location::Sqlite(path), None)
            }
            Engine::Postgres => {
                let location = Postgres::shared().await.database().await;
                let lent = Lent::of(&location);
                (location, Some(lent))
            }
        };
        let store = Store::open(&location).await.expect("the database opens");
        Self {
            store,
            location,
            folder,
            _lent: lent,
        }
    }

    /// A database that is there already.
    #[must_use]
    pub fn of(store: Store, location: Location) -> Self {
        Self {
            store,
            location,
            folder: tempfile::tempdir().expect("a folder can be made"),
            _lent: None,
        }
    }

    /// A folder that lives as long as the database.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// The bytes of a migrated SQLite file.
async fn template() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("template.db");
    let store = Store::open(&Location::Sqlite(path.clone()))
        .await
        .expect("the template opens");
    store.migrate().await.expect("the template migrates");
    store.close().await;
    fs::read(&path).expect("the template can be read")
}
