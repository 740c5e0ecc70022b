//! Asking for links.

use crate::desk::Desk;
use crate::identity::Identity;
use crate::lockout::net::net_of;
use crate::lockout::rate;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::store::{self, Link, LinkKind};
use crate::secret_token::{self, digest};
use crate::user::model::User;
use crate::user::store as users;
use std::net::IpAddr;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, MailAddress, Rng, Timestamp};
use wabe_store::Tx;

/// Requests an hour for one account, and from one net. Source: bar 3.4 T2.
pub(crate) const PER_ACCOUNT: i64 = 3;
pub(crate) const PER_NET: i64 = 10;

/// An address as it is looked for, whatever was typed.
pub(crate) fn typed_address(typed: &str) -> String {
    match typed.parse::<MailAddress>() {
        Ok(address) => address.to_string(),
        Err(_not_an_address) => typed.trim().chars().take(254).collect(),
    }
}

/// Makes a link of `kind` for a user and queues the mail that holds it.
pub(crate) async fn mail_link(
    tx: &mut Tx,
    desk: &Desk,
    user: &User,
    kind: LinkKind,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    let token = secret_token::new(rng);
    let link = Link::of(kind, user.id);
    store::insert(tx, link, &digest(token.expose()), now).await?;
    let about = match kind {
        LinkKind::Unlock => MailKind::Unlock,
        LinkKind::Setup => MailKind::Setup,
        _ => MailKind::Reset,
    };
    let mail = OutgoingMail::new(user.email.clone(), user.language, about);
    let mail = mail.with("until", &now.plus_seconds(kind.seconds()));
    desk.outbox
        .queue(tx, mail.linking(kind.word(), &token))
        .await
}

impl Identity {
    /// Queues the way to a new password, if `email` is somebody's. The answer is always the same and
    /// leaves on the grid.
    ///
    /// # Errors
    /// A fault of the machine.
    pub async fn request_reset(&self, email: &str, address: IpAddr) -> Result<(), Fault> {
        let since = self.clock().now();
        let done = Box::pin(self.try_request(email, address, since)).await;
        self.pace(since).await;
        done
    }

    async fn try_request(&self, email: &str, from: IpAddr, now: Timestamp) -> Result<(), Fault> {
        let typed = typed_address(email);
        let pepper = self.pepper();
        let net = net_of(from);
        let mut tx = self.store.write().await?;
        let net_may = rate::allows(&mut tx, pepper, ("reset net", &net), PER_NET, now).await?;
        // What is over one limit does not use up the other: nobody can spend a stranger's requests.
        let may =
            net_may && rate::allows(&mut tx, pepper, ("reset", &typed), PER_ACCOUNT, now).await?;
        let known = users::credential_by_text(&mut tx, &typed).await?;
        let known = known.filter(|known| known.user.disabled_at.is_none());
        if let (true, Some(known)) = (may, &known) {
            let time = (now, self.rng());
            mail_link(&mut tx, &self.desk, &known.user, LinkKind::Reset, time).await?;
        }
        let who = match &known {
            Some(known) => Noted::User(known.user.id),
            None => Noted::Login(&typed),
        };
        let detail = (!may).then_some("too-often");
        self.note(&mut tx, "reset.requested", who, (Some(from), detail))
            .await?;
        tx.commit().await
    }

    /// Queues the way past a lock, at most three times an hour.
    pub(crate) async fn mail_unlock(
        &self,
        tx: &mut Tx,
        user: &User,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let whom = user.id.to_string();
        let may = rate::allows(tx, self.pepper(), ("unlock", &whom), PER_ACCOUNT, now).await?;
        if may {
            let time = (now, self.rng());
            mail_link(tx, &self.desk, user, LinkKind::Unlock, time).await?;
        }
        Ok(())
    }
}
