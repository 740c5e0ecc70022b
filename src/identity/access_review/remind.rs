//! What happens to reviews and requests by itself.

use crate::access_review::quarter::quarter;
use crate::access_review::store;
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::staff::letter::{About, tell_all};
use crate::staff::request_store as requests;
use crate::user::store as users;
use wabe_access::{Permission, member};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// How long the first people of a house have to come.
const SETTLED_SECONDS: i64 = 600;

impl Identity {
    /// Whether the quarter's review shall begin: there is none, and somebody has worked here for a while,
    /// so that the review of a house that was just set up is not of nobody.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn review_due(&self) -> Result<bool, Fault> {
        let now = self.clock().now();
        let quarter = quarter(now)?;
        let mut tx = self.store.read().await?;
        let there = store::exists(&mut tx, &quarter).await?;
        let held = member::staff_since(&mut tx).await?;
        tx.rollback().await?;
        let settled = |since: Timestamp| now.seconds_since(since) >= SETTLED_SECONDS;
        Ok(!there && held.iter().any(|(_, _, since)| settled(*since)))
    }

    /// Writes one letter to everybody who may answer what waits too long: of requests to who gives roles
    /// and who asks for them, of reviews to who reviews.
    pub(crate) async fn remind(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        for request in requests::late(tx, now).await? {
            if !requests::reminded(tx, request.id, now).await? {
                continue;
            }
            let email = request.email.to_string();
            let about = About {
                kind: MailKind::StaffRequestLate,
                object: &email,
                message: "",
            };
            let whose = users::find_by_email(tx, &request.email).await?;
            let but: Vec<_> = whose.iter().map(|user| user.id).collect();
            let answer = [Permission::StaffWrite, Permission::RightRequest];
            tell_all(tx, &self.desk, (&answer, &but), &about).await?;
        }
        for review in store::late(tx, now).await? {
            if store::reminded(tx, review.id, now).await? {
                let about = About {
                    kind: MailKind::AccessReviewOverdue,
                    object: &review.quarter,
                    message: "",
                };
                tell_all(tx, &self.desk, (&[Permission::RightReview], &[]), &about).await?;
            }
        }
        Ok(())
    }
}
