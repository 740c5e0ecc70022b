//! The sessions' rows.

use crate::login::store as halves;
use crate::session::model::{ListedSession, Session};
use wabe_kernel::id::{CustomerId, SessionId, UserId};
use wabe_kernel::{Fault, Secret, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    // A staff session needs a staff role, a session in a customer needs the membership, all of it now.
    FIND = "identity.session.find" =>
        "SELECT s.id, s.user_id, s.staff, s.customer_id, s.csrf_secret, s.authenticated_at, \
         s.second_factor_at, s.created_at, s.last_seen_at, s.address, s.user_agent, \
         u.must_change_password, u.password_changed_at, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM staff f WHERE f.user_id = s.user_id) \
              THEN 1 ELSE 0 END AS BIGINT) AS works_here, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM totp_factor t WHERE t.user_id = s.user_id \
              AND t.secret IS NOT NULL) THEN 1 ELSE 0 END AS BIGINT) AS has_app, \
         CAST(CASE WHEN EXISTS (SELECT 1 FROM passkey p WHERE p.user_id = s.user_id) \
              THEN 1 ELSE 0 END AS BIGINT) AS has_passkey \
         FROM session s JOIN wabe_user u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND u.disabled_at IS NULL \
         AND (s.customer_id IS NULL OR EXISTS (SELECT 1 FROM member m \
              WHERE m.user_id = s.user_id AND m.customer_id = s.customer_id)) \
         AND (s.staff = 0 OR EXISTS (SELECT 1 FROM staff f WHERE f.user_id = s.user_id))";
    INSERT = "identity.session.insert" =>
        "INSERT INTO session (id, token_hash, user_id, staff, customer_id, csrf_secret, \
         authenticated_at, created_at, last_seen_at, address, user_agent, second_factor_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8, $9, $10)";
    TRIM = "identity.session.trim" =>
        "DELETE FROM session WHERE user_id = $1 AND staff = $2 AND id NOT IN \
         (SELECT id FROM session WHERE user_id = $1 AND staff = $2 \
          ORDER BY created_at DESC, id DESC LIMIT $3)";
    TOUCH = "identity.session.touch" =>
        "UPDATE session SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $3";
    ROTATE = "identity.session.rotate" =>
        "UPDATE session SET token_hash = $1, csrf_secret = $2 WHERE id = $3 AND user_id = $4";
    PROVED = "identity.session.proved" =>
        "UPDATE session SET authenticated_at = $1 WHERE id = $2 AND user_id = $3";
    FACTOR_PROVED = "identity.session.factor_proved" =>
        "UPDATE session SET second_factor_at = $1 WHERE id = $2 AND user_id = $3";
    SWITCH = "identity.session.switch" =>
        "UPDATE session SET customer_id = $1 WHERE id = $2 AND user_id = $3";
    SWITCH_SIDE = "identity.session.switch_side" =>
        "UPDATE session SET staff = $1, customer_id = $2, created_at = $3 \
         WHERE id = $4 AND user_id = $5";
    LIST = "identity.session.list" =>
        "SELECT id, staff, created_at, last_seen_at, address, user_agent FROM session \
         WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC";
    END = "identity.session.end" => "DELETE FROM session WHERE id = $1 AND user_id = $2";
    END_TOKEN = "identity.session.end_token" => "DELETE FROM session WHERE token_hash = $1";
    END_ALL = "identity.session.end_all" => "DELETE FROM session WHERE user_id = $1";
    END_OTHERS = "identity.session.end_others" =>
        "DELETE FROM session WHERE user_id = $1 AND id <> $2";
    END_IN_CUSTOMER = "identity.session.end_in_customer" =>
        "DELETE FROM session WHERE user_id = $1 AND customer_id = $2";
    PRUNE = "identity.session.prune" => "DELETE FROM session WHERE created_at < $1";
}

fn from_row(row: &Row) -> Result<Session, Fault> {
    let (has_app, has_passkey) = (row.flag("has_app")?, row.flag("has_passkey")?);
    Ok(Session {
        id: row.parsed("id")?,
        user: row.parsed("user_id")?,
        staff: row.flag("staff")?,
        works_here: row.flag("works_here")?,
        customer: row.parsed_or_null("customer_id")?,
        authenticated_at: row.time("authenticated_at")?,
        second_factor_at: row.time_or_null("second_factor_at")?,
        has_factor: has_app || has_passkey,
        has_app,
        has_passkey,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
        address: row.text("address")?,
        user_agent: row.text("user_agent")?,
        must_change_password: row.flag("must_change_password")?,
        csrf_secret: Secret::new(row.text("csrf_secret")?),
    })
}

/// The session of a token's hash, and when its user's password was set.
pub(crate) async fn find(
    tx: &mut Tx,
    hash: &str,
) -> Result<Option<(Session, Option<Timestamp>)>, Fault> {
    let row = FIND.bind(hash).optional(tx).await?;
    row.map(|row| Ok((from_row(&row)?, row.time_or_null("password_changed_at")?)))
        .transpose()
}

pub(crate) async fn insert(tx: &mut Tx, session: &Session, hash: &str) -> Result<(), Fault> {
    let query = INSERT.bind(session.id).bind(hash).bind(session.user);
    let query = query.bind(session.staff).bind(session.customer);
    let query = query
        .bind(session.csrf_secret.expose())
        .bind(session.created_at);
    let query = query.bind(&session.address).bind(&session.user_agent);
    query.bind(session.second_factor_at).execute_one(tx).await
}

/// Ends the oldest sessions of one kind until `most` are left.
pub(crate) async fn trim(tx: &mut Tx, user: UserId, staff: bool, most: i64) -> Result<u64, Fault> {
    TRIM.bind(user).bind(staff).bind(most).execute(tx).await
}

pub(crate) async fn touch(
    tx: &mut Tx,
    id: SessionId,
    now: Timestamp,
    before: Timestamp,
) -> Result<(), Fault> {
    let query = TOUCH.bind(now).bind(id).bind(before);
    query.execute(tx).await.map(|_rows| ())
}

/// Puts another token in place; false when the session ended meanwhile.
pub(crate) async fn rotate(
    tx: &mut Tx,
    (id, user): (SessionId, UserId),
    hash: &str,
    csrf_secret: &Secret,
) -> Result<bool, Fault> {
    let query = ROTATE.bind(hash).bind(csrf_secret.expose());
    Ok(query.bind(id).bind(user).execute(tx).await? == 1)
}

pub(crate) async fn proved(
    tx: &mut Tx,
    (id, user): (SessionId, UserId),
    now: Timestamp,
) -> Result<(), Fault> {
    let query = PROVED.bind(now).bind(id).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn factor_proved(
    tx: &mut Tx,
    (id, user): (SessionId, UserId),
    now: Timestamp,
) -> Result<(), Fault> {
    let query = FACTOR_PROVED.bind(now).bind(id).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

pub(crate) async fn switch(
    tx: &mut Tx,
    (id, user): (SessionId, UserId),
    customer: CustomerId,
) -> Result<(), Fault> {
    let query = SWITCH.bind(customer).bind(id).bind(user);
    query.execute(tx).await.map(|_rows| ())
}

/// Turns a session to the desk, or to a customer; its hours count from `since`.
pub(crate) async fn switch_side(
    tx: &mut Tx,
    (id, user): (SessionId, UserId),
    (staff, customer): (bool, Option<CustomerId>),
    since: Timestamp,
) -> Result<(), Fault> {
    let query = SWITCH_SIDE.bind(staff).bind(customer).bind(since);
    query.bind(id).bind(user).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<ListedSession>, Fault> {
    let rows = LIST.bind(user).all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(ListedSession {
                id: row.parsed("id")?,
                staff: row.flag("staff")?,
                created_at: row.time("created_at")?,
                last_seen_at: row.time("last_seen_at")?,
                address: row.text("address")?,
                user_agent: row.text("user_agent")?,
            })
        })
        .collect()
}

pub(crate) async fn end(tx: &mut Tx, user: UserId, id: SessionId) -> Result<bool, Fault> {
    Ok(END.bind(id).bind(user).execute(tx).await? == 1)
}

pub(crate) async fn end_token(tx: &mut Tx, hash: &str) -> Result<(), Fault> {
    END_TOKEN.bind(hash).execute(tx).await.map(|_rows| ())
}

/// Ends all sessions of a user, except one, and every login of theirs that is half done.
pub(crate) async fn end_others(
    tx: &mut Tx,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<u64, Fault> {
    halves::end_all(tx, user).await?;
    match keep {
        Some(keep) => END_OTHERS.bind(user).bind(keep).execute(tx).await,
        None => END_ALL.bind(user).execute(tx).await,
    }
}

pub(crate) async fn end_in_customer(
    tx: &mut Tx,
    user: UserId,
    customer: CustomerId,
) -> Result<u64, Fault> {
    END_IN_CUSTOMER.bind(user).bind(customer).execute(tx).await
}

/// No session is older than a day in any profile.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE
        .bind(now.plus_days(-1))
        .execute(tx)
        .await
        .map(|_rows| ())
}
