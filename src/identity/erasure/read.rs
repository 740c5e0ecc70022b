//! Erasures, for pages.

use crate::erasure::model::{Erasure, Waiting};
use crate::erasure::store;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// What waits for a customer, or is underway. In a transaction of the customer, or the system's.
///
/// # Errors
/// A fault of the database.
pub async fn waiting(tx: &mut Tx, customer: CustomerId) -> Result<Option<Waiting>, Fault> {
    store::waiting(tx, customer).await
}

/// All, the latest first. Needs `hoster:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, now: Timestamp) -> Result<Vec<Erasure>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    Ok(store::list(tx, now).await?)
}

/// The latest of a customer. Needs `hoster:read`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn of_customer(
    tx: &mut Tx,
    scope: &Scope,
    customer: CustomerId,
) -> Result<Option<Erasure>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    Ok(store::of_customer(tx, customer).await?)
}
