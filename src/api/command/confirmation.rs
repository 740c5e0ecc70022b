//! `POST /staff/tickets/{id}/instruction-requests`: staff ask who wrote by mail to confirm what they want.

use crate::Api;
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, DRY_RUN};
use crate::command::ask::made;
use schemars::{JsonSchema, schema_for};
use wabe_access::Permission;
use wabe_kernel::MessageText;
use wabe_kernel::id::TicketMessageId;
use wabe_support::confirmation::{AskInstruction, Asked};

/// What is to be confirmed.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read as the command's fields"
)]
struct Wanted {
    /// The message of this ticket, come by mail, that says what is wanted.
    message: TicketMessageId,
    /// The id of the webspace, domain, mailbox, alias or database that it names.
    object: String,
    /// The sentence that asks for something, as it stands in that message.
    quote: MessageText,
}

/// Adds the operation.
pub(super) fn operation(book: Book) -> Book {
    let operation = Operation::get(
        "instruction_ask",
        "/api/v1/staff/tickets/{id}/instruction-requests",
        Permission::TicketWork,
        Answers::Json(201, || schema_for!(Asked)),
    );
    let operation = operation
        .by("POST", Sends::Json(|| schema_for!(Wanted)))
        .id("tkt")
        .query(DRY_RUN)
        .example(
            r#"{"message":"tms_01kaj8xv00e0m9f8w2v3x4y5z6","object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6","quote":"Please give it two gigabytes more."}"#,
        );
    book.add(operation, run)
}

async fn run(api: Api, call: Call) -> Answer {
    made::<AskInstruction>(api, call).await
}
