//! The SQL console: statements in, the rows of the last one out.
//!
//! The statement travels in the form, never in the address: addresses end up in histories and logs.
//! So a further page of rows is the same form sent again with a larger `skip`. The engine then runs the
//! statement again, which is offered only for a single statement that reads.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::Value;
use wabe_kernel::FormState;
use wabe_kernel::content::QueryResult;
use wabe_kernel::id::DatabaseId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Page, Path};

use crate::Portal;
use crate::database::frame::Frame;
use crate::database::trouble::Trouble;
use crate::database::{opened, sendable};

/// The longest text of a cell that is shown, in characters.
const CELL_CHARS: usize = 500;
/// Rows that one answer holds.
const ROWS: usize = 500;
/// The longest statement text, in bytes.
const SQL_MAX: usize = 200 * 1024;

/// The console.
#[derive(Template)]
#[template(path = "portal/database/sql.html")]
pub(crate) struct SqlPage {
    pub(crate) frame: Frame,
    /// The statement as typed, in the field `sql`.
    pub(crate) form: FormState,
    pub(crate) trouble: Option<Trouble>,
    pub(crate) answer: Option<Answer>,
}

/// What the statements answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Rows changed by the last statement.
    pub(crate) changed: i64,
    pub(crate) millis: i64,
    /// The number of the first row on this page; counts from 1.
    pub(crate) first: i64,
    /// The number of the last row on this page.
    pub(crate) last: i64,
    /// How many rows the page before skips, when there is one.
    pub(crate) before: Option<usize>,
    /// How many rows the next page skips, when there is one.
    pub(crate) next: Option<usize>,
    /// Whether there are more rows that cannot be paged to, because that would repeat a change.
    pub(crate) cut: bool,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// No value.
    Null,
    /// A number or a text, cut to what can be looked at.
    Text(String),
    /// Bytes: how many.
    Binary(i64),
}

impl Cell {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::String(text) => Self::Text(cut(text)),
            Value::Object(object) => {
                let base64 = object.get("base64").and_then(Value::as_str).unwrap_or("");
                Self::Binary(decoded_len(base64))
            }
            other => Self::Text(cut(&other.to_string())),
        }
    }
}

/// Whether this is one statement that only reads, so that running it again changes nothing. What is
/// not certain does not count.
fn only_reads(sql: &str) -> bool {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let first = sql
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("");
    !sql.contains(';')
        && ["select", "values"]
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// How many bytes a text in base 64 stands for.
fn decoded_len(base64: &str) -> i64 {
    let digits = base64.trim_end_matches('=').len();
    i64::try_from(digits * 3 / 4).unwrap_or(i64::MAX)
}

impl Answer {
    fn of(result: &QueryResult, (sql, skip): (&str, usize)) -> Self {
        Self::page(result, skip, only_reads(sql))
    }

    /// A page of rows, of which there are more pages when it can be asked for `again`.
    pub(super) fn page(result: &QueryResult, skip: usize, again: bool) -> Self {
        let count = result.rows.len();
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            columns: result.columns.clone(),
            rows: result
                .rows
                .iter()
                .map(|row| row.iter().map(Cell::of).collect())
                .collect(),
            changed: result.changed,
            millis: result.millis,
            first: number(skip + 1),
            last: number(skip + count),
            before: (again && skip > 0).then(|| skip.saturating_sub(ROWS)),
            next: (again && result.more).then_some(skip + count),
            cut: !again && result.more,
        }
    }
}

pub(super) async fn console(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
) -> Result<Page<SqlPage>, Failure> {
    let database = sendable(&portal, &member, id).await?;
    let frame = Frame::of(&portal, &member, &database);
    let page = SqlPage {
        frame,
        form: FormState::new(),
        trouble: None,
        answer: None,
    };
    Ok(member.at("databases").page(page))
}

pub(super) async fn run(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let database = opened(&portal, &member, id, "sql.query").await?;
    let frame = Frame::of(&portal, &member, &database);
    let (sql, skip) = (form.get("sql"), form.get("skip").parse().unwrap_or(0));
    let typed = FormState::new().with("sql", sql);
    let mut page = SqlPage {
        frame,
        form: typed,
        trouble: None,
        answer: None,
    };
    if sql.len() > SQL_MAX {
        return Err(Failure::TooLarge);
    }
    if sql.trim().is_empty() {
        return Ok(member.at("databases").page(page).into_response());
    }
    match portal.sql.query(id, sql, skip).await {
        Ok(result) => {
            page.answer = Some(Answer::of(&result, (sql, skip)));
            Ok(member.at("databases").page(page).into_response())
        }
        Err(error) => {
            page.trouble = Some(Trouble::of(member.language, error)?);
            let page = member.at("databases").page(page);
            Ok(page
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_shown_as_what_they_are() {
        assert_eq!(Cell::of(&Value::Null), Cell::Null);
        assert_eq!(Cell::of(&json!("NULL")), Cell::Text("NULL".to_owned()));
        assert_eq!(Cell::of(&json!(1.5)), Cell::Text("1.5".to_owned()));
        assert_eq!(Cell::of(&json!({ "base64": "AAEC" })), Cell::Binary(3));
        assert_eq!(Cell::of(&json!({ "base64": "AA==" })), Cell::Binary(1));
        let Cell::Text(long) = Cell::of(&json!("ä".repeat(600))) else {
            panic!()
        };
        assert_eq!(long.chars().count(), CELL_CHARS + 1);
    }

    #[test]
    fn pages_of_rows_follow_each_other() {
        let result = |rows: usize, more| QueryResult {
            columns: vec!["n".to_owned()],
            rows: vec![vec![json!(1)]; rows],
            changed: 0,
            more,
            millis: 3,
        };
        let first = Answer::of(&result(500, true), ("SELECT 1;", 0));
        assert_eq!(
            (first.first, first.last, first.before, first.next),
            (1, 500, None, Some(500))
        );
        let last = Answer::of(&result(20, false), ("values (1)", 500));
        assert_eq!(
            (last.first, last.last, last.before, last.next),
            (501, 520, Some(0), None)
        );
    }

    #[test]
    fn nothing_that_changes_is_run_again_for_its_rows() {
        let result = QueryResult {
            columns: vec!["n".to_owned()],
            rows: vec![vec![json!(1)]],
            changed: 1,
            more: true,
            millis: 3,
        };
        for sql in [
            "DELETE FROM a RETURNING n",
            "SELECT 1; DELETE FROM a",
            "WITH a AS (x) DELETE",
        ] {
            let answer = Answer::of(&result, (sql, 0));
            assert!(answer.cut && answer.next.is_none(), "{sql}");
        }
        assert!(!Answer::of(&result, ("\n select n from a ;", 0)).cut);
    }
}
