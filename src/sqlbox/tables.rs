//! Tells what the database holds, and whether it is intact.

use serde::Serialize;

use crate::failure::Failure;
use crate::guarded::Guarded;

/// The most tables that are told about.
const TABLES_MAX: usize = 10_000;
/// The most bytes that their names may have together; a name can be as long as a statement.
const NAMES_BYTES_MAX: usize = 1 << 20;

/// A table of the customer's.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    name: String,
    rows: i64,
}

/// What was found in the file.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    /// True when nothing is wrong.
    intact: bool,
}

/// The tables by name, with their rows counted.
pub(crate) fn list(db: &Guarded) -> Result<Vec<Table>, Failure> {
    // The engine quotes its own names (3.14 T4).
    let mut names = db.conn.prepare(
        r#"SELECT name, format('SELECT count(*) FROM main."%w"', name) FROM main.sqlite_schema
           WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
           ORDER BY name COLLATE NOCASE, name"#,
    )?;
    let mut found = names.query([])?;
    let mut tables = Vec::new();
    let mut bytes = 0;
    while let Some(row) = found.next()? {
        let name: String = row.get(0)?;
        bytes += name.len();
        if tables.len() == TABLES_MAX || bytes > NAMES_BYTES_MAX {
            break;
        }
        let count: String = row.get(1)?;
        let rows = db.conn.query_row(&count, [], |row| row.get(0))?;
        tables.push(Table { name, rows });
    }
    Ok(tables)
}

/// Looks through all pages.
pub(crate) fn check(db: &Guarded) -> Result<Health, Failure> {
    let first: String = db
        .conn
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(Health {
        intact: first == "ok",
    })
}
