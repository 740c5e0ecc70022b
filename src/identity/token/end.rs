//! What ends with an API token: a right of the hoster's is over in an open review as well.

use crate::access_review::store as reviews;
use crate::token::store::{self, ApiToken};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Ends one token of the hoster's own.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn one(tx: &mut Tx, token: &ApiToken, now: Timestamp) -> Result<(), Fault> {
    store::revoke(tx, token.customer, token.user, token.id).await?;
    reviews::gone(tx, token.user, Some(&token.id.to_string()), now).await
}

/// Ends every token of somebody, of the hoster's and of customers'; answers how many. `tx` is outside of
/// any customer's scope.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<u64, Fault> {
    for token in store::of_hoster(tx, user).await? {
        reviews::gone(tx, user, Some(&token.id.to_string()), now).await?;
    }
    store::revoke_all(tx, user).await
}
