//! The letters about a lost second factor. They name everybody they go to: all addresses of the account.

use crate::address_change::model::Addresses;
use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store::{self as links, Link, LinkKind};
use crate::secret_token::{self, digest};
use crate::user::model::User;
use wabe_kernel::{Fault, Rng, Timestamp};
use wabe_store::Tx;

/// Where the link leads that stops it.
const KEEP: &str = "factor-keep";

/// Somebody says that the factor is lost: each address gets a link of its own that stops it.
pub(crate) async fn asked(
    tx: &mut Tx,
    desk: &Desk,
    user: &User,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    for address in Addresses::of(user).all().cloned() {
        let token = secret_token::new(rng);
        let link = Link::of(LinkKind::FactorKeep, user.id);
        links::insert(tx, link, &digest(token.expose()), now).await?;
        let mail = OutgoingMail::new(address, user.language, MailKind::FactorLossAsked);
        let mail = mail.with("at", &now).linking(KEEP, &token);
        desk.outbox.queue(tx, mail).await?;
    }
    Ok(())
}

/// What became of it.
pub(crate) async fn ended(
    tx: &mut Tx,
    desk: &Desk,
    (user, kind): (&User, MailKind),
    (now, reason): (Timestamp, &str),
) -> Result<(), Fault> {
    for address in Addresses::of(user).all().cloned() {
        let mail = OutgoingMail::new(address, user.language, kind);
        let mail = mail.with("at", &now).with("message", reason);
        desk.outbox.queue(tx, mail).await?;
    }
    Ok(())
}
