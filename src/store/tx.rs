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
    /// How many callers are outside of the scope; the role changes with the first and the last.
    outside: u32,
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
            outside: 0,
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
    /// customers, such as whether a name is taken. Calls may be nested; each needs its return. No effect
    /// on SQLite or on an unscoped transaction.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn unscope(&mut self) -> Result<(), Fault> {
        self.outside = self.outside.saturating_add(1);
        if self.outside == 1 {
            self.role(SYSTEM).await?;
        }
        Ok(())
    }

    /// Returns into the customer's scope.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn rescope(&mut self) -> Result<(), Fault> {
        self.outside = self.outside.saturating_sub(1);
        if self.outside == 0 {
            self.role(TENANT).await?;
        }
        Ok(())
    }

    async fn role(&mut self, statement: Statement) -> Result<(), Fault> {
        if self.scoped && self.dialect == Dialect::Postgres {
            statement.query().execute(self).await?;
        }
        Ok(())
    }
}
