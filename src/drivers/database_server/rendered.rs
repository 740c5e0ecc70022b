//! Statements whose names had to be written into them, because servers bind values and no names.

#[expect(
    clippy::disallowed_types,
    reason = "the one place: every part is a literal of ours or came from an engine's quoting function"
)]
use sqlx::AssertSqlSafe;
use sqlx::{RawSql, raw_sql};

/// A statement that was put together from literals and quoted parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered(String);

/// Text that stands in no statement: a control character, or what a server may read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotQuotable;

/// A part of a statement that an engine's quoting function made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quoted(String);

impl Quoted {
    /// `text` between `mark`s, each `mark` within doubled; for the engines' quoting functions only.
    pub(crate) fn between(text: &str, mark: char) -> Result<Self, NotQuotable> {
        if text.is_empty() || text.contains(char::is_control) {
            return Err(NotQuotable);
        }
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push(mark);
        for letter in text.chars() {
            if letter == mark {
                quoted.push(mark);
            }
            quoted.push(letter);
        }
        quoted.push(mark);
        Ok(Self(quoted))
    }

    /// A number, which stands as it is.
    pub(crate) fn number(number: u32) -> Self {
        Self(number.to_string())
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Rendered {
    /// `template` with each `?` replaced by the next part.
    pub(crate) fn new(template: &'static str, parts: &[&Quoted]) -> Self {
        let mut parts = parts.iter();
        let mut text = String::new();
        for (place, piece) in template.split('?').enumerate() {
            if place > 0 {
                text.push_str(parts.next().map_or("", |part| part.as_str()));
            }
            text.push_str(piece);
        }
        Self(text)
    }

    /// The text, for tests.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// For sending. It is prepared by no server: those statements cannot be.
    pub(crate) fn raw(self) -> RawSql {
        raw_sql(AssertSqlSafe(self.0))
    }
}

/// What a customer typed into the console, to be run with the customer's own rights and no others.
pub(crate) fn typed(sql: &str) -> RawSql {
    raw_sql(AssertSqlSafe(sql.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{NotQuotable, Quoted, Rendered};

    #[test]
    fn parts_stand_where_the_template_says() {
        let [a, b] = ["a`b", "c"].map(|text| Quoted::between(text, '`').unwrap());
        let rendered = Rendered::new("GRANT ? TO ?;", &[&a, &b]);
        assert_eq!(rendered.text(), "GRANT `a``b` TO `c`;");
        assert_eq!(Quoted::between("a\0b", '`'), Err(NotQuotable));
        assert_eq!(Quoted::between("", '`'), Err(NotQuotable));
    }
}
