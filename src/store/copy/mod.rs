//! Moving everything into another database.

mod automation;
mod export;
mod factor;
mod node;
mod record;
mod staff;
mod support;
mod tables;

use crate::open::Store;
use crate::row::Row;
use crate::statement::{Query, Statement};
use wabe_kernel::Fault;

/// One table: how it is read, written and counted.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    read: &'static str,
    write: &'static str,
    count: &'static str,
    /// Name, and whether it is a number.
    pub(crate) columns: &'static [(&'static str, bool)],
}

/// The tables and columns that are copied, for the test that compares them with the schema.
#[must_use]
pub fn copied() -> Vec<(&'static str, Vec<&'static str>)> {
    let names = |table: &Table| table.columns.iter().map(|(name, _)| *name).collect();
    all().map(|table| (table.name, names(table))).collect()
}

/// Every table, in an order in which every row finds what it refers to.
fn all() -> impl Iterator<Item = &'static Table> {
    tables::TABLES
        .iter()
        .chain(node::TABLES)
        .chain(factor::TABLES)
        .chain(staff::TABLES)
        .chain(automation::TABLES)
        .chain(support::TABLES)
        .chain(export::TABLES)
        .chain(record::TABLES)
}

fn insert(table: &Table, row: &Row) -> Result<Query, Fault> {
    let mut query = Statement {
        name: "store.copy.write",
        sql: table.write,
    }
    .query();
    for (name, is_number) in table.columns {
        query = if *is_number {
            query.bind(row.int_or_null(name)?)
        } else {
            query.bind(row.text_or_null(name)?)
        };
    }
    Ok(query)
}

impl Store {
    /// Copies every row into `target`, a migrated database without customers; all or nothing. Answers
    /// the tables and their counts, which are the same on both sides.
    ///
    /// # Errors
    /// When the target holds customers already, or a count differs afterwards.
    pub async fn copy_into(&self, target: &Self) -> Result<Vec<(&'static str, i64)>, Fault> {
        let mut from = self.read().await?;
        let mut to = target.write().await?;
        let customers = Statement {
            name: "store.copy.customers",
            sql: "SELECT CAST(count(*) AS BIGINT) AS rows FROM customer WHERE number <> 'K00000'",
        };
        if customers.query().one(&mut to).await?.int("rows")? != 0 {
            return Err(Fault::new("the target database holds customers already"));
        }
        let mut moved = Vec::new();
        for table in all() {
            let read = Statement {
                name: "store.copy.read",
                sql: table.read,
            };
            for row in read.query().all(&mut from).await? {
                insert(table, &row)?.execute(&mut to).await?;
            }
            let count = Statement {
                name: "store.copy.count",
                sql: table.count,
            };
            let rows = count.query().one(&mut from).await?.int("rows")?;
            if rows != count.query().one(&mut to).await?.int("rows")? {
                return Err(Fault::new(table.name));
            }
            moved.push((table.name, rows));
        }
        to.commit().await?;
        from.rollback().await?;
        Ok(moved)
    }
}
