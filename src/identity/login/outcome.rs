//! What follows from an attempt: a session, or a note that only the hoster reads.

use crate::factor::{demand, store as factors};
use crate::identity::Identity;
use crate::lockout::net;
use crate::login::attempt::{Attempt, Claim, Counted};
use crate::login::enter::Entering;
use crate::login::half::{Half, HalfLogin, Stage};
use crate::secret_token::digest;
use crate::session::model::Session;
use crate::session::store as sessions;
use crate::user::model::{Credential, User};
use crate::user::store as users;
use wabe_audit::Subject as Noted;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::Tx;

/// How a login ended.
#[derive(Debug)]
pub enum LoginOutcome {
    /// The person is in.
    LoggedIn(Box<LoggedIn>),
    /// The password was right; a second factor is still to come.
    Half(HalfLogin),
    /// The one answer to everything else.
    Refused,
    /// The machine is too busy to check anybody; try again after so many seconds.
    Busy(u32),
}

/// Somebody who is in.
#[derive(Debug)]
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// Their session.
    pub session: Session,
    /// Its token, for the cookie.
    pub token: Secret,
    /// The device cookie; lives for [`DEVICE_DAYS`](crate::lockout::device::DEVICE_DAYS).
    pub device_cookie: Secret,
    /// Whether this browser was unknown until now.
    pub new_device: bool,
}

/// A successful attempt with what was found out about it.
pub(crate) struct Judged<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) credential: &'a Credential,
    pub(crate) counted: &'a Counted,
    pub(crate) rehash: Option<String>,
    pub(crate) common: bool,
    /// Characters of the password.
    pub(crate) length: usize,
}

impl Identity {
    pub(crate) async fn let_in(
        &self,
        attempt: &Attempt,
        judged: &Judged<'_>,
        now: Timestamp,
    ) -> Result<LoginOutcome, Fault> {
        let mut user = judged.credential.user.clone();
        let mut tx = self.store.write().await?;
        if let (Some(new), Some(old)) = (&judged.rehash, &judged.credential.hash) {
            users::rehash(&mut tx, user.id, old, new).await?;
        }
        if let Some(previous) = &attempt.previous_session {
            sessions::end_token(&mut tx, &digest(previous)).await?;
        }
        let stage = self.stage(&mut tx, user.id).await?;
        // What was long enough beside a second factor is not when that is gone.
        let short = judged.length < self.profile().fewest(stage.is_some());
        let age = self.profile().age_days_max;
        user.must_change_password =
            judged.credential.must_change(age, now) || judged.common || short;
        if judged.common || short {
            users::require_change(&mut tx, user.id).await?;
        }
        let (device, subject) = (judged.claim.device.clone(), judged.counted.subject.clone());
        let outcome = if let Some(stage) = stage {
            let half = Half {
                user: user.id,
                staff: attempt.staff,
                stage,
                must_change_password: user.must_change_password,
                device,
                subject: subject.as_str().to_owned(),
                created_at: now,
            };
            self.halve(&mut tx, &half).await?
        } else {
            let entering = Entering {
                user,
                staff: attempt.staff,
                device,
                subject,
                address: attempt.address,
                user_agent: &attempt.user_agent,
                factor_at: None,
            };
            let entered = self.enter(&mut tx, entering, now).await?;
            LoginOutcome::LoggedIn(Box::new(entered))
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// What a login waits for after its password; nothing when that is all.
    async fn stage(&self, tx: &mut Tx, user: UserId) -> Result<Option<Stage>, Fault> {
        if factors::standing(tx, user).await?.any() {
            return Ok(Some(Stage::Code));
        }
        let demand = demand::of(tx, &self.desk, user).await?;
        Ok(demand.map(|_why| Stage::Enrol))
    }

    pub(crate) async fn turn_away(
        &self,
        attempt: &Attempt,
        claim: &Claim,
        counted: &Counted,
        now: Timestamp,
    ) -> Result<LoginOutcome, Fault> {
        let mut tx = self.store.write().await?;
        net::failed(&mut tx, self.pepper(), attempt.address, &claim.account, now).await?;
        let locks = self.profile().lock_seconds(counted.count.failures) > 0;
        let locked = !counted.trusted && !counted.net_waits && (!counted.admitted() || locks);
        let open = claim.credential.as_ref().filter(|known| known.is_open(now));
        if let (true, Some(known)) = (locked, open) {
            self.mail_unlock(&mut tx, &known.user, now).await?;
        }
        let who = match &claim.credential {
            Some(known) => Noted::User(known.user.id),
            None => Noted::Login(&claim.typed),
        };
        let detail = match (&claim.credential, counted.admitted()) {
            (_, false) if counted.net_waits && !counted.trusted => "net-waits",
            (_, false) => "locked",
            (None, true) => "unknown",
            (Some(known), true) if known.user.disabled_at.is_some() => "disabled",
            (Some(known), true) if !known.is_open(now) => "expired",
            (Some(_), true) => "wrong",
        };
        let from = Some(attempt.address);
        self.note(&mut tx, "login.failed", who, (from, Some(detail)))
            .await?;
        self.count_failure(&mut tx, now).await?;
        tx.commit().await?;
        Ok(LoginOutcome::Refused)
    }
}
