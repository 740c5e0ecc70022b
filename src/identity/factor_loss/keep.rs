//! Stopping it with the link in the letter.

use crate::factor_loss::letter;
use crate::factor_loss::store::{self, Ending};
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::recovery::store::{self as links, LinkKind};
use crate::secret_token::digest;
use crate::user::store as users;
use wabe_access::Refusal;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Secret};

impl Identity {
    /// Whether a link still stops something; for the page that asks.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn keeps_factor(&self, token: &Secret) -> Result<bool, Fault> {
        let mut tx = self.store.read().await?;
        let now = self.clock().now();
        let link = links::find(&mut tx, &digest(token.expose()), now).await?;
        let link = link.filter(|link| link.kind == LinkKind::FactorKeep);
        let open = match link {
            Some(link) => store::open_of(&mut tx, link.user).await?,
            None => None,
        };
        tx.rollback().await?;
        Ok(open.is_some())
    }

    /// Stops the request that a letter told of, and tells every address. Logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more), or nothing is left to be stopped.
    pub async fn keep_factor(&self, token: &Secret) -> Result<(), Refusal> {
        let (hash, now) = (digest(token.expose()), self.clock().now());
        let mut tx = self.store.write().await?;
        let link = links::find(&mut tx, &hash, now).await?;
        let link = link.filter(|link| link.kind == LinkKind::FactorKeep);
        let id = link.ok_or(Refusal::NotFound)?.user;
        if !store::end(&mut tx, id, Ending::Kept, now).await? {
            return Err(Refusal::NotFound);
        }
        links::supersede(&mut tx, id, LinkKind::FactorKeep, now).await?;
        let user = users::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
        let about = (&user, MailKind::FactorLossStopped);
        letter::ended(&mut tx, &self.desk, about, (now, "")).await?;
        self.note(
            &mut tx,
            "factor.loss-stopped",
            Noted::User(id),
            (None, None),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
