//! Bringing the schema up to date. Migrations expand, then contract, and are never edited once landed.

use crate::dialect::Dialect;
use crate::open::Store;
use sqlx::migrate::Migrator;
use wabe_kernel::Fault;

static PORTABLE: Migrator = sqlx::migrate!("../../migrations");
static POSTGRESQL: Migrator = sqlx::migrate!("../../migrations/postgresql");

impl Store {
    /// Applies what is missing; on PostgreSQL also roles and row-level policies.
    ///
    /// # Errors
    /// A fault; each migration happened wholly or not at all.
    pub async fn migrate(&self) -> Result<(), Fault> {
        let failed = |error| Fault::because("migrate", error);
        let mut portable = Migrator {
            migrations: PORTABLE.migrations.clone(),
            ..Migrator::DEFAULT
        };
        portable.set_ignore_missing(true);
        portable.run(&self.writer).await.map_err(failed)?;
        if self.dialect == Dialect::Postgres {
            let mut policies = Migrator {
                migrations: POSTGRESQL.migrations.clone(),
                ..Migrator::DEFAULT
            };
            policies.set_ignore_missing(true);
            policies.run(&self.writer).await.map_err(failed)?;
        }
        Ok(())
    }
}
