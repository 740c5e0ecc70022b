//! Reading content for longer than a day: what the customer agreed to already, and a second person has to.

use crate::approval::letter;
use crate::approval::model::{Approval, Deed};
use crate::desk::Desk;
use wabe_access::consent::{self, LongConsent};
use wabe_access::{Door, Refusal, member};
use wabe_kernel::id::{ConsentId, CustomerId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// A consent that could hold for longer than it does.
///
/// # Errors
/// `NotFound` when there is none, `Conflict` when the customer took it back or its days are over.
pub(crate) async fn long(
    tx: &mut Tx,
    place: (CustomerId, ConsentId),
    now: Timestamp,
) -> Result<LongConsent, Refusal> {
    let found = consent::long(tx, place).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    if found.withdrawn_at.is_some() {
        return Err(Refusal::Conflict("consent-withdrawn"));
    }
    if now >= found.agreed_until {
        return Err(Refusal::Conflict("consent-over"));
    }
    Ok(found)
}

/// Whether a consent could hold for longer, and its customer still wants that.
pub(crate) async fn waits(tx: &mut Tx, place: (CustomerId, ConsentId)) -> Result<bool, Fault> {
    let found = consent::long(tx, place).await?;
    Ok(found.is_some_and(|found| found.withdrawn_at.is_none()))
}

/// Whether somebody may decide about it, if their role does: they neither began it nor gain by it, do not belong
/// to the customer, and did not look on the consent that it is about.
pub(crate) async fn has_a_say(
    tx: &mut Tx,
    approval: &Approval,
    user: UserId,
) -> Result<bool, Fault> {
    let looked = match &approval.deed {
        Deed::Owner { .. } | Deed::Export { .. } | Deed::Erasure { .. } => false,
        Deed::Content { consent, .. } => {
            consent::looked(tx, (approval.customer, *consent), user).await?
        }
    };
    let belongs = member::role(tx, user, approval.customer).await?.is_some();
    Ok(!looked && !belongs && approval.is_anothers(user))
}

/// Has it hold for as long as it was given for, by an approval that `by` has just decided, and tells who gave
/// it. Answers until when it held, and until when it holds.
///
/// # Errors
/// `Conflict` when it is no longer as it was when that was asked for.
pub(crate) async fn extend(
    door: &mut Door<'_>,
    approval: &Approval,
    (id, by): (ConsentId, UserId),
) -> Result<(Timestamp, Timestamp), Refusal> {
    let (place, now) = ((door.customer(), id), door.now());
    let desk = Desk::of(door.tools())?;
    let tx = door.tx();
    let found = match long(tx, place, now).await {
        // Whoever gave it does not run the customer any more.
        Err(Refusal::NotFound) => return Err(Refusal::Conflict("consent-over")),
        found => found?,
    };
    if !consent::extend(tx, place, (approval.id, by), now).await? {
        return Err(Refusal::Conflict("consent-over"));
    }
    letter::extended(tx, &desk, (approval, found.answered_by), now).await?;
    Ok((found.until, found.agreed_until))
}
