//! What the tables hold of one customer, for a file that is given to them: column by column, and of what is
//! not given the reason.
//!
//! Invariants: every table is listed here, and of those that are given every column is either given or
//! withheld by name, which a test holds against the schema; a table is read by the customer it belongs to, in
//! an order that goes on where it was left; of people who do not belong to the customer no more is given
//! than what [`Named`] makes of them. Start reading at [`holdings`].

mod automation;
mod desk;
mod hosting;
mod house;

use crate::row::Row;
use crate::statement::Statement;
use crate::tx::Tx;
use serde_json::{Map, Value, json};
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;

/// Why something is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It opens something, or could be turned into what does: hashes, seals, tokens.
    Secret,
    /// It says nothing that is not given elsewhere in the file.
    Derived,
    /// How far the panel has got with its own work.
    Machinery,
    /// The hoster's own: its people, its catalogue, how it goes about its work.
    House,
    /// One person's own, who sees it in their account, and not the customer's.
    Person,
    /// It is sealed as it lies; what it says stands in the file opened, entry by entry.
    Record,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Secret,
        Self::Derived,
        Self::Machinery,
        Self::House,
        Self::Person,
        Self::Record,
    ];

    /// The word in the file, and in the names of texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Derived => "derived",
            Self::Machinery => "machinery",
            Self::House => "house",
            Self::Person => "person",
            Self::Record => "record",
        }
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// In what form a column is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text as it is.
    Text,
    /// A number as it is.
    Number,
    /// Yes or no.
    Flag,
    /// RFC 3339.
    Time,
    /// A document; a text where it is none.
    Json,
    /// Who somebody is.
    Person,
}

/// What a table is ordered by: one column, or an id and another one, which is a text or a number. An index has
/// them as columns and not as one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    One,
    Text,
    Number,
}

/// How a table is read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    statement: Statement,
    key: Key,
    /// The most rows of one piece.
    at_once: i64,
}

/// A table, and what of it is given.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// Why nothing of it is given, where that is so.
    pub whole: Option<Why>,
    /// The columns that are given.
    pub given: &'static [(&'static str, Form)],
    /// The columns that are not.
    pub withheld: &'static [(&'static str, Why)],
    reading: Option<Reading>,
}

/// Some rows of a table.
#[derive(Debug)]
pub struct Piece {
    /// The rows.
    pub rows: Vec<Map<String, Value>>,
    /// Behind what the next ones are; nothing after the last.
    pub next: Option<String>,
}

/// What is said in place of somebody's id, by that id.
pub type Named<'a> = &'a (dyn Fn(&str) -> Value + Sync);

/// A table of which something is given: whose rows, by which key they are ordered, how many at once, and
/// its columns. The key of a row is only its own.
macro_rules! given {
    ($table:literal, whose $whose:literal, by $key:literal, $at_once:literal at once,
        { $first:literal: $first_form:ident $(, $column:literal: $form:ident)* $(,)? },
        without { $($withheld:literal: $why:ident),* $(,)? }) => {
        $crate::export::Holding {
            table: $table,
            whole: None,
            given: &[
                ($first, $crate::export::Form::$first_form)
                $(, ($column, $crate::export::Form::$form))*
            ],
            withheld: &[$(($withheld, $crate::export::Why::$why)),*],
            reading: Some($crate::export::Reading {
                statement: $crate::statement::Statement {
                    name: concat!("store.export.", $table),
                    sql: concat!(
                        "SELECT ", $first, $(", ", $column,)* ", ", $key, " AS given_until FROM ", $table,
                        " WHERE ", $whose, " AND ", $key, " > $2 ORDER BY ", $key, " LIMIT $3"
                    ),
                },
                key: $crate::export::Key::One,
                at_once: $at_once,
            }),
        }
    };
    ($table:literal, whose $whose:literal, by $key:literal then $next:literal as $kind:ident,
        $at_once:literal at once,
        { $first:literal: $first_form:ident $(, $column:literal: $form:ident)* $(,)? },
        without { $($withheld:literal: $why:ident),* $(,)? }) => {
        $crate::export::Holding {
            table: $table,
            whole: None,
            given: &[
                ($first, $crate::export::Form::$first_form)
                $(, ($column, $crate::export::Form::$form))*
            ],
            withheld: &[$(($withheld, $crate::export::Why::$why)),*],
            reading: Some($crate::export::Reading {
                statement: $crate::statement::Statement {
                    name: concat!("store.export.", $table),
                    sql: concat!(
                        "SELECT ", $first, $(", ", $column,)* ", (", $key, " || ' ' || CAST(", $next,
                        " AS TEXT)) AS given_until FROM ", $table, " WHERE ", $whose, " AND ", $key,
                        " >= $2 AND (", $key, " > $2 OR ", $next, " > $3) ORDER BY ", $key, ", ", $next,
                        " LIMIT $4"
                    ),
                },
                key: $crate::export::Key::$kind,
                at_once: $at_once,
            }),
        }
    };
}

/// Tables of which nothing is given, each with the reason.
macro_rules! withheld {
    ($($table:literal: $why:ident),* $(,)?) => {
        &[$($crate::export::Holding {
            table: $table,
            whole: Some($crate::export::Why::$why),
            given: &[],
            withheld: &[],
            reading: None,
        }),*]
    };
}

pub(crate) use given;
pub(crate) use withheld;

/// Every table of the panel, in the order of the file.
#[must_use]
pub fn holdings() -> Vec<Holding> {
    [
        hosting::GIVEN,
        desk::GIVEN,
        automation::GIVEN,
        house::WITHHELD,
    ]
    .concat()
}

/// Every statement of this file, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    let all = holdings().into_iter();
    let readings = all.filter_map(|holding| holding.reading);
    readings.map(|reading| reading.statement).collect()
}

fn value(row: &Row, (column, form): (&str, Form), named: Named<'_>) -> Result<Value, Fault> {
    Ok(match form {
        Form::Text => json!(row.text_or_null(column)?),
        Form::Number => json!(row.int_or_null(column)?),
        Form::Flag => json!(row.int_or_null(column)?.map(|flag| flag != 0)),
        Form::Time => json!(row.time_or_null(column)?),
        Form::Json => row.text_or_null(column)?.map_or(Value::Null, |text| {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }),
        Form::Person => row
            .text_or_null(column)?
            .map_or(Value::Null, |person| named(&person)),
    })
}

impl Holding {
    /// The rows of a customer's behind the key `after`, which is empty at first; none of a table of which
    /// nothing is given. In a transaction of the system.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read(
        &self,
        tx: &mut Tx,
        (customer, after): (CustomerId, &str),
        named: Named<'_>,
    ) -> Result<Piece, Fault> {
        let mut piece = Piece {
            rows: Vec::new(),
            next: None,
        };
        let Some(reading) = self.reading else {
            return Ok(piece);
        };
        let query = reading.statement.bind(customer);
        // An id has no blank in it.
        let (id, next) = after.split_once(' ').unwrap_or((after, ""));
        let query = match reading.key {
            Key::One => query.bind(after),
            Key::Text => query.bind(id).bind(next),
            Key::Number => query.bind(id).bind(next.parse().unwrap_or(i64::MIN)),
        };
        let rows = query.bind(reading.at_once).all(tx).await?;
        for row in &rows {
            let mut given = Map::new();
            for (column, form) in self.given {
                let value = value(row, (column, *form), named)?;
                given.insert((*column).to_owned(), value);
            }
            piece.rows.push(given);
        }
        let full = usize::try_from(reading.at_once).is_ok_and(|most| rows.len() >= most);
        if let Some(last) = rows.last().filter(|_| full) {
            piece.next = Some(last.text("given_until")?);
        }
        Ok(piece)
    }
}
