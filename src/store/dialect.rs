//! Which engine holds the panel's state.

/// The engine; matched in this room and where a queue claims its work, nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite in WAL mode.
    Sqlite,
    /// PostgreSQL 13 or newer.
    Postgres,
}
