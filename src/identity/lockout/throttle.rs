//! Counting guesses.

use crate::lockout::store::{self, Count, Guess};
use crate::password::pepper::Pepper;
use crate::profile::{GUESSES_PER_MONTH, Profile};
use wabe_kernel::id::{TokenId, UserId};
use wabe_kernel::{Fault, Secret, Timestamp, hex};
use wabe_store::Tx;

/// After how many days a spent budget is new.
const BUDGET_DAYS: i64 = 30;

/// After how many hours without a guess the row of failures begins anew. The budget does not.
const STALE_HOURS: i64 = 12;

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject(String);

impl Subject {
    /// A known account over untrusted clients.
    pub(crate) fn user(user: UserId) -> Self {
        Self(format!("user:{user}"))
    }

    /// What somebody typed that belongs to nobody.
    pub(crate) fn unknown(pepper: &Pepper, typed: &str) -> Self {
        let keyed = pepper.keyed("subject", &[typed.as_bytes()]);
        Self(format!("name:{}", hex(&keyed)))
    }

    /// One trusted device of one user.
    pub(crate) fn device(user: UserId, device: &str) -> Self {
        Self(format!("device:{user}:{device}"))
    }

    /// A login over SFTP with the password of this hash; with a new password it is another way in.
    pub(crate) fn sftp(pepper: &Pepper, login: &str, hash: Option<&str>) -> Self {
        let hash = hash.unwrap_or_default();
        let keyed = pepper.keyed("subject", &[b"sftp", login.as_bytes(), hash.as_bytes()]);
        Self(format!("sftp:{}", hex(&keyed)))
    }

    /// A session that proves its user again.
    pub(crate) fn session(session: &str) -> Self {
        Self(format!("session:{session}"))
    }

    /// An API token that proves its owner.
    pub(crate) fn token(token: TokenId) -> Self {
        Self(format!("token:{token}"))
    }

    /// One that was written down with a login that is half done.
    pub(crate) fn kept(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// By what a secret is known again that was guessed at `subject` before.
fn tag(pepper: &Pepper, subject: &Subject, secret: &Secret) -> String {
    let parts = [subject.0.as_bytes(), secret.expose().as_bytes()];
    let keyed = pepper.keyed("wrong secret", &parts);
    hex(keyed.get(..8).unwrap_or_default())
}

/// Counts a guess at `subject` before it is checked, and locks the way in when that was one too many.
/// The same wrong secret again counts nothing.
pub(crate) async fn count(
    tx: &mut Tx,
    (profile, pepper): (&Profile, &Pepper),
    subject: &Subject,
    secret: &Secret,
    now: Timestamp,
) -> Result<Count, Fault> {
    let tag = tag(pepper, subject, secret);
    let guess = Guess {
        subject: &subject.0,
        tag: &tag,
        budget_max: GUESSES_PER_MONTH,
        budget_from: now.plus_days(-BUDGET_DAYS),
        stale_before: now.plus_seconds(-STALE_HOURS * 3_600),
    };
    let count = store::count(tx, &guess, now).await?;
    let seconds = profile.lock_seconds(count.failures);
    if count.admitted && seconds > 0 {
        store::lock(tx, &subject.0, now.plus_seconds(seconds)).await?;
    }
    Ok(count)
}

/// How it stands with a way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tries {
    /// Failures in a row that still count.
    pub(crate) failures: i64,
    /// Until when no guess is checked, after failures in a row.
    pub(crate) locked_until: Option<Timestamp>,
    /// Until when no guess is checked, because the month's are spent.
    pub(crate) spent_until: Option<Timestamp>,
}

/// How it stands with `subject` now.
pub(crate) async fn tries(tx: &mut Tx, subject: &Subject, now: Timestamp) -> Result<Tries, Fault> {
    let Some(standing) = store::standing(tx, &subject.0).await? else {
        return Ok(Tries::default());
    };
    let since = standing.budget_since;
    let spent = standing.budget >= GUESSES_PER_MONTH && since >= now.plus_days(-BUDGET_DAYS);
    let stale = standing.updated_at < now.plus_seconds(-STALE_HOURS * 3_600);
    Ok(Tries {
        failures: if stale { 0 } else { standing.failures },
        locked_until: Some(standing.locked_until).filter(|until| *until > now),
        spent_until: spent.then(|| since.plus_days(BUDGET_DAYS)),
    })
}

/// Whether a guess at `subject` would be checked now.
pub(crate) async fn is_open(tx: &mut Tx, subject: &Subject, now: Timestamp) -> Result<bool, Fault> {
    let tries = tries(tx, subject, now).await?;
    Ok(tries.locked_until.is_none() && tries.spent_until.is_none())
}

/// The right secret came: failures are forgotten, the month's other guesses are not.
pub(crate) async fn succeed(tx: &mut Tx, subject: &Subject) -> Result<(), Fault> {
    store::succeed(tx, &subject.0).await
}

/// As [`succeed`], for a secret that several connections bring at once: the guess is taken off the
/// month's only while it is counted there, so that they cannot take off what others guessed.
pub(crate) async fn give_back(
    tx: &mut Tx,
    pepper: &Pepper,
    subject: &Subject,
    secret: &Secret,
) -> Result<(), Fault> {
    store::give_back(tx, &subject.0, &tag(pepper, subject, secret)).await
}

/// Whether guesses at `subject` locked it: so many failures in a row, or the month's budget.
pub(crate) async fn is_locked(
    tx: &mut Tx,
    profile: &Profile,
    subject: &Subject,
    now: Timestamp,
) -> Result<bool, Fault> {
    let failures = store::failures(tx, &subject.0).await?;
    Ok(profile.lock_seconds(failures) > 0 || !is_open(tx, subject, now).await?)
}

/// Somebody vouches for the person: the way in is open again, the month's guesses stay counted.
pub(crate) async fn open(tx: &mut Tx, subject: &Subject) -> Result<(), Fault> {
    store::open(tx, &subject.0).await
}

/// The person proved themselves by mail: everything is forgotten.
pub(crate) async fn reset(tx: &mut Tx, subject: &Subject) -> Result<(), Fault> {
    store::reset(tx, &subject.0).await
}
