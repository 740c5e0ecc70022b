//! What resources hold: files, mail, rows.
//!
//! Invariants: the resource was found in the caller's customer, with the permission for its content,
//! before anything of it is touched; every look is noted in the access log before it happens; a
//! preview is refused here, because content has none.

mod arriving;
mod files;
mod log;
mod mail;
mod ready;
mod sql;

pub(crate) use arriving::Arriving;

use crate::book::Book;

/// Adds the operations.
pub(crate) fn operations(book: Book) -> Book {
    sql::operations(mail::operations(log::operations(files::operations(book))))
}
