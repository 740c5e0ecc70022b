//! Opening the database.

use crate::dialect::Dialect;
use crate::statement::Statement;
use crate::tx::Tx;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Executor as _};
use std::path::PathBuf;
use std::time::Duration;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;

const SCOPE: Statement = Statement {
    name: "store.scope",
    sql: "SELECT set_config('wabe.customer', $1, true) AS customer",
};
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
pub struct Store {
    pub(crate) dialect: Dialect,
    pub(crate) writer: AnyPool,
    readers: AnyPool,
}

async fn sqlite_pool(path: &std::path::Path, reading: bool) -> Result<AnyPool, Fault> {
    let opening = |error| Fault::because("open the SQLite database", error);
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let options: AnyConnectOptions = url.parse().map_err(opening)?;
    AnyPoolOptions::new()
        .max_connections(if reading { 4 } else { 1 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                         PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
                         PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY",
                    )
                    .await?;
                if reading {
                    connection.execute("PRAGMA query_only = ON").await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .map_err(opening)
}

async fn postgres_pool(url: &str) -> Result<AnyPool, Fault> {
    let opening = |error| Fault::because("open the PostgreSQL database", error);
    let options: AnyConnectOptions = url.parse().map_err(opening)?;
    AnyPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(opening)
}

impl Store {
    /// Opens the database; on SQLite one writer and four readers.
    ///
    /// # Errors
    /// A fault when it cannot be reached.
    pub async fn open(location: &Location) -> Result<Self, Fault> {
        sqlx::any::install_default_drivers();
        match location {
            Location::Sqlite(path) => {
                let writer = sqlite_pool(path, false).await?;
                let readers = sqlite_pool(path, true).await?;
                Ok(Self {
                    dialect: Dialect::Sqlite,
                    writer,
                    readers,
                })
            }
            Location::Postgres(url) => {
                let pool = postgres_pool(url).await?;
                Ok(Self {
                    dialect: Dialect::Postgres,
                    writer: pool.clone(),
                    readers: pool,
                })
            }
        }
    }

    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Refuses a PostgreSQL whose roles would make the row-level policies void.
    ///
    /// # Errors
    /// A fault when `wabe_tenant` could pass them.
    pub async fn check_roles(&self) -> Result<(), Fault> {
        if self.dialect == Dialect::Postgres {
            let mut tx = self.raw(&self.readers).await?;
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

    pub(crate) async fn raw(&self, pool: &AnyPool) -> Result<Tx, Fault> {
        let inner = pool
            .begin()
            .await
            .map_err(|error| Fault::because("begin", error))?;
        Ok(Tx::new(inner, self.dialect, false))
    }

    async fn begin(
        &self,
        pool: &AnyPool,
        writing: bool,
        scope: Option<CustomerId>,
    ) -> Result<Tx, Fault> {
        let begin = match (self.dialect, writing, scope) {
            (Dialect::Sqlite, true, _) => "BEGIN IMMEDIATE",
            (Dialect::Sqlite, false, _) => "BEGIN",
            (Dialect::Postgres, _, Some(_)) => "BEGIN; SET LOCAL ROLE wabe_tenant",
            (Dialect::Postgres, _, None) => "BEGIN; SET LOCAL ROLE wabe_system",
        };
        let inner = pool
            .begin_with(begin)
            .await
            .map_err(|error| Fault::because("begin", error))?;
        let mut tx = Tx::new(inner, self.dialect, scope.is_some());
        if let (Dialect::Postgres, Some(customer)) = (self.dialect, scope) {
            SCOPE.bind(customer).one(&mut tx).await?;
        }
        Ok(tx)
    }

    /// A writing transaction of the system itself.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write(&self) -> Result<Tx, Fault> {
        self.begin(&self.writer, true, None).await
    }

    /// A writing transaction that sees one customer.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn write_for(&self, customer: CustomerId) -> Result<Tx, Fault> {
        self.begin(&self.writer, true, Some(customer)).await
    }

    /// A reading transaction of the system itself.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read(&self) -> Result<Tx, Fault> {
        self.begin(&self.readers, false, None).await
    }

    /// A reading transaction that sees one customer.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read_for(&self, customer: CustomerId) -> Result<Tx, Fault> {
        self.begin(&self.readers, false, Some(customer)).await
    }

    /// Closes all connections; on SQLite the log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
