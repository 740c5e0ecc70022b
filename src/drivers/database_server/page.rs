//! One page of rows, gathered while a server sends them, and never more than a page.

use std::time::Duration;

use serde_json::Value;
use wabe_kernel::Clock;
use wabe_kernel::content::{ContentError, QueryResult};

/// How long a customer's statements may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Rows of a page.
pub(crate) const ROWS: usize = 500;
/// The longest text of statements, in bytes.
pub(crate) const STATEMENTS_BYTES_MAX: usize = 1 << 20;
/// The most that a page holds, in bytes of its values.
const PAGE_BYTES_MAX: usize = 4 << 20;

/// What a customer asked for, when it comes in time.
pub(crate) async fn in_time<T>(
    work: impl Future<Output = Result<T, ContentError>>,
) -> Result<T, ContentError> {
    let done = tokio::time::timeout(DEADLINE, work).await;
    done.unwrap_or(Err(ContentError::TimedOut))
}

/// A page that comes in time, with how long it took.
pub(crate) async fn measured(
    clock: &dyn Clock,
    work: impl Future<Output = Result<Page, ContentError>>,
) -> Result<QueryResult, ContentError> {
    let began = clock.now().millis();
    let page = in_time(work).await?;
    Ok(page.finish(clock.now().millis().saturating_sub(began)))
}

/// What the statement that answers now has answered.
#[derive(Debug, Default)]
pub(crate) struct Page {
    skip: usize,
    passed: usize,
    bytes: usize,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    changed: i64,
    more: bool,
    /// The statement before has ended: what comes belongs to the next.
    ended: bool,
}

/// One value, with the bytes it takes.
pub(crate) type Cell = (Value, usize);

impl Page {
    /// A page after skipping so many rows.
    pub(crate) fn new(skip: usize) -> Self {
        Self {
            skip,
            ..Self::default()
        }
    }

    /// Begins anew, when the statement before has ended.
    fn renew(&mut self) {
        if self.ended {
            *self = Self::new(self.skip);
        }
    }

    /// Whether the next row is one of this page; else it only counts.
    pub(crate) fn wants(&mut self) -> bool {
        self.renew();
        self.passed = self.passed.saturating_add(1);
        let past = self.passed > self.skip;
        self.more = self.more || (past && self.rows.len() >= ROWS);
        past && !self.more
    }

    /// Takes a row; `columns` are asked for with the first one.
    ///
    /// # Errors
    /// `sql-limit` when the page grows too large.
    pub(crate) fn take(
        &mut self,
        columns: impl FnOnce() -> Vec<String>,
        cells: Vec<Cell>,
    ) -> Result<(), ContentError> {
        if self.columns.is_empty() {
            self.columns = columns();
        }
        let bytes: usize = cells.iter().map(|(_, bytes)| *bytes).sum();
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > PAGE_BYTES_MAX {
            return Err(ContentError::Refused("sql-limit"));
        }
        self.rows
            .push(cells.into_iter().map(|(value, _)| value).collect());
        Ok(())
    }

    /// A statement has ended and changed so many rows.
    pub(crate) fn end(&mut self, changed: u64) {
        self.renew();
        self.changed = i64::try_from(changed).unwrap_or(i64::MAX);
        self.ended = true;
    }

    /// The page, which took so long.
    pub(crate) fn finish(self, millis: i64) -> QueryResult {
        let reads = !self.columns.is_empty();
        QueryResult {
            columns: self.columns,
            rows: self.rows,
            changed: if reads { 0 } else { self.changed },
            more: self.more,
            millis,
        }
    }
}

/// A number as JSON has it, where it fits; else its text.
pub(crate) fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(Value::from);
    let number = || text.parse::<f64>().ok().map(Value::from);
    // JSON has no infinity: serde_json makes it null, and null means something else here.
    let number = || number().filter(|number| !number.is_null());
    whole.or_else(number).unwrap_or_else(|| Value::from(text))
}

/// Bytes as the faces show them.
pub(crate) fn binary(bytes: &[u8]) -> Value {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    serde_json::json!({ "base64": text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(page: &mut Page, number: usize) {
        if page.wants() {
            let cell = (Value::from(number), 8);
            page.take(|| vec!["n".to_owned()], vec![cell]).unwrap();
        }
    }

    #[test]
    fn a_page_holds_the_rows_of_the_last_statement_after_those_skipped() {
        let mut page = Page::new(2);
        (0..4).for_each(|number| row(&mut page, number));
        page.end(4);
        (10..600).for_each(|number| row(&mut page, number));
        page.end(590);
        let found = page.finish(1);
        assert_eq!(
            (found.rows.len(), found.more, found.changed),
            (ROWS, true, 0)
        );
        assert_eq!(found.rows.first(), Some(&vec![Value::from(12)]));
    }

    #[test]
    fn a_statement_without_rows_says_what_it_changed() {
        let mut page = Page::new(0);
        row(&mut page, 1);
        page.end(1);
        page.end(3);
        let found = page.finish(1);
        assert_eq!(
            (found.columns.len(), found.rows.len(), found.changed),
            (0, 0, 3)
        );
    }

    #[test]
    fn a_page_that_grows_too_large_is_refused() {
        let mut page = Page::new(0);
        let cell = (Value::Null, PAGE_BYTES_MAX + 1);
        let taken = page.take(Vec::new, vec![cell]);
        assert_eq!(taken, Err(ContentError::Refused("sql-limit")));
    }

    #[test]
    fn numbers_are_numbers_where_json_has_them() {
        assert_eq!(number("42"), Value::from(42));
        assert_eq!(number("1.5"), Value::from(1.5));
        for text in ["NaN", "Infinity", "12345678901234567890123x"] {
            assert_eq!(number(text), Value::from(text));
        }
    }
}
