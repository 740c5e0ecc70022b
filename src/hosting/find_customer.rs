//! Whose a name is: for the hoster's staff, who are told a domain or an address and look for the
//! contract. Answers ids only, across all customers, so the transaction must not be scoped.

use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{DomainName, MailAddress};
use wabe_store::{Tx, statements};

statements! {
    ADDRESS = "hosting.find_customer.address" =>
        "SELECT customer_id FROM mail_address WHERE address = $1";
}

/// The customer who has proved this name, or one above it.
///
/// # Errors
/// `Forbidden` without `hoster:read`, or a fault.
pub async fn by_domain(
    tx: &mut Tx,
    scope: &Scope,
    name: &DomainName,
) -> Result<Option<CustomerId>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    Ok(crate::domain::owner(tx, name).await?)
}

/// The customer whose mailbox or alias this address is; else whose its domain is.
///
/// # Errors
/// `Forbidden` without `hoster:read`, or a fault.
pub async fn by_address(
    tx: &mut Tx,
    scope: &Scope,
    address: &MailAddress,
) -> Result<Option<CustomerId>, Refusal> {
    scope.needs(Permission::HosterRead)?;
    match ADDRESS.bind(address).optional(tx).await? {
        Some(row) => Ok(Some(row.parsed("customer_id")?)),
        None => by_domain(tx, scope, address.domain()).await,
    }
}
