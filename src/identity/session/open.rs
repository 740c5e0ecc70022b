//! Opening, finding and rotating sessions.

use crate::factor::store as factors;
use crate::identity::Identity;
use crate::secret_token::{self, digest};
use crate::session::login_agent::summarise;
use crate::session::model::{Session, sessions_max};
use crate::session::store;
use std::net::IpAddr;
use wabe_access::member;
use wabe_audit::stream::shorten;
use wabe_kernel::id::{CustomerId, SessionId, UserId};
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::Tx;

/// How often the time of the last use is written, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// Who opens a session, and from where.
pub(crate) struct Opening<'a> {
    pub(crate) user: UserId,
    pub(crate) staff: bool,
    pub(crate) must_change_password: bool,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: &'a str,
    pub(crate) factor_at: Option<Timestamp>,
}

impl Identity {
    /// A new session of somebody who just proved themselves. The oldest end when there are too many.
    pub(crate) async fn open_session(
        &self,
        tx: &mut Tx,
        opening: &Opening<'_>,
        now: Timestamp,
    ) -> Result<(Secret, Session), Fault> {
        let token = secret_token::new(self.rng());
        let has = factors::standing(tx, opening.user).await?;
        let session = Session {
            id: SessionId::new(now, self.rng()),
            user: opening.user,
            staff: opening.staff,
            works_here: !member::staff_roles(tx, opening.user).await?.is_empty(),
            customer: self.first_customer(tx, opening).await?,
            authenticated_at: now,
            second_factor_at: opening.factor_at,
            has_factor: has.any(),
            has_app: has.totp,
            has_passkey: has.passkeys > 0,
            created_at: now,
            last_seen_at: now,
            address: shorten(opening.address),
            user_agent: summarise(opening.user_agent),
            must_change_password: opening.must_change_password,
            csrf_secret: secret_token::new(self.rng()),
        };
        store::insert(tx, &session, &digest(token.expose())).await?;
        store::trim(tx, opening.user, opening.staff, sessions_max(opening.staff)).await?;
        Ok((token, session))
    }

    async fn first_customer(
        &self,
        tx: &mut Tx,
        opening: &Opening<'_>,
    ) -> Result<Option<CustomerId>, Fault> {
        if opening.staff {
            return Ok(None);
        }
        let places = member::of_user(tx, opening.user).await?;
        Ok(places.first().map(|(customer, _)| *customer))
    }

    /// The live session of a token: not idle or old for too long, its user not disabled, their place
    /// in the customer or at the hoster still there. Notes the use at most once a minute.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn find_session(&self, token: &str) -> Result<Option<Session>, Fault> {
        if token.len() > 128 {
            return Ok(None);
        }
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let found = store::find(&mut tx, &digest(token)).await?;
        tx.rollback().await?;
        let Some((mut session, changed_at)) = found else {
            return Ok(None);
        };
        if self.is_over(&session, now) {
            return Ok(None);
        }
        let aged = match (self.profile().age_days_max, changed_at) {
            (Some(days), Some(at)) => now >= at.plus_days(days + 1),
            _ => false,
        };
        session.must_change_password |= aged;
        if now.seconds_since(session.last_seen_at) >= TOUCH_SECONDS {
            let before = now.plus_seconds(-TOUCH_SECONDS);
            let mut tx = self.store.write().await?;
            store::touch(&mut tx, session.id, now, before.plus_seconds(1)).await?;
            tx.commit().await?;
            session.last_seen_at = now;
        }
        Ok(Some(session))
    }

    fn is_over(&self, session: &Session, now: Timestamp) -> bool {
        let times = self.profile().session(session.staff);
        let idle = now.seconds_since(session.last_seen_at) >= times.idle_seconds;
        let old = now.seconds_since(session.created_at) >= times.absolute_seconds;
        idle || old || now < session.created_at
    }

    /// Gives a session another token; the old one is dead. `None` when the session ended meanwhile.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn rotate_session(&self, session: &Session) -> Result<Option<Secret>, Fault> {
        let mut tx = self.store.write().await?;
        let token = self.rotate_in(&mut tx, session).await?;
        tx.commit().await?;
        Ok(token)
    }

    pub(crate) async fn rotate_in(
        &self,
        tx: &mut Tx,
        session: &Session,
    ) -> Result<Option<Secret>, Fault> {
        let token = secret_token::new(self.rng());
        let csrf_secret = secret_token::new(self.rng());
        let hash = digest(token.expose());
        let place = (session.id, session.user);
        let rotated = store::rotate(tx, place, &hash, &csrf_secret).await?;
        Ok(rotated.then_some(token))
    }
}
