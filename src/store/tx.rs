//! One transaction.

use crate::dialect::Dialect;
use crate::statement::Statement;
use sqlx::{Any, AnyConnection, Transaction};
use wabe_kernel::Fault;

const SYSTEM: Statement = Statement {
    name: "store.role.system",
    sql: "SET LOCAL ROLE wabe_system",
};
const TENANT: Statement = Statement {
    name: "store.role.tenant",
    sql: "SET LOCAL ROLE wabe_tenant",
};

/// A transaction; dropped without [`Tx::commit`] it never happened.
pub struct Tx {
    inner: Transaction<'static, Any>,
    dialect: Dialect,
    scoped: bool,
}

impl Tx {
    pub(crate) const fn new(
        inner: Transaction<'static, Any>,
        dialect: Dialect,
        scoped: bool,
    ) -> Self {
        Self {
            inner,
            dialect,
            scoped,
        }
    }

    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Makes it so, durably.
    ///
    /// # Errors
    /// A fault; then nothing happened.
    pub async fn commit(self) -> Result<(), Fault> {
        self.inner
            .commit()
            .await
            .map_err(|error| Fault::because("commit", error))
    }

    /// Gives everything up.
    ///
    /// # Errors
    /// A fault of the connection; the changes are gone all the same.
    pub async fn rollback(self) -> Result<(), Fault> {
        self.inner
            .rollback()
            .await
            .map_err(|error| Fault::because("roll back", error))
    }

    /// Leaves the customer's scope until [`Tx::rescope`]: for the few questions that concern all
    /// customers, such as whether a name is taken. No effect on SQLite or on an unscoped transaction.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn unscope(&mut self) -> Result<(), Fault> {
        self.role(SYSTEM).await
    }

    /// Returns into the customer's scope.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn rescope(&mut self) -> Result<(), Fault> {
        self.role(TENANT).await
    }

    async fn role(&mut self, statement: Statement) -> Result<(), Fault> {
        if self.scoped && self.dialect == Dialect::Postgres {
            statement.query().execute(self).await?;
        }
        Ok(())
    }
}
