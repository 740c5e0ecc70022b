//! The counters' rows.

use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    // A guess is let through ("admitted") unless the way in is locked or its month's budget is spent.
    COUNT = "identity.throttle.count" =>
        "INSERT INTO login_throttle AS t (subject, failures, budget, budget_since, locked_until, \
         refused, admitted, recent, updated_at) VALUES ($1, 1, 1, $2, 0, 0, 1, $3, $2) \
         ON CONFLICT (subject) DO UPDATE SET \
         admitted = CASE WHEN t.locked_until <= $2 AND (t.budget < $4 OR t.budget_since < $5) \
             THEN 1 ELSE 0 END, \
         refused = CASE WHEN t.locked_until <= $2 AND (t.budget < $4 OR t.budget_since < $5) \
             THEN t.refused ELSE t.refused + 1 END, \
         failures = CASE WHEN t.locked_until > $2 OR (t.budget >= $4 AND t.budget_since >= $5) \
             THEN t.failures \
             WHEN t.updated_at < $6 THEN 1 \
             WHEN t.recent LIKE '%' || $3 || '%' THEN t.failures \
             ELSE t.failures + 1 END, \
         budget = CASE WHEN t.budget_since < $5 THEN 1 \
             WHEN t.locked_until > $2 OR t.budget >= $4 THEN t.budget \
             WHEN t.recent LIKE '%' || $3 || '%' THEN t.budget \
             ELSE t.budget + 1 END, \
         budget_since = CASE WHEN t.budget_since < $5 THEN $2 ELSE t.budget_since END, \
         recent = CASE WHEN t.locked_until > $2 OR (t.budget >= $4 AND t.budget_since >= $5) \
             OR t.recent LIKE '%' || $3 || '%' \
             THEN t.recent ELSE substr($3 || ' ' || t.recent, 1, 136) END, \
         updated_at = CASE WHEN t.locked_until > $2 OR (t.budget >= $4 AND t.budget_since >= $5) \
             THEN t.updated_at ELSE $2 END \
         RETURNING failures, budget, admitted, refused, locked_until";
    LOCK = "identity.throttle.lock" =>
        "UPDATE login_throttle SET locked_until = $1 WHERE subject = $2 AND locked_until < $1";
    FIND = "identity.throttle.find" =>
        "SELECT failures, budget, budget_since, locked_until, updated_at FROM login_throttle \
         WHERE subject = $1";
    SUCCEED = "identity.throttle.succeed" =>
        "UPDATE login_throttle SET failures = 0, refused = 0, locked_until = 0, recent = '', \
         budget = CASE WHEN budget > 0 THEN budget - 1 ELSE 0 END WHERE subject = $1";
    GIVE_BACK = "identity.throttle.give_back" =>
        "UPDATE login_throttle SET failures = 0, refused = 0, locked_until = 0, recent = '', \
         budget = CASE WHEN budget > 0 AND recent LIKE '%' || $2 || '%' THEN budget - 1 \
             ELSE budget END WHERE subject = $1";
    OPEN = "identity.throttle.open" =>
        "UPDATE login_throttle SET failures = 0, refused = 0, locked_until = 0 WHERE subject = $1";
    RESET = "identity.throttle.reset" => "DELETE FROM login_throttle WHERE subject = $1";
    PRUNE = "identity.throttle.prune" =>
        "DELETE FROM login_throttle WHERE updated_at < $1 AND locked_until < $2";

    NET_FAILED = "identity.net.failed" =>
        "INSERT INTO login_net (net, subject, failed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (net, subject) DO UPDATE SET failed_at = excluded.failed_at";
    NET_COUNT = "identity.net.count" =>
        "SELECT CAST(count(*) AS BIGINT) AS subjects FROM login_net WHERE net = $1 AND failed_at > $2";
    NET_PRUNE = "identity.net.prune" => "DELETE FROM login_net WHERE failed_at <= $1";

    RATE = "identity.rate.count" =>
        "INSERT INTO request_rate AS r (bucket, since, requests) VALUES ($1, $2, 1) \
         ON CONFLICT (bucket) DO UPDATE SET \
         requests = CASE WHEN r.since <= $3 THEN 1 ELSE r.requests + 1 END, \
         since = CASE WHEN r.since <= $3 THEN $2 ELSE r.since END \
         RETURNING requests";
    RATE_PRUNE = "identity.rate.prune" => "DELETE FROM request_rate WHERE since <= $1";

    DEVICE_INSERT = "identity.device.insert" =>
        "INSERT INTO device (id, user_id, created_at, last_seen_at, expires_at, user_agent) \
         VALUES ($1, $2, $3, $3, $4, $5)";
    DEVICE_FIND = "identity.device.find" =>
        "SELECT id FROM device WHERE id = $1 AND user_id = $2 AND expires_at > $3";
    DEVICE_SEEN = "identity.device.seen" =>
        "UPDATE device SET last_seen_at = $1, expires_at = $2 WHERE id = $3 AND user_id = $4";
    DEVICE_LIST = "identity.device.list" =>
        "SELECT id, created_at, last_seen_at, user_agent FROM device \
         WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id";
    DEVICE_REVOKE = "identity.device.revoke" => "DELETE FROM device WHERE id = $1 AND user_id = $2";
    DEVICE_REVOKE_ALL = "identity.device.revoke_all" => "DELETE FROM device WHERE user_id = $1";
    DEVICE_PRUNE = "identity.device.prune" => "DELETE FROM device WHERE expires_at <= $1";
}

/// What is counted and against which limits.
pub(crate) struct Guess<'a> {
    pub(crate) subject: &'a str,
    pub(crate) tag: &'a str,
    pub(crate) budget_max: i64,
    pub(crate) budget_from: Timestamp,
    pub(crate) stale_before: Timestamp,
}

/// A counter after a guess was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Failures in a row, this guess included.
    pub failures: i64,
    /// Guesses of the month, this one included.
    pub budget: i64,
    /// Whether the guess may be checked.
    pub admitted: bool,
    /// Guesses that were not checked since the way in was locked.
    pub refused: i64,
}

impl Count {
    /// A guess that was neither checked nor counted.
    pub(crate) const UNCOUNTED: Self = Self {
        failures: 0,
        budget: 0,
        admitted: false,
        refused: 0,
    };
}

pub(crate) async fn count(tx: &mut Tx, guess: &Guess<'_>, now: Timestamp) -> Result<Count, Fault> {
    let query = COUNT.bind(guess.subject).bind(now).bind(guess.tag);
    let query = query.bind(guess.budget_max).bind(guess.budget_from);
    let row = query.bind(guess.stale_before).one(tx).await?;
    Ok(Count {
        failures: row.int("failures")?,
        budget: row.int("budget")?,
        admitted: row.flag("admitted")?,
        refused: row.int("refused")?,
    })
}

pub(crate) async fn lock(tx: &mut Tx, subject: &str, until: Timestamp) -> Result<(), Fault> {
    LOCK.bind(until)
        .bind(subject)
        .execute(tx)
        .await
        .map(|_rows| ())
}

/// A counter as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// Failures in a row.
    pub(crate) failures: i64,
    /// The month's guesses.
    pub(crate) budget: i64,
    /// Since when they are counted.
    pub(crate) budget_since: Timestamp,
    /// Until when the way in is locked.
    pub(crate) locked_until: Timestamp,
    /// When the last guess was counted.
    pub(crate) updated_at: Timestamp,
}

/// A counter as it stands; absent where nobody guessed.
pub(crate) async fn standing(tx: &mut Tx, subject: &str) -> Result<Option<Standing>, Fault> {
    let row = FIND.bind(subject).optional(tx).await?;
    row.map(|row| {
        Ok(Standing {
            failures: row.int("failures")?,
            budget: row.int("budget")?,
            budget_since: row.time("budget_since")?,
            locked_until: row.time("locked_until")?,
            updated_at: row.time("updated_at")?,
        })
    })
    .transpose()
}

pub(crate) async fn succeed(tx: &mut Tx, subject: &str) -> Result<(), Fault> {
    SUCCEED.bind(subject).execute(tx).await.map(|_rows| ())
}

/// As [`succeed`]; the budget gets back a guess that is still among the recent ones.
pub(crate) async fn give_back(tx: &mut Tx, subject: &str, tag: &str) -> Result<(), Fault> {
    let query = GIVE_BACK.bind(subject).bind(tag);
    query.execute(tx).await.map(|_rows| ())
}

/// Failures in a row of a counter; none where nothing is counted.
pub(crate) async fn failures(tx: &mut Tx, subject: &str) -> Result<i64, Fault> {
    let row = FIND.bind(subject).optional(tx).await?;
    row.map_or(Ok(0), |row| row.int("failures"))
}

/// Opens a way in that failures locked; what was guessed in the month stays counted.
pub(crate) async fn open(tx: &mut Tx, subject: &str) -> Result<(), Fault> {
    OPEN.bind(subject).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn reset(tx: &mut Tx, subject: &str) -> Result<(), Fault> {
    RESET.bind(subject).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn net_failed(
    tx: &mut Tx,
    net: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    NET_FAILED
        .bind(net)
        .bind(subject)
        .bind(now)
        .execute_one(tx)
        .await
}

pub(crate) async fn net_subjects(tx: &mut Tx, net: &str, after: Timestamp) -> Result<i64, Fault> {
    let row = NET_COUNT.bind(net).bind(after).one(tx).await?;
    row.int("subjects")
}

pub(crate) async fn rate(tx: &mut Tx, bucket: &str, now: Timestamp) -> Result<i64, Fault> {
    let query = RATE.bind(bucket).bind(now).bind(now.plus_seconds(-3_600));
    query.one(tx).await?.int("requests")
}

/// A browser that somebody logged in from.
#[derive(Debug, Clone)]
pub struct Device {
    /// Names it.
    pub id: String,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// When it was last used to log in.
    pub last_seen_at: Timestamp,
    /// What it called itself, in short.
    pub user_agent: String,
}

pub(crate) async fn device_insert(
    tx: &mut Tx,
    user: UserId,
    device: &Device,
    expires_at: Timestamp,
) -> Result<(), Fault> {
    let query = DEVICE_INSERT.bind(&device.id).bind(user);
    let query = query.bind(device.created_at).bind(expires_at);
    query.bind(&device.user_agent).execute_one(tx).await
}

pub(crate) async fn device_is_known(
    tx: &mut Tx,
    user: UserId,
    id: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let row = DEVICE_FIND
        .bind(id)
        .bind(user)
        .bind(now)
        .optional(tx)
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn device_seen(
    tx: &mut Tx,
    user: UserId,
    id: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let query = DEVICE_SEEN.bind(now).bind(expires_at).bind(id);
    query.bind(user).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn device_list(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Device>, Fault> {
    let rows = DEVICE_LIST.bind(user).bind(now).all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(Device {
                id: row.text("id")?,
                created_at: row.time("created_at")?,
                last_seen_at: row.time("last_seen_at")?,
                user_agent: row.text("user_agent")?,
            })
        })
        .collect()
}

pub(crate) async fn device_revoke(tx: &mut Tx, user: UserId, id: &str) -> Result<bool, Fault> {
    Ok(DEVICE_REVOKE.bind(id).bind(user).execute(tx).await? == 1)
}

pub(crate) async fn device_revoke_all(tx: &mut Tx, user: UserId) -> Result<u64, Fault> {
    DEVICE_REVOKE_ALL.bind(user).execute(tx).await
}

/// Forgets counters that no longer mean anything, and devices that ran out.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let month = now.plus_days(-31);
    PRUNE.bind(month).bind(now).execute(tx).await?;
    NET_PRUNE.bind(now.plus_seconds(-600)).execute(tx).await?;
    RATE_PRUNE
        .bind(now.plus_seconds(-3_600))
        .execute(tx)
        .await?;
    DEVICE_PRUNE.bind(now).execute(tx).await.map(|_rows| ())
}
