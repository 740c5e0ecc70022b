//! Proving oneself again before something sensitive.

use crate::identity::Identity;
use crate::lockout::store::Count;
use crate::lockout::throttle::{self, Subject};
use crate::session::model::Session;
use crate::session::store;
use crate::user::store as users;
use wabe_access::Refusal;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Problem, Secret, Timestamp};
use wabe_store::Tx;

impl Identity {
    /// Checks the password of a session's user; then sensitive commands are open for ten minutes and
    /// the session has the token that is answered.
    ///
    /// # Errors
    /// `Invalid` on the field `password` when it is wrong; `NotFound` once the session is over, which
    /// as many failures as lock an account bring about; `Busy`.
    pub async fn prove(&self, session: &Session, password: &Secret) -> Result<Secret, Refusal> {
        let slot = self.desk.passwords.enter(true).await?;
        let subject = Subject::session(&session.id.to_string());
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        let rules = (self.profile(), self.pepper());
        let count = throttle::count(&mut tx, rules, &subject, password, now).await?;
        let credential = users::credential(&mut tx, session.user).await?;
        tx.commit().await?;
        let hash = credential.as_ref().and_then(|known| known.hash.as_deref());
        let verified = self.desk.passwords.verify_in(slot, password, hash).await?;
        let open = credential.as_ref().is_some_and(|known| known.is_open(now));
        let mut tx = self.store.write().await?;
        if !(verified.ok && open && count.admitted) {
            if count.failures >= self.profile().lock_after {
                store::end(&mut tx, session.user, session.id).await?;
            }
            let user = Noted::User(session.user);
            self.note(&mut tx, "proof.failed", user, (None, None))
                .await?;
            tx.commit().await?;
            return Err(if count.failures >= self.profile().lock_after {
                Refusal::NotFound
            } else {
                Refusal::field("password", Problem::new("password-wrong"))
            });
        }
        throttle::reset(&mut tx, &subject).await?;
        store::proved(&mut tx, (session.id, session.user), now).await?;
        let token = self.rotate_in(&mut tx, session).await?;
        tx.commit().await?;
        token.ok_or(Refusal::NotFound)
    }

    /// Checks a code of the session's user's app; then sensitive commands are open for ten minutes and
    /// the session has the token that is answered. A recovery code is none.
    ///
    /// # Errors
    /// `Invalid` on the field `code` when it is wrong, was used before, or came too often; `NotFound`
    /// once the session is over, which as many failures as lock an account bring about.
    pub async fn prove_code(&self, session: &Session, code: &Secret) -> Result<Secret, Refusal> {
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        let count = self.count_proof(&mut tx, session, code, now).await?;
        let right = count.admitted && self.guess_code(&mut tx, session.user, code, now).await?;
        let wrong = Refusal::field("code", Problem::new("code-wrong"));
        let right = if right { Ok(()) } else { Err(wrong) };
        self.factor_shown(tx, session, (right, count.failures), now)
            .await
    }

    /// Counts a guess at what proves a session, before it is checked.
    pub(crate) async fn count_proof(
        &self,
        tx: &mut Tx,
        session: &Session,
        typed: &Secret,
        now: Timestamp,
    ) -> Result<Count, Fault> {
        let subject = Subject::session(&session.id.to_string());
        let rules = (self.profile(), self.pepper());
        throttle::count(tx, rules, &subject, typed, now).await
    }

    /// Ends the check of a second factor in a session: fresh and under another token, or noted, and over
    /// once that was wrong too often.
    pub(crate) async fn factor_shown(
        &self,
        mut tx: Tx,
        session: &Session,
        (right, failures): (Result<(), Refusal>, i64),
        now: Timestamp,
    ) -> Result<Secret, Refusal> {
        if let Err(wrong) = right {
            let over = failures >= self.profile().lock_after;
            if over {
                store::end(&mut tx, session.user, session.id).await?;
            }
            let user = Noted::User(session.user);
            self.note(&mut tx, "factor.failed", user, (None, Some("step-up")))
                .await?;
            tx.commit().await?;
            return Err(if over { Refusal::NotFound } else { wrong });
        }
        let subject = Subject::session(&session.id.to_string());
        throttle::reset(&mut tx, &subject).await?;
        store::factor_proved(&mut tx, (session.id, session.user), now).await?;
        let token = self.rotate_in(&mut tx, session).await?;
        tx.commit().await?;
        token.ok_or(Refusal::NotFound)
    }
}
