//! What follows from an attempt: a session, or a note that only the hoster reads.

use crate::identity::Identity;
use crate::lockout::throttle;
use crate::lockout::{device, net};
use crate::login::attempt::{Attempt, Claim, Counted};
use crate::outbox::{MailKind, OutgoingMail};
use crate::secret_token::digest;
use crate::session::login_agent::summarise;
use crate::session::model::Session;
use crate::session::open::Opening;
use crate::session::store as sessions;
use crate::user::model::{Credential, User};
use crate::user::store as users;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Secret, Timestamp};

/// How a login ended.
#[derive(Debug)]
pub enum LoginOutcome {
    /// The person is in.
    LoggedIn(Box<LoggedIn>),
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
    /// The device cookie; lives for [`device::DEVICE_DAYS`].
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
        throttle::succeed(&mut tx, &judged.counted.subject).await?;
        if let (Some(new), Some(old)) = (&judged.rehash, &judged.credential.hash) {
            users::rehash(&mut tx, user.id, old, new).await?;
        }
        if let Some(previous) = &attempt.previous_session {
            sessions::end_token(&mut tx, &digest(previous)).await?;
        }
        let age = self.profile().age_days_max;
        user.must_change_password = judged.credential.must_change(age, now) || judged.common;
        let opening = Opening {
            user: user.id,
            staff: attempt.staff,
            must_change_password: user.must_change_password,
            address: attempt.address,
            user_agent: &attempt.user_agent,
        };
        let (token, session) = self.open_session(&mut tx, &opening, now).await?;
        let known = judged.claim.device.clone();
        let new_device = known.is_none();
        let device = known.ok_or_else(|| summarise(&attempt.user_agent));
        let time = (now, self.rng());
        let device_cookie = device::remember(&mut tx, self.pepper(), user.id, device, time).await?;
        if new_device && user.last_login_at.is_some() {
            let mail = OutgoingMail::new(user.email.clone(), user.language, MailKind::NewLogin);
            let mail = mail.with("device", &session.user_agent).with("at", &now);
            let mail = mail.with("address", &session.address);
            self.desk.outbox.queue(&mut tx, mail).await?;
        }
        users::logged_in(&mut tx, user.id, now).await?;
        if judged.common {
            users::require_change(&mut tx, user.id).await?;
        }
        let detail = if new_device {
            "new-device"
        } else {
            "known-device"
        };
        let (who, from) = (Noted::User(user.id), Some(attempt.address));
        self.note(&mut tx, "login.succeeded", who, (from, Some(detail)))
            .await?;
        tx.commit().await?;
        Ok(LoginOutcome::LoggedIn(Box::new(LoggedIn {
            user,
            session,
            token,
            device_cookie,
            new_device,
        })))
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
