//! The only room that opens the panel's database.
//!
//! One portable set of statements for SQLite and PostgreSQL (`design` part 7): TEXT, BIGINT, `$1`.
//! Invariants: every statement is a `&'static str` with a name, listed by its room; a write on
//! SQLite goes through one connection in order of arrival; a transaction scoped to a customer sees
//! that customer's rows only (PostgreSQL: role and row-level policies).

mod bind;
mod copy;
mod dialect;
pub mod erase;
pub mod export;
mod migrate;
mod open;
mod postgres;
mod readers;
mod row;
mod sqlite;
mod statement;
mod tx;
mod writer;

#[cfg(test)]
mod tests;

pub use bind::{Bind, Value};
pub use copy::copied;
pub use dialect::Dialect;
pub use open::{Location, Store};
pub use row::Row;
pub use statement::{Opening, Query, Statement};
pub use tx::{Lasting, Tx};

/// Nothing more than what [`statements!`] needs.
#[doc(hidden)]
pub use sqlx as sqlx_for_tests;
