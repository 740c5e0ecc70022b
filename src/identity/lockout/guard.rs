//! SFTP logins under the rules of portal logins. Source: bar 3.2 T7.

use crate::identity::Identity;
use crate::lockout::net;
use crate::lockout::throttle::{self, Subject};
use std::net::IpAddr;
use wabe_audit::Subject as Noted;
use wabe_kernel::content::LoginGuard;
use wabe_kernel::desired::Working;
use wabe_kernel::{Fault, Secret};

impl Identity {
    async fn sftp_may_try(&self, login: &str, address: IpAddr) -> Result<bool, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let subject = Subject::sftp(self.pepper(), login);
        let open = throttle::is_open(&mut tx, &subject, now).await?;
        let waits = net::must_wait(&mut tx, self.pepper(), address, now).await?;
        tx.rollback().await?;
        Ok(open && !waits)
    }

    async fn sftp_ended(
        &self,
        login: &str,
        address: IpAddr,
        secret: &Secret,
        success: bool,
    ) -> Result<(), Fault> {
        let now = self.clock().now();
        let mut tx = self.store.write().await?;
        let subject = Subject::sftp(self.pepper(), login);
        let rules = (self.profile(), self.pepper());
        throttle::count(&mut tx, rules, &subject, secret, now).await?;
        if success {
            throttle::succeed(&mut tx, &subject).await?;
        } else {
            net::failed(&mut tx, self.pepper(), address, &subject, now).await?;
            let (who, from) = (Noted::Login(login), Some(address));
            self.note(&mut tx, "login.failed", who, (from, Some("sftp")))
                .await?;
            self.count_failure(&mut tx, now).await?;
        }
        tx.commit().await
    }
}

impl LoginGuard for Identity {
    fn may_try<'a>(&'a self, login: &'a str, address: IpAddr) -> Working<'a, bool> {
        Box::pin(async move {
            // Errors deny.
            self.sftp_may_try(login, address)
                .await
                .unwrap_or_else(|fault| {
                    tracing::error!(fault = fault.chain(), "an SFTP login could not be judged");
                    false
                })
        })
    }

    fn ended<'a>(
        &'a self,
        login: &'a str,
        address: IpAddr,
        secret: &'a Secret,
        success: bool,
    ) -> Working<'a, ()> {
        Box::pin(async move {
            if let Err(fault) = self.sftp_ended(login, address, secret, success).await {
                tracing::error!(fault = fault.chain(), "an SFTP login could not be counted");
            }
        })
    }
}
