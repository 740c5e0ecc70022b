//! `POST /staff/tickets/{id}/actions/{command}`: staff carry a ticket action out, and
//! `POST …/actions/{change}/undo`: they take one back.
//!
//! The thing is named in the body as `object`; everything else is the command's own.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, DRY_RUN, JSON_BYTES_MAX};
use crate::json::Lines;
use crate::read::ticket::note;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::{Mode, Permission};
use wabe_kernel::Problem;
use wabe_kernel::id::{ChangeId, TicketId};
use wabe_support::action::{self, act, undo};

/// What an action is asked with.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read by hand, to name what is wrong"
)]
struct Asked {
    /// The id of the thing that it is about.
    object: String,
}

/// The change that an action made.
#[derive(Debug, Serialize, JsonSchema)]
struct Acted {
    /// The change.
    change: ChangeId,
    /// The id it is about.
    object_id: String,
    /// The object before; null when it was not there.
    before: Value,
    /// The object after; null when it is gone.
    after: Value,
}

/// Adds the operations.
pub(super) fn operation(book: Book) -> Book {
    let operation = Operation::get(
        "ticket_action",
        "/api/v1/staff/tickets/{id}/actions/{command}",
        Permission::TicketWork,
        Answers::Json(200, || schema_for!(Acted)),
    );
    let operation = operation
        .by("POST", Sends::Json(|| schema_for!(Asked)))
        .id("tkt")
        .query(DRY_RUN)
        .example(r#"{"object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6","quota_bytes":5000000000}"#);
    let back = Operation::get(
        "ticket_action_undo",
        "/api/v1/staff/tickets/{id}/actions/{change}/undo",
        Permission::TicketWork,
        Answers::Json(200, || schema_for!(Acted)),
    );
    let back = back.by("POST", Sends::Nothing).id("tkt").query(DRY_RUN);
    book.add(operation, run).add(back, take_back)
}

async fn run(api: Api, mut call: Call) -> Answer {
    let mode = call.mode()?;
    let ticket: TicketId = call.id("id")?;
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (mut input, mut errors) = call.object(&body, Lines::Many)?;
    if input.contains_key("id") {
        errors.add("id", Problem::new("unknown-field"));
    }
    match input.remove("object") {
        Some(Value::String(object)) => {
            input.insert("id".to_owned(), Value::String(object));
        }
        Some(Value::Null) | None => errors.add("object", Problem::new("required")),
        Some(_) => errors.add("object", Problem::new("must-be-text")),
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    if mode == Mode::Preview {
        note(&api, &call, ticket, "ticket.preview").await?;
    }
    let place = (ticket, call.text("command"));
    let done = act(&api.gate, call.actor(), place, &input, mode).await?;
    told(done, mode)
}

/// It needs no `Idempotency-Key`: what was taken back is refused the second time, because its fields
/// changed since.
async fn take_back(api: Api, call: Call) -> Answer {
    let mode = call.mode()?;
    let ticket: TicketId = call.id("id")?;
    let change: ChangeId = call.id("change")?;
    if mode == Mode::Preview {
        note(&api, &call, ticket, "ticket.preview").await?;
    }
    let done = undo(&api.gate, call.actor(), (ticket, change), mode).await?;
    told(done, mode)
}

/// What an action changed, or would change.
fn told(done: action::Acted, mode: Mode) -> Answer {
    let change = done.made;
    if mode == Mode::Preview {
        let both = json!({ "before": change.before, "after": change.after });
        let shown = json!({ "dry_run": true, "change": both, "steps": done.steps });
        return Ok(answer::json(http::StatusCode::OK, &shown));
    }
    answer::ok(&Acted {
        change: change.change,
        object_id: change.object,
        before: change.before,
        after: change.after,
    })
}
