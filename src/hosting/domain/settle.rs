//! What a proof that was found, or is gone, means for everything that stands on the name.
//!
//! Invariants: a name is served for whoever has proved the nearest name at or above it, and for nobody
//! else; an address is held by a mailbox or alias of whoever has proved its domain. What others set up
//! under the name stays in their tables and waits.

use crate::domain::{proof, store};
use wabe_access::{Door, Refusal};
use wabe_kernel::DomainName;

/// What became of the proof of a name, in the rows already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The customer has it since now.
    Found,
    /// The customer has it no longer.
    Gone,
}

/// Wishes everything anew that the proof of `name` decides about: the webspaces, mailboxes and aliases of
/// the customer, and the webspaces of whoever owns the name above, where names below theirs go over or
/// come back. With the proof, addresses come to the customer's mailboxes and aliases.
pub(crate) async fn settle(
    door: &mut Door<'_>,
    name: &DomainName,
    became: Proof,
) -> Result<(), Refusal> {
    let customer = door.customer();
    let mut concerned = store::webspaces_on(door.tx(), customer, name).await?;
    concerned.extend(store::mail_on(door.tx(), customer, name).await?);
    for id in concerned {
        door.wish(&id).await?;
    }
    door.tx().unscope().await?;
    if became == Proof::Found {
        store::reclaim(door.tx(), customer, name).await?;
    }
    let above = proof::owner_above(door.tx(), name).await?;
    if let Some(other) = above.filter(|other| *other != customer) {
        for id in store::webspaces_on(door.tx(), other, name).await? {
            door.wish_of(other, &id).await?;
        }
    }
    door.tx().rescope().await?;
    Ok(())
}
