//! One transaction.

use crate::bind::Value;
use crate::dialect::Dialect;
use crate::postgres;
use crate::readers::Reading;
use crate::row::Row;
use crate::sqlite::{Session, Wanted};
use crate::statement::Statement;
use crate::writer::{Kept, Writing};
use sqlx::{Postgres, Transaction};
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
    inner: Inner,
    scoped: bool,
    /// How many callers are outside of the scope; the role changes with the first and the last.
    outside: u32,
}

/// What is kept, on its way to the disk.
pub struct Lasting(Way);

enum Way {
    InGroup(Kept),
    Alone(Box<Tx>),
}

impl Lasting {
    /// Whether everything that is written from here on reaches the disk behind it, or not at all.
    #[must_use]
    pub const fn is_in_order(&self) -> bool {
        matches!(self.0, Way::InGroup(_))
    }

    /// Comes back when it is on the disk.
    ///
    /// # Errors
    /// When it was lost, and what was written in order behind it with it.
    pub async fn on_disk(self) -> Result<(), Fault> {
        match self.0 {
            Way::InGroup(kept) => kept.on_disk().await,
            Way::Alone(tx) => tx.commit().await,
        }
    }
}

pub(crate) enum Inner {
    Reading(Reading),
    Writing(Writing),
    Postgres(Transaction<'static, Postgres>),
}

fn on_sqlite(
    session: Result<&mut Session, Fault>,
    statement: Statement,
    values: &[Value],
    wanted: Wanted,
) -> Result<(Vec<Row>, u64), Fault> {
    let done = session?.run(statement.sql, values, wanted);
    done.map_err(|error| Fault::because(statement.name, error))
}

impl Tx {
    pub(crate) const fn new(inner: Inner, scoped: bool) -> Self {
        Self {
            inner,
            scoped,
            outside: 0,
        }
    }

    /// The same, seen as one customer's from here on.
    pub(crate) const fn scoped(mut self, scoped: bool) -> Self {
        self.scoped = scoped;
        self
    }

    pub(crate) async fn run(
        &mut self,
        statement: Statement,
        values: Vec<Value>,
        wanted: Wanted,
    ) -> Result<(Vec<Row>, u64), Fault> {
        match &mut self.inner {
            Inner::Reading(inner) => on_sqlite(inner.session(), statement, &values, wanted),
            Inner::Writing(inner) => on_sqlite(inner.session(), statement, &values, wanted),
            Inner::Postgres(inner) => postgres::run(inner, statement, values, wanted).await,
        }
    }

    /// The engine underneath.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Reading(_) | Inner::Writing(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Makes it so, durably. Others may be made durable with it.
    ///
    /// # Errors
    /// A fault; then nothing happened.
    pub async fn commit(self) -> Result<(), Fault> {
        match self.inner {
            Inner::Reading(_) => Ok(()),
            Inner::Writing(inner) => inner.commit().await,
            Inner::Postgres(inner) => {
                let kept = inner.commit().await;
                kept.map_err(|error| Fault::because("commit", error))
            }
        }
    }

    /// Makes it so together with whoever writes next, or a moment later by itself; where an engine cannot, once
    /// [`Lasting::on_disk`] is waited for. For rows that whoever writes next ends.
    ///
    /// # Errors
    /// A fault; then nothing happened.
    pub fn commit_with_next(self) -> Result<Lasting, Fault> {
        let Self {
            inner,
            scoped,
            outside,
        } = self;
        let way = match inner {
            Inner::Writing(inner) => Way::InGroup(inner.commit_with_next()?),
            inner => Way::Alone(Box::new(Self {
                inner,
                scoped,
                outside,
            })),
        };
        Ok(Lasting(way))
    }

    /// Gives everything up.
    ///
    /// # Errors
    /// A fault of the connection; the changes are gone all the same.
    pub async fn rollback(self) -> Result<(), Fault> {
        match self.inner {
            Inner::Reading(_) => Ok(()),
            Inner::Writing(inner) => inner.rollback(),
            Inner::Postgres(inner) => {
                let gone = inner.rollback().await;
                gone.map_err(|error| Fault::because("roll back", error))
            }
        }
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
        if self.scoped && self.dialect() == Dialect::Postgres {
            statement.query().execute(self).await?;
        }
        Ok(())
    }
}
