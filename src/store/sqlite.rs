//! One connection to SQLite, and how a statement runs on it.
//!
//! Statements run where they are called, without a thread of their own: they touch indexed rows for some
//! microseconds, and handing each to another thread would cost several times that. What waits for the
//! disk, the end of a transaction, goes to a thread that may wait (`writer`).

use crate::bind::Value;
use crate::row::{Cell, Cells, Row};
use rusqlite::Connection;
use rusqlite::types::{Null, ValueRef};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use wabe_kernel::Fault;

/// Prepared statements that a connection keeps.
const KEPT: usize = 160;

/// How many rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of them.
    All,
    /// The first, if any.
    First,
    /// None; the statement only does something.
    Nothing,
}

/// A connection. The lock is never taken: it only says that a shared reference reaches nothing.
pub(crate) struct Session(Mutex<Connection>);

impl Session {
    /// Opens the file; made when missing.
    pub(crate) fn open(path: &Path, reading: bool) -> Result<Self, Fault> {
        let opening = |error| Fault::because("open the SQLite database", error);
        let connection = Connection::open(path).map_err(opening)?;
        connection.set_prepared_statement_cache_capacity(KEPT);
        let settings = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY";
        connection.execute_batch(settings).map_err(opening)?;
        if reading {
            connection
                .execute_batch("PRAGMA query_only = ON")
                .map_err(opening)?;
        }
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&mut self) -> &mut Connection {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a statement without values or answer: the words of transactions.
    pub(crate) fn say(&mut self, sql: &'static str) -> rusqlite::Result<()> {
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.raw_execute().map(|_touched| ())
    }

    /// True while a transaction is open; some failures of the disk end it without being asked.
    pub(crate) fn in_transaction(&mut self) -> bool {
        !self.connection().is_autocommit()
    }

    /// Runs a statement; answers its rows, and how many it touched.
    pub(crate) fn run(
        &mut self,
        sql: &'static str,
        values: &[Value],
        wanted: Wanted,
    ) -> rusqlite::Result<(Vec<Row>, u64)> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let reads = statement.readonly();
        let names: Arc<[Box<str>]> = match wanted {
            Wanted::Nothing => Arc::default(),
            Wanted::All | Wanted::First => statement
                .column_names()
                .into_iter()
                .map(Box::from)
                .collect(),
        };
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if wanted == Wanted::Nothing {
                continue;
            }
            let cells = (0..names.len()).map(|place| row.get_ref(place).map(Cell::from));
            found.push(Row::of_sqlite(Cells {
                names: names.clone(),
                values: cells.collect::<rusqlite::Result<_>>()?,
            }));
            if wanted == Wanted::First {
                break;
            }
        }
        drop(rows);
        drop(statement);
        let touched = if reads { 0 } else { connection.changes() };
        Ok((found, touched))
    }
}

/// Gives each placeholder its value: to SQLite `$1` is a name, so its number is read from there.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        match value {
            Some(Value::Text(Some(text))) => statement.raw_bind_parameter(index, text)?,
            Some(Value::Int(Some(number))) => statement.raw_bind_parameter(index, number)?,
            Some(Value::Text(None) | Value::Int(None)) => {
                statement.raw_bind_parameter(index, Null)?;
            }
            None => return Err(rusqlite::Error::InvalidParameterCount(values.len(), index)),
        }
    }
    Ok(())
}

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map_or(Self::Other, |text| Self::Text(text.to_owned()))
            }
            ValueRef::Real(_) | ValueRef::Blob(_) => Self::Other,
        }
    }
}
