//! Opening the database.

use crate::dialect::Dialect;
use crate::postgres;
use crate::readers::Readers;
use crate::row::Row;
use crate::statement::{Opening, Statement};
use crate::tx::{Inner, Tx};
use crate::writer::Writer;
use sqlx::PgPool;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;

const ROLE: Statement = Statement {
    name: "store.role.check",
    sql: "SELECT CAST(count(*) AS BIGINT) AS wrong FROM pg_roles \
          WHERE rolname IN ('wabe_tenant', 'wabe_system') AND (rolsuper OR (rolname = 'wabe_tenant' AND rolbypassrls))",
};

/// Where the panel's state lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// A SQLite file; made when missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// The engine of this place.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }
}

/// The panel's database.
#[derive(Clone)]
pub struct Store(pub(crate) Engine);

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite {
        path: Arc<Path>,
        writer: Writer,
        readers: Readers,
    },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database; on SQLite one writer and four readers.
    ///
    /// # Errors
    /// A fault when it cannot be reached.
    pub async fn open(location: &Location) -> Result<Self, Fault> {
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite {
                path: path.as_path().into(),
                writer: Writer::open(path)?,
                readers: Readers::open(path)?,
            },
            Location::Postgres(url) => Engine::Postgres(postgres::open(url).await?),
        };
        Ok(Self(engine))
    }

    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Refuses a PostgreSQL whose roles would make the row-level policies void.
    ///
    /// # Errors
    /// A fault when `wabe_tenant` could pass them.
    pub async fn check_roles(&self) -> Result<(), Fault> {
        if let Engine::Postgres(pool) = &self.0 {
            let inner = pool.begin().await;
            let inner = inner.map_err(|error| Fault::because("begin", error))?;
            let mut tx = Tx::new(Inner::Postgres(inner), false);
            let wrong = ROLE.query().one(&mut tx).await?.int("wrong")?;
            tx.rollback().await?;
            if wrong != 0 {
                return Err(Fault::new(
                    "the role wabe_tenant must be neither superuser nor BYPASSRLS",
                ));
            }
        }
        Ok(())
    }

    async fn begin(&self, writing: bool, scope: Option<CustomerId>) -> Result<Tx, Fault> {
        let inner = match &self.0 {
            Engine::Sqlite { writer, .. } if writing => Inner::Writing(writer.begin().await?),
            Engine::Sqlite { readers, .. } => Inner::Reading(readers.begin().await?),
            Engine::Postgres(pool) => Inner::Postgres(postgres::begin(pool, scope).await?),
        };
        Ok(Tx::new(inner, scope.is_some()))
    }

    /// A writing transaction of the system itself.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write(&self) -> Result<Tx, Fault> {
        self.begin(true, None).await
    }

    /// A writing transaction that sees one customer.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write_for(&self, customer: CustomerId) -> Result<Tx, Fault> {
        self.begin(true, Some(customer)).await
    }

    /// A writing transaction that sees one customer, with the answer to its first statement; nothing when
    /// that finds no row. As [`Store::write_for`], in fewer questions.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn open_for(
        &self,
        customer: CustomerId,
        opening: Opening,
    ) -> Result<Option<(Tx, Row)>, Fault> {
        let (statement, walled) = match self.dialect() {
            Dialect::Sqlite => (opening.plain, false),
            Dialect::Postgres => (opening.walled, true),
        };
        let mut tx = self.write().await?;
        let row = statement.bind(customer).optional(&mut tx).await?;
        Ok(row.map(|row| (tx.scoped(walled), row)))
    }

    /// A reading transaction of the system itself.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read(&self) -> Result<Tx, Fault> {
        self.begin(false, None).await
    }

    /// A reading transaction that sees one customer.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read_for(&self, customer: CustomerId) -> Result<Tx, Fault> {
        self.begin(false, Some(customer)).await
    }

    /// Closes all connections; on SQLite the log is folded into the file.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Sqlite {
                writer, readers, ..
            } => {
                readers.close();
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}
