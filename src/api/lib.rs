//! REST: the gate's commands and the rooms' reads as JSON under `/api/v1`, and the document that
//! describes them.
//!
//! Invariants: every command on a customer's behalf is reached by exactly one operation, or stands in
//! [`not_offered::NOT_OFFERED`] with the reason; the table that routes requests is the table that the OpenAPI
//! document is made of; content of a resource is touched only after the resource was found in the
//! caller's customer; every refusal is a problem document (RFC 9457) whose sentences lie in Fluent.
//! Absent on purpose: tables, cookies, and the hoster's own commands but for those in [`house`].
//! Start reading at [`book`], then [`ways`].

mod answer;
mod attachment;
mod automation;
mod book;
mod call;
mod command;
mod content;
mod cron_job;
mod house;
mod json;
pub mod not_offered;
mod noun;
mod openapi;
mod paging;
mod problem;
mod read;
mod retry;
mod site;
mod ticket;
mod ticket_plugin;
pub mod ways;

#[cfg(test)]
mod tests;

use crate::book::Book;
use crate::problem::{Problem, Voice};
use std::sync::Arc;
use wabe_access::{CommandSpec, Gate};
use wabe_audit::Streams;
use wabe_automation::Engine;
use wabe_kernel::content::{Files, Mail, Sql};
use wabe_web::{Area, Face, Needs, Routes};

/// What the handlers of the API reach.
#[derive(Clone)]
pub struct Api {
    /// Commands, reads, news.
    pub gate: Arc<Gate>,
    /// Files of webspaces.
    pub files: Arc<dyn Files>,
    /// Received mail.
    pub mail: Arc<dyn Mail>,
    /// Customers' databases.
    pub sql: Arc<dyn Sql>,
    /// Where looks at content are noted.
    pub streams: Arc<Streams>,
    /// Runs plugins.
    pub automation: Arc<Engine>,
}

/// The API has no frame; this says whose routes they are.
pub static API: Face = Face {
    area: Area::Api,
    home: "/",
    search: None,
    nav: &[],
    tabs: &[],
};

/// Where the document lies; the one route that needs no token.
pub const DOCUMENT: &str = "/api/v1/openapi.json";

/// Every route of the API, for these commands: those of [`Gate::commands`].
#[must_use]
pub fn routes(commands: &[CommandSpec]) -> Routes<Api> {
    let book = book(commands);
    let document: bytes::Bytes = openapi::document(&book.operations).to_string().into();
    let document = move || {
        let document = document.clone();
        async move { answer::json_bytes(http::StatusCode::OK, document) }
    };
    book.routes
        .get(DOCUMENT, Needs::Public, document)
        .failures("/api/", |occasion, shown| {
            let voice = Voice {
                language: occasion.language,
                request: occasion.id,
            };
            Problem::from(shown.0.as_ref()).render(&voice)
        })
}

fn book(commands: &[CommandSpec]) -> Book {
    let book = Book::new(Routes::new(&API));
    let book = command::operations(book, commands);
    let book = read::operations(book);
    let book = house::operations(book, commands);
    let book = attachment::operations(book, commands);
    let book = ticket_plugin::operations(book);
    content::operations(book)
}
