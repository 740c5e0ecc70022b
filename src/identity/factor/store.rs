//! The rows of second factors.

use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    STANDING = "identity.factor.standing" =>
        "SELECT CAST((SELECT count(*) FROM totp_factor t WHERE t.user_id = $1 \
         AND t.secret IS NOT NULL) AS BIGINT) AS totp, \
         CAST((SELECT count(*) FROM passkey p WHERE p.user_id = $1) AS BIGINT) AS passkeys, \
         CAST((SELECT count(*) FROM recovery_code r WHERE r.user_id = $1 \
         AND r.used_at IS NULL) AS BIGINT) AS codes";
    FIND = "identity.totp_factor.find" =>
        "SELECT secret, last_step, enrolled_at, pending, pending_at FROM totp_factor WHERE user_id = $1";
    BEGIN = "identity.totp_factor.begin" =>
        "INSERT INTO totp_factor AS t (user_id, last_step, pending, pending_at) VALUES ($1, 0, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET pending = $2, pending_at = $3";
    ENROL = "identity.totp_factor.enrol" =>
        "UPDATE totp_factor SET secret = pending, last_step = $1, enrolled_at = $2, pending = NULL, \
         pending_at = NULL WHERE user_id = $3 AND pending IS NOT NULL";
    // Of many who bring the same code, one is first; a clock that runs backwards brings none back.
    ACCEPT = "identity.totp_factor.accept" =>
        "UPDATE totp_factor SET last_step = $1 WHERE user_id = $2 AND secret IS NOT NULL \
         AND last_step < $1";
    REMOVE = "identity.totp_factor.remove" => "DELETE FROM totp_factor WHERE user_id = $1";

    CODE_INSERT = "identity.recovery_code.insert" =>
        "INSERT INTO recovery_code (code_hash, user_id, created_at) VALUES ($1, $2, $3)";
    CODE_USE = "identity.recovery_code.use" =>
        "UPDATE recovery_code SET used_at = $1 WHERE code_hash = $2 AND user_id = $3 \
         AND used_at IS NULL";
    CODE_REMOVE = "identity.recovery_code.remove" => "DELETE FROM recovery_code WHERE user_id = $1";

    GUESS = "identity.factor_guess.count" =>
        "INSERT INTO factor_guess AS g (user_id, step, in_step, since, in_hour) \
         VALUES ($1, $2, 1, $3, 1) ON CONFLICT (user_id) DO UPDATE SET \
         in_step = CASE WHEN g.step = $2 THEN g.in_step + 1 ELSE 1 END, step = $2, \
         in_hour = CASE WHEN g.since <= $4 THEN 1 ELSE g.in_hour + 1 END, \
         since = CASE WHEN g.since <= $4 THEN $3 ELSE g.since END \
         RETURNING in_step, in_hour";
    // A right guess is none.
    GUESSED = "identity.factor_guess.right" =>
        "UPDATE factor_guess SET in_step = in_step - 1, in_hour = in_hour - 1 \
         WHERE user_id = $1 AND in_step > 0 AND in_hour > 0";
    GUESSES = "identity.factor_guess.find" =>
        "SELECT since, in_hour FROM factor_guess WHERE user_id = $1";
    GUESS_PRUNE = "identity.factor_guess.prune" => "DELETE FROM factor_guess WHERE since < $1";

    REQUIRED = "identity.factor.required" =>
        "SELECT c.name FROM member m JOIN customer c ON c.id = m.customer_id \
         WHERE m.user_id = $1 AND c.factor_required = 1 ORDER BY c.id LIMIT 1";
    REQUIRES = "identity.factor.requires" => "SELECT factor_required FROM customer WHERE id = $1";
    REQUIRE = "identity.factor.require" => "UPDATE customer SET factor_required = $1 WHERE id = $2";
    END_WITHOUT = "identity.factor.end_without" =>
        "DELETE FROM session WHERE customer_id = $1 AND user_id IN \
         (SELECT m.user_id FROM member m WHERE m.customer_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = session.user_id \
         AND t.secret IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM passkey p WHERE p.user_id = session.user_id)";
}

/// What somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether an authenticator app is set up.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// Recovery codes that were not used.
    pub codes: i64,
}

impl Standing {
    /// Whether there is any second factor.
    #[must_use]
    pub const fn any(self) -> bool {
        self.totp || self.passkeys > 0
    }

    /// Whether there is one and no other beside it: losing it means recovery codes.
    #[must_use]
    pub const fn single(self) -> bool {
        matches!((self.totp, self.passkeys), (true, 0) | (false, 1))
    }
}

/// An authenticator app's row; secrets are sealed.
pub(crate) struct Totp {
    pub(crate) secret: Option<String>,
    pub(crate) enrolled_at: Option<Timestamp>,
    pub(crate) pending: Option<String>,
    pub(crate) pending_at: Option<Timestamp>,
}

pub(crate) async fn standing(tx: &mut Tx, user: UserId) -> Result<Standing, Fault> {
    let row = STANDING.bind(user).one(tx).await?;
    Ok(Standing {
        totp: row.int("totp")? > 0,
        passkeys: row.int("passkeys")?,
        codes: row.int("codes")?,
    })
}

pub(crate) async fn totp(tx: &mut Tx, user: UserId) -> Result<Option<Totp>, Fault> {
    let row = FIND.bind(user).optional(tx).await?;
    row.map(|row| {
        Ok(Totp {
            secret: row.text_or_null("secret")?,
            enrolled_at: row.time_or_null("enrolled_at")?,
            pending: row.text_or_null("pending")?,
            pending_at: row.time_or_null("pending_at")?,
        })
    })
    .transpose()
}

/// Keeps a secret that was shown and is not confirmed yet, in place of an earlier one.
pub(crate) async fn begin(
    tx: &mut Tx,
    user: UserId,
    sealed: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = BEGIN.bind(user).bind(sealed).bind(now);
    query.execute(tx).await.map(|_rows| ())
}

/// The pending secret is the factor from now on; `step` is used up.
pub(crate) async fn enrol(
    tx: &mut Tx,
    user: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = ENROL.bind(step).bind(now).bind(user);
    Ok(query.execute(tx).await? == 1)
}

/// Uses a step up; false when it, or a later one, was used before.
pub(crate) async fn accept(tx: &mut Tx, user: UserId, step: i64) -> Result<bool, Fault> {
    Ok(ACCEPT.bind(step).bind(user).execute(tx).await? == 1)
}

pub(crate) async fn remove_totp(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    REMOVE.bind(user).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn insert_code(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = CODE_INSERT.bind(hash).bind(user).bind(now);
    query.execute_one(tx).await
}

/// Uses a recovery code up; false when it is not one, or was used before.
pub(crate) async fn use_code(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = CODE_USE.bind(now).bind(hash).bind(user);
    Ok(query.execute(tx).await? == 1)
}

pub(crate) async fn remove_codes(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    CODE_REMOVE.bind(user).execute(tx).await.map(|_rows| ())
}

/// Guesses within a step, and within an hour. Source: bar 3.6 T1.
const PER_STEP: i64 = 3;
const PER_HOUR: i64 = 20;

/// Counts a guess before it is checked; whether it may be.
pub(crate) async fn guess(
    tx: &mut Tx,
    user: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = GUESS.bind(user).bind(step).bind(now);
    let row = query.bind(now.plus_seconds(-3_600)).one(tx).await?;
    Ok(row.int("in_step")? <= PER_STEP && row.int("in_hour")? <= PER_HOUR)
}

/// Until when no guess of this user's is checked, because the hour's are spent.
pub(crate) async fn guesses_closed_until(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let Some(row) = GUESSES.bind(user).optional(tx).await? else {
        return Ok(None);
    };
    let until = row.time("since")?.plus_seconds(3_600);
    let spent = row.int("in_hour")? >= PER_HOUR;
    Ok(Some(until).filter(|until| spent && *until > now))
}

/// The guess that was just counted was right.
pub(crate) async fn guessed(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    GUESSED.bind(user).execute(tx).await.map(|_rows| ())
}

/// The name of a customer of this user that wants everybody to have a second factor.
pub(crate) async fn required_by(tx: &mut Tx, user: UserId) -> Result<Option<String>, Fault> {
    let row = REQUIRED.bind(user).optional(tx).await?;
    row.map(|row| row.text("name")).transpose()
}

/// Whether a customer wants everybody to have a second factor.
pub async fn is_required(tx: &mut Tx, customer: CustomerId) -> Result<bool, Fault> {
    let row = REQUIRES.bind(customer).optional(tx).await?;
    row.map_or(Ok(false), |row| row.flag("factor_required"))
}

pub(crate) async fn require(
    tx: &mut Tx,
    customer: CustomerId,
    required: bool,
) -> Result<(), Fault> {
    let query = REQUIRE.bind(required).bind(customer);
    query.execute(tx).await.map(|_rows| ())
}

/// Ends the sessions in a customer of everybody without a second factor.
pub(crate) async fn end_without(tx: &mut Tx, customer: CustomerId) -> Result<u64, Fault> {
    END_WITHOUT.bind(customer).execute(tx).await
}

/// Forgets counters that mean nothing any more.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let query = GUESS_PRUNE.bind(now.plus_seconds(-3_600));
    query.execute(tx).await.map(|_rows| ())
}
