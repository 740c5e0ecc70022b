//! Stopping it with the link in the letter.

use crate::approval::model::Ending;
use crate::approval::{letter, owner, store};
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::recovery::store as links;
use crate::secret_token::digest;
use wabe_access::Refusal;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Secret};

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
        if !store::end(&mut tx, id, Ending::Stopped, now).await? {
            return Err(Refusal::NotFound);
        }
        links::void_owner_keep(&mut tx, id, now).await?;
        let owners = owner::owners(&mut tx, approval.customer).await?;
        letter::off(&mut tx, &self.desk, (&approval, &owners), now).await?;
        let stopped = (MailKind::ApprovalStopped, "");
        letter::requester(&mut tx, &self.desk, &approval, stopped).await?;
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
