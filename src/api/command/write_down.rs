//! `POST /staff/tickets/{id}/instructions`: staff write down what a caller asks for.

use crate::Api;
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, DRY_RUN};
use crate::command::ask::made;
use schemars::{JsonSchema, schema_for};
use wabe_access::Permission;
use wabe_access::instruction::Instruction;
use wabe_kernel::MessageText;
use wabe_support::caller::WriteDownInstruction;

/// What a caller asks for.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read as the command's fields"
)]
struct Said {
    /// The id of the webspace, domain, mailbox, alias or database that it is about.
    object: String,
    /// What the caller said.
    words: MessageText,
}

/// Adds the operation.
pub(super) fn operation(book: Book) -> Book {
    let operation = Operation::get(
        "instruction_write_down",
        "/api/v1/staff/tickets/{id}/instructions",
        Permission::TicketWork,
        Answers::Json(201, || schema_for!(Instruction)),
    );
    let operation = operation
        .by("POST", Sends::Json(|| schema_for!(Said)))
        .id("tkt")
        .query(DRY_RUN)
        .example(
            r#"{"object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6","words":"Please give it two gigabytes more."}"#,
        );
    book.add(operation, run)
}

async fn run(api: Api, call: Call) -> Answer {
    made::<WriteDownInstruction>(api, call).await
}
