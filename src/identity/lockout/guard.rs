//! SFTP logins under the rules of portal logins: counted before they are checked, and opened again by
//! a mailed link or with a new password. Source: bar 3.2 T2, T6, T7.

use crate::identity::Identity;
use crate::lockout::net;
use crate::lockout::store::Count;
use crate::lockout::throttle::{self, Subject};
use wabe_audit::Subject as Noted;
use wabe_kernel::content::{LoginGuard, UploadAttempt};
use wabe_kernel::desired::Working;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

impl Identity {
    fn way_in(&self, attempt: &UploadAttempt<'_>) -> Subject {
        Subject::sftp(self.pepper(), attempt.login, attempt.hash)
    }

    async fn sftp_may_check(&self, attempt: &UploadAttempt<'_>) -> Result<bool, Fault> {
        let now = self.clock().now();
        let (rules, subject) = ((self.profile(), self.pepper()), self.way_in(attempt));
        let mut tx = self.store.write().await?;
        let net_waits = net::must_wait(&mut tx, self.pepper(), attempt.address, now).await?;
        let count = if net_waits {
            // Not checked, hence not counted: whoever owns the login did nothing.
            Count::UNCOUNTED
        } else {
            throttle::count(&mut tx, rules, &subject, attempt.secret, now).await?
        };
        if !count.admitted {
            let detail = if net_waits {
                "sftp-net-waits"
            } else {
                self.mail_upload_unlock(&mut tx, attempt, &subject, now)
                    .await?;
                "sftp-locked"
            };
            self.sftp_failed(&mut tx, attempt, (&subject, detail), now)
                .await?;
        }
        tx.commit().await?;
        Ok(count.admitted)
    }

    async fn sftp_ended(&self, attempt: &UploadAttempt<'_>, success: bool) -> Result<(), Fault> {
        let now = self.clock().now();
        let subject = self.way_in(attempt);
        let mut tx = self.store.write().await?;
        if success {
            throttle::give_back(&mut tx, self.pepper(), &subject, attempt.secret).await?;
        } else {
            if throttle::is_locked(&mut tx, self.profile(), &subject, now).await? {
                self.mail_upload_unlock(&mut tx, attempt, &subject, now)
                    .await?;
            }
            self.sftp_failed(&mut tx, attempt, (&subject, "sftp"), now)
                .await?;
        }
        tx.commit().await
    }

    /// Notes a failure. To be asked last in a transaction, as everybody's failures meet in one row.
    async fn sftp_failed(
        &self,
        tx: &mut Tx,
        attempt: &UploadAttempt<'_>,
        (subject, detail): (&Subject, &'static str),
        now: Timestamp,
    ) -> Result<(), Fault> {
        net::failed(tx, self.pepper(), attempt.address, subject, now).await?;
        let (who, from) = (Noted::Login(attempt.login), Some(attempt.address));
        self.note(tx, "login.failed", who, (from, Some(detail)))
            .await?;
        self.count_failure(tx, now).await
    }
}

impl LoginGuard for Identity {
    fn may_check<'a>(&'a self, attempt: UploadAttempt<'a>) -> Working<'a, bool> {
        Box::pin(async move {
            // Errors deny.
            self.sftp_may_check(&attempt).await.unwrap_or_else(|fault| {
                tracing::error!(fault = fault.chain(), "an SFTP login could not be judged");
                false
            })
        })
    }

    fn ended<'a>(&'a self, attempt: UploadAttempt<'a>, success: bool) -> Working<'a, ()> {
        Box::pin(async move {
            if let Err(fault) = self.sftp_ended(&attempt, success).await {
                tracing::error!(fault = fault.chain(), "an SFTP login could not be counted");
            }
        })
    }
}
