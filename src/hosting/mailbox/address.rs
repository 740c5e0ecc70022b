//! Which addresses can be made here; for mailboxes and aliases alike.

use crate::domain;
use crate::mailbox::store;
use wabe_access::{Door, Refusal};
use wabe_kernel::id::DomainId;
use wabe_kernel::{MailAddress, Problem};

/// The customer's proved domain that an address lies on.
pub(crate) async fn usable_domain(
    door: &mut Door<'_>,
    address: &MailAddress,
) -> Result<DomainId, Refusal> {
    if !address.local().can_be_hosted() {
        return Err(Refusal::field(
            "address",
            Problem::new("address-not-hostable"),
        ));
    }
    let customer = door.customer();
    let found = domain::store::find_name(door.tx(), customer, address.domain()).await?;
    match found {
        Some(domain) if domain.verified_at.is_some() => Ok(domain.id),
        Some(_) => Err(Refusal::field("address", Problem::new("domain-not-proved"))),
        None => Err(Refusal::field("address", Problem::new("domain-not-yours"))),
    }
}

/// Reserves an address for one mailbox or alias; [`usable_domain`] has found that the customer may have
/// it. A customer whose proof is gone keeps the mailbox, but no longer its address.
pub(crate) async fn reserve(
    door: &mut Door<'_>,
    address: &MailAddress,
    resource: &str,
) -> Result<(), Refusal> {
    let customer = door.customer();
    door.tx().unscope().await?;
    let reserved = store::reserve(door.tx(), customer, address, resource).await?;
    door.tx().rescope().await?;
    if reserved {
        Ok(())
    } else {
        Err(Refusal::field("address", Problem::new("address-taken")))
    }
}
