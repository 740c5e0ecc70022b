//! How often somebody may write to support without an account.

use crate::identity::Identity;
use crate::lockout::net::net_of;
use crate::lockout::rate;
use crate::recovery::request::{PER_ACCOUNT, PER_NET};
use std::net::IpAddr;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, MailAddress};

impl Identity {
    /// Whether whoever says they are reached at `email` may write from here now: a few times an hour for
    /// each address, and for each network. Whose address it is makes no difference. Source: bar 3.3 T1.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn may_write_in(&self, email: &MailAddress, from: IpAddr) -> Result<bool, Fault> {
        let now = self.clock().now();
        let (typed, net) = (email.to_string(), net_of(from));
        let pepper = self.pepper();
        let mut tx = self.store.write().await?;
        // What is over one limit does not use up the other: nobody can spend a stranger's.
        let may = rate::allows(&mut tx, pepper, ("contact net", &net), PER_NET, now).await?
            && rate::allows(&mut tx, pepper, ("contact", &typed), PER_ACCOUNT, now).await?;
        let detail = (!may).then_some("too-often");
        let who = Noted::Login(&typed);
        self.note(&mut tx, "help.written", who, (Some(from), detail))
            .await?;
        tx.commit().await?;
        Ok(may)
    }
}
