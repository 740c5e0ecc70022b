//! A login whose password was right: it waits for the second factor, or for one to be set up.
//!
//! Invariants: it lies on this side only, lives for minutes, opens nothing but these steps, and has
//! another token after each of them; what is wrong is told alike and on the grid; a wrong code counts
//! where a wrong password counts. Source: bar 3.6, 3.2, 3.5 T2.

use crate::factor::demand::{self, Demand};
use crate::factor::{recovery_code, store as factors, totp};
use crate::factor_loss::store::{self as losses, Ending};
use crate::identity::Identity;
use crate::lockout::net;
use crate::lockout::throttle::{self, Subject};
use crate::login::enter::Entering;
use crate::login::outcome::{LoggedIn, LoginOutcome};
use crate::login::store;
use crate::outbox::{MailKind, OutgoingMail};
use crate::passkey::store as passkeys;
use crate::secret_token::{self, digest};
use crate::user::store as users;
use std::net::IpAddr;
use wabe_access::Actor;
use wabe_access::actor::HOUSE;
use wabe_audit::Subject as Noted;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, MailAddress, Secret, Timestamp};
use wabe_store::Tx;

/// What a login waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A code, or a passkey.
    Code,
    /// A second factor that is to be set up, because there is none and there must be one.
    Enrol,
    /// The same, after a recovery code: the app is lost.
    Recovered,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Code, Self::Enrol, Self::Recovered];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Enrol => "enrol",
            Self::Recovered => "recovered",
        }
    }

    pub(crate) fn from_word(word: &str) -> Result<Self, Fault> {
        let found = Self::ALL.into_iter().find(|stage| stage.word() == word);
        found.ok_or(Fault::new("read the stage of a login"))
    }
}

/// A login that is half done.
#[derive(Debug, Clone)]
pub struct Half {
    /// Whose.
    pub user: UserId,
    /// Whether it leads to the staff desk.
    pub staff: bool,
    /// What it waits for.
    pub stage: Stage,
    pub(crate) must_change_password: bool,
    /// The known device, if it is one.
    pub(crate) device: Option<String>,
    /// Where guesses are counted.
    pub(crate) subject: String,
    /// When the password was given.
    pub(crate) created_at: Timestamp,
}

impl Half {
    /// Who sets a second factor up in this login. The password was just given, and there is no session
    /// yet in which anything else could be done.
    #[must_use]
    pub const fn enroller(&self) -> Actor {
        if self.staff {
            return Actor::staff(self.user, self.created_at);
        }
        Actor::member(self.user, HOUSE, self.created_at)
    }
}

/// Somebody who goes on with a login.
#[derive(Debug)]
pub struct HalfLogin {
    /// The token that the next step needs, for a cookie.
    pub token: Secret,
    /// What it is.
    pub stage: Stage,
}

/// A request of a login that is half done.
#[derive(Debug)]
pub struct Step {
    /// The token of the login so far.
    pub token: Secret,
    /// From where.
    pub address: IpAddr,
    /// What the browser called itself.
    pub user_agent: String,
}

/// What became of a step.
#[derive(Debug)]
pub enum Stepped {
    /// The person is in.
    LoggedIn(Box<LoggedIn>),
    /// The login goes on elsewhere.
    Goes(HalfLogin),
    /// The one answer to everything that does not fit.
    Refused,
    /// There is no such login (any more).
    Over,
}

/// What somebody sees who sets a second factor up in their login.
pub struct Enrolment {
    /// Whose account it is.
    pub email: MailAddress,
    /// The app's secret.
    pub secret: crate::factor::code::TotpSecret,
    /// Why.
    pub demand: Option<Demand>,
}

impl Identity {
    /// Keeps a login whose password was right for its next step.
    pub(crate) async fn halve(&self, tx: &mut Tx, half: &Half) -> Result<LoginOutcome, Fault> {
        let token = secret_token::new(self.rng());
        store::insert(tx, &digest(token.expose()), half).await?;
        if half.stage == Stage::Enrol {
            let time = (half.created_at, self.rng());
            totp::begin(tx, self.pepper(), half.user, time).await?;
        }
        let stage = half.stage;
        Ok(LoginOutcome::Half(HalfLogin { token, stage }))
    }

    /// The login of a token that is half done.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn half_login(&self, token: &Secret) -> Result<Option<Half>, Fault> {
        let mut tx = self.store.read().await?;
        let found = store::find(&mut tx, &digest(token.expose()), self.clock().now()).await;
        tx.rollback().await?;
        found
    }

    /// What this login has to set up; nothing when it waits for something else.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn enrolment(&self, half: &Half) -> Result<Option<Enrolment>, Fault> {
        if half.stage == Stage::Code {
            return Ok(None);
        }
        let mut tx = self.store.read().await?;
        let now = self.clock().now();
        let secret = totp::pending(&mut tx, self.pepper(), half.user, now).await?;
        let demand = demand::of(&mut tx, &self.desk, half.user).await?;
        let user = users::find(&mut tx, half.user).await?;
        tx.rollback().await?;
        Ok(secret.zip(user).map(|(secret, user)| Enrolment {
            email: user.email,
            secret,
            demand,
        }))
    }

    /// Goes on with the code of an app. The answer leaves on the grid.
    ///
    /// # Errors
    /// A fault of the machine; nobody is logged in then.
    pub async fn pass_code(&self, step: &Step, code: &Secret) -> Result<Stepped, Fault> {
        let since = self.clock().now();
        let done = Box::pin(self.try_code(step, code, since)).await;
        self.pace(since).await;
        done
    }

    async fn try_code(&self, step: &Step, code: &Secret, now: Timestamp) -> Result<Stepped, Fault> {
        let hash = digest(step.token.expose());
        let mut tx = self.store.write().await?;
        let half = store::find(&mut tx, &hash, now).await?;
        let Some(half) = half.filter(|half| half.stage == Stage::Code) else {
            return Ok(Stepped::Over);
        };
        if !self.guess_code(&mut tx, half.user, code, now).await? {
            self.wrong(&mut tx, (&half, step), code, now).await?;
            tx.commit().await?;
            return Ok(Stepped::Refused);
        }
        losses::end(&mut tx, half.user, Ending::Found, now).await?;
        let stepped = self.finish(&mut tx, &half, step, Some(now)).await?;
        tx.commit().await?;
        Ok(stepped)
    }

    /// Notes a wrong code or passkey, where wrong passwords are noted and counted too.
    pub(crate) async fn wrong(
        &self,
        tx: &mut Tx,
        (half, step): (&Half, &Step),
        typed: &Secret,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let rules = (self.profile(), self.pepper());
        let subject = Subject::kept(&half.subject);
        throttle::count(tx, rules, &subject, typed, now).await?;
        net::failed(tx, self.pepper(), step.address, &subject, now).await?;
        let (who, from) = (Noted::User(half.user), Some(step.address));
        self.note(tx, "factor.failed", who, (from, Some("login")))
            .await?;
        self.count_failure(tx, now).await
    }

    /// Opens the session and ends the half. `None` for `factor_at` opens nothing sensitive.
    pub(crate) async fn finish(
        &self,
        tx: &mut Tx,
        half: &Half,
        step: &Step,
        factor_at: Option<Timestamp>,
    ) -> Result<Stepped, Fault> {
        let user = users::find(tx, half.user).await?;
        let first = store::end(tx, &digest(step.token.expose())).await?;
        let (true, Some(mut user)) = (first, user) else {
            return Ok(Stepped::Over);
        };
        user.must_change_password = half.must_change_password;
        let entering = Entering {
            user,
            staff: half.staff,
            device: half.device.clone(),
            subject: Subject::kept(&half.subject),
            address: step.address,
            user_agent: &step.user_agent,
            factor_at,
        };
        let entered = self.enter(tx, entering, self.clock().now()).await?;
        Ok(Stepped::LoggedIn(Box::new(entered)))
    }

    /// Goes on with a recovery code, once each. Its owner sets another app up next.
    ///
    /// # Errors
    /// A fault of the machine.
    pub async fn pass_recovery(&self, step: &Step, code: &Secret) -> Result<Stepped, Fault> {
        let since = self.clock().now();
        let done = Box::pin(self.try_recovery(step, code, since)).await;
        self.pace(since).await;
        done
    }

    async fn try_recovery(
        &self,
        step: &Step,
        code: &Secret,
        now: Timestamp,
    ) -> Result<Stepped, Fault> {
        let (old, token) = (digest(step.token.expose()), secret_token::new(self.rng()));
        let mut tx = self.store.write().await?;
        let half = store::find(&mut tx, &old, now).await?;
        let Some(half) = half.filter(|half| half.stage == Stage::Code) else {
            return Ok(Stepped::Over);
        };
        let hash = recovery_code::hash(code.expose());
        if !factors::use_code(&mut tx, half.user, &hash, now).await? {
            self.wrong(&mut tx, (&half, step), code, now).await?;
            tx.commit().await?;
            return Ok(Stepped::Refused);
        }
        let (stages, new) = ((Stage::Code, Stage::Recovered), digest(token.expose()));
        if !store::advance(&mut tx, (&old, &new), stages, now).await? {
            return Ok(Stepped::Over);
        }
        losses::end(&mut tx, half.user, Ending::Found, now).await?;
        totp::begin(&mut tx, self.pepper(), half.user, (now, self.rng())).await?;
        let left = factors::standing(&mut tx, half.user).await?.codes;
        if let Some(user) = users::find(&mut tx, half.user).await? {
            let mail = OutgoingMail::new(user.email, user.language, MailKind::RecoveryCodeUsed);
            let mail = mail.with("at", &now).with("count", &left);
            self.desk.outbox.queue(&mut tx, mail).await?;
        }
        let (who, from) = (Noted::User(half.user), Some(step.address));
        self.note(&mut tx, "factor.recovered", who, (from, None))
            .await?;
        tx.commit().await?;
        let stage = Stage::Recovered;
        Ok(Stepped::Goes(HalfLogin { token, stage }))
    }

    /// Goes on once the second factor that this login asked for was set up.
    ///
    /// # Errors
    /// A fault of the machine.
    pub async fn pass_enrolled(&self, step: &Step) -> Result<Stepped, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        let half = store::find(&mut tx, &digest(step.token.expose()), now).await?;
        let Some(half) = half.filter(|half| half.stage != Stage::Code) else {
            return Ok(Stepped::Over);
        };
        let app = factors::totp(&mut tx, half.user).await?;
        let app = app.and_then(|row| row.enrolled_at);
        let keys = passkeys::list(&mut tx, half.user).await?;
        let set_up = keys.iter().map(|key| key.created_at).max().max(app);
        if set_up.is_none_or(|at| at < half.created_at) {
            return Ok(Stepped::Refused);
        }
        let stepped = self.finish(&mut tx, &half, step, Some(now)).await?;
        tx.commit().await?;
        Ok(stepped)
    }

    /// Goes on after a recovery code without setting anything up. For who works here that is no way.
    ///
    /// # Errors
    /// A fault of the machine.
    pub async fn pass_for_now(&self, step: &Step) -> Result<Stepped, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        let half = store::find(&mut tx, &digest(step.token.expose()), now).await?;
        let Some(half) = half.filter(|half| half.stage == Stage::Recovered) else {
            return Ok(Stepped::Over);
        };
        let demand = demand::of(&mut tx, &self.desk, half.user).await?;
        if demand == Some(Demand::Staff) {
            return Ok(Stepped::Refused);
        }
        let stepped = self.finish(&mut tx, &half, step, None).await?;
        tx.commit().await?;
        Ok(stepped)
    }
}
