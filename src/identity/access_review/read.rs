//! Reviews, for pages.

use crate::access_review::store::{self, Item, Review};
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::AccessReviewId;
use wabe_store::Tx;

/// All reviews, the latest first. Needs `right:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn reviews(tx: &mut Tx, scope: &Scope) -> Result<Vec<Review>, Refusal> {
    scope.needs(Permission::RightRead)?;
    Ok(store::list(tx).await?)
}

/// One review with its rights, by people's names. Needs `right:read`.
///
/// # Errors
/// `NotFound`, `Forbidden`, or a fault.
pub async fn review(
    tx: &mut Tx,
    scope: &Scope,
    id: AccessReviewId,
) -> Result<(Review, Vec<Item>), Refusal> {
    scope.needs(Permission::RightRead)?;
    let found = store::find(tx, id).await?.ok_or(Refusal::NotFound)?;
    let items = store::items(tx, id).await?;
    Ok((found, items))
}
