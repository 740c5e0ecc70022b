//! What somebody can ask for by their address alone who cannot get in: the letter that is lost or lapsed,
//! or the way past a lock.
//!
//! The answer is the same whatever there is to the address, and leaves on the grid. Source: bar 3.3 T1,
//! T3, 3.4 T2.

use crate::identity::Identity;
use crate::invitation::renew::RenewInvitation;
use crate::invitation::store as invitations;
use crate::lockout::net::net_of;
use crate::lockout::rate;
use crate::lockout::throttle::{self, Subject};
use crate::recovery::request::{PER_ACCOUNT, PER_NET, mail_link, typed_address};
use crate::recovery::store::LinkKind;
use crate::user::model::Credential;
use crate::user::store as users;
use std::net::IpAddr;
use wabe_access::{Actor, Gate, Mode, Refusal};
use wabe_audit::Subject as Noted;
use wabe_kernel::id::{CustomerId, InvitationId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// For how many days after its end an invitation is sent again without whoever invited.
const LAPSED_DAYS: i64 = 30;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// The letter with the link to a first password, or the one with an invitation.
    Letter,
    /// The way past a lock.
    Unlock,
}

impl Help {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Letter, Self::Unlock];

    /// The word in addresses and message names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Unlock => "unlock",
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Letter => "help.letter-requested",
            Self::Unlock => "help.unlock-requested",
        }
    }
}

impl Identity {
    /// Queues whatever helps whoever reads `email`. The answer is always the same and leaves on the grid.
    ///
    /// # Errors
    /// A fault of the machine.
    pub async fn request_help(
        &self,
        gate: &Gate,
        help: Help,
        (email, address): (&str, IpAddr),
    ) -> Result<(), Fault> {
        let since = self.clock().now();
        let done = Box::pin(self.try_help(gate, help, (email, address), since)).await;
        self.pace(since).await;
        done
    }

    async fn try_help(
        &self,
        gate: &Gate,
        help: Help,
        (email, from): (&str, IpAddr),
        now: Timestamp,
    ) -> Result<(), Fault> {
        let typed = typed_address(email);
        let (pepper, net) = (self.pepper(), net_of(from));
        let mut tx = self.store.write().await?;
        let may = rate::allows(&mut tx, pepper, ("help net", &net), PER_NET, now).await?
            && rate::allows(&mut tx, pepper, ("help", &typed), PER_ACCOUNT, now).await?;
        let known = users::credential_by_text(&mut tx, &typed).await?;
        let known = known.filter(|known| known.user.disabled_at.is_none());
        if let (true, Some(known)) = (may, &known) {
            let kind = kind(&mut tx, help, known, now).await?;
            let time = (now, self.rng());
            mail_link(&mut tx, &self.desk, &known.user, kind, time).await?;
        }
        let who = match &known {
            Some(known) => Noted::User(known.user.id),
            None => Noted::Login(&typed),
        };
        let detail = (!may).then_some("too-often");
        self.note(&mut tx, help.event(), who, (Some(from), detail))
            .await?;
        let invited = match help {
            Help::Letter if may => invited(&mut tx, &typed, now).await?,
            _ => Vec::new(),
        };
        tx.commit().await?;
        for (customer, id) in invited {
            let renew = RenewInvitation { id };
            let panel = Actor::system(customer);
            let sent = Box::pin(gate.run(&panel, renew, Mode::Commit)).await;
            // Taken back or accepted meanwhile: nothing is left to be sent.
            if let Err(Refusal::Fault(fault)) = sent {
                return Err(fault);
            }
        }
        Ok(())
    }
}

/// Which link helps somebody: without a password it is the first one; without a lock, a new password.
async fn kind(
    tx: &mut Tx,
    help: Help,
    known: &Credential,
    now: Timestamp,
) -> Result<LinkKind, Fault> {
    if known.hash.is_none() {
        return Ok(LinkKind::Setup);
    }
    let locked = !throttle::is_open(tx, &Subject::user(known.user.id), now).await?;
    Ok(match help {
        Help::Unlock if locked => LinkKind::Unlock,
        Help::Letter | Help::Unlock => LinkKind::Reset,
    })
}

async fn invited(
    tx: &mut Tx,
    typed: &str,
    now: Timestamp,
) -> Result<Vec<(CustomerId, InvitationId)>, Fault> {
    invitations::of_address(tx, typed, now.plus_days(-LAPSED_DAYS)).await
}
