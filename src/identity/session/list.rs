//! One's own sessions and devices: seeing them, ending them.

use crate::identity::Identity;
use crate::lockout::store::{Device, device_list, device_revoke, device_revoke_all};
use crate::secret_token::digest;
use crate::session::model::ListedSession;
use crate::session::store;
use wabe_audit::Subject;
use wabe_kernel::Fault;
use wabe_kernel::id::{SessionId, UserId};

impl Identity {
    /// A user's sessions, the latest used first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn list_sessions(&self, user: UserId) -> Result<Vec<ListedSession>, Fault> {
        let mut tx = self.store.read().await?;
        let found = store::list(&mut tx, user).await;
        tx.rollback().await?;
        let now = self.clock().now();
        let live = |session: &ListedSession| {
            let times = self.profile().session(session.staff);
            now.seconds_since(session.last_seen_at) < times.idle_seconds
                && now.seconds_since(session.created_at) < times.absolute_seconds
        };
        Ok(found?.into_iter().filter(live).collect())
    }

    /// Ends one session of a user; false when there is no such session of theirs.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn end_session(&self, user: UserId, id: SessionId) -> Result<bool, Fault> {
        let mut tx = self.store.write().await?;
        let ended = store::end(&mut tx, user, id).await?;
        if ended {
            self.note(&mut tx, "session.ended", Subject::User(user), (None, None))
                .await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends the session of a token: logout.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn log_out(&self, token: &str) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        store::end_token(&mut tx, &digest(token)).await?;
        tx.commit().await
    }

    /// Ends all sessions of a user, except `keep`; answers how many.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn end_sessions(&self, user: UserId, keep: Option<SessionId>) -> Result<u64, Fault> {
        let mut tx = self.store.write().await?;
        let ended = store::end_others(&mut tx, user, keep).await?;
        self.note(
            &mut tx,
            "session.ended-all",
            Subject::User(user),
            (None, None),
        )
        .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The browsers a user logged in from, the latest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn list_devices(&self, user: UserId) -> Result<Vec<Device>, Fault> {
        let mut tx = self.store.read().await?;
        let found = device_list(&mut tx, user, self.clock().now()).await;
        tx.rollback().await?;
        found
    }

    /// Makes one browser unknown again, or all of them; answers whether any was known.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn forget_device(&self, user: UserId, device: Option<&str>) -> Result<bool, Fault> {
        let mut tx = self.store.write().await?;
        let forgotten = match device {
            Some(device) => device_revoke(&mut tx, user, device).await?,
            None => device_revoke_all(&mut tx, user).await? > 0,
        };
        if forgotten {
            let whose = Subject::User(user);
            self.note(&mut tx, "device.forgotten", whose, (None, None))
                .await?;
        }
        tx.commit().await?;
        Ok(forgotten)
    }
}
