//! The rows of logins that are half done.

use crate::login::half::{Half, Stage};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    INSERT = "identity.half_login.insert" =>
        "INSERT INTO half_login (token_hash, user_id, staff, stage, must_change_password, device, \
         subject, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND = "identity.half_login.find" =>
        "SELECT h.user_id, h.staff, h.stage, h.must_change_password, h.device, h.subject, \
         h.created_at FROM half_login h JOIN wabe_user u ON u.id = h.user_id \
         WHERE h.token_hash = $1 AND h.expires_at > $2 AND h.created_at <= $2 \
         AND u.disabled_at IS NULL";
    ADVANCE = "identity.half_login.advance" =>
        "UPDATE half_login SET token_hash = $1, stage = $2, expires_at = $3 \
         WHERE token_hash = $4 AND stage = $5";
    END = "identity.half_login.end" => "DELETE FROM half_login WHERE token_hash = $1";
    END_ALL = "identity.half_login.end_all" => "DELETE FROM half_login WHERE user_id = $1";
    PRUNE = "identity.half_login.prune" => "DELETE FROM half_login WHERE expires_at <= $1";
}

/// For how many seconds a login waits for its second factor, and for a new one to be set up.
const WAITS_SECONDS: i64 = 10 * 60;
const ENROLS_SECONDS: i64 = 30 * 60;

const fn seconds(stage: Stage) -> i64 {
    match stage {
        Stage::Code => WAITS_SECONDS,
        Stage::Enrol | Stage::Recovered => ENROLS_SECONDS,
    }
}

pub(crate) async fn insert(tx: &mut Tx, hash: &str, half: &Half) -> Result<(), Fault> {
    let query = INSERT.bind(hash).bind(half.user).bind(half.staff);
    let query = query
        .bind(half.stage.word())
        .bind(half.must_change_password);
    let query = query.bind(half.device.as_deref()).bind(&half.subject);
    let until = half.created_at.plus_seconds(seconds(half.stage));
    query
        .bind(half.created_at)
        .bind(until)
        .execute_one(tx)
        .await
}

pub(crate) async fn find(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<Half>, Fault> {
    let row = FIND.bind(hash).bind(now).optional(tx).await?;
    row.map(|row| {
        Ok(Half {
            user: row.parsed("user_id")?,
            staff: row.flag("staff")?,
            stage: Stage::from_word(&row.text("stage")?)?,
            must_change_password: row.flag("must_change_password")?,
            device: row.text_or_null("device")?,
            subject: row.text("subject")?,
            created_at: row.time("created_at")?,
        })
    })
    .transpose()
}

/// Takes a login to another stage under another token; false when somebody was faster.
pub(crate) async fn advance(
    tx: &mut Tx,
    (old, new): (&str, &str),
    (from, to): (Stage, Stage),
    now: Timestamp,
) -> Result<bool, Fault> {
    let query = ADVANCE.bind(new).bind(to.word());
    let query = query.bind(now.plus_seconds(seconds(to))).bind(old);
    Ok(query.bind(from.word()).execute(tx).await? == 1)
}

/// Ends one; false when it was over already.
pub(crate) async fn end(tx: &mut Tx, hash: &str) -> Result<bool, Fault> {
    Ok(END.bind(hash).execute(tx).await? == 1)
}

/// Ends all of a user's.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    END_ALL.bind(user).execute(tx).await.map(|_rows| ())
}

pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    PRUNE.bind(now).execute(tx).await.map(|_rows| ())
}
