//! `POST /staff/tickets/{id}/consent-requests`: staff ask a customer for consent to look at their pages.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, DRY_RUN, JSON_BYTES_MAX};
use crate::json::Lines;
use schemars::{JsonSchema, schema_for};
use serde_json::Value;
use wabe_access::{Command, Mode, Permission};
use wabe_kernel::Problem;
use wabe_kernel::id::TicketId;
use wabe_support::consent::{AskConsent, Consent};

/// What is asked with.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read as the command's fields"
)]
struct Asked {
    /// Why; the customer reads it.
    reason: String,
    /// Whether messages in mailboxes shall be read; not when nothing is said.
    reads_mail: Option<bool>,
    /// Whether files of webspaces shall be read; not when nothing is said.
    reads_files: Option<bool>,
    /// Whether rows of databases shall be read; not when nothing is said.
    reads_rows: Option<bool>,
    /// Whether sensitive ticket actions shall be carried out; not when nothing is said.
    acts: Option<bool>,
}

/// Adds the operation.
pub(super) fn operation(book: Book) -> Book {
    let operation = Operation::get(
        "consent_ask",
        "/api/v1/staff/tickets/{id}/consent-requests",
        Permission::TicketWork,
        Answers::Json(201, || schema_for!(Consent)),
    );
    let operation = operation
        .by("POST", Sends::Json(|| schema_for!(Asked)))
        .id("tkt")
        .query(DRY_RUN)
        .example(r#"{"reason":"To see why the site answers with an error.","reads_files":true}"#);
    book.add(operation, run)
}

async fn run(api: Api, call: Call) -> Answer {
    made::<AskConsent>(api, call).await
}

/// Carries out a command in the ticket of the path, and answers what it made.
pub(super) async fn made<C: Command>(api: Api, mut call: Call) -> Answer {
    let mode = call.mode()?;
    let ticket: TicketId = call.id("id")?;
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (mut input, mut errors) = call.object(&body, Lines::Many)?;
    if input.contains_key("id") {
        errors.add("id", Problem::new("unknown-field"));
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    input.insert("id".to_owned(), Value::String(ticket.to_string()));
    let command = C::from_json(&input)?;
    let done = Box::pin(api.gate.run(call.actor(), command, mode)).await?;
    if mode == Mode::Preview {
        return Ok(answer::preview(&done));
    }
    let said = answer::value_of(&done.output)?;
    Ok(answer::json(http::StatusCode::CREATED, &said))
}
