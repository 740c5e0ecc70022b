//! Runs statements and answers one page of the last one's rows; or one of a table, without a statement of
//! anybody's.
//!
//! As in SQLite's own shell, each statement commits by itself unless the customer began a
//! transaction; what a failing statement left before it stays done.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Kind};
use crate::guarded::Guarded;
use crate::split;

/// The most rows of a page.
const ROWS_MAX: usize = 500;
/// The most bytes of a page, as JSON.
const PAGE_BYTES_MAX: usize = 4 << 20;

/// What to run, and which rows to answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    sql: String,
    skip: usize,
    limit: usize,
}

/// A statement that reads a table in the order of its rows; the engine quotes its own names (3.14 T4).
const TABLE: &str = r#"
    SELECT format('SELECT * FROM main."%w" NOT INDEXED', name) FROM main.sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name = ?1"#;

/// Which table to read, and which rows to answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfTable {
    table: String,
    skip: usize,
    limit: usize,
}

/// A page of rows.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    changed: u64,
    more: bool,
}

/// Runs all statements in order, stopping at the first that fails.
pub(crate) fn run(db: &Guarded, request: &Request) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    for sql in split::all(&request.sql) {
        let before = db.conn.total_changes();
        answer = db.attempt(&sql, |statement| {
            page(statement, (request.skip, request.limit))
        })?;
        if db.conn.total_changes() != before {
            answer.changed = db.conn.changes();
        }
    }
    if db.conn.is_autocommit() {
        return Ok(answer);
    }
    // Closing rolls back as well; doing it here makes sure before it is said.
    db.conn.execute_batch("ROLLBACK")?;
    Err(Failure::new(Kind::Unfinished, "transaction rolled back"))
}

/// Reads rows of one table.
pub(crate) fn rows(db: &Guarded, request: &OfTable) -> Result<Answer, Failure> {
    let found = db.conn.query_row(TABLE, [&request.table], |row| row.get(0));
    let select: Option<String> = found.optional()?;
    let select = select.ok_or_else(|| Failure::new(Kind::Missing, "no such table"))?;
    db.attempt(&select, |statement| {
        page(statement, (request.skip, request.limit))
    })
}

/// Steps through a statement. One that writes runs to its end, whatever the page holds.
fn page(statement: &mut Statement<'_>, (skip, limit): (usize, usize)) -> Result<Answer, Failure> {
    let columns: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let reads_only = statement.readonly();
    let limit = limit.min(ROWS_MAX);
    let mut bytes = serde_json::to_string(&columns)
        .map_err(Failure::fault)?
        .len();
    if bytes > PAGE_BYTES_MAX {
        return Err(Failure::new(Kind::Limit, "string or blob too big"));
    }
    let mut answer = Answer {
        columns,
        ..Answer::default()
    };
    let mut passed = 0;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        passed += 1;
        if passed <= skip || answer.more {
            continue;
        }
        if answer.rows.len() < limit {
            let values = values(row, answer.columns.len())?;
            bytes += serde_json::to_string(&values)
                .map_err(Failure::fault)?
                .len();
            if bytes <= PAGE_BYTES_MAX {
                answer.rows.push(values);
                continue;
            }
            if answer.rows.is_empty() && reads_only {
                return Err(Failure::new(Kind::Limit, "string or blob too big"));
            }
        }
        answer.more = true;
        if reads_only {
            break;
        }
    }
    Ok(answer)
}

fn values(row: &Row<'_>, columns: usize) -> Result<Vec<Value>, Failure> {
    (0..columns)
        .map(|column| Ok(to_json(row.get_ref(column)?)))
        .collect()
}

/// Numbers that JSON does not have become text.
fn to_json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => serde_json::Number::from_f64(number)
            .map_or_else(|| number.to_string().into(), Value::Number),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => json!({ "base64": STANDARD.encode(bytes) }),
    }
}
