//! The way past the lock of a webspace's SFTP login.

use crate::identity::Identity;
use crate::lockout::rate;
use crate::lockout::throttle::Subject;
use crate::outbox::{MailKind, OutgoingMail};
use crate::recovery::request::PER_ACCOUNT;
use crate::recovery::store::{self, LinkKind};
use crate::secret_token::{self, digest};
use crate::user::store as users;
use wabe_access::{Permission, member, resource};
use wabe_kernel::content::UploadAttempt;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// For how many seconds an unused link is enough, so that a link that works long enough is always out.
const ENOUGH_SECONDS: i64 = 15 * 60;

impl Identity {
    /// Queues the way past a lock for whoever may set the webspace's password, at most three times an
    /// hour; for nobody, where the login opens no webspace.
    pub(crate) async fn mail_upload_unlock(
        &self,
        tx: &mut Tx,
        attempt: &UploadAttempt<'_>,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let Some(webspace) = attempt.webspace else {
            return Ok(());
        };
        let since = now.plus_seconds(-ENOUGH_SECONDS);
        if store::is_waiting(tx, subject.as_str(), since).await? {
            return Ok(());
        }
        let whom = ("upload unlock", subject.as_str());
        if !rate::allows(tx, self.pepper(), whom, PER_ACCOUNT, now).await? {
            return Ok(());
        }
        let Some((customer, name)) = resource::whose(tx, &webspace.to_string()).await? else {
            return Ok(());
        };
        for member in member::list(tx, customer).await? {
            if !member
                .role
                .permissions()
                .contains(&Permission::WebspaceWrite)
            {
                continue;
            }
            let found = users::find(tx, member.user).await?;
            let Some(user) = found.filter(|user| user.disabled_at.is_none()) else {
                continue;
            };
            let token = secret_token::new(self.rng());
            let opens = (user.id, subject.as_str());
            store::insert_upload(tx, opens, &digest(token.expose()), now).await?;
            let mail = OutgoingMail::new(user.email, user.language, MailKind::UploadUnlock);
            let mail = mail.with("object", &name).with("name", attempt.login);
            let mail = mail.linking(LinkKind::Unlock.word(), &token);
            self.desk.outbox.queue(tx, mail).await?;
        }
        Ok(())
    }
}
