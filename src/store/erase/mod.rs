//! What becomes of the tables when a customer is erased: table by table, and in rows that stay, text by text.
//!
//! Invariants: every table is listed here; of a table whose rows stay, every text is either emptied or stays
//! for a reason, which a test holds against the schema; what goes goes in pieces, so that others write
//! meanwhile, and doing it twice changes nothing more. Rows are removed before those that they refer to.
//! Start reading at [`of_customer`]. Source: GDPR 17, ADR 0025.

mod customer;
mod house;
mod person;

use crate::statement::Statement;
use crate::tx::Tx;
use wabe_kernel::Fault;

/// Why something stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stays {
    /// An id made by chance, a word of a closed list, a number or a time: it names nobody any more.
    Plain,
    /// The record and what its entries refer to, so that its proofs hold; what it says is sealed under a key
    /// that is destroyed.
    Record,
    /// What the law has the hoster keep: number, plan, dates, and who erased it.
    Law,
    /// The hoster's own: its people, its catalogue, how it goes about its work.
    House,
    /// It ends by itself within days or weeks, and names nobody outright once it was used.
    Brief,
}

impl Stays {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Plain,
        Self::Record,
        Self::Law,
        Self::House,
        Self::Brief,
    ];

    /// The word in the names of texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Record => "record",
            Self::Law => "law",
            Self::House => "house",
            Self::Brief => "brief",
        }
    }
}

impl std::fmt::Display for Stays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// What becomes of a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Those of the customer's are removed.
    Removed,
    /// Those of a person's are removed, where the person belongs to nobody else.
    Leaves,
    /// They stay, without the texts that say something.
    Emptied,
    /// They stay as they are.
    Kept(Stays),
}

/// How it is done.
#[derive(Debug, Clone, Copy)]
struct Way {
    statement: Statement,
    /// The most rows of one piece.
    at_once: i64,
}

/// A table, and what becomes of it. A table may be walked through more than once.
#[derive(Debug, Clone, Copy)]
pub struct Disposal {
    /// The table.
    pub table: &'static str,
    /// What becomes of its rows.
    pub fate: Fate,
    /// Of rows that stay, the columns that are emptied.
    pub emptied: &'static [&'static str],
    /// Of rows that stay, the texts that stay too, each with the reason.
    pub stays: &'static [(&'static str, Stays)],
    way: Option<Way>,
}

/// Rows that go: their key, how many at once, and the question that picks them by the id `$1`.
macro_rules! goes {
    ($fate:ident, $name:literal, $table:literal, $key:literal, $at_once:literal at once, $picks:literal) => {
        $crate::erase::Disposal {
            table: $table,
            fate: $crate::erase::Fate::$fate,
            emptied: &[],
            stays: &[],
            way: Some($crate::erase::Way {
                statement: $crate::statement::Statement {
                    name: concat!("store.erase.", $name),
                    sql: concat!(
                        "DELETE FROM ",
                        $table,
                        " WHERE ",
                        $key,
                        " IN (",
                        $picks,
                        " LIMIT $2)"
                    ),
                },
                at_once: $at_once,
            }),
        }
    };
}

/// Rows that stay: what is set, the question that picks those that are not emptied yet, and their texts.
macro_rules! emptied {
    ($table:literal, set $set:literal, picked by $picks:literal,
        emptied [$($emptied:literal),* $(,)?], stays { $($column:literal: $stays:ident),* $(,)? }) => {
        $crate::erase::Disposal {
            table: $table,
            fate: $crate::erase::Fate::Emptied,
            emptied: &[$($emptied),*],
            stays: &[$(($column, $crate::erase::Stays::$stays)),*],
            way: Some($crate::erase::Way {
                statement: $crate::statement::Statement {
                    name: concat!("store.erase.empty_", $table),
                    sql: concat!(
                        "UPDATE ", $table, " SET ", $set, " WHERE id IN (", $picks, " LIMIT $2)"
                    ),
                },
                at_once: 500,
            }),
        }
    };
}

/// Tables that stay as they are, each with the reason.
macro_rules! kept {
    ($($table:literal: $stays:ident),* $(,)?) => {
        &[$($crate::erase::Disposal {
            table: $table,
            fate: $crate::erase::Fate::Kept($crate::erase::Stays::$stays),
            emptied: &[],
            stays: &[],
            way: None,
        }),*]
    };
}

pub(crate) use emptied;
pub(crate) use goes;
pub(crate) use kept;

/// What goes of a customer's, or is emptied, in the order in which it is done.
#[must_use]
pub const fn of_customer() -> &'static [Disposal] {
    customer::ALL
}

/// What goes with a person who belongs to nobody else, in the order in which it is done.
#[must_use]
pub const fn of_person() -> &'static [Disposal] {
    person::ALL
}

/// Every table of the panel, those first that are walked through.
#[must_use]
pub fn disposals() -> Vec<Disposal> {
    [customer::ALL, person::ALL, house::LAST, house::KEPT].concat()
}

/// Every statement of this file, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    let all = disposals().into_iter();
    let ways = all.filter_map(|disposal| disposal.way);
    ways.map(|way| way.statement).collect()
}

impl Disposal {
    /// Takes the next piece of what is the customer's or person's with this id; answers how many rows that
    /// was, and whether more may be left. In a transaction of the system.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn take(&self, tx: &mut Tx, whose: &str) -> Result<(i64, bool), Fault> {
        let Some(way) = self.way else {
            return Ok((0, false));
        };
        let query = way.statement.bind(whose).bind(way.at_once);
        let rows = query.execute(tx).await?;
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        Ok((rows, rows >= way.at_once))
    }
}
