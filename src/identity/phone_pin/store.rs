//! The rows of telephone PINs.

use crate::identity::Identity;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

/// Wrong guesses that lock a PIN, and for how long.
pub const TRIES: i64 = 3;
const LOCK_SECONDS: i64 = 86_400;

statements! {
    SET = "identity.phone_pin.set" =>
        "INSERT INTO phone_pin (user_id, pin_hash, tries, set_at) VALUES ($1, $2, 0, $3) \
         ON CONFLICT (user_id) DO UPDATE SET pin_hash = excluded.pin_hash, tries = 0, \
         locked_until = NULL, set_at = excluded.set_at";
    FIND = "identity.phone_pin.find" =>
        "SELECT set_at, tries, locked_until FROM phone_pin WHERE user_id = $1";
    // Counted in one statement, before anything is checked: parallel guesses are as many guesses.
    GUESS = "identity.phone_pin.guess" =>
        "UPDATE phone_pin SET \
         tries = CASE WHEN locked_until IS NOT NULL AND locked_until <= $1 THEN 1 ELSE tries + 1 END, \
         locked_until = CASE WHEN locked_until IS NOT NULL AND locked_until <= $1 THEN NULL \
             WHEN locked_until IS NULL AND tries + 1 >= $2 THEN $3 ELSE locked_until END \
         WHERE user_id = $4 RETURNING pin_hash, tries";
    RIGHT = "identity.phone_pin.right" =>
        "UPDATE phone_pin SET tries = 0, locked_until = NULL WHERE user_id = $1";
}

/// How somebody's PIN stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinStanding {
    /// When they set it.
    pub set_at: Timestamp,
    /// Until when nobody is recognised by it.
    pub locked_until: Option<Timestamp>,
}

/// A guess that was counted.
pub(crate) struct Counted {
    pub(crate) hash: String,
    /// Which one in a row it is.
    pub(crate) tries: i64,
}

impl Counted {
    /// Whether it may be checked.
    pub(crate) const fn admitted(&self) -> bool {
        self.tries <= TRIES
    }
}

pub(crate) async fn set(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = SET.bind(user).bind(hash).bind(now);
    query.execute(tx).await.map(|_rows| ())
}

/// How a user's PIN stands; nothing when there is none.
///
/// # Errors
/// A fault of the database.
pub async fn standing(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Option<PinStanding>, Fault> {
    let row = FIND.bind(user).optional(tx).await?;
    row.map(|row| {
        let until = row.time_or_null("locked_until")?;
        let locked = row.int("tries")? >= TRIES;
        Ok(PinStanding {
            set_at: row.time("set_at")?,
            locked_until: until.filter(|until| locked && *until > now),
        })
    })
    .transpose()
}

/// Counts a guess; nothing when there is no PIN.
pub(crate) async fn guess(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Counted>, Fault> {
    let query = GUESS.bind(now).bind(TRIES);
    let query = query.bind(now.plus_seconds(LOCK_SECONDS)).bind(user);
    let row = query.optional(tx).await?;
    row.map(|row| {
        Ok(Counted {
            hash: row.text("pin_hash")?,
            tries: row.int("tries")?,
        })
    })
    .transpose()
}

/// The guess that was counted was right.
pub(crate) async fn right(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    RIGHT.bind(user).execute(tx).await.map(|_rows| ())
}

impl Identity {
    /// How a user's own PIN stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn phone_pin(&self, user: UserId) -> Result<Option<PinStanding>, Fault> {
        let mut tx = self.store.read().await?;
        let found = standing(&mut tx, user, self.clock().now()).await;
        tx.rollback().await?;
        found
    }
}
