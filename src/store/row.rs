//! Rows on their way back into types.

use sqlx::any::AnyRow;
use sqlx::{Row as _, ValueRef as _};
use std::str::FromStr;
use wabe_kernel::{Fault, Timestamp};

/// One row of an answer. A column that does not hold what it should names itself in the fault.
pub struct Row(AnyRow);

/// A column did not hold what its type promises.
#[derive(Debug, thiserror::Error)]
#[error("column {0} is inconsistent")]
struct Inconsistent(String);

impl Row {
    pub(crate) const fn new(row: AnyRow) -> Self {
        Self(row)
    }

    fn wrong(column: &str) -> Fault {
        Fault::because("read a row", Inconsistent(column.to_owned()))
    }

    fn is_null(&self, column: &str) -> Result<bool, Fault> {
        let value = self.0.try_get_raw(column);
        value
            .map(|value| value.is_null())
            .map_err(|_missing| Self::wrong(column))
    }

    /// A text.
    ///
    /// # Errors
    /// When the column is missing, NULL or no text.
    pub fn text(&self, column: &str) -> Result<String, Fault> {
        self.0.try_get(column).map_err(|_error| Self::wrong(column))
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
        self.0.try_get(column).map_err(|_error| Self::wrong(column))
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
