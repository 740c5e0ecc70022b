//! The letters about an erasure: to every address of every owner, and at the end to nobody, for then there
//! is no address left.

use crate::address_change::model::Addresses;
use crate::approval::owner::owners;
use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store as links;
use crate::secret_token::{self, digest};
use wabe_kernel::id::{CustomerId, ErasureId};
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_store::Tx;

/// Where the link leads that stops it.
const KEEP: &str = "erasure-keep";

/// Everything will be removed: each address of each owner gets a link of its own that stops it.
pub(crate) async fn coming(
    tx: &mut Tx,
    desk: &Desk,
    (id, customer): (ErasureId, CustomerId),
    (name, reason): (&str, &str),
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    for owner in owners(tx, customer).await? {
        for address in Addresses::of(&owner.user).all().cloned() {
            let token = secret_token::new(rng);
            let about = (owner.user.id, id);
            links::insert_erasure_keep(tx, about, &digest(token.expose()), now).await?;
            let kind = MailKind::ErasureComing;
            let mail = OutgoingMail::new(address, owner.user.language, kind);
            let mail = mail.with("customer", name).with("message", reason);
            desk.outbox.queue(tx, mail.linking(KEEP, &token)).await?;
        }
    }
    Ok(())
}

/// Nothing will be removed.
pub(crate) async fn off(
    tx: &mut Tx,
    desk: &Desk,
    (customer, name): (CustomerId, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    for owner in owners(tx, customer).await? {
        for address in Addresses::of(&owner.user).all().cloned() {
            let mail = OutgoingMail::new(address, owner.user.language, MailKind::ErasureOff);
            let mail = mail.with("customer", name).with("at", &now);
            desk.outbox.queue(tx, mail).await?;
        }
    }
    Ok(())
}
