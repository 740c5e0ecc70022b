//! The letters about what waits for a second person. Those to owners name everybody they go to: all
//! addresses of each login.

use crate::address_change::model::Addresses;
use crate::approval::content;
use crate::approval::model::Approval;
use crate::approval::owner::Owner;
use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store as links;
use crate::secret_token::{self, digest};
use crate::staff::letter::{About, tell};
use crate::user::model::User;
use crate::user::store as users;
use std::collections::BTreeSet;
use wabe_access::{StaffRole, member};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, MailAddress, Rng, Timestamp};
use wabe_store::Tx;

/// Where the link leads that stops it.
const KEEP: &str = "owner-keep";
/// Who is told first that something waits.
pub(crate) const FIRST: &[StaffRole] = &[StaffRole::Operator, StaffRole::PrivacyOfficer];
/// Who is told when nobody decides.
pub(crate) const THEN: &[StaffRole] = &[
    StaffRole::Operator,
    StaffRole::PrivacyOfficer,
    StaffRole::Management,
];

fn mail(to: MailAddress, user: &User, kind: MailKind, approval: &Approval) -> OutgoingMail {
    let mail = OutgoingMail::new(to, user.language, kind);
    let mail = mail.with("customer", &approval.customer_name);
    mail.with("object", &approval.name())
}

/// Somebody else shall be the owner: each address of each owner gets a link of its own that stops it.
pub(crate) async fn asked(
    tx: &mut Tx,
    desk: &Desk,
    (approval, owners): (&Approval, &[Owner]),
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    for owner in owners {
        for address in Addresses::of(&owner.user).all().cloned() {
            let token = secret_token::new(rng);
            let about = (owner.user.id, approval.id);
            links::insert_owner_keep(tx, about, &digest(token.expose()), now).await?;
            let mail = mail(address, &owner.user, MailKind::OwnerChangeAsked, approval);
            let mail = mail.with("at", &now).with("message", &approval.reason);
            desk.outbox.queue(tx, mail.linking(KEEP, &token)).await?;
        }
    }
    Ok(())
}

/// The owners stay who they are.
pub(crate) async fn off(
    tx: &mut Tx,
    desk: &Desk,
    (approval, owners): (&Approval, &[UserId]),
    now: Timestamp,
) -> Result<(), Fault> {
    for owner in owners {
        let Some(user) = users::find(tx, *owner).await? else {
            continue;
        };
        for address in Addresses::of(&user).all().cloned() {
            let mail = mail(address, &user, MailKind::OwnerChangeOff, approval);
            desk.outbox.queue(tx, mail.with("at", &now)).await?;
        }
    }
    Ok(())
}

/// Somebody else is the owner: told to them and to whoever was it.
pub(crate) async fn changed(
    tx: &mut Tx,
    desk: &Desk,
    (approval, before, after): (&Approval, &[Owner], &User),
    now: Timestamp,
) -> Result<(), Fault> {
    for user in before.iter().map(|owner| &owner.user).chain([after]) {
        for address in Addresses::of(user).all().cloned() {
            let mail = mail(address, user, MailKind::OwnerChanged, approval);
            desk.outbox.queue(tx, mail.with("at", &now)).await?;
        }
    }
    Ok(())
}

/// What a consent reaches is read for longer than a day: told to who gave it.
pub(crate) async fn extended(
    tx: &mut Tx,
    desk: &Desk,
    (approval, to): (&Approval, UserId),
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(user) = users::find(tx, to).await? else {
        return Ok(());
    };
    let mail = mail(
        user.email.clone(),
        &user,
        MailKind::ConsentExtended,
        approval,
    );
    desk.outbox.queue(tx, mail.with("at", &now)).await
}

/// Something waits: told to everybody with one of these roles who may decide about it.
pub(crate) async fn deciders(
    tx: &mut Tx,
    desk: &Desk,
    approval: &Approval,
    (kind, roles): (MailKind, &[StaffRole]),
) -> Result<(), Fault> {
    let all = member::staff(tx).await?.into_iter();
    let may = all.filter(|(_, role)| roles.contains(role));
    let people: BTreeSet<UserId> = may.map(|(user, _)| user).collect();
    for user in people {
        if !content::has_a_say(tx, approval, user).await? {
            continue;
        }
        let about = About {
            kind,
            object: &approval.customer_name,
            message: "",
        };
        tell(tx, desk, user, &about).await?;
    }
    Ok(())
}

/// What became of it: told to who asked.
pub(crate) async fn requester(
    tx: &mut Tx,
    desk: &Desk,
    approval: &Approval,
    (kind, message): (MailKind, &str),
) -> Result<(), Fault> {
    let about = About {
        kind,
        object: &approval.customer_name,
        message,
    };
    tell(tx, desk, approval.requested_by, &about).await
}
