//! Stopping it: with the link in the letter, or in the portal by `approval.stop`.

use crate::approval::model::{Approval, Ending};
use crate::approval::{end, letter, store};
use crate::desk::Desk;
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::recovery::store as links;
use crate::secret_token::digest;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Role, member};
use wabe_audit::Subject as Noted;
use wabe_kernel::id::ApprovalId;
use wabe_kernel::{Fault, Secret, Timestamp, fields};
use wabe_store::Tx;

fields! {
    /// Stops what people of the hoster asked for about this customer and nobody decided yet, and tells
    /// whoever asked. That somebody else becomes the owner, only owners stop; every address of each of them
    /// is told.
    pub struct StopDeed {
        /// What.
        pub id: ApprovalId,
    }
}

/// Ends it as stopped, and tells who asked, in a transaction of the system.
///
/// # Errors
/// `NotFound` when somebody was faster.
async fn stop(
    tx: &mut Tx,
    desk: &Desk,
    approval: &Approval,
    now: Timestamp,
) -> Result<(), Refusal> {
    if !end::end(tx, desk, (approval, Ending::Stopped), now).await? {
        return Err(Refusal::NotFound);
    }
    let stopped = (MailKind::ApprovalStopped, "");
    Ok(letter::requester(tx, desk, approval, stopped).await?)
}

impl Command for StopDeed {
    const NAME: &'static str = "approval.stop";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        // What two people of the hoster decide, a person stops.
        let person = door.actor().kind == ActorKind::Member;
        let user = door.actor().user.filter(|_| person);
        let user = user.ok_or(Refusal::Forbidden)?;
        let (customer, now) = (door.customer(), door.now());
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        let role = member::role(tx, user, customer).await?;
        tx.unscope().await?;
        let found = store::find(tx, self.id, now).await?;
        tx.rescope().await?;
        let found = found.filter(|found| found.customer == customer);
        let approval = found.ok_or(Refusal::NotFound)?;
        if approval.deed.is_owners() && role != Some(Role::Owner) {
            return Err(Refusal::Forbidden);
        }
        tx.unscope().await?;
        stop(tx, &desk, &approval, now).await?;
        tx.rescope().await?;
        door.record(
            approval.object(),
            approval.snapshot("open"),
            approval.snapshot(Ending::Stopped.word()),
        );
        Ok(())
    }
}

impl Identity {
    /// Whether a link still stops something; for the page that asks.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn keeps_owner(&self, token: &Secret) -> Result<bool, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let link = links::keeps_owner(&mut tx, &digest(token.expose()), now).await?;
        let open = match link {
            Some((_, approval)) => store::find(&mut tx, approval, now).await?,
            None => None,
        };
        tx.rollback().await?;
        Ok(open.is_some())
    }

    /// Stops what a letter told of, and tells every address of every owner and who asked. Logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more), or nothing is left to be stopped.
    pub async fn keep_owner(&self, token: &Secret) -> Result<(), Refusal> {
        let (hash, now) = (digest(token.expose()), self.clock().now());
        let mut tx = self.store.write().await?;
        let link = links::keeps_owner(&mut tx, &hash, now).await?;
        let (user, id) = link.ok_or(Refusal::NotFound)?;
        let found = store::find(&mut tx, id, now).await?;
        let approval = found.ok_or(Refusal::NotFound)?;
        stop(&mut tx, &self.desk, &approval, now).await?;
        self.note(
            &mut tx,
            "owner.change-stopped",
            Noted::User(user),
            (None, None),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
