//! Who is told of what waits, and when.

use crate::approval::model::{Approval, Deed};
use crate::approval::{content, letter, store};
use crate::identity::Identity;
use crate::outbox::MailKind;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

impl Identity {
    /// Writes once to whoever may decide about each request on which somebody may agree by now, and once
    /// to management as well when nobody decided for a day.
    pub(crate) async fn tell_of_approvals(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        for approval in store::due(tx, now).await? {
            if can_be_agreed_to(tx, &approval).await? && store::told(tx, approval.id, now).await? {
                let first = (MailKind::ApprovalWaiting, letter::FIRST);
                letter::deciders(tx, &self.desk, &approval, first).await?;
            }
        }
        for approval in store::late(tx, now).await? {
            if can_be_agreed_to(tx, &approval).await?
                && store::escalated(tx, approval.id, now).await?
            {
                let then = (MailKind::ApprovalLate, letter::THEN);
                letter::deciders(tx, &self.desk, &approval, then).await?;
            }
        }
        Ok(())
    }
}

/// Whether what it is about stands as it did when it was asked for: nobody is called for anything else.
async fn can_be_agreed_to(tx: &mut Tx, approval: &Approval) -> Result<bool, Fault> {
    Ok(approval.ticket_open
        && match &approval.deed {
            Deed::Owner { .. } | Deed::Export { .. } | Deed::Erasure { .. } => true,
            Deed::Content { consent, .. } => {
                content::waits(tx, (approval.customer, *consent)).await?
            }
        })
}
