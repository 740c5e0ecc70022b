//! Whose work is in progress: asked by who ends people, answered by who keeps the work.

use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// Knows who works on what. `tx` is outside of any customer's scope.
pub trait Assignments: Send + Sync + 'static {
    /// How much open work somebody has.
    fn count<'a>(&'a self, tx: &'a mut Tx, user: UserId) -> Working<'a, Result<i64, Fault>>;

    /// Hands all open work of somebody over, and answers how much that was.
    fn hand_over<'a>(
        &'a self,
        tx: &'a mut Tx,
        user: UserId,
        successor: UserId,
    ) -> Working<'a, Result<i64, Fault>>;
}
