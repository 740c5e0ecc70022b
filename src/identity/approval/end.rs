//! How one ends without a decision: nobody decided in time, whoever asked left, somebody stopped it. Whoever
//! was told that it was asked for is told that it does not happen, however it ended.

use crate::approval::model::{Approval, Deed, Ending};
use crate::approval::{letter, store};
use crate::desk::Desk;
use crate::recovery::store as links;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Tells whoever were the owners when it was asked for that it is off, and voids their links. Without a word
/// for what they were told nothing of.
pub(crate) async fn call_off(
    tx: &mut Tx,
    desk: &Desk,
    approval: &Approval,
    now: Timestamp,
) -> Result<(), Fault> {
    links::void_owner_keep(tx, approval.id, now).await?;
    let Deed::Owner { owners, .. } = &approval.deed else {
        return Ok(());
    };
    letter::off(tx, desk, (approval, owners), now).await
}

/// Ends one, in a transaction of the system; false when somebody was faster.
pub(crate) async fn end(
    tx: &mut Tx,
    desk: &Desk,
    (approval, ending): (&Approval, Ending),
    now: Timestamp,
) -> Result<bool, Fault> {
    if !store::end(tx, approval.id, ending, now).await? {
        return Ok(false);
    }
    call_off(tx, desk, approval, now).await?;
    Ok(true)
}

/// Ends what nobody decided in time.
pub(crate) async fn lapse(tx: &mut Tx, desk: &Desk, now: Timestamp) -> Result<(), Fault> {
    for approval in store::lapsing(tx, now).await? {
        end(tx, desk, (&approval, Ending::Lapsed), now).await?;
    }
    Ok(())
}

/// Takes back whatever somebody asked for who is not at the desk any more.
pub(crate) async fn leave(
    tx: &mut Tx,
    desk: &Desk,
    by: UserId,
    now: Timestamp,
) -> Result<(), Fault> {
    for approval in store::of_requester(tx, by).await? {
        end(tx, desk, (&approval, Ending::Retracted), now).await?;
    }
    Ok(())
}
