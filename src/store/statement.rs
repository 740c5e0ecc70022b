//! Statements with names, and queries built from them.

use crate::bind::{Bind, Value};
use crate::row::Row;
use crate::sqlite::Wanted;
use crate::tx::Tx;
use wabe_kernel::Fault;

/// A named SQL statement, known before the program runs.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// `room.noun.verb`.
    pub name: &'static str,
    /// The SQL, with `$1` placeholders.
    pub sql: &'static str,
}

/// Declares a room's statements, and the list `STATEMENTS` that the completeness test prepares.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $id:ident = $name:literal => $sql:expr;)*) => {
        $($(#[$doc])* pub(crate) const $id: $crate::Statement = $crate::Statement { name: $name, sql: $sql };)*

        /// Every statement of this file, for the test that prepares them on both engines.
        pub const STATEMENTS: &[$crate::Statement] = &[$($id),*];
    };
}

/// The first statement of a customer's transaction, which finds their row by `$1` and nothing else:
/// as it is, and with the customer's wall put up in the same question.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// For an engine without walls.
    pub plain: Statement,
    /// What [`walled!`] makes of the same text; what follows it sees one customer.
    pub walled: Statement,
}

/// The statement of this name and text that answers the same rows and, with the first, puts up the wall
/// around the customer `$1` for the rest of the transaction. For PostgreSQL.
#[macro_export]
macro_rules! walled {
    ($name:literal, $sql:expr) => {
        $crate::Statement {
            name: $name,
            sql: concat!(
                "WITH first AS (",
                $sql,
                ") SELECT first.*, set_config('wabe.customer', $1, true) AS wall, \
                 set_config('role', 'wabe_tenant', true) AS seen_by FROM first"
            ),
        }
    };
}

impl Statement {
    /// A query without values yet.
    #[must_use]
    pub const fn query(self) -> Query {
        Query {
            statement: self,
            values: Vec::new(),
        }
    }

    /// A query with its first value.
    #[must_use]
    pub fn bind(self, value: impl Bind) -> Query {
        self.query().bind(value)
    }
}

/// A statement and the values for its placeholders, in order.
#[derive(Debug)]
pub struct Query {
    statement: Statement,
    values: Vec<Value>,
}

impl Query {
    /// The same query with one more value.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.into_value());
        self
    }

    /// All rows.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn all(self, tx: &mut Tx) -> Result<Vec<Row>, Fault> {
        let done = tx.run(self.statement, self.values, Wanted::All).await?;
        Ok(done.0)
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn optional(self, tx: &mut Tx) -> Result<Option<Row>, Fault> {
        let done = tx.run(self.statement, self.values, Wanted::First).await?;
        Ok(done.0.into_iter().next())
    }

    /// The first row, which must be there.
    ///
    /// # Errors
    /// A fault when there is none.
    pub async fn one(self, tx: &mut Tx) -> Result<Row, Fault> {
        let name = self.statement.name;
        self.optional(tx).await?.ok_or_else(|| Fault::new(name))
    }

    /// Runs it; answers how many rows it touched.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64, Fault> {
        let done = tx.run(self.statement, self.values, Wanted::Nothing).await?;
        Ok(done.1)
    }

    /// Runs it; it must touch exactly one row.
    ///
    /// # Errors
    /// A fault when it touched another number of rows.
    pub async fn execute_one(self, tx: &mut Tx) -> Result<(), Fault> {
        let name = self.statement.name;
        match self.execute(tx).await? {
            1 => Ok(()),
            _ => Err(Fault::new(name)),
        }
    }
}
