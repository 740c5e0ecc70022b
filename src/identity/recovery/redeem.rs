//! Setting a password with a mailed link.

use crate::factor::demand;
use crate::identity::Identity;
use crate::lockout::store::device_revoke_all;
use crate::lockout::throttle::{self, Subject};
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store;
use crate::secret_token::digest;
use crate::session::store as sessions;
use crate::token::end as tokens;
use crate::user::model::User;
use crate::user::{set_password, store as users};
use wabe_access::Refusal;
use wabe_access::command::{HashFor, Hashing as _};
use wabe_audit::Subject as Noted;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::Tx;

impl Identity {
    /// Whether a link for a password still works; for the page that asks for the new one.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn link_works(&self, token: &str) -> Result<bool, Fault> {
        Ok(self.linked(token).await?.is_some())
    }

    /// Whether the password that this link sets stands beside a second factor, so that it may be
    /// shorter; no, when the link does not work.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn link_beside_factor(&self, token: &str) -> Result<bool, Fault> {
        match self.linked(token).await? {
            Some(user) => self.stands_beside_factor(user).await,
            None => Ok(false),
        }
    }

    async fn linked(&self, token: &str) -> Result<Option<UserId>, Fault> {
        let mut tx = self.store.read().await?;
        let found = store::find(&mut tx, &digest(token), self.clock().now()).await?;
        tx.rollback().await?;
        let fitting = found.filter(|link| link.kind.sets_password());
        Ok(fitting.map(|link| link.user))
    }

    /// Sets a password with a mailed link, once. Ends all sessions, makes all devices unknown, revokes
    /// all API tokens, tells the person by mail, and logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more), `Invalid` on `new_password`, `Busy`.
    pub async fn redeem(&self, token: &str, new_password: &Secret) -> Result<(), Refusal> {
        let user = self.linked(token).await?.ok_or(Refusal::NotFound)?;
        let mut tx = self.store.read().await?;
        let known = users::credential(&mut tx, user).await?;
        let history = users::history(&mut tx, user, self.profile().history).await?;
        let beside = demand::stands_beside(&mut tx, &self.desk, user).await?;
        tx.rollback().await?;
        let known = known.ok_or(Refusal::NotFound)?;
        set_password::check(&self.desk, (&known, beside), &history, new_password).await?;
        let passwords = &self.desk.passwords;
        let hash = passwords.hash(new_password, HashFor::Panel).await?;
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        // The link is used up in one statement: of many who come at once, one gets further.
        let first = store::use_up(&mut tx, &digest(token), now).await?;
        if first != Some(user) {
            return Err(Refusal::NotFound);
        }
        self.recovered(&mut tx, &known.user, &hash, now).await?;
        Ok(tx.commit().await?)
    }

    async fn recovered(
        &self,
        tx: &mut Tx,
        user: &User,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let time = (now, self.rng());
        users::set_password(tx, user.id, hash, self.profile().history, time).await?;
        store::supersede_all(tx, user.id, now).await?;
        sessions::end_others(tx, user.id, None).await?;
        device_revoke_all(tx, user.id).await?;
        tokens::all(tx, user.id, now).await?;
        throttle::reset(tx, &Subject::user(user.id)).await?;
        let mail = OutgoingMail::new(user.email.clone(), user.language, MailKind::PasswordChanged);
        self.desk.outbox.queue(tx, mail.with("at", &now)).await?;
        let who = Noted::User(user.id);
        self.note(tx, "password.reset", who, (None, None)).await
    }
}
