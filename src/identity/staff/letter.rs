//! Letters to colleagues.

use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::user::store as users;
use std::collections::BTreeSet;
use wabe_access::{Permission, StaffRole, member};
use wabe_kernel::Fault;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// What a letter says: its kind, about what, and more when there is more.
pub(crate) struct About<'a> {
    pub(crate) kind: MailKind,
    pub(crate) object: &'a str,
    pub(crate) message: &'a str,
}

/// Writes to one colleague, when they can still log in.
pub(crate) async fn tell(
    tx: &mut Tx,
    desk: &Desk,
    to: UserId,
    about: &About<'_>,
) -> Result<(), Fault> {
    let found = users::find(tx, to).await?;
    let Some(user) = found.filter(|user| user.disabled_at.is_none()) else {
        return Ok(());
    };
    let mail = OutgoingMail::new(user.email, user.language, about.kind);
    let mail = mail.with("object", about.object);
    let mail = mail.with("message", about.message);
    desk.outbox.queue(tx, mail).await
}

/// Writes one letter to everybody whose roles permit one of some things, but for some people.
pub(crate) async fn tell_all(
    tx: &mut Tx,
    desk: &Desk,
    (permissions, but): (&[Permission], &[UserId]),
    about: &About<'_>,
) -> Result<(), Fault> {
    let all = member::staff(tx).await?.into_iter();
    let one_of = |role: StaffRole| {
        let permitted = role.permissions();
        permissions.iter().any(|one| permitted.contains(one))
    };
    let may = all.filter(|(_, role)| one_of(*role));
    let people: BTreeSet<UserId> = may.map(|(user, _)| user).collect();
    for user in people {
        if !but.contains(&user) {
            tell(tx, desk, user, about).await?;
        }
    }
    Ok(())
}
