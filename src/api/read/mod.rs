//! Reads of what the panel knows: collections, the customer, people, the trash, the record.

mod access;
mod account;
mod automation;
mod change;
mod collection;
mod cron_run;
mod diagnosis;
mod own;
pub(crate) mod people;
mod php;
mod search;
pub(crate) mod ticket;

use crate::book::Book;

/// Adds the operations.
pub(crate) fn operations(book: Book) -> Book {
    let book = change::operations(account::operations(collection::operations(book)));
    let book = diagnosis::operations(automation::operations(book));
    let book = search::operations(own::operations(php::operations(book)));
    let book = cron_run::operations(book);
    access::operations(ticket::operations(book))
}
