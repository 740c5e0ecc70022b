//! The way past a lock.

use crate::identity::Identity;
use crate::lockout::throttle::{self, Subject};
use crate::recovery::store::{self, LinkKind};
use crate::secret_token::digest;
use wabe_access::Refusal;
use wabe_audit::Subject as Noted;

impl Identity {
    /// Opens a locked account's untrusted way in with a mailed link, once. Logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more).
    pub async fn unlock(&self, token: &str) -> Result<(), Refusal> {
        let now = self.clock().now();
        let hash = digest(token);
        let mut tx = self.store.write().await?;
        let found = store::find(&mut tx, &hash, now).await?;
        if found.is_none_or(|link| link.kind != LinkKind::Unlock) {
            return Err(Refusal::NotFound);
        }
        let user = store::use_up(&mut tx, &hash, now).await?;
        let user = user.ok_or(Refusal::NotFound)?;
        throttle::reset(&mut tx, &Subject::user(user)).await?;
        self.note(&mut tx, "login.unlocked", Noted::User(user), (None, None))
            .await?;
        Ok(tx.commit().await?)
    }
}
