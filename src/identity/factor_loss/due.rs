//! What waits for somebody of the hoster.

use crate::factor_loss::decide::share_a_customer;
use crate::factor_loss::store::{self, Loss};
use crate::identity::Identity;
use crate::outbox::{MailKind, OutgoingMail};
use crate::user::store as users;
use wabe_access::{Permission, Refusal, Scope, StaffRole, member};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Everything that is open, for the desk. Needs `hoster:write`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn open(tx: &mut Tx, scope: &Scope) -> Result<Vec<Loss>, Refusal> {
    scope.needs(Permission::HosterWrite)?;
    Ok(store::open(tx).await?)
}

/// What is open of one user, for the desk. Needs `hoster:write`.
///
/// # Errors
/// `NotFound` when nothing is, `Forbidden`, or a fault.
pub async fn open_of(tx: &mut Tx, scope: &Scope, user: UserId) -> Result<Loss, Refusal> {
    scope.needs(Permission::HosterWrite)?;
    store::open_of(tx, user).await?.ok_or(Refusal::NotFound)
}

impl Identity {
    /// Writes to every operator once about each request whose wait is over; whose factor it is, and who belongs
    /// to a customer of theirs, does not decide and gets no such letter.
    pub(crate) async fn tell_due(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        for loss in store::due(tx, now).await? {
            if !store::told(tx, loss.id, now).await? {
                continue;
            }
            for (id, role) in member::staff(tx).await? {
                let decides = role == StaffRole::Operator && id != loss.user;
                let decides = decides && !share_a_customer(tx, loss.user, id).await?;
                let found = if decides {
                    users::find(tx, id).await?
                } else {
                    None
                };
                if let Some(user) = found.filter(|user| user.disabled_at.is_none()) {
                    let mail =
                        OutgoingMail::new(user.email, user.language, MailKind::FactorLossDue);
                    let mail = mail.with("object", &loss.email);
                    self.desk.outbox.queue(tx, mail).await?;
                }
            }
        }
        Ok(())
    }
}
