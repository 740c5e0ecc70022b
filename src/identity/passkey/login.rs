//! A passkey in place of a code: in a login that waits for one, and in a session that must prove itself.

use crate::factor_loss::store::{self as losses, Ending};
use crate::identity::Identity;
use crate::login::half::{Half, Stage, Step, Stepped};
use crate::login::store as halves;
use crate::passkey::assertion::{Asking, Assertion};
use crate::passkey::challenge::Purpose;
use crate::secret_token::digest;
use crate::session::model::Session;
use wabe_access::Refusal;
use wabe_kernel::{Fault, Problem, Secret, Timestamp};

impl Identity {
    /// What a login that waits for its code may be answered with instead.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn ask_second(&self, half: &Half, token: &Secret) -> Result<Asking, Fault> {
        let subject = digest(token.expose());
        self.ask_passkey(half.user, (Purpose::Second, &subject))
            .await
    }

    /// Goes on with a login by a passkey in place of a code. The answer leaves on the grid.
    ///
    /// # Errors
    /// A fault of the machine; nobody is logged in then.
    pub async fn pass_passkey(&self, step: &Step, signed: &Assertion) -> Result<Stepped, Fault> {
        let since = self.clock().now();
        let done = Box::pin(self.try_passkey(step, signed, since)).await;
        self.pace(since).await;
        done
    }

    async fn try_passkey(
        &self,
        step: &Step,
        signed: &Assertion,
        now: Timestamp,
    ) -> Result<Stepped, Fault> {
        let hash = digest(step.token.expose());
        let mut tx = self.store.write().await?;
        let half = halves::find(&mut tx, &hash, now).await?;
        let Some(half) = half.filter(|half| half.stage == Stage::Code) else {
            return Ok(Stepped::Over);
        };
        let about = (Purpose::Second, hash.as_str());
        let right = self
            .signed(&mut tx, half.user, (about, signed), now)
            .await?;
        if !right {
            let typed = Secret::new(signed.client_data.clone());
            self.wrong(&mut tx, (&half, step), &typed, now).await?;
            tx.commit().await?;
            return Ok(Stepped::Refused);
        }
        losses::end(&mut tx, half.user, Ending::Found, now).await?;
        let stepped = self.finish(&mut tx, &half, step, Some(now)).await?;
        tx.commit().await?;
        Ok(stepped)
    }

    /// What a session may be proved with.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn ask_proof(&self, session: &Session) -> Result<Asking, Fault> {
        let subject = session.id.to_string();
        self.ask_passkey(session.user, (Purpose::Prove, &subject))
            .await
    }

    /// Takes a passkey of the session's user as a fresh proof; then sensitive commands are open for ten
    /// minutes and the session has the token that is answered.
    ///
    /// # Errors
    /// `Invalid` on the field `passkey` when anything does not fit; `NotFound` once the session is over,
    /// which as many failures as lock an account bring about.
    pub async fn prove_passkey(
        &self,
        session: &Session,
        signed: &Assertion,
    ) -> Result<Secret, Refusal> {
        let now = self.clock().now();
        let subject = session.id.to_string();
        let mut tx = self.store.write().await?;
        let typed = Secret::new(signed.client_data.clone());
        let count = self.count_proof(&mut tx, session, &typed, now).await?;
        let about = (Purpose::Prove, subject.as_str());
        let right = count.admitted
            && self
                .signed(&mut tx, session.user, (about, signed), now)
                .await?;
        let wrong = Refusal::field("passkey", Problem::new("passkey-wrong"));
        let right = if right { Ok(()) } else { Err(wrong) };
        self.factor_shown(tx, session, (right, count.failures), now)
            .await
    }
}
