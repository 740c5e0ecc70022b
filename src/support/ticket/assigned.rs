//! Open tickets as work of somebody: counted, and handed over when they leave.

use wabe_access::Assignments;
use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_store::{Tx, statements};

statements! {
    COUNT = "support.assigned.count" =>
        "SELECT CAST(count(*) AS BIGINT) AS n FROM ticket WHERE owner = $1 AND status <> 'closed'";
    HAND_OVER = "support.assigned.hand_over" =>
        "UPDATE ticket SET owner = $1 WHERE owner = $2 AND status <> 'closed'";
}

/// Tickets that are not closed.
#[derive(Debug, Clone, Copy)]
pub struct Assigned;

impl Assignments for Assigned {
    fn count<'a>(&'a self, tx: &'a mut Tx, user: UserId) -> Working<'a, Result<i64, Fault>> {
        Box::pin(async move { COUNT.bind(user).one(tx).await?.int("n") })
    }

    fn hand_over<'a>(
        &'a self,
        tx: &'a mut Tx,
        user: UserId,
        successor: UserId,
    ) -> Working<'a, Result<i64, Fault>> {
        Box::pin(async move {
            let moved = HAND_OVER.bind(successor).bind(user).execute(tx).await?;
            Ok(i64::try_from(moved).unwrap_or(i64::MAX))
        })
    }
}
