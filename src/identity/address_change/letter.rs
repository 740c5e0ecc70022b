//! The letters of a change of address, and the links in them.

use crate::address_change::model::{AddressChange, Addresses};
use crate::address_change::store::UNDO_SECONDS;
use crate::desk::Desk;
use crate::lockout::rate;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store::{self as links, Link, LinkKind};
use crate::secret_token::{self, digest};
use crate::user::model::User;
use wabe_kernel::{Fault, MailAddress, Rng, Timestamp};
use wabe_store::Tx;

/// Letters an hour to one address.
const PER_HOUR: i64 = 3;

/// Where links that confirm an address lead.
pub const CONFIRM: &str = "email/confirm";
/// Where links that take a change back lead.
pub const UNDO: &str = "email/undo";

/// An address of which only its owner recognises all.
#[must_use]
pub fn shortened(address: &MailAddress) -> String {
    let first = address.local().as_str().chars().next().unwrap_or('…');
    format!("{first}…@{}", address.domain())
}

async fn link(
    tx: &mut Tx,
    change: &AddressChange,
    kind: LinkKind,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<wabe_kernel::Secret, Fault> {
    let token = secret_token::new(rng);
    let link = Link {
        kind,
        user: change.user,
        about: Some(change.id),
    };
    links::insert(tx, link, &digest(token.expose()), now).await?;
    Ok(token)
}

/// Asks what is new whether it wants to be this login's. An address that is not free gets a letter
/// without a link instead: whoever asks sees no difference.
pub(crate) async fn ask(
    tx: &mut Tx,
    desk: &Desk,
    (user, change): (&User, &AddressChange),
    free: bool,
    time: (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    for address in change.open() {
        let first = address == change.new.first;
        let kind = if first {
            LinkKind::Email
        } else {
            LinkKind::SecondEmail
        };
        let token = link(tx, change, kind, time).await?;
        let mail = if first && !free {
            OutgoingMail::new(address, user.language, MailKind::EmailTaken)
        } else {
            let mail = OutgoingMail::new(address, user.language, MailKind::ConfirmEmail);
            mail.linking(CONFIRM, &token)
        };
        // Nobody's letter box is filled by way of others' logins; that shows to nobody either.
        let whom = ("email change to", &*mail.to.to_string());
        if rate::allows(tx, desk.passwords.pepper(), whom, PER_HOUR, time.0).await? {
            desk.outbox.queue(tx, mail).await?;
        }
    }
    Ok(())
}

/// Tells everything that was in force before, with the way back.
pub(crate) async fn changed(
    tx: &mut Tx,
    desk: &Desk,
    (user, change): (&User, &AddressChange),
    time: (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    let token = link(tx, change, LinkKind::EmailUndo, time).await?;
    let until = time.0.plus_seconds(UNDO_SECONDS);
    for address in change.old.all().cloned() {
        let mail = OutgoingMail::new(address, user.language, MailKind::LoginEmailChanged);
        let mail = mail.with("address", &shortened(&change.new.first));
        let mail = mail.with("at", &time.0).with("until", &until);
        desk.outbox.queue(tx, mail.linking(UNDO, &token)).await?;
    }
    Ok(())
}

/// Tells everybody concerned that a change was taken back: who is reached again, and who was.
pub(crate) async fn restored(
    tx: &mut Tx,
    desk: &Desk,
    user: &User,
    (now, then): (&Addresses, &Addresses),
) -> Result<(), Fault> {
    let gone = then
        .all()
        .filter(|address| now.all().all(|a| a != *address));
    for address in now.all().chain(gone).cloned() {
        let mail = OutgoingMail::new(address, user.language, MailKind::LoginEmailRestored);
        let mail = mail.with("address", &shortened(&now.first));
        desk.outbox.queue(tx, mail).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_address_keeps_its_first_letter_and_its_domain() {
        let address: MailAddress = "maria.sonne@sonne.test".parse().unwrap();
        assert_eq!(shortened(&address), "m…@sonne.test");
    }
}
