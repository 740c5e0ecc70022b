//! Rows on their way back into types.

use sqlx::postgres::PgRow;
use sqlx::{Row as _, ValueRef as _};
use std::str::FromStr;
use std::sync::Arc;
use wabe_kernel::{Fault, Timestamp};

/// One row of an answer. A column that does not hold what it should names itself in the fault.
pub struct Row(Kept);

enum Kept {
    Sqlite(Cells),
    Postgres(PgRow),
}

/// A row of SQLite, taken out of its statement.
pub(crate) struct Cells {
    pub(crate) names: Arc<[Box<str>]>,
    pub(crate) values: Vec<Cell>,
}

/// What stands in a column.
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
    /// Something that no statement of ours answers.
    Other,
}

/// A column did not hold what its type promises.
#[derive(Debug, thiserror::Error)]
#[error("column {0} is inconsistent")]
struct Inconsistent(String);

impl Cells {
    fn find(&self, column: &str) -> Option<&Cell> {
        let place = self.names.iter().position(|name| name.as_ref() == column)?;
        self.values.get(place)
    }
}

impl Row {
    pub(crate) const fn of_sqlite(cells: Cells) -> Self {
        Self(Kept::Sqlite(cells))
    }

    pub(crate) const fn of_postgres(row: PgRow) -> Self {
        Self(Kept::Postgres(row))
    }

    fn wrong(column: &str) -> Fault {
        Fault::because("read a row", Inconsistent(column.to_owned()))
    }

    fn is_null(&self, column: &str) -> Result<bool, Fault> {
        let null = match &self.0 {
            Kept::Sqlite(cells) => cells.find(column).map(|cell| matches!(cell, Cell::Null)),
            Kept::Postgres(row) => row.try_get_raw(column).ok().map(|value| value.is_null()),
        };
        null.ok_or_else(|| Self::wrong(column))
    }

    /// A text.
    ///
    /// # Errors
    /// When the column is missing, NULL or no text.
    pub fn text(&self, column: &str) -> Result<String, Fault> {
        let text = match &self.0 {
            Kept::Sqlite(cells) => match cells.find(column) {
                Some(Cell::Text(text)) => Some(text.clone()),
                _ => None,
            },
            Kept::Postgres(row) => row.try_get(column).ok(),
        };
        text.ok_or_else(|| Self::wrong(column))
    }

    /// A text, or nothing.
    ///
    /// # Errors
    /// When the column is missing or no text.
    pub fn text_or_null(&self, column: &str) -> Result<Option<String>, Fault> {
        if self.is_null(column)? {
            Ok(None)
        } else {
            self.text(column).map(Some)
        }
    }

    /// A number.
    ///
    /// # Errors
    /// When the column is missing, NULL or no number.
    pub fn int(&self, column: &str) -> Result<i64, Fault> {
        let number = match &self.0 {
            Kept::Sqlite(cells) => match cells.find(column) {
                Some(Cell::Int(number)) => Some(*number),
                _ => None,
            },
            Kept::Postgres(row) => row.try_get(column).ok(),
        };
        number.ok_or_else(|| Self::wrong(column))
    }

    /// A number, or nothing.
    ///
    /// # Errors
    /// When the column is missing or no number.
    pub fn int_or_null(&self, column: &str) -> Result<Option<i64>, Fault> {
        if self.is_null(column)? {
            Ok(None)
        } else {
            self.int(column).map(Some)
        }
    }

    /// A flag kept as 0 or 1.
    ///
    /// # Errors
    /// When the column is missing, NULL or no number.
    pub fn flag(&self, column: &str) -> Result<bool, Fault> {
        self.int(column).map(|number| number != 0)
    }

    /// A point in time.
    ///
    /// # Errors
    /// When the column is missing, NULL or no number.
    pub fn time(&self, column: &str) -> Result<Timestamp, Fault> {
        self.int(column).map(Timestamp)
    }

    /// A point in time, or nothing.
    ///
    /// # Errors
    /// When the column is missing or no number.
    pub fn time_or_null(&self, column: &str) -> Result<Option<Timestamp>, Fault> {
        Ok(self.int_or_null(column)?.map(Timestamp))
    }

    /// A text that is a type.
    ///
    /// # Errors
    /// When the column does not hold that type.
    pub fn parsed<T: FromStr>(&self, column: &str) -> Result<T, Fault> {
        self.text(column)?
            .parse()
            .map_err(|_wrong| Self::wrong(column))
    }

    /// A text that is a type, or nothing.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn parsed_or_null<T: FromStr>(&self, column: &str) -> Result<Option<T>, Fault> {
        let text = self.text_or_null(column)?;
        text.map(|text| text.parse().map_err(|_wrong| Self::wrong(column)))
            .transpose()
    }

    /// A JSON document kept as text.
    ///
    /// # Errors
    /// When the column is no JSON.
    pub fn json(&self, column: &str) -> Result<serde_json::Value, Fault> {
        serde_json::from_str(&self.text(column)?).map_err(|_wrong| Self::wrong(column))
    }
}
