//! By when customers are to be answered and helped.

use crate::ticket::model::Targets;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;
use wabe_store::Tx;

/// What holds where nothing else is promised: an answer within a working day, a solution within three.
pub const USUAL: Targets = Targets {
    answer_seconds: 8 * 3_600,
    solution_seconds: 72 * 3_600,
};

/// What a customer's plan promises.
#[expect(clippy::unused_async, reason = "the plan will be asked")]
pub(crate) async fn of(_tx: &mut Tx, _customer: CustomerId) -> Result<Targets, Fault> {
    Ok(USUAL)
}
