//! The last step of every login: the session, the device, what is told and noted.

use crate::identity::Identity;
use crate::lockout::device;
use crate::lockout::throttle::{self, Subject};
use crate::login::outcome::LoggedIn;
use crate::outbox::{MailKind, OutgoingMail};
use crate::session::login_agent::summarise;
use crate::session::open::Opening;
use crate::user::model::User;
use crate::user::store as users;
use std::net::IpAddr;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// Somebody who proved everything that they have to prove.
pub(crate) struct Entering<'a> {
    pub(crate) user: User,
    pub(crate) staff: bool,
    /// The known device, if it is one.
    pub(crate) device: Option<String>,
    /// Where this login was counted as a guess.
    pub(crate) subject: Subject,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: &'a str,
    /// When a second factor was proved.
    pub(crate) factor_at: Option<Timestamp>,
}

impl Identity {
    pub(crate) async fn enter(
        &self,
        tx: &mut Tx,
        entering: Entering<'_>,
        now: Timestamp,
    ) -> Result<LoggedIn, Fault> {
        let Entering { user, address, .. } = entering;
        throttle::succeed(tx, &entering.subject).await?;
        let opening = Opening {
            user: user.id,
            staff: entering.staff,
            must_change_password: user.must_change_password,
            address,
            user_agent: entering.user_agent,
            factor_at: entering.factor_at,
        };
        let (token, session) = self.open_session(tx, &opening, now).await?;
        let new_device = entering.device.is_none();
        let device = entering.device;
        let device = device.ok_or_else(|| summarise(entering.user_agent));
        let time = (now, self.rng());
        let device_cookie = device::remember(tx, self.pepper(), user.id, device, time).await?;
        if new_device && user.last_login_at.is_some() {
            let mail = OutgoingMail::new(user.email.clone(), user.language, MailKind::NewLogin);
            let mail = mail.with("device", &session.user_agent).with("at", &now);
            let mail = mail.with("address", &session.address);
            self.desk.outbox.queue(tx, mail).await?;
        }
        users::logged_in(tx, user.id, now).await?;
        let detail = if new_device {
            "new-device"
        } else {
            "known-device"
        };
        let (who, from) = (Noted::User(user.id), Some(address));
        self.note(tx, "login.succeeded", who, (from, Some(detail)))
            .await?;
        Ok(LoggedIn {
            user,
            session,
            token,
            device_cookie,
            new_device,
        })
    }
}
