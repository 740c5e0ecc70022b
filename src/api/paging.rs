//! `?limit=`, `?after=`, `?q=`: which part of a list is wanted.

use crate::call::Call;
use crate::problem::{Place, Problem};
use std::str::FromStr;
use wabe_kernel::{Cursor, PageRequest, Problem as FieldProblem};

/// The parameters of a list that can be searched.
pub(crate) const SEARCHABLE: &[&str] = &["limit", "after", "q"];
/// The parameters of a list.
pub(crate) const PAGED: &[&str] = &["limit", "after"];

const LIMIT_DEFAULT: i64 = 50;
const LIMIT_MAX: i64 = 200;
/// The most characters of a text that is looked for, as the document says of `q`.
pub(crate) const SEARCH_CHARS_MAX: usize = 200;

fn wrong(name: &str, problem: FieldProblem) -> Problem {
    Problem::wrong(Place::Query, name, problem)
}

impl Call {
    /// The part of a list that the query asks for.
    ///
    /// # Errors
    /// `Invalid` naming the parameter.
    pub(crate) fn page(&self) -> Result<PageRequest, Problem> {
        let mut page = PageRequest::first(self.limit()?);
        if let Some(text) = self.query("after") {
            let cursor = Cursor::parse(text);
            page.after = Some(cursor.ok_or(wrong("after", FieldProblem::new("not-a-cursor")))?);
        }
        if let Some(text) = self.query("q") {
            if text.chars().count() > SEARCH_CHARS_MAX {
                let problem = FieldProblem::new("too-long").with("max", SEARCH_CHARS_MAX);
                return Err(wrong("q", problem));
            }
            page.search = text.trim().to_lowercase();
        }
        Ok(page)
    }

    /// How many items are wanted, 1 to 200.
    ///
    /// # Errors
    /// `Invalid` naming the parameter.
    pub(crate) fn limit(&self) -> Result<i64, Problem> {
        self.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX)
    }

    /// A number of the query between `min` and `max`.
    ///
    /// # Errors
    /// `Invalid` naming the parameter.
    pub(crate) fn number(
        &self,
        name: &str,
        default: i64,
        min: i64,
        max: i64,
    ) -> Result<i64, Problem> {
        let Some(text) = self.query(name) else {
            return Ok(default);
        };
        let number = within(text, min, max);
        let problem = || {
            FieldProblem::new("out-of-range")
                .with("min", min)
                .with("max", max)
        };
        number.ok_or_else(|| wrong(name, problem()))
    }

    /// A value of the query, parsed.
    ///
    /// # Errors
    /// `Invalid` naming the parameter.
    pub(crate) fn parsed<T: FromStr>(
        &self,
        name: &str,
        code: &'static str,
    ) -> Result<Option<T>, Problem> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_wrong| wrong(name, FieldProblem::new(code)))
        };
        self.query(name).map(parse).transpose()
    }
}

/// A whole number between `min` and `max`.
pub(crate) fn within(text: &str, min: i64, max: i64) -> Option<i64> {
    text.parse().ok().filter(|n| (min..=max).contains(n))
}
