//! Bringing the schema up to date. Migrations expand, then contract, and are never edited once landed.

use crate::open::{Engine, Store};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::Path;
use std::time::Duration;
use wabe_kernel::Fault;

static PORTABLE: Migrator = sqlx::migrate!("../../migrations");
static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRESQL: Migrator = sqlx::migrate!("../../migrations/postgresql");

impl Store {
    /// Applies what is missing: what is the same on both engines, then what one of them needs in words of its own,
    /// such as PostgreSQL's roles and row-level policies.
    ///
    /// # Errors
    /// A fault; each migration happened wholly or not at all.
    pub async fn migrate(&self) -> Result<(), Fault> {
        let failed = |error| Fault::because("migrate", error);
        match &self.0 {
            Engine::Sqlite { path, .. } => {
                let mut connection = connect(path).await?;
                let mut migrated = missing_of(&PORTABLE).run(&mut connection).await;
                if migrated.is_ok() {
                    migrated = missing_of(&SQLITE).run(&mut connection).await;
                }
                let closed = connection.close().await;
                migrated.map_err(failed)?;
                closed.map_err(|error| Fault::because("migrate", error))
            }
            Engine::Postgres(pool) => {
                missing_of(&PORTABLE).run(pool).await.map_err(failed)?;
                missing_of(&POSTGRESQL).run(pool).await.map_err(failed)
            }
        }
    }
}

/// The same, minding that the other engine's migrations stand in the same table.
fn missing_of(migrations: &Migrator) -> Migrator {
    let mut migrator = Migrator {
        migrations: migrations.migrations.clone(),
        ..Migrator::DEFAULT
    };
    migrator.set_ignore_missing(true);
    migrator
}

/// A connection of the library that knows migrations; the store's own do not.
async fn connect(path: &Path) -> Result<SqliteConnection, Fault> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));
    let connection = options.connect().await;
    connection.map_err(|error| Fault::because("open the SQLite database", error))
}
