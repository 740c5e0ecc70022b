//! The secret of an app: sealed, shown once, and its codes accepted once each.

use crate::factor::code::{TotpSecret, step_of};
use crate::factor::store;
use crate::identity::Identity;
use crate::password::pepper::Pepper;
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// For how many seconds a secret that was shown may be confirmed.
pub const PENDING_SECONDS: i64 = 30 * 60;

fn key(pepper: &Pepper) -> Result<SealKey, Fault> {
    SealKey::from_bytes(&pepper.keyed("seal second factors", &[]))
}

fn home(user: UserId) -> Vec<u8> {
    place(&["totp_factor", "secret", &user.to_string()])
}

fn open(pepper: &Pepper, user: UserId, sealed: &str) -> Result<TotpSecret, Fault> {
    let bytes = key(pepper)?.open(&home(user), sealed)?;
    TotpSecret::from_bytes(&bytes).ok_or(Fault::new("understand an app's secret"))
}

/// Makes a secret for an app and keeps it until it is confirmed.
pub(crate) async fn begin(
    tx: &mut Tx,
    pepper: &Pepper,
    user: UserId,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<(), Fault> {
    let secret = TotpSecret::new(rng);
    let sealed = key(pepper)?.seal(rng, &home(user), secret.bytes())?;
    store::begin(tx, user, &sealed, now).await
}

/// The secret that waits to be confirmed.
pub(crate) async fn pending(
    tx: &mut Tx,
    pepper: &Pepper,
    user: UserId,
    now: Timestamp,
) -> Result<Option<TotpSecret>, Fault> {
    let Some(row) = store::totp(tx, user).await? else {
        return Ok(None);
    };
    let fresh = |at: Timestamp| now.seconds_since(at) <= PENDING_SECONDS;
    match row.pending {
        Some(sealed) if row.pending_at.is_some_and(fresh) => open(pepper, user, &sealed).map(Some),
        _ => Ok(None),
    }
}

impl Identity {
    /// Checks a code of somebody's app and uses its step up. The guess must have been counted.
    pub(crate) async fn accept_code(
        &self,
        tx: &mut Tx,
        user: UserId,
        typed: &Secret,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let row = store::totp(tx, user).await?;
        let Some(sealed) = row.and_then(|row| row.secret) else {
            return Ok(false);
        };
        let secret = open(self.pepper(), user, &sealed)?;
        let drift = self.profile().totp_drift_steps;
        match secret.step_typed(typed, (now, drift))? {
            Some(step) => store::accept(tx, user, step).await,
            None => Ok(false),
        }
    }

    /// Counts a guess at somebody's code, checks it, and uses its step up.
    pub(crate) async fn guess_code(
        &self,
        tx: &mut Tx,
        user: UserId,
        typed: &Secret,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let admitted = store::guess(tx, user, step_of(now), now).await?;
        let right = admitted && self.accept_code(tx, user, typed, now).await?;
        if right {
            store::guessed(tx, user).await?;
        }
        Ok(right)
    }

    /// Makes a secret for somebody's app, to be shown and confirmed within half an hour. What they use
    /// until now goes on working.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn begin_totp(&self, user: UserId) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        let time = (self.clock().now(), self.rng());
        begin(&mut tx, self.pepper(), user, time).await?;
        tx.commit().await
    }

    /// The secret that somebody has to confirm; nothing when there is none, or it waited too long.
    ///
    /// # Errors
    /// A fault of the database, or of what was sealed.
    pub async fn pending_totp(&self, user: UserId) -> Result<Option<TotpSecret>, Fault> {
        let mut tx = self.store.read().await?;
        let found = pending(&mut tx, self.pepper(), user, self.clock().now()).await;
        tx.rollback().await?;
        found
    }
}
