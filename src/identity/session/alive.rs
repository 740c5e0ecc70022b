//! Whether a session still stands, for whoever keeps a stream open in its name.

use crate::identity::Identity;
use wabe_kernel::Fault;
use wabe_kernel::id::SessionId;
use wabe_store::statements;

statements! {
    ALIVE = "identity.session.alive" =>
        "SELECT s.created_at, s.last_seen_at, s.staff FROM session s \
         JOIN wabe_user u ON u.id = s.user_id WHERE s.id = $1 AND u.disabled_at IS NULL \
         AND (s.customer_id IS NULL OR EXISTS (SELECT 1 FROM member m \
              WHERE m.user_id = s.user_id AND m.customer_id = s.customer_id)) \
         AND (s.staff = 0 OR EXISTS (SELECT 1 FROM staff f WHERE f.user_id = s.user_id))";
}

impl Identity {
    /// Whether the session still stands; does not count as use.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn is_alive(&self, session: SessionId) -> Result<bool, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let row = ALIVE.bind(session).optional(&mut tx).await?;
        tx.rollback().await?;
        let Some(row) = row else { return Ok(false) };
        let limits = self.profile().session(row.flag("staff")?);
        Ok(
            now.seconds_since(row.time("last_seen_at")?) < limits.idle_seconds
                && now.seconds_since(row.time("created_at")?) < limits.absolute_seconds,
        )
    }
}
