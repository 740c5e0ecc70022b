//! `POST /changes/{id}/undo`.
//!
//! It needs no `Idempotency-Key`: a change that was taken back is refused the second time, because its
//! fields changed since.

use crate::Api;
use crate::answer;
use crate::book::Answer;
use crate::call::Call;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use wabe_access::Mode;
use wabe_kernel::id::ChangeId;

/// The change that took another one back.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Undone {
    /// The new change.
    change: ChangeId,
    /// The id it is about.
    object_id: String,
    /// The object before; null when it was not there.
    before: Value,
    /// The object after; null when it is gone.
    after: Value,
}

/// Takes a change back, or shows what that would do.
pub(super) async fn run(api: Api, call: Call) -> Answer {
    let mode = call.mode()?;
    let change: ChangeId = call.id("id")?;
    let done = api.gate.undo(call.actor(), change, mode).await?;
    if mode == Mode::Preview {
        return Ok(answer::preview(&done));
    }
    answer::ok(&Undone {
        change: done.change,
        object_id: done.object,
        before: done.before,
        after: done.after,
    })
}
