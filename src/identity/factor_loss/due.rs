//! What waits for somebody of the hoster.

use crate::factor_loss::decide::share_a_customer;
use crate::factor_loss::store::{self, Loss};
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::staff::letter::{About, tell};
use std::collections::BTreeSet;
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
    /// Writes to every operator once about each request whose wait is over, and once more, to management as well,
    /// when nobody decided for a day. Whose factor it is, and who belongs to a customer of theirs, does not
    /// decide and gets no such letter.
    pub(crate) async fn tell_due(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        for loss in store::due(tx, now).await? {
            if store::told(tx, loss.id, now).await? {
                let operators: &[StaffRole] = &[StaffRole::Operator];
                let first = (MailKind::FactorLossDue, operators);
                self.tell_of_loss(tx, &loss, first).await?;
            }
        }
        for loss in store::late(tx, now).await? {
            if store::escalated(tx, loss.id, now).await? {
                let all: &[StaffRole] = &[StaffRole::Operator, StaffRole::Management];
                let then = (MailKind::FactorLossLate, all);
                self.tell_of_loss(tx, &loss, then).await?;
            }
        }
        Ok(())
    }

    /// Writes to everybody with one of these roles whose affair it is not.
    async fn tell_of_loss(
        &self,
        tx: &mut Tx,
        loss: &Loss,
        (kind, roles): (MailKind, &[StaffRole]),
    ) -> Result<(), Fault> {
        let all = member::staff(tx).await?.into_iter();
        let told = all.filter(|(id, role)| roles.contains(role) && *id != loss.user);
        let told: BTreeSet<UserId> = told.map(|(id, _)| id).collect();
        let email = loss.email.to_string();
        let about = About {
            kind,
            object: &email,
            message: "",
        };
        for id in told {
            if !share_a_customer(tx, loss.user, id).await? {
                tell(tx, &self.desk, id, &about).await?;
            }
        }
        Ok(())
    }
}
