//! The way past a lock.

use crate::identity::Identity;
use crate::lockout::throttle::{self, Subject};
use crate::recovery::store::{self, LinkKind};
use crate::secret_token::digest;
use wabe_access::Refusal;
use wabe_audit::Subject as Noted;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::Tx;

/// What a link opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlocked {
    /// Somebody's login over clients that nobody knows.
    Login,
    /// A webspace's login over SFTP.
    Upload,
}

impl Identity {
    /// Opens a locked way in with a mailed link, once: an account's untrusted one, or a webspace's SFTP
    /// login. Logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more).
    pub async fn unlock(&self, token: &str) -> Result<Unlocked, Refusal> {
        let now = self.clock().now();
        let hash = digest(token);
        let mut tx = self.store.write().await?;
        let link = store::find(&mut tx, &hash, now).await?;
        let link = link.ok_or(Refusal::NotFound)?;
        let opened = match link.kind {
            LinkKind::Unlock => open_login(&mut tx, &hash, now).await?,
            LinkKind::UploadUnlock => open_upload(&mut tx, &hash, now).await?,
            _ => None,
        };
        let opened = opened.ok_or(Refusal::NotFound)?;
        let event = match opened {
            Unlocked::Login => "login.unlocked",
            Unlocked::Upload => "upload.unlocked",
        };
        self.note(&mut tx, event, Noted::User(link.user), (None, None))
            .await?;
        tx.commit().await?;
        Ok(opened)
    }
}

async fn open_login(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<Unlocked>, Fault> {
    let Some(user) = store::use_up(tx, hash, now).await? else {
        return Ok(None);
    };
    throttle::reset(tx, &Subject::user(user)).await?;
    Ok(Some(Unlocked::Login))
}

async fn open_upload(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<Unlocked>, Fault> {
    let Some(subject) = store::use_upload(tx, hash, now).await? else {
        return Ok(None);
    };
    throttle::reset(tx, &Subject::kept(&subject)).await?;
    Ok(Some(Unlocked::Upload))
}
