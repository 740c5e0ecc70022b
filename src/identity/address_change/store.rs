//! The rows of changes of address.

use crate::address_change::model::{AddressChange, Addresses};
use wabe_kernel::id::{ChangeId, UserId};
use wabe_kernel::{Fault, MailAddress, Timestamp};
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.user_id, c.old_email, c.old_second_email, c.new_email, \
             c.new_second_email, c.asked_at, c.confirmed_at, c.second_confirmed_at, c.changed_at, \
             c.undone_at FROM address_change c ",
            $rest
        )
    };
}

statements! {
    INSERT = "identity.address_change.insert" =>
        "INSERT INTO address_change (id, user_id, old_email, old_second_email, new_email, \
         new_second_email, asked_at, confirmed_at, second_confirmed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND = "identity.address_change.find" => select!("WHERE c.id = $1");
    PENDING = "identity.address_change.pending" =>
        select!("WHERE c.user_id = $1 AND c.asked_at > $2 AND c.changed_at IS NULL \
                 AND EXISTS (SELECT 1 FROM mailed_token t WHERE t.user_id = c.user_id \
                             AND t.about = c.id AND t.used_at IS NULL) \
                 ORDER BY c.asked_at DESC LIMIT 1");
    MOVED = "identity.address_change.moved" =>
        "SELECT 1 AS moved FROM address_change \
         WHERE user_id = $1 AND (changed_at >= $2 OR undone_at >= $2) LIMIT 1";
    CONFIRM = "identity.address_change.confirm" =>
        "UPDATE address_change SET confirmed_at = $1 WHERE id = $2 AND confirmed_at IS NULL";
    CONFIRM_SECOND = "identity.address_change.confirm_second" =>
        "UPDATE address_change SET second_confirmed_at = $1 \
         WHERE id = $2 AND second_confirmed_at IS NULL";
    CHANGED = "identity.address_change.changed" =>
        "UPDATE address_change SET changed_at = $1 WHERE id = $2 AND changed_at IS NULL";
    // What somebody did after a change falls with it.
    UNDONE = "identity.address_change.undone" =>
        "UPDATE address_change SET undone_at = $1 \
         WHERE user_id = $2 AND asked_at >= $3 AND undone_at IS NULL";
    RESERVED = "identity.address_change.reserved" =>
        "SELECT id FROM address_change WHERE old_email = $1 AND user_id <> $2 \
         AND changed_at > $3 AND undone_at IS NULL LIMIT 1";
    PRUNE = "identity.address_change.prune" => "DELETE FROM address_change WHERE asked_at < $1";
}

/// For how many seconds a change can be taken back. Source: bar 3.4 T4.
pub const UNDO_SECONDS: i64 = 72 * 3_600;

fn addresses(row: &Row, first: &str, second: &str) -> Result<Addresses, Fault> {
    Ok(Addresses {
        first: row.parsed(first)?,
        second: row.parsed_or_null(second)?,
    })
}

fn from_row(row: &Row) -> Result<AddressChange, Fault> {
    Ok(AddressChange {
        id: row.parsed("id")?,
        user: row.parsed("user_id")?,
        old: addresses(row, "old_email", "old_second_email")?,
        new: addresses(row, "new_email", "new_second_email")?,
        asked_at: row.time("asked_at")?,
        confirmed_at: row.time_or_null("confirmed_at")?,
        second_confirmed_at: row.time_or_null("second_confirmed_at")?,
        changed_at: row.time_or_null("changed_at")?,
        undone_at: row.time_or_null("undone_at")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, change: &AddressChange) -> Result<(), Fault> {
    let (old, new) = (&change.old, &change.new);
    let query = INSERT.bind(change.id).bind(change.user);
    let query = query.bind(&old.first).bind(old.second.as_ref());
    let query = query.bind(&new.first).bind(new.second.as_ref());
    let query = query.bind(change.asked_at).bind(change.confirmed_at);
    query.bind(change.second_confirmed_at).execute_one(tx).await
}

pub(crate) async fn find(tx: &mut Tx, id: ChangeId) -> Result<Option<AddressChange>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// The latest change of a user that was asked for after `since` and still waits for a link.
pub(crate) async fn pending(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
) -> Result<Option<AddressChange>, Fault> {
    let row = PENDING.bind(user).bind(since).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Notes that the first or the second address was confirmed.
pub(crate) async fn confirm(
    tx: &mut Tx,
    id: ChangeId,
    second: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    let statement = if second { CONFIRM_SECOND } else { CONFIRM };
    let query = statement.bind(now).bind(id);
    query.execute(tx).await.map(|_rows| ())
}

/// Notes that a change came into force; false when it did before.
pub(crate) async fn changed(tx: &mut Tx, id: ChangeId, now: Timestamp) -> Result<bool, Fault> {
    Ok(CHANGED.bind(now).bind(id).execute(tx).await? == 1)
}

/// Notes that a change was taken back, and with it everything that was asked for since.
pub(crate) async fn undone(
    tx: &mut Tx,
    change: &AddressChange,
    now: Timestamp,
) -> Result<u64, Fault> {
    let query = UNDONE.bind(now).bind(change.user);
    query.bind(change.asked_at).execute(tx).await
}

/// Whether somebody's addresses became others since, or were taken back.
pub(crate) async fn moved_since(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
) -> Result<bool, Fault> {
    Ok(MOVED.bind(user).bind(since).optional(tx).await?.is_some())
}

/// Whether an address can still be taken back by somebody else than `user`.
pub(crate) async fn is_reserved(
    tx: &mut Tx,
    email: &MailAddress,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let since = now.plus_seconds(-UNDO_SECONDS);
    let row = RESERVED.bind(email).bind(user).bind(since);
    Ok(row.optional(tx).await?.is_some())
}

/// Forgets what can neither be confirmed nor taken back any more.
pub(crate) async fn prune(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    let since = now.plus_seconds(-UNDO_SECONDS).plus_days(-1);
    PRUNE.bind(since).execute(tx).await.map(|_rows| ())
}
